"""The units of a layer, or its arrays, and the weights of the one that is chosen, as tables."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from workbench.protocol.weights import LayerWeights
from workbench.ui.arrays import to_numpy
from workbench.ui.plots.names import number

Index = QModelIndex | QPersistentModelIndex
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
SORT = Qt.ItemDataRole.UserRole


class UnitsModel(QAbstractTableModel):
    """A row a unit with the length of its weights and its bias; of a layer without units a row an array."""

    def __init__(self) -> None:
        super().__init__()
        self._weights: LayerWeights | None = None
        self._columns: list[NDArray[Any]] = []

    def show_weights(self, weights: LayerWeights | None) -> None:
        """Show another layer, or other weights of the same one."""
        columns = [to_numpy(each) for each in (weights.norms, weights.biases) if each] if weights is not None else []
        before, self._columns = self._shape(), columns
        self._weights = weights
        if before != self._shape():
            self.beginResetModel()
            self.endResetModel()
        elif self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    @property
    def has_units(self) -> bool:
        """Whether the rows are units, not arrays."""
        return self._weights is not None and self._weights.units > 0

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        if parent.isValid() or self._weights is None:
            return 0
        return self._weights.units or len(self._weights.arrays)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else (1 + len(self._columns) if self.has_units else 2)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._weights is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.TextAlignmentRole, SORT):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if index.column() else LEFT
        row, column = index.row(), index.column()
        if not self.has_units:
            array = self._weights.arrays[row]
            if role == SORT:
                return row
            return " × ".join(str(size) for size in array.shape) if column else array.name
        value = float(self._columns[column - 1][row]) if column else row
        return value if role == SORT else (f"{value:.3g}".replace("-", "−") if column else str(row))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        units = self.has_units
        match role:
            case Qt.ItemDataRole.TextAlignmentRole:
                return (CENTER if units else RIGHT) if section else LEFT  # the mark of sorting stands at the right
            case Qt.ItemDataRole.ToolTipRole if units and section == 1:
                return self.tr("The length of the weights that lead into the unit: a short one matters little")
            case Qt.ItemDataRole.DisplayRole if units:
                return (self.tr("Unit"), self.tr("Length"), self.tr("Bias"))[section]
            case Qt.ItemDataRole.DisplayRole:
                return (self.tr("Weights"), self.tr("Shape"))[section]
        return None

    def _shape(self) -> tuple[str, bool, int, int]:
        layer = self._weights.layer if self._weights is not None else ""
        return layer, self.has_units, self.rowCount(), len(self._columns)


class ValuesModel(QAbstractTableModel):
    """The weights of what is chosen, each with its place. `edited(array, place, value)` follows a typed number."""

    edited = Signal(int, object, float)

    def __init__(self) -> None:
        super().__init__()
        self._weights: LayerWeights | None = None
        self._values: NDArray[Any] = np.empty(0)

    def show_weights(self, weights: LayerWeights | None) -> None:
        """Show other weights. A unit's bias stands first."""
        self.beginResetModel()
        self._weights = weights
        self._values = np.empty(0)
        if weights is not None:
            self._values = to_numpy(weights.values)
            if weights.biases is not None and weights.unit is not None:
                self._values = np.append(to_numpy(weights.biases)[weights.unit], self._values)
        self.endResetModel()

    @property
    def left_out(self) -> int:
        """How many weights are too many to be shown."""
        return 0 if self._weights is None else self._weights.size - to_numpy(self._weights.values).size

    @property
    def _has_bias(self) -> bool:
        weights = self._weights
        return weights is not None and weights.biases is not None and weights.unit is not None

    def place(self, row: int) -> tuple[int, tuple[int, ...]]:
        """The array in which the weight of a row lies, and where."""
        weights = self._weights
        assert weights is not None
        if self._has_bias and not row:
            return len(weights.arrays) - 1, (weights.unit or 0,)
        shape = list(weights.arrays[weights.array].shape)
        if weights.axis is not None:
            del shape[weights.axis]
        at = [int(each) for each in np.unravel_index(row - self._has_bias, shape)]
        if weights.axis is not None:
            at.insert(weights.axis, weights.unit or 0)
        return weights.array, tuple(at)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._values)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else 2

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == 1 else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        value = float(self._values[index.row()]) if index.isValid() and index.row() < len(self._values) else 0.0
        match role:
            case Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT if index.column() else None
            case Qt.ItemDataRole.EditRole if index.column():
                return f"{value:.9g}"
            case Qt.ItemDataRole.DisplayRole:
                return number(value) if index.column() else self._title(index.row())
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        try:
            typed = float(str(value).replace("−", "-").replace(",", "."))
        except ValueError:
            return False
        same = np.float32(typed) == np.float32(self._values[index.row()])
        if role != Qt.ItemDataRole.EditRole or not math.isfinite(typed) or same:
            return False
        self.edited.emit(*self.place(index.row()), typed)
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section else LEFT
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Place"), self.tr("Weight"))[section]

    def _title(self, row: int) -> str:
        if self._has_bias and not row:
            return self.tr("bias")
        return f"[{', '.join(map(str, self.place(row)[1]))}]"
