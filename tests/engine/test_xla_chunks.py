"""A chunk that XLA compiled once serves every place of the epoch and every number of steps."""

import time

import keras
import numpy as np

from workbench.engine.training.plans import Data, StepRunner, prepare, runner


def compiled_runner() -> StepRunner:
    random = np.random.default_rng(0)
    data = Data.of(random.random((640, 12), np.float32), random.integers(0, 3, 640).astype(np.int32))
    layers = keras.layers
    model = keras.Sequential([keras.Input((12,)), layers.Dense(16, activation="relu"), layers.Dense(3)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    prepare(model, data, 16)
    return runner(model, data, 16, "train_step", "xla")


def seconds(chunks: StepRunner, first: int, count: int) -> float:
    start = time.perf_counter()
    losses, _ = chunks.run(first, count)
    assert losses.shape == (count,)
    assert np.isfinite(losses).all()
    return time.perf_counter() - start


def test_that_a_chunk_from_elsewhere_in_the_epoch_is_not_compiled_again() -> None:
    chunks = compiled_runner()
    with_compilation = seconds(chunks, 0, 1)
    places = [(0, 7), (7, 1), (8, 16), (24, 3), (27, 13)]
    later = sorted(seconds(chunks, first, count) for first, count in places)
    assert later[len(later) // 2] < with_compilation / 4
