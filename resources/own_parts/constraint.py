"""A constraint: what is done to the weights of a layer after each step."""

import keras
from keras import ops


class Between(keras.constraints.Constraint):
    """Keeps each weight between two numbers.

    Args:
        low: The smallest weight.
        high: The largest weight.
    """

    def __init__(self, low: float = -1.0, high: float = 1.0):
        self.low = low
        self.high = high

    def __call__(self, w):
        return ops.clip(w, self.low, self.high)

    def get_config(self):
        return {"low": self.low, "high": self.high}
