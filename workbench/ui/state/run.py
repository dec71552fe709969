"""The training that runs (or ran last) in this window."""

from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.domain.run import Plan
from workbench.protocol.commands import Continue, Pause, SetLearningRate, Step, Stop, Train
from workbench.protocol.events import (
    AnyEvent,
    BatchesEnded,
    Continued,
    EpochEnded,
    Failed,
    LearningRateChanged,
    Paused,
    PlanChosen,
    RunEnded,
    RunStarted,
)
from workbench.protocol.history import History
from workbench.ui.client import EngineLink
from workbench.ui.document import Document

RunStatus: TypeAlias = Literal["idle", "starting", "training", "pausing", "paused", "stopping", "lost"]
REDRAW_MS = 33


class RunState(QObject):
    """Drives the training and folds its events into a history.

    `status_changed` follows the status; `advanced` comes at most 30 times a second while there are new batches; the
    other signals carry the event they are named after. "lost" means that the engine died; the run can be resumed.
    """

    status_changed = Signal(str)
    advanced = Signal()
    started = Signal(object)
    epoch_ended = Signal(object)
    learning_rate_changed = Signal(object)
    ended = Signal(object)
    failed = Signal(str)

    def __init__(self, document: Document, client: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.status: RunStatus = "idle"
        self.run = ""
        self.history = History()
        self.plan: Plan | None = None
        self.epochs = 0
        self.epoch = 0
        self.seconds = 0.0
        self._document = document
        self._client = client
        self._redraw = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._redraw.timeout.connect(self.advanced)
        client.event.connect(self._on_event)
        client.died.connect(self._on_death)

    @property
    def busy(self) -> bool:
        """A training holds the engine (it runs or is paused)."""
        return self.status in ("starting", "training", "pausing", "paused", "stopping")

    @property
    def steps_done(self) -> int:
        """Batches trained so far."""
        return len(self.history.losses)

    @property
    def steps_planned(self) -> int:
        """Batches of all epochs."""
        return self.history.batches_per_epoch * self.epochs

    def train(self, run: str | None = None, stop_at: Literal["batch", "epoch"] | None = None) -> None:
        """Start a new run, or resume the one named."""
        self._set("starting")
        self._client.send(Train(self._document.project, str(self._document.path), run, stop_at))

    def pause(self) -> None:
        """Pause after the current chunk."""
        self._set("pausing")
        self._client.send(Pause())

    def go_on(self) -> None:
        """Go on after a pause."""
        self._client.send(Continue())

    def step(self, unit: Literal["batch", "epoch"]) -> None:
        """Train one batch or epoch more, then pause; starts a run when there is none."""
        if self.status == "paused":
            self._client.send(Step(unit))
        elif not self.busy:
            self.train(stop_at=unit)

    def stop(self) -> None:
        """End the run and keep the model so far."""
        self._set("stopping")
        self._client.send(Stop())

    def set_learning_rate(self, value: float) -> None:
        """Change the learning rate of the training that runs."""
        self._client.send(SetLearningRate(value))

    def _set(self, status: RunStatus) -> None:
        if status != self.status:
            self.status = status
            self.status_changed.emit(status)

    def _on_event(self, event: AnyEvent) -> None:
        match event:
            case RunStarted():
                self._start(event)
            case BatchesEnded():
                self.history.append(event)
                self.epoch, self.seconds = event.epoch, event.seconds
                self._schedule()
            case PlanChosen(plan=plan):
                self.history.append(event)
                self.plan = plan
                self._schedule()
            case EpochEnded():
                self.history.append(event)
                self.seconds = event.seconds
                self.epoch_ended.emit(event)
                self._schedule()
            case LearningRateChanged():
                self.history.append(event)
                self.learning_rate_changed.emit(event)
            case Paused():
                self._set("paused")
            case Continued():
                self._set("training")
            case RunEnded():
                self.history.append(event)
                self._set("idle")
                self.ended.emit(event)
                self._schedule()
            case Failed(ticket=0, message=message):
                if self.status in ("starting", "stopping", "pausing", "training"):
                    self._set("idle")
                self.failed.emit(message)
            case _:
                pass

    def _start(self, event: RunStarted) -> None:
        if event.run != self.run or not event.resumed:
            self.history = History()
        self.history.append(event)
        self.run = event.run
        self.epochs = event.epochs
        self.plan = event.record.plan
        self._set("training")
        self.started.emit(event)

    def _schedule(self) -> None:
        if not self._redraw.isActive():
            self._redraw.start()

    def _on_death(self, _message: str) -> None:
        if self.busy:
            self._set("lost")
