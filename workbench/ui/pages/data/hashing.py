"""What becomes of columns with many different texts: left out, or hashed into bins."""

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QVBoxLayout, QWidget

from workbench.domain.dataset import Hashing
from workbench.ui.forms.base import ComboBox
from workbench.ui.widgets.spin import fitted

MOST_BINS = 10_000
MOST_TEXTS = 1_000
LEAST_WIDTH = 120  # the largest numbers need more, and would make the panel wider than it is


class HashingFields(QWidget):
    """`chosen(Hashing | None)` follows every choice by the person."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hashing: Hashing | None = None
        self._showing = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.way = ComboBox()
        self.way.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.way.addItem(self.tr("Left out"), False)
        self.way.addItem(self.tr("Hashed"), True)
        self.way.setAccessibleName(self.tr("Columns of many texts"))
        self.way.setToolTip(
            self.tr("A column with many different texts is left out, or each text falls into a bin by its hash")
        )
        self.way.activated.connect(self._way_chosen)
        self.above = self._spin(1, MOST_TEXTS, self.tr("Hashed above so many texts"))
        self.above.setPrefix(self.tr("above "))
        self.above.setSuffix(self.tr(" texts"))
        self.above.setToolTip(self.tr("Columns with more different texts than this are hashed"))
        self.above.valueChanged.connect(lambda above: self._changed(above=above))
        self.bins = self._spin(2, MOST_BINS, self.tr("Bins"))
        self.bins.setPrefix(self.tr("into "))
        self.bins.setSuffix(self.tr(" bins"))
        self.bins.setToolTip(self.tr("Each bin is an input; with few of them, many texts share one"))
        self.bins.valueChanged.connect(lambda bins: self._changed(bins=bins))
        for widget in (self.way, self.above, self.bins):
            column.addWidget(widget)

    def show_hashing(self, hashing: Hashing | None) -> None:
        """Show what the project says."""
        self._showing = True
        self._hashing = hashing
        self.way.setCurrentIndex(self.way.findData(hashing is not None))
        for box in (self.above, self.bins):
            box.setVisible(hashing is not None)
        if hashing is not None:
            self.above.setValue(hashing.above)
            self.bins.setValue(hashing.bins)
        self._showing = False

    @staticmethod
    def _spin(low: int, high: int, name: str) -> QSpinBox:
        box = fitted(QSpinBox())
        box.setRange(low, high)
        box.setKeyboardTracking(False)
        box.setMinimumWidth(LEAST_WIDTH)
        box.setAccessibleName(name)
        return box

    def _way_chosen(self) -> None:
        wanted = bool(self.way.currentData())
        if wanted != (self._hashing is not None):
            self.chosen.emit(Hashing() if wanted else None)

    def _changed(self, **fields: int) -> None:
        if not self._showing and self._hashing is not None:
            self.chosen.emit(msgspec.structs.replace(self._hashing, **fields))
