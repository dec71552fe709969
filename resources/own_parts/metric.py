"""A metric with a state: it is summed up over the batches of an epoch."""

import keras
from keras import ops


class ShareWithin(keras.metrics.Metric):
    """The share of outputs that are off by no more than a tolerance.

    Args:
        tolerance: How far an output may be off.
    """

    def __init__(self, tolerance: float = 0.5, name="share_within", **kwargs):
        super().__init__(name=name, **kwargs)
        self.tolerance = tolerance
        self.near = self.add_weight(name="near", initializer="zeros")
        self.seen = self.add_weight(name="seen", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        error = ops.abs(y_pred - ops.cast(y_true, y_pred.dtype))
        near = ops.cast(error <= self.tolerance, self.dtype)
        weight = ops.ones_like(near)
        if sample_weight is not None:
            shape = (-1,) + (1,) * (len(near.shape) - 1)
            weight *= ops.reshape(ops.cast(sample_weight, self.dtype), shape)
        self.near.assign_add(ops.sum(near * weight))
        self.seen.assign_add(ops.sum(weight))

    def result(self):
        return ops.divide_no_nan(self.near, self.seen)

    def get_config(self):
        return {**super().get_config(), "tolerance": self.tolerance}
