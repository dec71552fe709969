"""Tables: the rows as they are in the file, and a histogram above each column."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from workbench.domain.dataset import ColumnInfo
from workbench.protocol.events import SamplesShown
from workbench.ui.context import Context
from workbench.ui.pages.data.feed import SampleFeed
from workbench.ui.theme.tokens import ROW

Index = QModelIndex | QPersistentModelIndex
HEAD_HEIGHT = 90
NAME_HEIGHT = 34
NARROWEST, WIDEST = 96, 180


class TableModel(QAbstractTableModel):
    """Rows of the feed under the columns of the data."""

    def __init__(self, feed: SampleFeed, context: Context) -> None:
        super().__init__()
        self._feed = feed
        self._context = context
        self._rows: list[tuple[object, ...]] = []
        self._indices: list[int] = []
        feed.restarted.connect(self._restart)
        feed.arrived.connect(self._add)

    @property
    def columns(self) -> tuple[ColumnInfo, ...]:
        """The columns of the data that are loaded."""
        info = self._context.data.info
        return () if info is None else info.columns

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
            side = Qt.AlignmentFlag.AlignLeft if isinstance(value, str) else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and value is None:
            return QColor(self._context.theme.tokens.warning)
        return None

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
        self._rows.clear()
        self._indices.clear()
        self.endResetModel()

    def _add(self, event: SamplesShown) -> None:
        if not event.rows:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(event.rows) - 1)
        self._rows.extend(event.rows)
        self._indices.extend(event.indices)
        self.endInsertRows()


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

    def paintSection(self, painter: QPainter, rect: QRect, index: int) -> None:
        if index >= len(self._columns.columns):
            return
        column = self._columns.columns[index]
        tokens = self._context.theme.tokens
        painter.save()
        target = column.role == "target"
        painter.setPen(QColor(tokens.accent if target else tokens.text))
        room = rect.adjusted(6, 4, -6, 0)
        room.setHeight(NAME_HEIGHT)
        painter.drawText(room, Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap, column.name)
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
        self.rows.modelReset.connect(self._share_width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Columns share the room; they never get narrower than their numbers are wide."""
        count = self.rows.columnCount()
        if count:
            room = (self.viewport().width() - 1) // count
            self.horizontalHeader().setDefaultSectionSize(min(WIDEST, max(NARROWEST, room)))
