"""What a plain Keras script needs to record the loss of every batch."""

import time
from typing import Any

import keras


class Recorder(keras.callbacks.Callback):
    """Keeps what `fit` says after each batch, and when each epoch ended."""

    def __init__(self) -> None:
        super().__init__()
        self.losses: list[float] = []
        self.moments: list[float] = []

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.losses.append(logs["loss"])

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.moments.append(time.perf_counter())
