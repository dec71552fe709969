"""A button that is one of several side by side, of which one is chosen."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QPushButton, QWidget


class Segment(QPushButton):
    """It is as wide as it needs to be when it is chosen, which makes its text bold: nothing is cut then, or moves."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setProperty("role", "segment")

    def sizeHint(self) -> QSize:
        """Room for the bold text."""
        size = super().sizeHint()
        font = QFont(self.font())
        plain, bold = (self._width(font, weight) for weight in (QFont.Weight.Normal, QFont.Weight.DemiBold))
        return QSize(size.width() + max(0, bold - plain), size.height())

    def minimumSizeHint(self) -> QSize:
        """The same: no text is cut."""
        return self.sizeHint()

    def _width(self, font: QFont, weight: QFont.Weight) -> int:
        font.setWeight(weight)
        return QFontMetrics(font).horizontalAdvance(self.text())
