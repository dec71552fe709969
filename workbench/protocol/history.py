"""The history of a run: events folded into series, the same while it trains and when it is read from its file.

`history.jsonl` has one event a line and is only appended to. A last line cut by a kill is left out.
"""

import math
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from workbench.domain.files import UNREADABLE
from workbench.protocol.events import (
    BatchesEnded,
    EpochEnded,
    LearningRateChanged,
    PhaseBegan,
    PlanChosen,
    RunEnded,
    RunEvent,
    RunStarted,
)

_MAX_LINE = 64 * 1024 * 1024
_decoder = msgspec.json.Decoder(RunEvent)


@dataclass
class RunningMeans:
    """Keras' running means of one metric: `values[i]` is the mean of the epoch after `steps[i]` batches of the run."""

    steps: "array[float]" = field(default_factory=lambda: array("d"))
    values: "array[float]" = field(default_factory=lambda: array("d"))

    def append(self, step: int, value: float) -> None:
        """Take in the mean after so many batches; what was known of this place and later is replaced."""
        self.forget_after(step - 1)
        self.steps.append(step)
        self.values.append(value)

    def forget_after(self, step: int) -> None:
        """Leave out what lies behind a place."""
        while self.steps and self.steps[-1] > step:
            self.steps.pop()
            self.values.pop()


@dataclass
class History:
    """Series of a run. `losses[i]` is the true loss of batch i; `running` the means of the epoch, by metric; `epochs`
    are the epoch events in order, `metric_names` those that any of them has; `resumed_at` the places (batches) from
    which the run went on in a new process; `phases` the further phases that it has begun, in order.

    `revision` rises whenever something that was there is forgotten, so that who copies the series begins anew.
    """

    losses: "array[float]" = field(default_factory=lambda: array("d"))
    running: dict[str, RunningMeans] = field(default_factory=dict)
    epochs: list[EpochEnded] = field(default_factory=list)
    metric_names: dict[str, None] = field(default_factory=dict)
    resumed_at: list[int] = field(default_factory=list)
    revision: int = 0
    learning_rates: list[LearningRateChanged] = field(default_factory=list)
    phases: list[PhaseBegan] = field(default_factory=list)
    batches_per_epoch: int = 0
    started: RunStarted | None = None
    plan: PlanChosen | None = None
    ended: RunEnded | None = None

    def append(self, event: RunEvent) -> None:
        """Take in one event. A resumed run first forgets what lies behind its place of resumption."""
        match event:
            case RunStarted():
                self.started = event
                self.batches_per_epoch = event.batches_per_epoch
                self.ended = None
                self._forget_after(event.start_step)
                if event.resumed and event.start_step not in self.resumed_at:
                    self.resumed_at.append(event.start_step)
            case BatchesEnded():
                self._append_batches(event)
            case EpochEnded():
                if self.epochs and self.epochs[-1].step >= event.step:
                    self._forget_epochs_from(event.step)
                self.epochs.append(event)
                self.metric_names.update(dict.fromkeys(event.metrics))
            case LearningRateChanged():
                if event not in self.learning_rates:
                    self.learning_rates.append(event)
            case PhaseBegan():
                self.phases = [*(phase for phase in self.phases if phase.phase < event.phase), event]
            case PlanChosen():
                self.plan = event
            case RunEnded():
                self.ended = event
            case _:
                pass

    def _append_batches(self, event: BatchesEnded) -> None:
        if event.first_step < len(self.losses):
            del self.losses[event.first_step :]
            self.revision += 1
        self.losses.extend(event.losses)
        step = event.first_step + len(event.losses)
        for name, value in event.running.items():
            self.running.setdefault(name, RunningMeans()).append(step, value)

    def _forget_epochs_from(self, step: int) -> None:
        self.epochs = [event for event in self.epochs if event.step < step]
        self.revision += 1

    def _forget_after(self, step: int) -> None:
        del self.losses[step:]
        for means in self.running.values():
            means.forget_after(step)
        self.epochs = [event for event in self.epochs if event.step <= step]
        self.learning_rates = [event for event in self.learning_rates if event.step <= step]
        self.phases = [event for event in self.phases if event.step <= step]
        self.resumed_at = [place for place in self.resumed_at if place <= step]
        self.revision += 1


def read_history(path: Path) -> History:
    """The history in a file; empty when there is none yet. Lines that cannot be read are left out."""
    history = History()
    if not path.is_file():
        return history
    with path.open("rb") as file:
        while line := file.readline(_MAX_LINE):
            try:
                event = _read(line)
            except UNREADABLE:
                continue
            history.append(event)
    return history


def _read(line: bytes) -> RunEvent:
    """The event of a line. JSON has no NaN: a diverged run's losses and metrics stand there as null."""
    try:
        event: RunEvent = _decoder.decode(line)
    except msgspec.ValidationError:
        fields = msgspec.json.decode(line, type=dict[str, Any])
        for name in ("losses", "running", "metrics"):
            fields[name] = _with_nan(fields[name]) if name in fields else None
        known = {name: value for name, value in fields.items() if value is not None}
        event = msgspec.convert(known, type=RunEvent)
    return event


def _with_nan(values: object) -> object:
    if isinstance(values, dict):
        return {name: math.nan if value is None else value for name, value in values.items()}
    return [math.nan if value is None else value for value in values] if isinstance(values, list) else values
