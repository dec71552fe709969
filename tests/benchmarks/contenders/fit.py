"""A plain Keras script: `model.fit` with a callback that records the loss of every batch."""

import sys
import time

import keras
from work import BATCH, EPOCHS, load, report


class Losses(keras.callbacks.Callback):
    """Keeps what `fit` says after each batch, and when each epoch ended."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[float] = []
        self.moments: list[float] = []

    def on_train_batch_end(self, batch, logs=None):  # type: ignore[no-untyped-def]
        self.values.append(logs["loss"])

    def on_epoch_end(self, epoch, logs=None):  # type: ignore[no-untyped-def]
        self.moments.append(time.perf_counter())


def network(kind: str) -> keras.Model:
    """784-128-10, or two convolutions with pooling."""
    if kind == "mlp":
        layers = [keras.layers.Flatten(), keras.layers.Dense(128, activation="relu")]
    else:
        layers = [
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
        ]
    return keras.Sequential([keras.Input((28, 28, 1)), *layers, keras.layers.Dense(10, activation="softmax")])


def main(kind: str) -> None:
    keras.utils.set_random_seed(1)
    x, y = load()
    model = network(kind)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    losses = Losses()
    model.fit(x, y, batch_size=BATCH, epochs=EPOCHS[kind], verbose=0, callbacks=[losses])
    per_epoch = len(losses.values) // EPOCHS[kind]
    report(per_epoch * (EPOCHS[kind] - 1), losses.moments[-1] - losses.moments[0], losses.values)


main(sys.argv[1])
