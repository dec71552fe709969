"""What an autoencoder makes of a sample: pictures side by side, or a table of numbers."""

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
        """Show an answer. False, and hidden, where it is not of an autoencoder."""
        names = ("input", "prediction", "target")
        if not all(name in result.arrays for name in names):
            self.hide()
            return False
        x, output, clean = (to_numpy(result.arrays[name]).astype(np.float32) for name in names)
        drawn = self.pictures.show_parts(x, output, clean)
        self.pictures.setVisible(drawn)
        self.under_mouse.setVisible(drawn)
        self.table.setVisible(not drawn)
        if not drawn and x.shape == output.shape == clean.shape:
            self._fill(x.reshape(-1), output.reshape(-1), clean.reshape(-1))
        self._say(x, output, clean)
        self.show()
        return True

    def _say(self, x: NDArray[Any], output: NDArray[Any], clean: NDArray[Any]) -> None:
        off = float(np.abs(output - clean).mean()) if output.shape == clean.shape else float("nan")
        self.sentence.setText(self.tr("Off by {0} on average").format(number(off)))
        low, high = number(float(clean.min())), number(float(clean.max()))
        text = self.tr("The input goes from {0} to {1}.").format(low, high)
        if not np.array_equal(x, clean):
            text += " " + self.tr("The output is compared with the input without noise.")
        self.note.setText(text)

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
