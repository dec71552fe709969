"""What the training loop trains, by which settings, and why it ended."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from workbench.domain.run import EndReason
from workbench.domain.training import EarlyStopping
from workbench.engine.training.callbacks import Callbacks
from workbench.engine.training.plans import StepRunner
from workbench.engine.training.stopping import Tracker
from workbench.protocol.commands import Unwatch, Watch


class Live(Protocol):
    """The probes on the live model."""

    def obey(self, command: Watch | Unwatch, step: int) -> None: ...

    def tick(self, step: int) -> None: ...

    def finish(self, step: int) -> None: ...


@dataclass(frozen=True)
class Settings:
    """What stays the same during a training. `data` is the fingerprint of the data; `epochs` are those of all phases,
    `phases` the name and the epochs of each."""

    run: str
    epochs: int
    seed: int
    shuffle: bool
    early_stopping: EarlyStopping | None = None
    data: str = ""
    phases: tuple[tuple[str, int], ...] = (("", 0),)


@dataclass
class Trainee:
    """The model with its runners, and what is followed at the end of each epoch. `learner` is what takes the steps: the
    model, or a part of it that takes stored features. `next_phase(number)` makes all of this that of another phase, and
    gives the length of a chunk. `callbacks` are the project's own."""

    model: Any
    train: StepRunner
    check: StepRunner | None
    learner: Any
    next_phase: Callable[[int], int]
    stopping: Tracker | None = None
    best: Tracker | None = None
    callbacks: Callbacks = field(default_factory=Callbacks)


@dataclass(frozen=True)
class Outcome:
    """Why the loop ended; `reason` None means that the engine closes and the run waits to be resumed."""

    reason: EndReason | None
    message: str = ""
