"""A square matrix from −1 to 1 as coloured squares, with names at its left and top."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import SMALL

NAMES = 150
HEAD = 84
LARGEST = 44
SLANT = 44  # the last name leans out at the right
ROOM_FOR_NUMBERS = 34
PAIRS = 3


class HeatMap(QWidget):
    """Positive values in the accent colour, negative ones in the second of the series. `hovered(text)` tells a pair."""

    hovered = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._matrix: NDArray[np.float64] = np.empty((0, 0))
        self._names: Sequence[str] = ()
        self.setMouseTracking(True)
        self.setMinimumSize(240, 200)
        self.setAccessibleName(self.tr("Correlations"))
        theme.changed.connect(self.update)

    def show_matrix(self, matrix: NDArray[np.float64], names: Sequence[str]) -> None:
        """Show this (k, k) with k names; NaN is left blank."""
        self._matrix, self._names = matrix, names
        pairs = [
            (abs(matrix[a, b]), self.value_text(a, b))
            for a in range(len(matrix))
            for b in range(a)
            if np.isfinite(matrix[a, b])
        ]
        self.setAccessibleDescription("; ".join(text for _, text in sorted(pairs, reverse=True)[:PAIRS]))
        self.update()

    def value_text(self, row: int, column: int) -> str:
        """A pair and its value, in words."""
        value = self._matrix[row, column]
        shown = f"{value:.3f}" if np.isfinite(value) else self.tr("none")
        return self.tr("{0} and {1}: r = {2}").format(self._names[row], self._names[column], shown)

    def paintEvent(self, event: QPaintEvent) -> None:
        count = len(self._matrix)
        if not count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(SMALL)
        painter.setFont(font)
        area, side = self._area()
        for row in range(count):
            for column in range(count):
                self._paint_cell(painter, QRectF(area.left() + column * side, area.top() + row * side, side, side),
                                 self._matrix[row, column])  # fmt: skip
        self._paint_names(painter, area, side)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area, side = self._area()
        point = event.position()
        text = ""
        if len(self._matrix) and area.contains(point):
            row, column = int((point.y() - area.top()) / side), int((point.x() - area.left()) / side)
            last = len(self._matrix) - 1
            text = self.value_text(min(row, last), min(column, last))
        self.hovered.emit(text)
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit("")

    def _area(self) -> tuple[QRectF, float]:
        count = max(1, len(self._matrix))
        side = max(4.0, min((self.width() - NAMES - SLANT) / count, (self.height() - HEAD) / count, LARGEST))
        return QRectF(NAMES, HEAD, side * count, side * count), side

    def _paint_cell(self, painter: QPainter, rect: QRectF, value: float) -> None:
        if not np.isfinite(value):
            return
        tokens = self._theme.tokens
        color = QColor(tokens.series[0] if value >= 0 else tokens.series[1])
        color.setAlphaF(min(1.0, 0.04 + 0.9 * abs(float(value))))
        painter.fillRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), color)
        if rect.width() >= ROOM_FOR_NUMBERS:
            painter.setPen(QColor(tokens.on_accent if abs(value) > 0.6 else tokens.text))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"{value:.2f}")

    def _paint_names(self, painter: QPainter, area: QRectF, side: float) -> None:
        metrics = painter.fontMetrics()
        painter.setPen(QColor(self._theme.tokens.muted))
        every = max(1, int(np.ceil(metrics.height() / side)))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for place in range(0, len(self._names), every):
            text = metrics.elidedText(self._names[place], Qt.TextElideMode.ElideRight, NAMES - 10)
            middle = area.top() + (place + 0.5) * side
            painter.drawText(QRectF(0, middle - metrics.height() / 2, NAMES - 8, metrics.height()), right, text)
            painter.save()
            painter.translate(area.left() + (place + 0.5) * side, area.top() - 6)
            painter.rotate(-55)
            text = metrics.elidedText(self._names[place], Qt.TextElideMode.ElideRight, HEAD + 4)
            painter.drawText(QRectF(0, -metrics.height() / 2, HEAD + 20, metrics.height()), left, text)
            painter.restore()
