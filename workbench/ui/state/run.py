"""The training that runs (or ran last) in this window."""

import logging
import time
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from workbench.domain.folds import new_series, trains_all_folds
from workbench.domain.project import Project
from workbench.domain.run import Plan, RunRecord
from workbench.domain.store import StoreError, is_alive, is_resumable
from workbench.protocol.commands import Continue, Pause, SetLearningRate, Step, Stop, Train
from workbench.protocol.events import (
    AnyEvent,
    BatchesEnded,
    Continued,
    EpochEnded,
    Failed,
    LearningRateChanged,
    Paused,
    PhaseBegan,
    PlanChosen,
    Progress,
    RunEnded,
    RunStarted,
)
from workbench.protocol.history import History, read_history
from workbench.ui.background import in_background
from workbench.ui.client import EngineLink
from workbench.ui.document import Document

log = logging.getLogger(__name__)
RunStatus: TypeAlias = Literal["idle", "starting", "training", "pausing", "paused", "stopping", "lost"]
REDRAW_MS = 33
EPOCHS_SECONDS = 0.5
HISTORY_FILE = "history.jsonl"
THREADS = "threads="  # how the engine says with how many threads a run must go on


class RunState(QObject):
    """Drives the training and folds its events into a history.

    `status_changed` follows the status; `advanced` comes at most 30 times a second while there are new batches,
    `epochs_ended` at most twice a second while epochs end (small ones do by the hundred in a second); the other signals
    carry the event they are named after. `replaced` says that `history` is another one (a run started,
    went on, or was read from its folder). "lost" means that the engine died in mid-training; the run can be resumed.
    `preparing` says what goes on before the first batch; `unfinished` is the record of the newest run when it
    did not end and nobody trains it, else None. `plans` say how each phase is computed.
    `folder` is the project folder that has the run named by `run`.
    """

    status_changed = Signal(str)
    advanced = Signal()
    replaced = Signal()
    started = Signal(object)
    epochs_ended = Signal()
    phase_began = Signal(object)
    learning_rate_changed = Signal(object)
    ended = Signal(object)
    failed = Signal(str)

    def __init__(self, document: Document, client: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.status: RunStatus = "idle"
        self.run = ""
        self.folder = ""
        self.record: RunRecord | None = None
        self.unfinished: RunRecord | None = None
        self.history = History()
        self.plans: tuple[Plan, ...] = ()
        self.preparing = ""
        self.epochs = 0
        self.epoch = 0
        self.seconds = 0.0
        self._document = document
        self._client = client
        self._asked: Train | None = None
        self._waiting: list[AnyEvent] | None = None
        self._reading = 0
        self._redraw = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._redraw.timeout.connect(self._advance)
        self._epochs_untold = False
        self._epochs_told = -EPOCHS_SECONDS
        client.received.connect(self._on_event)
        client.state_changed.connect(self._link_changed)
        document.opened.connect(self._opened)

    @property
    def plan(self) -> Plan | None:
        """How the newest phase of the run is computed."""
        return self.plans[-1] if self.plans else None

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

    def train(
        self, run: str | None = None, stop_at: Literal["batch", "epoch"] | None = None, epochs: int | None = None
    ) -> None:
        """Start a new run, or resume the one named, up to so many epochs in all. Starts the engine where it is dead."""
        project = self._document.project
        series = new_series() if run is None and trains_all_folds(project) else ""
        self._train(Train(project, str(self._document.path), run, stop_at, 0, epochs, series))

    def train_fold(self, project: Project, series: str) -> None:
        """Start a run on a further fold of a series."""
        self._train(Train(project, str(self._document.path), series=series))

    def _train(self, command: Train) -> None:
        if self.busy:
            return
        if self._client.state == "dead":
            self._client.start()
        self._send_train(command)

    def _send_train(self, command: Train) -> None:
        self._asked = msgspec.structs.replace(command, ticket=self._client.next_ticket())
        self.preparing = self.tr("Preparing the training…")
        self._set("starting")
        self._client.send(self._asked)

    def resume_newest(self) -> bool:
        """Go on with the newest run where it was left; False when there is none, or nothing is left of it to train."""
        if self.busy:
            return False
        if self.status == "lost" and self.run:
            self.train(self.run)
            return True
        record = self._newest_resumable()
        if record is None:
            return False
        self.train(record.id)
        return True

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

    def show_newest(self) -> None:
        """Read the project's newest run from its folder, so that its curves are there again. Nothing while one runs."""
        if self.busy:
            return
        folder = self._document.folder
        self._reading += 1
        asked = self._reading

        def read() -> tuple[RunRecord, History] | None:
            try:
                record = folder.newest_run()
                return record, read_history(folder.run_folder(record.id) / HISTORY_FILE)
            except StoreError:
                return None  # no run yet, or a damaged one: the Runs page says what is wrong with it

        in_background(self, read, lambda found: self._show(found, asked))

    def _opened(self) -> None:
        if self.status == "lost":
            self._set("idle")
        if not self.busy:
            self._replace("", None, History())
            self.unfinished = None
            self.show_newest()

    def _show(self, found: tuple[RunRecord, History] | None, asked: int) -> None:
        if found is None or asked != self._reading or self.busy:
            return
        record, history = found
        self._replace(record.id, record, history)
        self.unfinished = record if record.status != "ended" and not is_alive(record) else None
        self.status_changed.emit(self.status)

    def _replace(self, run: str, record: RunRecord | None, history: History) -> None:
        self.run = run
        self.folder = str(self._document.path)
        self.record = record
        self.history = history
        first = record.plan if record is not None else None
        self.plans = (first, *record.later_plans) if record is not None and first is not None else ()
        self.epochs = record.epochs_planned if record is not None else 0
        self.seconds = record.seconds if record is not None else 0.0
        self.epoch = len(history.epochs)
        self.replaced.emit()

    def _newest_resumable(self) -> RunRecord | None:
        try:
            record = self._document.folder.newest_run()
        except StoreError:
            return None
        return record if is_resumable(record) else None

    def _set(self, status: RunStatus) -> None:
        if status != self.status:
            self.status = status
            self.status_changed.emit(status)

    def _on_event(self, event: AnyEvent) -> None:
        if self._waiting is not None:
            self._waiting.append(event)
            return
        match event:
            case RunStarted():
                self._start(event)
            case BatchesEnded():
                self.history.append(event)
                self.epoch, self.seconds, self.preparing = event.epoch, event.seconds, ""
                self._schedule()
            case PlanChosen(plan=plan, phase=phase):
                self.history.append(event)
                self.plans = (*self.plans[:phase], plan)
                self._schedule()
            case EpochEnded():
                self.history.append(event)
                self.seconds = event.seconds
                self._epochs_untold = True
                self._schedule()
            case PhaseBegan():
                self.history.append(event)
                self.epochs, self.preparing = event.epochs, ""
                self.phase_began.emit(event)
                self._schedule()
            case LearningRateChanged():
                self.history.append(event)
                self.learning_rate_changed.emit(event)
                self._schedule()
            case _:
                self._on_change_of_status(event)

    def _on_change_of_status(self, event: AnyEvent) -> None:
        match event:
            case Paused():
                self._tell_epochs()
                self._set("paused")
            case Continued():
                self._set("training")
            case RunEnded():
                self.history.append(event)
                self._tell_epochs()
                self._set("idle")
                self.ended.emit(event)
                self._schedule()
            case Progress(ticket=ticket, text=text) if self._asked is not None and ticket == self._asked.ticket:
                self.preparing = text
                self._schedule()
            case Failed(ticket=ticket) if self._is_starting(ticket):
                self._could_not_start(event)
            case Failed(ticket=0, message=message):
                self.failed.emit(message)
            case _:
                pass

    def _is_starting(self, ticket: int) -> bool:
        return self.status == "starting" and self._asked is not None and ticket in (0, self._asked.ticket)

    def _could_not_start(self, event: Failed) -> None:
        asked, self._asked = self._asked, None
        self._set("idle")
        threads = event.detail.removeprefix(THREADS)
        if asked is not None and threads != event.detail and threads.isdigit():
            # TensorFlow fixes its threads at its start, and the run goes on exactly only with its own number of them.
            self._client.start(int(threads))
            self._send_train(asked)
        elif not event.cancelled:
            self.failed.emit(event.message)

    def _start(self, event: RunStarted) -> None:
        self._reading += 1
        self.unfinished = None
        if event.resumed and event.start_step > len(self.history.losses if event.run == self.run else ()):
            self._read_what_went_before(event)
            return
        history = self.history if event.run == self.run and event.resumed else History()
        self._go(event, history)

    def _read_what_went_before(self, event: RunStarted) -> None:
        """A run of an earlier window goes on: its history is in its folder, and events wait until it is read."""
        self._waiting = []
        path = Path(event.folder) / HISTORY_FILE
        in_background(
            self,
            lambda: read_history(path),
            lambda history: self._go(event, history),
            lambda _error: self._go(event, History()),
        )

    def _go(self, event: RunStarted, history: History) -> None:
        waiting, self._waiting = self._waiting or [], None
        history.append(event)
        self._replace(event.run, event.record, history)
        if self._asked is not None:
            self.folder = self._asked.folder
        self.epochs = event.epochs
        self.epoch = event.start_step // max(1, event.batches_per_epoch)
        self._set("training")
        self.started.emit(event)
        for later in waiting:
            self._on_event(later)

    def _advance(self) -> None:
        self.advanced.emit()
        if time.monotonic() - self._epochs_told >= EPOCHS_SECONDS:
            self._tell_epochs()

    def _tell_epochs(self) -> None:
        if self._epochs_untold:
            self._epochs_untold = False
            self._epochs_told = time.monotonic()
            self.epochs_ended.emit()

    def _schedule(self) -> None:
        if not self._redraw.isActive():
            self._redraw.start()

    def _link_changed(self, state: str) -> None:
        if state == "dead" and self.busy:
            self._waiting = None
            self._set("lost")
