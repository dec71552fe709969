"""Events of realistic trainings, made up: for tests and pictures of what watches a training."""

import math
import random
from collections.abc import Iterator

from workbench.domain.run import Plan, RunRecord
from workbench.protocol.events import (
    BatchesEnded,
    EpochEnded,
    LearningRateChanged,
    PlanChosen,
    RunEnded,
    RunEvent,
    RunStarted,
)
from workbench.protocol.history import History

PLAN = Plan(kind="xla", chunk=32, threads=1, speedup=9.8)


def record(run: str = "20260105-101500-000-abcd", **changes: object) -> RunRecord:
    """A record of a run that goes on."""
    values = {
        "id": run,
        "name": "run 4",
        "status": "running",
        "started": "2026-01-05T10:15:00+00:00",
        "seed": 1,
        "epochs_planned": 20,
        "plan": PLAN,
        "data": "Handwritten digits",
        "layers": 6,
        "params": 56_714,
        **changes,
    }
    return RunRecord(**values)  # type: ignore[arg-type]


def loss_at(epoch: float, speed: float = 1.0) -> float:
    """A loss that falls as losses do."""
    return 2.0 * math.exp(-1.1 * speed * epoch) + 0.24


def run_events(
    epochs: int = 7,
    planned: int = 20,
    batches: int = 158,
    chunk: int = 32,
    *,
    run: str = "20260105-101500-000-abcd",
    folder: str = "",
    seed: int = 0,
    speed: float = 1.0,
    noise: float = 0.18,
    rate_change: float | None = None,
    reason: str | None = None,
) -> Iterator[RunEvent]:
    """The events of a run of so many epochs; `reason` also ends it."""
    chance = random.Random(seed)
    yield RunStarted(
        run=run,
        folder=folder,
        record=record(run, epochs_planned=planned),
        batches_per_epoch=batches,
        epochs=planned,
        metric_names=("loss", "accuracy"),
    )
    yield PlanChosen(run, PLAN)
    metrics: dict[str, float] = {}
    for epoch in range(epochs):
        total = 0.0
        for first in range(0, batches, chunk):
            steps = range(first, min(first + chunk, batches))
            places = [epoch + step / batches for step in steps]
            losses = tuple(loss_at(place, speed) * math.exp(chance.gauss(0, noise)) for place in places)
            total += sum(losses)
            accuracy = 1 - 0.4 * (total / (steps[-1] + 1)) / (0.6 + total / (steps[-1] + 1))
            running = {"loss": total / (steps[-1] + 1), "accuracy": accuracy}
            step = epoch * batches + first
            yield BatchesEnded(run, epoch, step, losses, running, seconds=(step + len(losses)) / 8_420)
        if rate_change is not None and epoch == epochs // 2:
            yield LearningRateChanged(run, (epoch + 1) * batches - batches // 3, rate_change)
        validation = loss_at(epoch + 1, speed) * 1.12 + 0.01 * chance.random()
        metrics = {
            "loss": total / batches,
            "accuracy": accuracy,
            "val_loss": validation,
            "val_accuracy": 1 - 0.42 * validation / (0.6 + validation),
        }
        yield EpochEnded(run, epoch, (epoch + 1) * batches, metrics, 0.001, seconds=(epoch + 1) * batches / 8_420)
    if reason is not None:
        yield RunEnded(run, reason, epochs, epochs * batches / 8_420, metrics, None)  # type: ignore[arg-type]


def history(epochs: int = 7, **options: object) -> History:
    """The history of such a run."""
    result = History()
    for event in run_events(epochs, **options):  # type: ignore[arg-type]
        result.append(event)
    return result
