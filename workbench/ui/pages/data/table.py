"""Tables: the rows as they are in the file, and a histogram above each column."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView, QWidget

from workbench.domain.dataset import ColumnInfo
from workbench.domain.edits import NamedEdit, learn_column, use_columns
from workbench.protocol.events import SamplesShown
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.pages.data.feed import SampleFeed
from workbench.ui.theme.tokens import ROW
from workbench.ui.widgets.tool_tip import plain_tip

Index = QModelIndex | QPersistentModelIndex
HEAD_HEIGHT = 90
NAME_HEIGHT = 34
NARROWEST, WIDEST = 64, 190
MEASURED = 40
CELL_PADDING = 10
SHORT = 12  # characters, which always have room


class TableModel(QAbstractTableModel):
    """Rows of the feed under the columns of the data."""

    def __init__(self, feed: SampleFeed, context: Context) -> None:
        super().__init__()
        self._feed = feed
        self._context = context
        self._rows: list[tuple[object, ...]] = []
        self._indices: list[int] = []
        self.columns: tuple[ColumnInfo, ...] = ()
        context.data.info_changed.connect(self._restart)  # the views must never see columns that are gone
        feed.restarted.connect(self._restart)
        feed.arrived.connect(self._add)
        self._restart()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        value = row[index.column()] if index.column() < len(row) else None
        if role == Qt.ItemDataRole.DisplayRole:
            return "—" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            # A hole stands where the values of its column do, in sight also where a long column is cut.
            is_text = isinstance(value, str) or (value is None and self.columns[index.column()].kind == "category")
            side = Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(value)
        if role == Qt.ItemDataRole.ForegroundRole and value is None:
            return QColor(self._context.theme.tokens.warning)
        return None

    def _tip(self, value: object) -> str | None:
        """What a cell may have no room for."""
        if value is None:
            return self.tr("The value is missing")
        return plain_tip(value) if isinstance(value, str) and len(value) > SHORT else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Vertical:
            return str(self._indices[section]) if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].name
        if role == Qt.ItemDataRole.ToolTipRole:
            return describe_column(self.columns[section])
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._feed.has_more

    def fetchMore(self, parent: Index) -> None:
        self._feed.fetch()

    def _restart(self) -> None:
        self.beginResetModel()
        info = self._context.data.info
        self.columns = () if info is None else info.columns
        self._rows.clear()
        self._indices.clear()
        self.endResetModel()

    def _add(self, event: SamplesShown) -> None:
        rows = event.rows or self._rows_of_arrays(event)
        if not rows:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        self._rows.extend(rows)
        self._indices.extend(event.indices)
        self.endInsertRows()

    def _rows_of_arrays(self, event: SamplesShown) -> list[tuple[object, ...]]:
        """The samples of a flat array as rows: its numbers, then what is learned."""
        if event.inputs is None or len(event.inputs.shape) != 2:
            return []
        info = self._context.data.info
        classes = info.classes if info is not None else ()
        learned: list[object] = [classes[label] for label in event.labels] if event.labels else list(event.targets)
        if event.label_sets:
            learned = [", ".join(classes[label] for label in labels) for labels in event.label_sets]
        return [(*row, target) for row, target in zip(to_numpy(event.inputs).tolist(), learned, strict=False)]


def describe_column(column: ColumnInfo) -> str:
    """A column in words."""
    lines = [f"{column.name} · {column.kind} · {column.role}"]
    if column.low is not None and column.high is not None:
        lines.append(f"{column.low:.6g} … {column.high:.6g}")
    if column.mean is not None and column.std is not None:
        lines.append(f"mean {column.mean:.6g}, standard deviation {column.std:.6g}")
    if column.categories:
        pairs = zip(column.categories, column.histogram, strict=False)
        lines += [f"{name}: {count:,}" for name, count in list(pairs)[:12]]
    if column.missing:
        lines.append(f"{column.missing:,} missing")
    return "\n".join(lines)


class HistogramHeader(QHeaderView):
    """Names of the columns, and below each the histogram of its values."""

    def __init__(self, model: TableModel, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns = model
        self._context = context
        self.setSectionsClickable(False)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEAD_HEIGHT)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.logicalIndexAt(event.pos())
        if index >= 0 and self._context.data.columns:
            menu = self.menu_for(self._columns.columns[index])
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())

    def menu_for(self, column: ColumnInfo) -> QMenu:
        """What can be done with a column: learn it, leave it out, or take it in again."""
        menu = QMenu(self)
        names = self._context.data.columns
        used = {each.name for each in self._columns.columns if each.role == "feature"}
        target = next((each.name for each in self._columns.columns if each.role == "target"), "")
        if column.role != "target":
            text = self.tr("Learn “{0}”").format(column.name)
            menu.addAction(text, lambda: self._apply(text, learn_column(column.name, names, target)))
        if column.role == "feature" and len(used) > 1:
            text_out = self.tr("Leave “{0}” out").format(column.name)
            menu.addAction(text_out, lambda: self._apply(text_out, use_columns(used - {column.name}, names)))
        if column.role == "ignored":
            text_in = self.tr("Learn from “{0}”").format(column.name)
            menu.addAction(text_in, lambda: self._apply(text_in, use_columns(used | {column.name}, names)))
        return menu

    def _apply(self, name: str, edit: NamedEdit) -> None:
        self._context.document.apply(name, edit)

    def paintSection(self, painter: QPainter, rect: QRect, index: int) -> None:
        if index >= len(self._columns.columns):
            return
        column = self._columns.columns[index]
        tokens = self._context.theme.tokens
        painter.save()
        target = column.role == "target"
        painter.setPen(QColor(tokens.accent if target else tokens.text))
        if column.role == "ignored":
            painter.setPen(QColor(tokens.muted))
        room = rect.adjusted(6, 4, -6, 0)
        room.setHeight(NAME_HEIGHT)
        lines = two_lines(column.name, painter.fontMetrics(), room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, "\n".join(lines))
        color = QColor(tokens.accent if target else tokens.muted)
        color.setAlpha(255 if target else 150)
        self._paint_bars(painter, rect.adjusted(6, NAME_HEIGHT + 8, -6, -6), column, color)
        painter.setPen(QColor(tokens.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    @staticmethod
    def _paint_bars(painter: QPainter, rect: QRect, column: ColumnInfo, color: QColor) -> None:
        highest = max(column.histogram, default=0)
        if not highest:
            return
        width = rect.width() / len(column.histogram)
        for number, count in enumerate(column.histogram):
            height = max(1 if count else 0, round(rect.height() * count / highest))
            left = rect.left() + round(number * width)
            right = rect.left() + round((number + 1) * width)
            painter.fillRect(left, rect.bottom() - height + 1, max(1, right - left - 1), height, color)


def two_lines(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """A name on at most two lines of this width; what does not fit is left out at its end."""
    first = ""
    words = text.split()
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    shown = [first] if first else []
    if rest:
        shown.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width))
    return shown


class SampleTable(QTableView):
    """The table over a feed."""

    def __init__(self, feed: SampleFeed, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = TableModel(feed, context)
        self.setModel(self.rows)
        self.setHorizontalHeader(HistogramHeader(self.rows, context, self))
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.verticalHeader().setDefaultSectionSize(ROW - 4)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(self.tr("Rows"))
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.rows.rowsInserted.connect(self._share_width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Each column as wide as its name on two lines and its cells; they share what is left of the room."""
        widths = [self._width_of(place) for place in range(self.rows.columnCount())]
        if not widths:
            return
        spare = max(0, self.viewport().width() - 1 - sum(widths)) // len(widths)
        for place, width in enumerate(widths):
            self.horizontalHeader().resizeSection(place, min(WIDEST, width + spare))

    def _width_of(self, place: int) -> int:
        metrics = self.fontMetrics()
        words = self.rows.columns[place].name.split() or [""]
        name = " ".join(words)
        widest = max(max(map(metrics.horizontalAdvance, words)), round(metrics.horizontalAdvance(name) * 0.6))
        for row in range(min(MEASURED, self.rows.rowCount())):
            widest = max(widest, metrics.horizontalAdvance(str(self.rows.index(row, place).data())))
        return min(WIDEST, max(NARROWEST, widest + 2 * CELL_PADDING))
