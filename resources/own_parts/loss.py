"""A loss: one number for each sample, which training makes small."""

import keras
from keras import ops


class SmoothHuber(keras.losses.Loss):
    """Squares small errors and counts large ones as they are (Huber 1964).

    Args:
        delta: From which error on it grows straight.
    """

    def __init__(self, delta: float = 1.0, name="smooth_huber", **kwargs):
        super().__init__(name=name, **kwargs)
        self.delta = delta

    def call(self, y_true, y_pred):
        error = ops.abs(y_pred - ops.cast(y_true, y_pred.dtype))
        square = 0.5 * ops.square(error)
        straight = self.delta * error - 0.5 * self.delta**2
        return ops.mean(ops.where(error <= self.delta, square, straight), axis=-1)

    def get_config(self):
        return {**super().get_config(), "delta": self.delta}
