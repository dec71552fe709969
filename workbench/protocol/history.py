"""The history of a run: events folded into series, the same while it trains and when it is read from its file.

`history.jsonl` has one event a line and is only appended to. A last line cut by a kill is left out.
"""

from array import array
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from workbench.protocol.events import (
    BatchesEnded,
    EpochEnded,
    LearningRateChanged,
    PlanChosen,
    RunEnded,
    RunEvent,
    RunStarted,
)

_decoder = msgspec.json.Decoder(RunEvent)


@dataclass
class History:
    """Series of a run. `losses[i]` is the true loss of batch i; `epochs` are the epoch events in order."""

    losses: "array[float]" = field(default_factory=lambda: array("d"))
    epochs: list[EpochEnded] = field(default_factory=list)
    learning_rates: list[LearningRateChanged] = field(default_factory=list)
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
            case BatchesEnded():
                del self.losses[event.first_step :]
                self.losses.extend(event.losses)
            case EpochEnded():
                self.epochs.append(event)
            case LearningRateChanged():
                self.learning_rates.append(event)
            case PlanChosen():
                self.plan = event
            case RunEnded():
                self.ended = event
            case _:
                pass

    def _forget_after(self, step: int) -> None:
        del self.losses[step:]
        self.epochs = [event for event in self.epochs if event.step <= step]
        self.learning_rates = [event for event in self.learning_rates if event.step <= step]


def read_history(path: Path) -> History:
    """The history in a file; empty when there is none yet. Lines that cannot be read are left out."""
    history = History()
    if not path.exists():
        return history
    with path.open("rb") as lines:
        for line in lines:
            try:
                event = _decoder.decode(line)
            except msgspec.DecodeError:
                continue
            history.append(event)
    return history
