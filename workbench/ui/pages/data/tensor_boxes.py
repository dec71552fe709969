"""The axes of an array as boxes within boxes: a row of boxes for each axis, the chosen one opened into the next row."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import SMALL

ROW_HEIGHT = 46
BOX_HEIGHT = 26
NARROWEST, WIDEST = 30.0, 64.0
RADIUS = 4.0


class TensorBoxes(QWidget):
    """`chosen(axis, index)` follows a click on a box. The rows are `ROW_HEIGHT` high, to stand beside others."""

    chosen = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shape: tuple[int, ...] = ()
        self._place: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Axes of the array"))
        self.setToolTip(self.tr("Click a box to choose this index"))
        theme.changed.connect(self.update)

    def show_place(self, shape: tuple[int, ...], place: tuple[int, ...]) -> None:
        """Show an array of this shape, opened at this place."""
        self._shape, self._place = shape, place
        self.setAccessibleDescription(", ".join(f"{at} / {size}" for at, size in zip(place, shape, strict=True)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, ROW_HEIGHT * len(self._shape))

    def minimumSizeHint(self) -> QSize:
        return QSize(90, ROW_HEIGHT * len(self._shape))

    def boxes(self, axis: int) -> list[tuple[int, QRectF]]:
        """The indices of an axis that have room, and where their boxes are."""
        size = self._shape[axis]
        count = max(1, min(size, int(self.width() // NARROWEST)))
        width = min(WIDEST, self.width() / count)
        first = max(0, min(self._place[axis] - count // 2, size - count))
        top = axis * ROW_HEIGHT + (ROW_HEIGHT - BOX_HEIGHT) / 2
        return [(first + number, QRectF(number * width, top, width, BOX_HEIGHT)) for number in range(count)]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for axis in range(len(self._shape)):
            for index, box in self.boxes(axis):
                if box.contains(event.position()):
                    self.chosen.emit(axis, index)
                    return

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(SMALL)
        painter.setFont(font)
        rows = [self.boxes(axis) for axis in range(len(self._shape))]
        for axis in range(len(rows) - 1):
            self._paint_opening(painter, axis, rows)
        for axis, row in enumerate(rows):
            self._paint_row(painter, axis, row)
        painter.end()

    def _paint_opening(self, painter: QPainter, axis: int, rows: list[list[tuple[int, QRectF]]]) -> None:
        """What is in the chosen box of an axis: the whole next row."""
        above = next(box for index, box in rows[axis] if index == self._place[axis])
        below = rows[axis + 1][0][1].united(rows[axis + 1][-1][1])
        fill = QColor(self._theme.tokens.accent_soft)
        fill.setAlpha(150)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        corners = (above.bottomLeft(), above.bottomRight(), below.topRight(), below.topLeft())
        painter.drawPolygon(QPolygonF([QPointF(corner) for corner in corners]))

    def _paint_row(self, painter: QPainter, axis: int, row: list[tuple[int, QRectF]]) -> None:
        tokens = self._theme.tokens
        last = row[-1][0]
        for index, box in row:
            is_chosen = index == self._place[axis]
            painter.setBrush(QColor(tokens.accent if is_chosen else tokens.raised))
            painter.setPen(QPen(QColor(tokens.accent if is_chosen else tokens.line), 1))
            painter.drawRoundedRect(box.adjusted(1, 0.5, -1, -0.5), RADIUS, RADIUS)
            painter.setPen(QColor(tokens.on_accent if is_chosen else tokens.muted))
            is_cut = (index == last and last < self._shape[axis] - 1) or (index == row[0][0] > 0)
            text = f"{index}" if not is_cut or is_chosen else "…"
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
