"""Which earlier runs are drawn faintly behind the one that trains."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from workbench.domain.run import RunRecord
from workbench.protocol.history import History, read_history
from workbench.ui.background import in_background
from workbench.ui.context import Context
from workbench.ui.plots.curves import OtherRun
from workbench.ui.state.run import HISTORY_FILE
from workbench.ui.widgets.menu_button import give_menu

MOST = 15


class EarlierRuns(QToolButton):
    """A menu of the project's runs; `chosen(list[OtherRun])` follows the choice once their histories are read.

    Unless the person chooses, it is the run before this one.
    """

    chosen = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._records: list[RunRecord] = []
        self._picked: set[str] | None = None
        self._histories: dict[str, History] = {}
        self._asked = 0
        text = self.tr("Earlier runs to draw behind")
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        give_menu(self, self._menu)
        context.run.replaced.connect(self.refresh)
        context.run.ended.connect(lambda _event: self.refresh())
        context.document.opened.connect(self._opened)
        context.theme.changed.connect(self._refresh_icon)
        self._refresh_icon()

    def refresh(self) -> None:
        """Read the list of runs again, off the window's thread."""
        folder = self._context.document.folder
        self._asked += 1
        asked = self._asked
        in_background(self, lambda: folder.list_runs()[: MOST + 1], lambda records: self._listed(records, asked))

    def pick(self, run_id: str, on: bool) -> None:
        """Draw a run, or no longer."""
        picked = set(self._wanted())
        picked.add(run_id) if on else picked.discard(run_id)
        self._picked = picked
        self._read()

    def _opened(self) -> None:
        self._picked = None
        self._histories.clear()

    def _listed(self, records: list[RunRecord], asked: int) -> None:
        if asked != self._asked:
            return
        current = self._context.run.run
        self._records = [record for record in records if record.id != current][:MOST]
        self.setEnabled(bool(self._records))
        self._read()

    def _wanted(self) -> list[str]:
        if self._picked is not None:
            return [record.id for record in self._records if record.id in self._picked]
        before = [record.id for record in self._records if record.epochs_done]
        return before[:1]

    def _read(self) -> None:
        wanted = self._wanted()
        missing = [run for run in wanted if run not in self._histories]
        folder = self._context.document.folder

        def read() -> dict[str, History]:
            return {run: read_history(folder.run_folder(run) / HISTORY_FILE) for run in missing}

        if missing:
            in_background(self, read, self._came)
        else:
            self._tell()

    def _came(self, histories: dict[str, History]) -> None:
        self._histories |= histories
        self._tell()

    def _tell(self) -> None:
        names = {record.id: record.name for record in self._records}
        runs = [OtherRun(run, names[run], self._histories[run]) for run in self._wanted() if run in self._histories]
        self.chosen.emit(runs)

    def _fill(self) -> None:
        self._menu.clear()
        wanted = self._wanted()
        for record in self._records:
            action = self._menu.addAction(record.name)
            action.setCheckable(True)
            action.setChecked(record.id in wanted)
            action.toggled.connect(lambda on, run=record.id: self.pick(run, on))

    def _refresh_icon(self) -> None:
        self.setIcon(self._context.theme.icon("history"))
