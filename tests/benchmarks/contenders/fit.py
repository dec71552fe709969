"""A plain Keras script: `model.fit`, with a callback that records every batch's loss. Arguments: network, epochs."""

import sys
import time

import keras
from recorder import Recorder
from work import BATCH, load, report


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


def main(kind: str, epochs: int) -> None:
    asked = time.perf_counter()
    keras.utils.set_random_seed(1)
    x, y = load()
    model = network(kind)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    recorder = Recorder()
    model.fit(x, y, batch_size=BATCH, epochs=epochs, verbose=0, callbacks=[recorder])
    report(recorder.moments, recorder.losses, asked)


main(sys.argv[1], int(sys.argv[2]))
