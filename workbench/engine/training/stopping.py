"""What is watched at the end of each epoch: the best weights, and when to stop early. As Keras' own callbacks do it."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from workbench.domain.training import EarlyStopping
from workbench.engine.training.state import Arrays


class TrackerState(msgspec.Struct, frozen=True):
    """What a tracker must know to go on after a resumption. Epochs count from 0."""

    best: float | None = None
    best_epoch: int | None = None
    wait: int = 0


@dataclass
class Tracker:
    """Follows one metric. `weights` are those of the best epoch, None before there was one or when not kept."""

    monitor: str
    up: bool
    min_delta: float = 0.0
    keep: bool = True
    state: TrackerState = field(default_factory=TrackerState)
    weights: Arrays | None = None

    def improves(self, value: float) -> bool:
        """Whether this value is better than the best so far by `min_delta`, in Keras' float32."""
        best = self.state.best
        if best is None:
            return True
        delta = abs(self.min_delta)
        if self.up:
            return bool(np.float32(value - delta) > np.float32(best))
        return bool(np.float32(value + delta) < np.float32(best))

    def update(self, epoch: int, metrics: dict[str, float]) -> bool:
        """Take in an epoch; whether it was the best so far. An epoch without a usable value changes nothing."""
        value = metrics.get(self.monitor)
        if value is None or not np.isfinite(value):
            return False
        if self.improves(value):
            self.state = TrackerState(best=value, best_epoch=epoch)
            return True
        self.state = msgspec.structs.replace(self.state, wait=self.state.wait + 1)
        return False

    def is_out_of_patience(self, patience: int, epoch: int) -> bool:
        """Whether nothing has improved for `patience` epochs; never in the first one."""
        return epoch > 0 and self.state.wait >= max(patience, 1)


def metric_goes_up(model: Any, monitor: str) -> bool:
    """Whether more is better for a metric of this name, which has that of an output before it where there are several.
    Where Keras does not say, less is."""
    name = monitor.removeprefix("val_")
    outputs = getattr(model, "output_names", ())
    for metric in _flat_metrics(model):
        if metric.name == name or (len(outputs) > 1 and name in {f"{output}_{metric.name}" for output in outputs}):
            return getattr(metric, "_direction", "down") == "up"
    return False


def _flat_metrics(model: Any) -> list[Any]:
    found: list[Any] = []
    for metric in model.metrics:
        found.extend(getattr(metric, "metrics", None) or [metric])
    return found


def early_tracker(model: Any, stopping: EarlyStopping) -> Tracker:
    """The tracker of early stopping."""
    return Tracker(
        monitor=stopping.monitor,
        up=metric_goes_up(model, stopping.monitor),
        min_delta=stopping.min_delta,
        keep=stopping.restore_best,
    )
