"""A chunk that XLA compiled once serves every place of the epoch and every number of steps."""

import keras
import numpy as np
import pytest

from workbench.engine.training.plans import Data, StepRunner, prepare, runner

BATCH = 16
PLACES = [(0, 1), (0, 7), (7, 1), (8, 16), (24, 3), (27, 13)]


@pytest.fixture(scope="module")
def chunks() -> StepRunner:
    random = np.random.default_rng(0)
    data = Data.of(random.random((640, 12), np.float32), random.integers(0, 3, 640).astype(np.int32))
    layers = keras.layers
    model = keras.Sequential([keras.Input((12,)), layers.Dense(16, activation="relu"), layers.Dense(3)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    prepare(model, data, BATCH)
    return runner(model, data, BATCH, "train_step", "xla")


def test_that_a_chunk_from_elsewhere_in_the_epoch_is_the_same_program(chunks: StepRunner) -> None:
    """XLA compiles anew for each value that it takes for a constant; such a value stands in its program."""
    function = chunks._function(BATCH)
    programs = {
        function.experimental_get_compiler_ir(*chunks._arguments(BATCH, first * BATCH, count))(stage="hlo")  # type: ignore[attr-defined]
        for first, count in PLACES
    }
    assert len(programs) == 1


def test_that_one_trace_serves_every_chunk(chunks: StepRunner) -> None:
    for first, count in PLACES:
        losses, _ = chunks.run(first, count)
        assert losses.shape == (count,)
        assert np.isfinite(losses).all()
    assert chunks._function(BATCH).experimental_get_tracing_count() == 1  # type: ignore[attr-defined]
