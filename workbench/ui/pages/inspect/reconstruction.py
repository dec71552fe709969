"""What a network that gives pictures, or its own input, makes of a sample: side by side, or as a table of numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from workbench.protocol.events import Probed
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.plots.names import number
from workbench.ui.plots.side_by_side import SideBySide
from workbench.ui.widgets.panel import label

MOST_ROWS = 400
SHOWN = ("input", "prediction", "target")


class ReconstructionView(QWidget):
    """Input, output and how far they are apart; hidden for networks that learn something else."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.pictures = SideBySide(context.theme)
        self.under_mouse = label("", "small")
        self.pictures.hovered.connect(self.under_mouse.setText)
        self.sentence = label("", "heading", wrap=True, selectable=True)
        self.note = label("", "muted", wrap=True)
        self.table = self._table()
        for widget, stretch in (
            (self.pictures, 0),
            (self.under_mouse, 0),
            (self.sentence, 0),
            (self.note, 0),
            (self.table, 1),
        ):
            column.addWidget(widget, stretch)
        self.hide()

    def show_result(self, result: Probed) -> bool:
        """Show an answer. False, and hidden, where the network gives classes or a few numbers."""
        arrays = {name: to_numpy(array) for name, array in result.arrays.items() if name in SHOWN}
        if set(arrays) < {"input", "prediction"} or ("target" not in arrays and arrays["prediction"].ndim < 3):
            self.hide()
            return False
        x, output = (arrays[name].astype(np.float32) for name in ("input", "prediction"))
        target = arrays["target"].astype(np.float32) if "target" in arrays else None
        drawn = self.pictures.show_parts(x, output, target)
        self.pictures.setVisible(drawn)
        self.under_mouse.setVisible(drawn)
        self.table.setVisible(not drawn)
        if not drawn and target is not None and x.shape == output.shape == target.shape:
            self._fill(x.reshape(-1), output.reshape(-1), target.reshape(-1))
        self._say(output, target)
        self.show()
        return True

    def _say(self, output: NDArray[Any], target: NDArray[Any] | None) -> None:
        if target is None or output.shape != target.shape:
            self.sentence.setText(self.tr("What is right is not known."))
            self.note.clear()
            return
        self.sentence.setText(self.tr("Off by {0} on average").format(number(float(np.abs(output - target).mean()))))
        low, high = number(float(target.min())), number(float(target.max()))
        self.note.setText(self.tr("What is to be learned here goes from {0} to {1}.").format(low, high))

    def _table(self) -> QTreeWidget:
        table = QTreeWidget()
        table.setHeaderLabels([self.tr("Feature"), self.tr("Input"), self.tr("Output"), self.tr("Off by")])
        table.setAccessibleName(self.tr("Input and output of each feature"))
        table.setProperty("role", "table")
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        table.header().setStretchLastSection(False)
        table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place in (1, 2, 3):
            table.header().setSectionResizeMode(place, QHeaderView.ResizeMode.ResizeToContents)
            table.headerItem().setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return table

    def _fill(self, x: NDArray[Any], output: NDArray[Any], clean: NDArray[Any]) -> None:
        info = self._context.data.info
        names = info.features if info is not None and len(info.features) == len(x) else ()
        self.table.clear()
        for place in range(min(len(x), MOST_ROWS)):
            name = names[place] if names else self.tr("number {0}").format(place + 1)
            off = abs(float(output[place]) - float(clean[place]))
            cells = [name, *(f"{value:.3g}" for value in (float(x[place]), float(output[place]), off))]
            item = QTreeWidgetItem(self.table, cells)
            item.setToolTip(0, name)
            for column in (1, 2, 3):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
