"""The label of a marked place in a plot, which is read over curves without covering them."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from workbench.ui.theme.tokens import SMALL

HALO = 3.0  # around each letter, so that curves between the letters stay as they are


class MarkLabel(pg.InfLineLabel):  # type: ignore[misc]
    """Text beside a vertical line, at a height from 0 to 1 of the view, its letters rimmed with the ground's colour."""

    def __init__(self, line: Any, text: str, height: float, color: str, ground: str) -> None:
        self._rim = QPainterPath()
        self._ground = QColor(ground)
        super().__init__(line, text, position=height, color=color, anchors=[(0, 0), (1, 0)])
        font = small_font()
        self.setFont(font)
        margin = self.textItem.document().documentMargin()
        self._rim.addText(QPointF(margin, margin + QFontMetricsF(font).ascent()), font, text)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """The rim; the letters are an item of their own above it."""
        super().paint(painter, option, widget)
        pen = QPen(self._ground, HALO)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._rim.translated(self.textItem.pos()))


def small_font() -> QFont:
    """The font of what stands in and around a plot."""
    font = QFont()
    font.setPixelSize(SMALL)
    return font
