"""A regularizer: what is added to the loss for the weights that a layer has."""

import keras
from keras import ops


class SumToOne(keras.regularizers.Regularizer):
    """Pulls the weights that lead to each unit towards a sum of 1.

    Args:
        strength: How much this counts beside the loss.
    """

    def __init__(self, strength: float = 0.01):
        self.strength = strength

    def __call__(self, x):
        return self.strength * ops.sum(ops.square(ops.sum(x, axis=0) - 1.0))

    def get_config(self):
        return {"strength": self.strength}
