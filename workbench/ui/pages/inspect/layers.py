"""The layers of the network that is looked at, with what their activations are like."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from workbench.protocol.events import Probed
from workbench.protocol.probes import fact, kernel

NAME = Qt.ItemDataRole.UserRole
RANGE, MEAN = 2, 3
ROOM_FOR_RANGE, ROOM_FOR_MEAN = 400, 460


class LayerList(QTreeWidget):
    """One row a layer; `layer_chosen(name)` follows the selection."""

    layer_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderLabels([self.tr("Layer"), self.tr("Shape"), self.tr("Range"), self.tr("Mean"), self.tr("Dead")])
        self.setProperty("role", "table")
        self.setRootIsDecorated(False)
        self.setAccessibleName(self.tr("Layers"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, 5):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
            self.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setUniformRowHeights(True)
        self.headerItem().setToolTip(2, self.tr("The smallest and the largest activation for this sample"))
        self.headerItem().setToolTip(3, self.tr("The mean of all activations for this sample"))
        self.headerItem().setToolTip(4, self.tr("Share of units or maps that never rise above zero for this sample"))
        self.currentItemChanged.connect(self._changed)

    @property
    def current(self) -> str:
        """The name of the chosen layer, empty for none."""
        item = self.currentItem()
        return "" if item is None else str(item.data(0, NAME))

    def show_result(self, result: Probed) -> None:
        """Show the layers of an answer; the chosen one stays chosen where it still exists."""
        before = self.current
        names = [str(name) for name in _texts(result.facts.get("layers"))]
        self.blockSignals(True)
        self.clear()
        chosen: QTreeWidgetItem | None = None
        for name in names:
            item = QTreeWidgetItem(self, _cells(result, name))
            item.setData(0, NAME, name)
            item.setToolTip(0, f"{name} · {result.facts.get(fact(name, 'class'), '')}")
            for column in range(1, 5):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            learns = chosen is None and kernel(name) in result.arrays
            if name == before or (learns and before not in names):
                chosen = item
        chosen = chosen or self.topLevelItem(0)
        if chosen is not None:
            self.setCurrentItem(chosen)
        self.blockSignals(False)
        self._changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Names first: where there is little room, the panel at the right has mean and range of the chosen layer."""
        super().resizeEvent(event)
        self.setColumnHidden(MEAN, self.width() < ROOM_FOR_MEAN)
        self.setColumnHidden(RANGE, self.width() < ROOM_FOR_RANGE)

    def height_for(self, most: int) -> int:
        """The height that shows all layers, or as many whole ones as fit into `most` pixels."""
        row = max(1, self.sizeHintForRow(0))
        head = self.header().sizeHint().height() + 2 * self.frameWidth()
        return head + row * max(2, min(self.topLevelItemCount(), (most - head) // row))

    def _changed(self) -> None:
        if self.current:
            self.layer_chosen.emit(self.current)


def _cells(result: Probed, name: str) -> list[str]:
    facts = result.facts
    shape = facts.get(fact(name, "shape"))
    low, high = facts.get(fact(name, "min")), facts.get(fact(name, "max"))
    mean, dead = facts.get(fact(name, "mean")), facts.get(fact(name, "dead"))
    return [
        name,
        " × ".join(str(size) for size in shape) if isinstance(shape, tuple | list) else "",
        f"{low:.3g} … {high:.3g}" if isinstance(low, int | float) and isinstance(high, int | float) else "",
        f"{mean:.3g}" if isinstance(mean, int | float) else "",
        f"{dead:.0%}" if isinstance(dead, int | float) else "—",
    ]


def _texts(value: object) -> list[object]:
    return list(value) if isinstance(value, tuple | list) else []
