"""The order in which samples leave a stage: a strip of their numbers, coloured by epoch and framed by batch."""

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.ui.theme import Theme

IN_A_ROW = 24
CELL_HEIGHT, ROW_GAP = 20, 5
WIDEST, SMALLEST_TEXT = 24, 9
RADIUS = 4.0
FILL = 60  # how opaque, of 255


class OrderStrip(QWidget):
    """`show_order` takes the elements that come out, each with the numbers and the epochs of its samples."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cells: list[tuple[int, int, int]] = []  # number, epoch, element
        self._lines: list[list[tuple[int, int, int]]] = []
        self._batched = False
        self.setAccessibleName(self.tr("Order of the samples"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_order(self, elements: Sequence[Sequence[int]], epochs: Sequence[Sequence[int]], batched: bool) -> None:
        """Show these elements in the place of those shown so far."""
        pairs = enumerate(zip(elements, epochs, strict=True))
        self._cells = [
            (number, epoch, element)
            for element, (numbers, of) in pairs
            for number, epoch in zip(numbers, of, strict=True)
        ]
        self._lines = _lines(self._cells)
        self._batched = batched
        texts = ["[" + ", ".join(map(str, numbers)) + "]" if batched else str(numbers[0]) for numbers in elements]
        self.setAccessibleDescription(", ".join(texts))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(IN_A_ROW * WIDEST, self._rows * (CELL_HEIGHT + ROW_GAP) - ROW_GAP)

    def minimumSizeHint(self) -> QSize:
        return QSize(IN_A_ROW * 12, self.sizeHint().height())

    @property
    def _rows(self) -> int:
        return max(1, len(self._lines))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        width = min(float(WIDEST), self.width() / IN_A_ROW)
        font.setPixelSize(max(SMALLEST_TEXT, min(11, round(width * 0.62))))
        painter.setFont(font)
        for number, cells in enumerate(self._lines):
            self._paint_row(painter, cells, number * (CELL_HEIGHT + ROW_GAP), width)
        painter.end()

    def _paint_row(self, painter: QPainter, cells: list[tuple[int, int, int]], top: float, width: float) -> None:
        text = QColor(self._theme.tokens.text)
        for place, (number, epoch, _) in enumerate(cells):
            box = QRectF(place * width, top, width, CELL_HEIGHT)
            fill = self._color(epoch)
            fill.setAlpha(FILL)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS - 1, RADIUS - 1)
            painter.setPen(text)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))
        if self._batched:
            self._paint_frames(painter, cells, top, width)

    def _paint_frames(self, painter: QPainter, cells: list[tuple[int, int, int]], top: float, width: float) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        place = 0
        while place < len(cells):
            element, end = cells[place][2], place
            while end < len(cells) and cells[end][2] == element:
                end += 1
            painter.setPen(QPen(QColor(self._theme.tokens.muted), 1.2))
            frame = QRectF(place * width, top, (end - place) * width, CELL_HEIGHT).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(frame, RADIUS, RADIUS)
            place = end

    def _color(self, epoch: int) -> QColor:
        series = self._theme.tokens.series
        return QColor(series[epoch % len(series)])


def _lines(cells: list[tuple[int, int, int]]) -> list[list[tuple[int, int, int]]]:
    """The cells in rows; an element that is not longer than a row is not broken."""
    lines: list[list[tuple[int, int, int]]] = [[]]
    for _, group in groupby(cells, key=lambda cell: cell[2]):
        element = list(group)
        if lines[-1] and len(lines[-1]) + len(element) > IN_A_ROW:
            lines.append([])
        lines[-1] += element[:IN_A_ROW]
        for start in range(IN_A_ROW, len(element), IN_A_ROW):
            lines.append(element[start : start + IN_A_ROW])
    return lines
