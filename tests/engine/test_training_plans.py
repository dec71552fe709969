"""The plans train exactly what Keras' own `fit` trains."""

from typing import Any

import keras
import numpy as np
import pytest

from workbench.engine.training import choose
from workbench.engine.training.choose import choose_plan, chunk_length
from workbench.engine.training.order import epoch_order
from workbench.engine.training.plans import LONGEST_CHUNK, Data, KerasRunner, StepRunner, prepare, runner
from workbench.engine.training.state import capture

pytestmark = pytest.mark.engine

SAMPLES, BATCH, EPOCHS = 84, 16, 3  # five full batches and a partial one


def data(seed: int = 0, shape: tuple[int, ...] = (8, 8, 1)) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.random((SAMPLES, *shape), dtype=np.float32), rng.integers(0, 3, SAMPLES).astype(np.int32)


def network(optimizer: str = "adam") -> Any:
    keras.utils.set_random_seed(7)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(4, 3, activation="relu", kernel_regularizer="l2"),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dropout(0.4),
            layers.Dense(3, activation="softmax"),
        ]
    )
    chosen = keras.optimizers.SGD(0.05, momentum=0.9) if optimizer == "sgd" else keras.optimizers.Adam(0.01)
    model.compile(chosen, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


class BatchLosses(keras.callbacks.Callback):
    """The running mean that Keras reports after each batch."""

    def __init__(self) -> None:
        super().__init__()
        self.running: list[float] = []

    def on_train_batch_end(self, batch: int, logs: dict[str, float]) -> None:
        self.running.append(logs["loss"])


def fit(model: Any, x: np.ndarray, y: np.ndarray) -> tuple[list[float], list[dict[str, float]]]:
    seen = BatchLosses()
    logs = []
    for epoch in range(EPOCHS):
        order = epoch_order(3, epoch, SAMPLES, shuffle=True)
        validation = (x[:40], y[:40])
        history = model.fit(
            x[order],
            y[order],
            batch_size=BATCH,
            shuffle=False,
            verbose=0,
            callbacks=[seen],
            validation_data=validation,
        )
        logs.append({name: values[0] for name, values in history.history.items()})
    return seen.running, logs


def chunks(steps: StepRunner, model: Any, x: np.ndarray, y: np.ndarray, chunk: int) -> tuple[np.ndarray, list[Any]]:
    check = runner(model, Data.of(x[:40], y[:40]), BATCH, "test_step", "graph")
    losses, logs = [], []
    for epoch in range(EPOCHS):
        model.reset_metrics()
        steps.data.begin(3, epoch, shuffle=True)
        for first in range(0, steps.batches, chunk):
            got, metrics = steps.run(first, chunk)
            losses.append(got)
        model.reset_metrics()
        _, validation = check.run(0, check.batches)
        logs.append(metrics | {f"val_{name}": value for name, value in validation.items()})
    return np.concatenate(losses), logs


@pytest.mark.parametrize(
    ("optimizer", "chunk"), [pytest.param("adam", 1, marks=pytest.mark.slow), ("adam", 100), ("sgd", 4)]
)
def test_that_the_graph_plan_trains_bit_for_bit_what_fit_trains(optimizer: str, chunk: int) -> None:
    x, y = data()
    ours, theirs = network(optimizer), network(optimizer)
    expected_running, expected_logs = fit(theirs, x, y)
    prepare(ours, Data.of(x, y), BATCH)
    losses, logs = chunks(runner(ours, Data.of(x, y), BATCH, "train_step", "graph"), ours, x, y, chunk)
    for got, expected in zip(capture(ours).values(), capture(theirs).values(), strict=True):
        if got.shape != () or got != 0:  # metrics were reset by fit's own evaluation
            np.testing.assert_array_equal(got, expected)
    assert logs == expected_logs
    sizes = np.array([BATCH] * 5 + [SAMPLES - 5 * BATCH])
    for epoch in range(EPOCHS):
        true = losses[6 * epoch : 6 * epoch + 6]
        running = np.cumsum(true * sizes) / np.cumsum(sizes)
        np.testing.assert_allclose(running, expected_running[6 * epoch : 6 * epoch + 6], rtol=1e-5)


def test_that_the_fallback_trains_what_fit_trains() -> None:
    x, y = data()
    ours, theirs = network(), network()
    _, expected = fit(theirs, x, y)
    prepare(ours, Data.of(x, y), BATCH)
    _, logs = chunks(KerasRunner(ours, Data.of(x, y), BATCH, "train_step", "keras"), ours, x, y, 100)
    for got, wanted in zip(logs, expected, strict=True):
        assert got == pytest.approx(wanted, rel=1e-3)


def dense() -> Any:
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dropout(0.2), keras.layers.Dense(3)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    return model


def test_that_xla_gives_the_same_losses_whatever_the_chunk_length() -> None:
    x, y = data()
    seen = []
    for chunk in (1, 5):
        model = dense()
        prepare(model, Data.of(x, y), BATCH)
        losses, _ = chunks(runner(model, Data.of(x, y), BATCH, "train_step", "xla"), model, x, y, chunk)
        seen.append((losses, capture(model)))
    np.testing.assert_array_equal(seen[0][0], seen[1][0])
    for name, value in seen[0][1].items():
        np.testing.assert_array_equal(value, seen[1][1][name])
    assert np.isfinite(seen[0][0]).all()


def test_that_choosing_a_plan_leaves_the_state_as_it_was() -> None:
    x, y = data()
    model = dense()
    held = Data.of(x, y)
    prepare(model, held, BATCH)
    before = capture(model)
    plan, _ = choose_plan(model, held, BATCH, "fastest", steps=10**6, threads=1)
    assert plan.kind in ("graph", "xla")
    for name, value in capture(model).items():
        np.testing.assert_array_equal(value, before[name])


def recurrent() -> Any:
    keras.utils.set_random_seed(7)
    model = keras.Sequential([keras.Input((8, 8)), keras.layers.SimpleRNN(4), keras.layers.Dense(3)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


@pytest.mark.parametrize(
    ("make", "shape", "steps", "kind"),
    [
        (recurrent, (8, 8), 10**4, "xla"),
        (recurrent, (8, 8), 2, "graph"),  # too short to win back the compilation
        (dense, (8, 8, 1), 10**4, "graph"),
    ],
)
def test_that_of_networks_with_slow_steps_only_recurrent_ones_are_compiled(
    make: Any, shape: tuple[int, ...], steps: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choose, "_time", lambda candidate: 0.05 if candidate.kind == "graph" else 0.03)
    x, y = data(shape=shape)
    model = make()
    held = Data.of(x, y)
    prepare(model, held, BATCH)
    plan, _ = choose_plan(model, held, BATCH, "fastest", steps=steps, threads=1)
    assert plan.kind == kind


def test_that_the_exact_plan_never_compiles() -> None:
    x, y = data()
    model = dense()
    held = Data.of(x, y)
    prepare(model, held, BATCH)
    plan, _ = choose_plan(model, held, BATCH, "exact", steps=10**9, threads=1)
    assert plan.kind == "graph"


def test_that_a_network_which_cannot_be_traced_still_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: StepRunner) -> None:
        raise NotImplementedError("no graph for this one")

    monkeypatch.setattr(StepRunner, "trace", fail)
    x, y = data()
    model = dense()
    held = Data.of(x, y)
    prepare(model, held, BATCH)
    plan, steps = choose_plan(model, held, BATCH, "fastest", steps=100, threads=1)
    assert plan.kind == "keras"
    losses, metrics = steps.run(0, steps.batches)
    assert len(losses) == 6
    assert np.isfinite(losses).all()
    assert "loss" in metrics


@pytest.mark.parametrize(("seconds", "steps"), [(0.001, 50), (1.0, 1), (0.0, LONGEST_CHUNK)])
def test_that_a_chunk_takes_about_fifty_milliseconds(seconds: float, steps: int) -> None:
    assert chunk_length(seconds) == steps


def test_that_the_order_of_an_epoch_depends_on_seed_and_epoch_alone() -> None:
    np.testing.assert_array_equal(epoch_order(1, 2, 9, shuffle=True), np.random.default_rng([1, 2]).permutation(9))
    np.testing.assert_array_equal(epoch_order(1, 2, 4, shuffle=False), [0, 1, 2, 3])
