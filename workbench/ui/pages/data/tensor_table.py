"""The values along two axes of an array, as a table in which one is chosen."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QTableView, QWidget

from workbench.protocol.events import TensorShown
from workbench.ui.arrays import to_numpy
from workbench.ui.plots.names import number
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import CELL, ROW

Index = QModelIndex | QPersistentModelIndex
WIDTH, MOST = 52, 140
MEASURED = 600  # values that decide how wide the columns are


class TensorModel(QAbstractTableModel):
    """A window of rows and columns; the chosen value is marked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._values: NDArray[Any] = np.empty((0, 0))
        self._start = (0, 0)
        self._place = (0, 0)
        self.names: tuple[str, ...] = ()
        self.axes: tuple[int, ...] = ()

    def show_tensor(self, event: TensorShown) -> None:
        """Show the window of this array."""
        self.beginResetModel()
        self._values = to_numpy(event.window) if event.window is not None else np.empty((0, 0))
        self._start = event.window_start
        self.axes = event.window_axes
        at = [event.place[axis] for axis in self.axes]
        self._place = (at[0], at[1]) if len(at) == 2 else (0, sum(at))
        self.names = event.names if self.axes[-1:] == (len(event.shape) - 1,) else ()
        self.endResetModel()

    def texts(self, most: int) -> list[str]:
        """The first values as they are written."""
        return [number(float(value)) for value in self._values.ravel()[:most]]

    @property
    def has_rows(self) -> bool:
        """Whether the rows are indices of an axis, too."""
        return len(self.axes) == 2

    def at(self, index: Index) -> dict[int, int]:
        """For the axes that are shown, the index of a cell."""
        place = index.row() + self._start[0], index.column() + self._start[1]
        return dict(zip(self.axes, place if self.has_rows else place[1:], strict=True))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._values)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else self._values.shape[1]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        tokens = self._theme.tokens
        is_chosen = (index.row() + self._start[0], index.column() + self._start[1]) == self._place
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return number(float(self._values[index.row(), index.column()]))
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.BackgroundRole if is_chosen:
                return QColor(tokens.accent)
            case Qt.ItemDataRole.ForegroundRole if is_chosen:
                return QColor(tokens.on_accent)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            at = section + self._start[1]
            return self.names[at] if at < len(self.names) else str(at)
        return str(section + self._start[0]) if self.has_rows else ""

    @property
    def chosen(self) -> QModelIndex:
        """The cell that is chosen."""
        return self.index(self._place[0] - self._start[0], self._place[1] - self._start[1])


class TensorTable(QTableView):
    """`chosen(indices)` follows a click on a value, with its index for each axis that is shown."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values = TensorModel(theme)
        self.setModel(self.values)
        self.setAccessibleName(self.tr("Values of the array"))
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.horizontalHeader().setDefaultSectionSize(WIDTH)
        self.verticalHeader().setDefaultSectionSize(ROW - 6)
        self.clicked.connect(lambda index: self.chosen.emit(self.values.at(index)))
        self.activated.connect(lambda index: self.chosen.emit(self.values.at(index)))
        theme.changed.connect(self.viewport().update)

    def show_tensor(self, event: TensorShown) -> None:
        """Show the values around the chosen one."""
        self.values.show_tensor(event)
        self.setVisible(event.window is not None)
        self.verticalHeader().setVisible(self.values.has_rows)
        metrics = self.fontMetrics()
        names = [min(MOST, metrics.horizontalAdvance(name) + 16) for name in self.values.names]
        values = [metrics.horizontalAdvance(text) + 2 * CELL + 8 for text in self.values.texts(MEASURED)]
        self.horizontalHeader().setDefaultSectionSize(max([WIDTH, *names, *values]))
        self.scrollTo(self.values.chosen)
