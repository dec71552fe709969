"""A pad to draw a digit on with the mouse."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import RADIUS_SMALL

CANVAS = 224
STROKE = 20.0
MARGIN = 0.14


class DrawingPad(QWidget):
    """White strokes on black, as the bundled pictures are. `drawn` follows every stroke; `picture` gives the result."""

    drawn = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._canvas = QImage(CANVAS, CANVAS, QImage.Format.Format_Grayscale8)
        self._last: QPointF | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Drawing pad"))
        self.setToolTip(self.tr("Draw with the left button, erase with the right"))
        self.clear()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return not self._pixels().any()

    def clear(self) -> None:
        """Wipe the pad."""
        self._canvas.fill(0)
        self.update()

    def picture(self, height: int, width: int) -> npt.NDArray[np.float32]:
        """The drawing from 0 to 1, cut out, centred and scaled down to this size, as MNIST's digits were prepared."""
        pixels = self._pixels()
        if not pixels.any():
            return np.zeros((height, width), np.float32)
        rows, columns = np.nonzero(pixels.any(axis=1))[0], np.nonzero(pixels.any(axis=0))[0]
        cut = self._canvas.copy(
            int(columns[0]), int(rows[0]), int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1
        )
        side = round(max(cut.width(), cut.height()) * (1 + 2 * MARGIN))
        square = QImage(side, side, QImage.Format.Format_Grayscale8)
        square.fill(0)
        painter = QPainter(square)
        painter.drawImage((side - cut.width()) // 2, (side - cut.height()) // 2, cut)
        painter.end()
        small = square.scaled(
            width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        return _array(small.convertToFormat(QImage.Format.Format_Grayscale8)).astype(np.float32) / 255.0

    def sizeHint(self) -> QSize:
        return QSize(CANVAS, CANVAS)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 120)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square = self._square()
        edge = QPainterPath()
        edge.addRoundedRect(square, RADIUS_SMALL, RADIUS_SMALL)
        painter.setClipPath(edge)
        painter.drawImage(square, self._canvas)
        painter.setClipping(False)
        painter.setPen(QColor(self._theme.tokens.line))
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_SMALL, RADIUS_SMALL)
        if self.is_empty:
            painter.setPen(QColor("gray"))
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, self.tr("Draw here"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._last = self._to_canvas(event.position())
        self._stroke(self._last, event.buttons())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._last is not None:
            self._stroke(self._to_canvas(event.position()), event.buttons())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._last = None
        self.drawn.emit()

    def _stroke(self, point: QPointF, buttons: Qt.MouseButton) -> None:
        erase = bool(buttons & Qt.MouseButton.RightButton)
        painter = QPainter(self._canvas)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = QColor(Qt.GlobalColor.black if erase else Qt.GlobalColor.white)
        width = STROKE * 2 if erase else STROKE
        painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawLine(self._last or point, point)
        if self._last == point:
            painter.drawPoint(point)
        painter.end()
        self._last = point
        self.update()

    def _square(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def _to_canvas(self, position: QPointF) -> QPointF:
        square = self._square()
        return (position - square.topLeft()) * (CANVAS / max(1.0, square.width()))

    def _pixels(self) -> npt.NDArray[np.uint8]:
        return _array(self._canvas)


def _array(image: QImage) -> npt.NDArray[np.uint8]:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()
