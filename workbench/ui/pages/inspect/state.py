"""What the Inspect page looks at: a run, a sample, a layer, and what the network makes of it."""

from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.domain.run import RunRecord
from workbench.domain.store import StoreError
from workbench.protocol import probes
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import Probe
from workbench.protocol.events import AnyEvent, Failed, Probed, RunEnded
from workbench.ui.background import in_background
from workbench.ui.context import Context

ASK_MS = 30


class InspectState(QObject):
    """Asks the engine for the activations of every layer whenever run, weights or sample change.

    `runs_changed` follows the list of runs that have a model; `probed` a new answer; `failed` a sentence. `result` is
    none where nothing was seen of the run that is looked at.
    """

    runs_changed = Signal()
    probed = Signal()
    failed = Signal(str)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.runs: list[RunRecord] = []
        self.run = ""
        self.weights: Literal["best", "last"] = "last"
        self.sample = Sample()
        self.result: Probed | None = None
        self._asked: tuple[str, str] = "", ""  # the folder and the run
        self._seen: tuple[str, str] = "", ""  # those that the result is of
        self.busy = False
        self._again = False
        self._ask = QTimer(self, singleShot=True, interval=ASK_MS)
        self._ask.timeout.connect(self._probe)
        context.run.ended.connect(self._run_ended)
        context.document.opened.connect(self.list_runs)
        context.client.state_changed.connect(lambda state: self.refresh() if state == "ready" else None)
        self._allowed = context.parts.allowed
        context.parts.changed.connect(self._parts_changed)

    def list_runs(self) -> None:
        """Read which runs there are, away from the window's thread."""
        folder = self._context.document.folder
        in_background(self, lambda: _finished_runs(folder.list_runs), self._listed)

    def choose_run(self, run: str) -> None:
        """Look at another run."""
        self.run = run
        self.refresh()

    def choose_weights(self, weights: Literal["best", "last"]) -> None:
        """Look at the best or the last weights."""
        self.weights = weights
        self.refresh()

    def choose_sample(self, sample: Sample) -> None:
        """Look at another sample."""
        self.sample = sample
        self.refresh()

    def refresh(self) -> None:
        """Ask again, soon; several changes in a row make one question."""
        if self.run:
            self._ask.start()

    def _listed(self, runs: list[RunRecord]) -> None:
        self.runs = runs
        ids = [record.id for record in runs]
        if self.run not in ids:
            self.run = ids[0] if ids else ""
            self.result = None
        self.runs_changed.emit()
        self.refresh()

    def _run_ended(self, event: RunEnded) -> None:
        if event.model is not None:
            self.run = event.run
        self.list_runs()

    def _parts_changed(self) -> None:
        """A run with own parts is opened once they are allowed."""
        if self._allowed != self._context.parts.allowed:
            self._allowed = self._context.parts.allowed
            self.refresh()

    def _probe(self) -> None:
        if self.busy:
            self._again = True
            return
        self.busy = True
        folder, run, sample, weights = str(self._context.document.path), self.run, self.sample, self.weights
        self._asked = folder, run
        self._context.client.ask(
            lambda ticket: Probe(ticket, folder, run, probes.FEATURE_MAPS, sample=sample, weights=weights),
            self._answered,
        )

    def _answered(self, event: AnyEvent) -> None:
        match event:
            case Probed():
                self.busy = False
                self.result, self._seen = event, self._asked
                self.probed.emit()
            case Failed(message=message):
                self.busy = False
                if self._asked != self._seen:
                    self.result = None
                self.failed.emit(message)
            case _:
                return
        if self._again:
            self._again = False
            self._ask.start()


def _finished_runs(list_runs: "object") -> list[RunRecord]:
    try:
        records: list[RunRecord] = list_runs()  # type: ignore[operator]
    except (StoreError, OSError):
        return []
    return [record for record in records if record.epochs_done or record.steps_done or record.reason]
