"""The runs of a project as a table that sorts and filters itself: 10,000 of them without a wait."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from workbench.domain.run import RunRecord
from workbench.ui.pages.runs.words import duration, ending_sentence, status_word, when
from workbench.ui.pages.train.plan import plan_text
from workbench.ui.plots.names import VALIDATION, metric_title, number
from workbench.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
Key = str | float


@dataclass(frozen=True)
class Column:
    """One column: its title, what is shown, and what it is sorted by. What has no value comes last, either way."""

    title: str
    text: Callable[[RunRecord], str]
    key: Callable[[RunRecord], Key | None]
    is_number: bool = False
    tip: str = ""


class RunsModel(QAbstractTableModel):
    """`renamed(run, name)` is the wish for another name, typed into the first column."""

    renamed = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._all: list[RunRecord] = []
        self._shown: list[RunRecord] = []
        self._filter = ""
        self._haystacks: dict[str, str] = {}
        self._sort = (1, Qt.SortOrder.DescendingOrder)
        self.columns: list[Column] = _columns([])

    @property
    def records(self) -> list[RunRecord]:
        """The records that are shown, in their order."""
        return self._shown

    @property
    def every(self) -> list[RunRecord]:
        """All runs, shown or not."""
        return self._all

    @property
    def total(self) -> int:
        """How many runs there are, shown or not."""
        return len(self._all)

    def show_runs(self, records: list[RunRecord]) -> None:
        """Show these runs."""
        self.beginResetModel()
        self._all = records
        self._haystacks.clear()
        self.columns = _columns(records)
        self._arrange()
        self.endResetModel()

    def update_run(self, record: RunRecord) -> None:
        """Show what is new of one run."""
        self._haystacks.pop(record.id, None)
        for records in (self._all, self._shown):
            for place, old in enumerate(records):
                if old.id == record.id:
                    records[place] = record
        row = self.row_of(record.id)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))

    def set_filter(self, text: str) -> None:
        """Show only the runs that have all words of this text somewhere in their row."""
        if text != self._filter:
            self.beginResetModel()
            self._filter = text
            self._arrange()
            self.endResetModel()

    def row_of(self, run_id: str) -> int | None:
        """The row of a run, None when it is not shown."""
        return next((row for row, record in enumerate(self._shown) if record.id == run_id), None)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(self.columns) and (column, order) != self._sort:
            self.layoutAboutToBeChanged.emit()
            before = self._shown
            moved = self.persistentIndexList()
            self._sort = (column, order)
            self._arrange()
            places = {record.id: row for row, record in enumerate(self._shown)}
            after = [self.index(places[before[each.row()].id], each.column()) for each in moved]
            self.changePersistentIndexList(moved, after)
            self.layoutChanged.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == 0 else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        record, column = self._shown[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return column.text(record)
            case Qt.ItemDataRole.ToolTipRole:
                return ending_sentence(record)
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole if index.column() == STATUS:
                return self._status_color(record)
            case _:
                return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        record = self._shown[index.row()]
        name = str(value).strip()
        if role == Qt.ItemDataRole.EditRole and index.column() == 0 and name and name != record.name:
            self.renamed.emit(record.id, name)
        return False  # the name changes when it is written

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].is_number else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.columns[section].tip or self.columns[section].title
        return None

    def _arrange(self) -> None:
        words = self._filter.lower().split()
        shown = self._all
        if words:
            shown = [record for record in self._all if all(word in self._haystack(record) for word in words)]
        place, order = self._sort
        key = self.columns[min(place, len(self.columns) - 1)].key
        known = [(key(record), record) for record in shown]
        ordered = sorted(
            ((value, record) for value, record in known if value is not None),
            key=lambda pair: pair[0],
            reverse=order == Qt.SortOrder.DescendingOrder,
        )
        self._shown = [record for _, record in ordered] + [record for value, record in known if value is None]

    def _haystack(self, record: RunRecord) -> str:
        """All that the filter looks into; made once a run, since 10,000 of them are gone through at each key."""
        found = self._haystacks.get(record.id)
        if found is None:
            texts = (column.text(record) for place, column in enumerate(self.columns) if place != STARTED)
            found = self._haystacks[record.id] = " ".join((*texts, record.started)).lower()
        return found

    def _status_color(self, record: RunRecord) -> QColor:
        tokens = self._theme.tokens
        if record.status != "ended":
            return QColor(tokens.warning)
        return QColor(tokens.bad if record.reason in ("failed", "diverged") else tokens.good)


STARTED, STATUS = 1, 2


def _columns(records: list[RunRecord]) -> list[Column]:
    metrics = list(dict.fromkeys(name for record in records for name in (*record.last, *record.best)))
    metrics.sort(key=lambda name: (not name.startswith(VALIDATION), "loss" not in name))
    columns = [
        Column(_tr("Name"), lambda r: r.name, lambda r: r.name.lower()),
        Column(_tr("Started"), lambda r: when(r.started), lambda r: r.started or None),
        Column(_tr("Status"), status_word, status_word),
        Column(_tr("Epochs"), _epochs, lambda r: r.epochs_done, is_number=True),
    ]
    for name in metrics:
        title = metric_title(name)
        columns.append(_metric(title, name, "last", _tr("{0} after the last epoch").format(title)))
        columns.append(_metric(_tr("best"), name, "best", _tr("{0} after the best epoch").format(title)))
    columns += [
        Column(_tr("Time"), lambda r: duration(r.seconds), lambda r: r.seconds, is_number=True),
        Column(_tr("Data"), lambda r: r.data, lambda r: r.data.lower() or None),
        Column(_tr("Layers"), lambda r: f"{r.layers:,}", lambda r: r.layers, is_number=True),
        Column(_tr("Parameters"), lambda r: f"{r.params:,}", lambda r: r.params, is_number=True),
        Column(_tr("Seed"), lambda r: str(r.seed), lambda r: r.seed, is_number=True),
        Column(
            _tr("Plan"),
            lambda r: plan_text(r.plan) if r.plan else "",
            lambda r: plan_text(r.plan) if r.plan else None,
        ),
    ]
    return columns


def _metric(title: str, name: str, which: str, tip: str) -> Column:
    def value(record: RunRecord) -> float | None:
        found: float | None = getattr(record, which).get(name)
        return found if found is not None and found == found else None  # NaN is no value to sort by

    return Column(title, lambda record: number(getattr(record, which).get(name)), value, is_number=True, tip=tip)


def _epochs(record: RunRecord) -> str:
    return f"{record.epochs_done:,} / {record.epochs_planned:,}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("RunsPage", text)
