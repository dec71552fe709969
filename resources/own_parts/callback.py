"""A callback: what is done between the epochs of a training."""

import keras


class RateSteps(keras.callbacks.Callback):
    """Multiplies the learning rate by a factor after every few epochs.

    Args:
        factor: By what the rate is multiplied.
        every: After how many epochs.
    """

    def __init__(self, factor: float = 0.5, every: int = 5):
        super().__init__()
        self.factor = factor
        self.every = every

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0:
            optimizer = self.model.optimizer
            optimizer.learning_rate = float(optimizer.learning_rate) * self.factor
