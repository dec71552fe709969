"""The Runs page: the list, the curves of what is chosen, and the details."""

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QTableView,
    QWidget,
)

from workbench.domain.folds import series_of
from workbench.domain.run import RunRecord
from workbench.protocol.events import RunStarted
from workbench.protocol.history import History, read_history
from workbench.ui.background import in_background
from workbench.ui.context import Context
from workbench.ui.pages.runs.actions import RunActions
from workbench.ui.pages.runs.details import RunDetails
from workbench.ui.pages.runs.menu import RunMenu
from workbench.ui.pages.runs.table_model import RunsModel
from workbench.ui.pages.train.empty import EmptyState
from workbench.ui.plots.curves import OtherRun
from workbench.ui.plots.stack import CurveStack
from workbench.ui.state.run import HISTORY_FILE
from workbench.ui.theme.tokens import GAP, ROW
from workbench.ui.widgets.panel import Panel, label

MOST_COMPARED = 12
LEFT, RIGHT = 860, 330
WIDEST_COLUMN = 260
LEAST_NAME = 100
CELL_PADDING = 20
SORT_MARK = 16
MEASURED = 100


class RunsPage(QWidget):
    """Reads the runs off the window's thread when it is shown and when a run begins, goes on or ends.

    A run that a person starts is chosen, and so are those that follow it on further folds, until they choose another.
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._asked = 0
        self._widths: dict[int, int] = {}  # of the columns, as they were set here
        self._chosen: list[str] = []
        self._wanted = ""  # the run to choose as soon as the list has it
        self._started_last = "", ""  # its id and its series
        self._histories: dict[str, History] = {}
        self.actions_of_runs = RunActions(context, self)
        self.model = RunsModel(context.theme)
        self.table = self._make_table()
        self.setFocusProxy(self.table)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setAccessibleName(self.tr("Filter the runs"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(220)
        self.count = label("", "small")
        self.curves = CurveStack(context.theme, context.settings, Qt.Orientation.Horizontal)
        self.details = RunDetails(context, self.actions_of_runs)
        self.menu = RunMenu(self, context.theme, self.details.buttons)
        self._assemble()
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Delete if self.chosen:
                    self.actions_of_runs.delete(self.chosen)
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter if len(self.chosen) == 1:
                    self._context.run_wanted.emit(self.chosen[0].id)
                    return True
                case _:
                    pass
        return super().eventFilter(watched, event)

    def refresh(self) -> None:
        """Read the list of runs again."""
        folder = self._context.document.folder
        self._asked += 1
        asked = self._asked
        in_background(
            self,
            folder.list_runs,
            lambda records: self._listed(records, asked),
            self._not_listed,
        )

    def _not_listed(self, error: Exception) -> None:
        self._context.notice(str(error), "bad")

    @property
    def chosen(self) -> list[RunRecord]:
        """The runs that are selected, in the order of the list."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.records[row] for row in rows]

    def choose(self, run: str) -> None:
        """Select a run, and nothing else."""
        row = self.model.row_of(run)
        if row is not None:
            # Not `selectRow`: with Ctrl held, as in a shortcut, that would add the run to those that are selected.
            flags, index = QItemSelectionModel.SelectionFlag, self.model.index(row, 0)
            self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.table.scrollTo(index)

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(self.tr("Runs of the project"))
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(ROW)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicator(1, Qt.SortOrder.DescendingOrder)
        table.setSortingEnabled(True)
        return table

    def _assemble(self) -> None:
        self.panel = Panel(self.tr("Runs"))
        self.panel.add_to_head(self.count)
        self.panel.add_to_head(self.filter)
        self.list = QStackedWidget()
        self.list.addWidget(self.table)
        text = self.tr(
            "Every training is kept here as a run, with its curves, its model and its settings. Press Train."
        )
        self.list.addWidget(EmptyState(self._context.theme, "history", self.tr("No runs yet"), text))
        self.list.addWidget(EmptyState(self._context.theme, "filter-outline", self.tr("No run matches the filter")))
        self.panel.body.addWidget(self.list, 1)
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(self.panel)
        left.addWidget(self.curves)
        left.setSizes([320, 420])
        left.setStretchFactor(0, 0)
        left.setStretchFactor(1, 1)  # a notice takes its room from the foot of the curves, and no row moves
        right = self.details
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([LEFT, RIGHT])
        for splitter in (left, self.splitter):
            splitter.setHandleWidth(GAP)
            splitter.setChildrenCollapsible(False)
        right.setMinimumWidth(RIGHT - 50)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    def _connect(self) -> None:
        context = self._context
        self.filter.textChanged.connect(self._filter_changed)
        self.table.selectionModel().selectionChanged.connect(self._selection_changed)
        self.table.doubleClicked.connect(self._opened)
        self.model.renamed.connect(self.actions_of_runs.rename)
        self.actions_of_runs.changed.connect(self._runs_changed)
        self.curves.told.connect(context.notice)
        self.details.rename_wanted.connect(self._edit_name)
        self.details.folds.all_wanted.connect(self._choose_series)
        self.table.installEventFilter(self)
        context.document.opened.connect(self._project_opened)
        context.run.started.connect(self._started)
        context.run.ended.connect(lambda _event: self._refresh_if_seen())
        context.run.epochs_ended.connect(self._follow)

    def _listed(self, records: list[RunRecord], asked: int) -> None:
        if asked != self._asked:
            return
        before = [record.id for record in self.chosen] or self._chosen
        is_first = not self.model.total
        selection = self.table.selectionModel()
        selection.blockSignals(True)
        self.model.show_runs(records)
        self._widen_columns()
        if self.model.row_of(self._wanted) is not None:
            before, self._wanted = [self._wanted], ""
        self._select(before)
        selection.blockSignals(False)
        if is_first:
            self._size_columns()
        if records and not self.chosen and self.model.records:
            self.choose(self.model.records[0].id)
        self._show_list()
        self._show_chosen()

    def _select(self, runs: list[str]) -> None:
        rows = [row for run in runs if (row := self.model.row_of(run)) is not None]
        selection = QItemSelection()
        last = self.model.columnCount() - 1
        for row in rows:
            selection.select(self.model.index(row, 0), self.model.index(row, last))
        self.table.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _size_columns(self) -> None:
        """As wide as title and cells need; Qt's own way keeps room for a sort mark in every title."""
        for column in range(self.model.columnCount()):
            width = self._width_of(column)
            self._set_width(column, max(width, LEAST_NAME) if column == 0 else width)

    def _widen_columns(self) -> None:
        """Give what became longer its room, such as "completed" after "training", but not in a column whose width the
        person has set."""
        for column, before in self._widths.items():
            wanted = self._width_of(column)
            if self.table.columnWidth(column) == before < wanted:
                self._set_width(column, wanted)

    def _set_width(self, column: int, width: int) -> None:
        self.table.setColumnWidth(column, width)
        self._widths[column] = self.table.columnWidth(column)

    def _width_of(self, column: int) -> int:
        header, cells = self.table.horizontalHeader().fontMetrics(), self.table.fontMetrics()
        sorted_by = self.table.horizontalHeader().sortIndicatorSection() == column
        title = str(self.model.headerData(column, Qt.Orientation.Horizontal))
        width = header.horizontalAdvance(title) + (SORT_MARK if sorted_by else 0)
        for row in range(min(MEASURED, self.model.rowCount())):
            width = max(width, cells.horizontalAdvance(str(self.model.index(row, column).data())))
        return min(width + CELL_PADDING, WIDEST_COLUMN)

    def _show_list(self) -> None:
        shown, total = len(self.model.records), self.model.total
        self.list.setCurrentIndex(0 if shown else (2 if total else 1))
        text = self.tr("{0} of {1}").format(f"{shown:,}", f"{total:,}") if shown != total else f"{total:,}"
        self.count.setText(text if total else "")

    def _filter_changed(self, text: str) -> None:
        before = [record.id for record in self.chosen]
        self.model.set_filter(text)
        self._select(before)
        self._show_list()

    def _selection_changed(self) -> None:
        self._wanted = ""
        self._show_chosen()

    def _show_chosen(self) -> None:
        records = self.chosen
        self._chosen = [record.id for record in records]
        self.details.show_records(records, self._series(records))
        self._read_histories(records[:MOST_COMPARED])

    def _series(self, records: list[RunRecord]) -> list[RunRecord]:
        """The runs on all folds of the series that all of these belong to; none where they have none in common."""
        names = {record.series for record in records}
        return series_of(self.model.every, names.pop()) if len(names) == 1 else []

    def _choose_series(self) -> None:
        self._select([record.id for record in self._series(self.chosen)])

    def _read_histories(self, records: list[RunRecord]) -> None:
        run = self._context.run
        missing = [record.id for record in records if record.id not in self._histories and record.id != run.run]
        folder = self._context.document.folder

        def read() -> dict[str, History]:
            return {name: read_history(folder.run_folder(name) / HISTORY_FILE) for name in missing}

        if missing:
            in_background(self, read, self._histories_came)
        else:
            self._show_curves()

    def _histories_came(self, histories: dict[str, History]) -> None:
        self._histories |= histories
        self._show_curves()

    def _history_of(self, run: str) -> History | None:
        return self._context.run.history if run == self._context.run.run else self._histories.get(run)

    def _show_curves(self) -> None:
        records = [record for record in self.chosen[:MOST_COMPARED] if self._history_of(record.id) is not None]
        if len(records) == 1:
            history = self._history_of(records[0].id)
            assert history is not None
            self.curves.show_history(history, records[0].name)
            self.curves.show_others([])
            return
        colors = self._context.theme.tokens.series
        others = [
            OtherRun(record.id, record.name, self._history_of(record.id) or History(), colors[place % len(colors)])
            for place, record in enumerate(records)
        ]
        self.curves.show_others(others)
        self.curves.show_history(History())

    def _follow(self) -> None:
        """Epochs of the run that trains ended: bring its row up to date."""
        run = self._context.run
        if not self.isVisible() or not run.run:
            return
        folder, name = self._context.document.folder, run.run
        in_background(self, lambda: folder.read_run(name), self._followed)

    def _followed(self, record: RunRecord) -> None:
        self.model.update_run(record)
        self._widen_columns()
        if record.id in self._chosen:
            self.details.show_records(self.chosen, self._series(self.chosen))
            self.curves.refresh()

    def _started(self, event: RunStarted) -> None:
        """Choose the run, but where the workbench itself went on to the next fold while the person looks elsewhere."""
        before, series = self._started_last
        self._started_last = event.run, event.record.series
        goes_on_by_itself = bool(series) and series == event.record.series
        if not goes_on_by_itself or self._wanted == before or self._chosen == [before]:
            self._wanted = event.run
        self._refresh_if_seen()

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def _runs_changed(self) -> None:
        self.refresh()

    def _project_opened(self) -> None:
        self._histories.clear()
        self._chosen = []
        self._wanted = ""
        self.model.show_runs([])
        self._refresh_if_seen()

    def _opened(self, index: QModelIndex) -> None:
        self._context.run_wanted.emit(self.model.records[index.row()].id)

    def _edit_name(self) -> None:
        if self._chosen:
            row = self.model.row_of(self._chosen[0])
            if row is not None:
                self.table.setFocus()
                self.table.setCurrentIndex(self.model.index(row, 0))
                self.table.edit(self.model.index(row, 0))
