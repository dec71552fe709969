"""An initializer: the weights with which a layer begins."""

import keras
from keras import ops


class Ramp(keras.initializers.Initializer):
    """Numbers that rise evenly from one end to the other.

    Args:
        low: The first number.
        high: The last number.
    """

    def __init__(self, low: float = -0.1, high: float = 0.1):
        self.low = low
        self.high = high

    def __call__(self, shape, dtype=None):
        count = 1
        for size in shape:
            count *= size
        numbers = ops.linspace(self.low, self.high, count)
        return ops.cast(ops.reshape(numbers, shape), dtype or "float32")

    def get_config(self):
        return {"low": self.low, "high": self.high}
