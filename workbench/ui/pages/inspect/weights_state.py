"""What is done by hand to the weights of the run that is looked at."""

import random
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from workbench.domain.surgery import Operation, OperationKind
from workbench.protocol.commands import Operate
from workbench.protocol.events import AnyEvent, Failed, Operated, Progress
from workbench.ui.context import Context
from workbench.ui.pages.inspect.state import InspectState

SOON_MS = 20
LARGEST_SEED = 2**31 - 1

Key: TypeAlias = tuple[Path, str, Literal["best", "last"]]


class WeightsState(QObject):
    """Asks the engine what operations on a run change. They are done anew each time, so undoing leaves one out.

    `changed` follows a new answer and each new operation; `failed` carries a sentence, `kept` the id of a new run. The
    operations of each run are remembered as long as the window is open. It asks only while it is `watched`.
    """

    changed = Signal()
    failed = Signal(str)
    kept = Signal(str)

    def __init__(self, context: Context, inspected: InspectState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._inspected = inspected
        self._done: dict[Key, list[Operation]] = {}
        self._undone: dict[Key, list[Operation]] = {}
        self._asked: Operate | None = None
        self._key: Key | None = None
        self._again = False
        self._answered_for: tuple[Operation, ...] = ()
        self.result: Operated | None = None
        self.progress = ""
        self.watched = False
        self.layer, self.unit, self.array = "", 0, 0
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._ask)
        inspected.probed.connect(self.refresh)
        context.client.state_changed.connect(self._link_changed)
        self.kept.connect(lambda _run: inspected.list_runs())

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._asked is not None

    @property
    def operating(self) -> bool:
        """Whether something is being done now, and not only looked at."""
        asked = self._asked
        return asked is not None and (asked.keep is not None or asked.operations != self._answered_for)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What was done to the present run, first things first."""
        return tuple(self._done.get(self._present, ()))

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return bool(self._undone.get(self._present))

    @property
    def run_names(self) -> list[str]:
        """What the runs are called, first the one that is looked at."""
        runs = sorted(self._inspected.runs, key=lambda each: each.id != self._inspected.run)
        return [each.name for each in runs]

    def watch(self, watched: bool) -> None:
        """Ask from now on, or no longer."""
        self.watched = watched
        self.changed.emit()
        self.refresh()

    def refresh(self) -> None:
        """Ask again, soon; several changes in a row make one question."""
        if self._key != self._present:
            self._key, self.result, self._answered_for = self._present, None, ()
            self.changed.emit()
        if self.watched and self._inspected.run:
            self._soon.start()

    def look_at(self, layer: str, unit: int = 0, array: int = 0) -> None:
        """Look at a layer, and at one unit of it, or where it has none at one array."""
        if (layer, unit, array) != (self.layer, self.unit, self.array):
            self.layer, self.unit, self.array = layer, unit, array
            self.refresh()

    def operate(self, kind: OperationKind, **more: object) -> None:
        """Do one more thing to the layer that is looked at."""
        if self.operating:
            return
        made = Operation(kind, self.layer, seed=random.randint(0, LARGEST_SEED) if kind == "reset" else 0)
        self._done.setdefault(self._present, []).append(msgspec.structs.replace(made, **more))
        self._undone.pop(self._present, None)
        self._tell()

    def undo(self) -> None:
        """Leave out the last thing that was done."""
        if self._done.get(self._present):
            self._undone.setdefault(self._present, []).append(self._done[self._present].pop())
            self._tell()

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._undone.get(self._present):
            self._done.setdefault(self._present, []).append(self._undone[self._present].pop())
            self._tell()

    def discard(self) -> None:
        """Undo all that was done; it can be done again one by one."""
        done = self._done.pop(self._present, [])
        self._undone.setdefault(self._present, []).extend(reversed(done))
        self._tell()

    def keep(self, name: str) -> None:
        """Make a run of its own of the result."""
        if self.operations and not self.busy:
            self._send(keep=name)

    @property
    def _present(self) -> Key:
        return self._context.document.path, self._inspected.run, self._inspected.weights

    def _tell(self) -> None:
        self.changed.emit()
        self.refresh()

    def _ask(self) -> None:
        if self.busy:
            self._again = True
            return
        self._send()

    def _send(self, keep: str | None = None) -> None:
        folder, run, weights = self._present
        layer, unit, array, operations = self.layer, self.unit, self.array, self.operations

        def made(ticket: int) -> Operate:
            self._asked = Operate(ticket, str(folder), run, operations, "test", layer, unit, array, weights, keep)
            return self._asked

        self._context.client.ask(made, self._answered)
        self.changed.emit()

    def _answered(self, event: AnyEvent) -> None:
        asked = self._asked
        match event:
            case Progress(text=text):
                self.progress = text
                self.changed.emit()
                return
            case Operated():
                self._asked, self.progress = None, ""
                if asked is not None and self._is_present(asked):
                    self.result, self._answered_for = event, asked.operations
                    self._stand_on(event, asked)
                if event.kept:
                    self.kept.emit(event.kept)
            case Failed(message=message):
                self._asked, self.progress = None, ""
                self._take_back(asked)
                self.failed.emit(message)
            case _:
                return
        self.changed.emit()
        if self._again:
            self._again = False
            self._soon.start()

    def _stand_on(self, event: Operated, asked: Operate) -> None:
        """A unit that is not there any more gives way to the last one."""
        weights = event.weights
        if weights is not None and (asked.layer, asked.unit) == (self.layer, self.unit) and weights.unit is not None:
            self.unit = weights.unit

    def _take_back(self, asked: Operate | None) -> None:
        """Forget the operation that could not be done, so that the others stand."""
        if (
            asked is None
            or asked.keep is not None
            or not self._is_present(asked)
            or self._context.client.state == "dead"
        ):
            return
        done = self._done.get(self._present, [])
        if tuple(done) == asked.operations != self._answered_for:
            done.pop()
            self._again = True

    def _is_present(self, asked: Operate) -> bool:
        return (Path(asked.folder), asked.run, asked.weights) == self._present

    def _link_changed(self, state: str) -> None:
        if state == "dead":
            self._asked, self.progress = None, ""
            self.changed.emit()
        elif state == "ready":
            self.refresh()
