"""Many small maps or pictures in a grid, with a common colour scale, its bar, and the value under the mouse."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.ui.plots.colors import as_pixels, colored, image_of, viridis
from workbench.ui.plots.names import number
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import SMALL

GAP = 6
BAR = 26
TITLE = 16
SMALLEST = 8


class ImageGrid(QWidget):
    """`show_maps` draws numbers as viridis on one scale for all; `show_pictures` draws pictures as they are.

    Without `tile` the tiles are as large as the widget allows, up to `largest`; with `tile` they have that size and the
    widget asks for the height they need, to stand in a scroll area. `clicked(index)` follows a click or Enter;
    `hovered(text)` says what is under the mouse, empty when nothing is.
    """

    clicked = Signal(int)
    hovered = Signal(str)

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, tile: int | None = None, largest: int = 120
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tile = tile
        self._largest = largest
        self._values: NDArray[Any] = np.empty((0, 1, 1), dtype=np.float32)
        self._images: list[QImage] = []
        self._titles: Sequence[str] = ()
        self._lines = 1
        self._short: Sequence[str] = ()
        self._marked: frozenset[int] = frozenset()
        self._scale: tuple[float, float] | None = None
        self._current = -1
        self._under_mouse = -1
        self._tiled: tuple[tuple[object, ...], tuple[int, int, int]] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Grid of maps"))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(tile is not None)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    def show_maps(
        self,
        maps: NDArray[Any],
        titles: Sequence[str] = (),
        *,
        short: Sequence[str] = (),
        low: float | None = None,
        high: float | None = None,
        dead: frozenset[int] = frozenset(),
    ) -> None:
        """Show maps (n, height, width). The scale goes from `low` to `high`, by default over all that is finite.

        `short` titles stand below the maps where the full ones have no room. `dead` maps get a small mark.
        """
        finite = maps[np.isfinite(maps)]
        lowest = float(finite.min()) if low is None and finite.size else (low or 0.0)
        highest = float(finite.max()) if high is None and finite.size else (high or 0.0)
        self._scale = (lowest, highest)
        self._show(maps, [image_of(map_) for map_ in colored(maps, lowest, highest)], titles, dead, short)
        text = self.tr("{0} maps of {1} × {2}, from {3} to {4}").format(
            len(maps), *maps.shape[1:3], number(lowest), number(highest)
        )
        self.setAccessibleDescription(text)

    def show_pictures(self, pictures: NDArray[Any], titles: Sequence[str] = ()) -> None:
        """Show pictures: (n, h, w), (n, h, w, 1), (n, h, w, 3) or (n, h, w, 4); see `colors.as_pixels`. Titles may have
        several lines."""
        self._scale = None
        self._show(pictures, [image_of(pixels) for pixels in as_pixels(pictures)], titles, frozenset())
        self.setAccessibleDescription(self.tr("{0} pictures").format(len(pictures)))

    def show_drawn(self, values: NDArray[Any], pixels: NDArray[Any], titles: Sequence[str] = ()) -> None:
        """Show pictures that are drawn already, `pixels` (n, h, w, 4), with the `values` (n, h, w) under the mouse."""
        self._scale = None
        self._show(values, [image_of(each) for each in pixels], titles, frozenset())
        self.setAccessibleDescription(", ".join(titles))

    def clear(self) -> None:
        """Show nothing."""
        self._scale = None
        self._show(np.empty((0, 1, 1)), [], (), frozenset())
        self.setAccessibleDescription("")

    @property
    def count(self) -> int:
        """How many tiles there are."""
        return len(self._images)

    @property
    def scale(self) -> tuple[float, float] | None:
        """The smallest and largest value of the colour scale, None for pictures."""
        return self._scale

    def tile_rect(self, index: int) -> QRect:
        """Where a tile's picture lies in the widget."""
        columns, width, height = self._tiles()
        row, column = divmod(index, columns)
        step = height + self._below
        left = (self.width() - columns * (width + GAP) + GAP) // 2 if self._tile is None else 0
        return QRect(left + column * (width + GAP), row * (step + GAP), width, height)

    def value_text(self, index: int, row: int, column: int) -> str:
        """What is at a pixel of a tile, in words."""
        name = self._titles[index] if index < len(self._titles) else self.tr("map {0}").format(index)
        name = name.replace("\n", " · ")
        value = self._values[index, row, column]
        shown = ", ".join(number(float(part)) for part in np.atleast_1d(value))
        return self.tr("{0} · row {1}, column {2} · {3}").format(name, row, column, shown)

    def hasHeightForWidth(self) -> bool:
        return self._tile is not None

    def heightForWidth(self, width: int) -> int:
        if self._tile is None or not self._images:
            return -1 if self._tile is None else 0
        columns, _, height = self._layout(QSize(width, 0))
        rows = math.ceil(len(self._images) / columns)
        return rows * (height + self._below + GAP) - GAP + (BAR if self._scale else 0)

    def sizeHint(self) -> QSize:
        return QSize(280, 280 if self._tile is None else self.heightForWidth(280))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 80 if self._tile is None else max(0, self.heightForWidth(max(80, self.width()))))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = self._theme.tokens
        painter.setFont(self._small_font())
        captions = self.captions()
        for index, image in enumerate(self._images):
            rect = self.tile_rect(index)
            if not rect.intersects(event.rect().adjusted(0, -self._below, 0, 0)):
                continue
            painter.drawImage(rect, image)
            if index in self._marked:
                painter.fillRect(QRect(rect.right() - 6, rect.top(), 7, 7), QColor(tokens.bad))
            if index < len(captions):
                self._paint_caption(painter, captions[index], rect)
            if (index == self._current and self.hasFocus()) or index == self._under_mouse:
                painter.setPen(QPen(QColor(tokens.accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(rect.adjusted(-1, -1, 1, 1))
        if self._scale is not None and self._images:
            self._paint_bar(painter)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self._text_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if index != self._under_mouse:
            self._under_mouse = index
            self.setCursor(Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()
        self.hovered.emit(self._text_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._under_mouse = -1
        self.hovered.emit("")
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._current = index
            self.clicked.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._tiles()[0]
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
            Qt.Key.Key_Home: -len(self._images),
            Qt.Key.Key_End: len(self._images),
        }
        key = Qt.Key(event.key())
        if key in steps and self._images:
            self._current = min(max(max(self._current, 0) + steps[key], 0), len(self._images) - 1)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and 0 <= self._current < self.count:
            self.clicked.emit(self._current)
        else:
            super().keyPressEvent(event)

    @property
    def _below(self) -> int:
        return TITLE * self._lines if self._titles else 0

    def captions(self) -> Sequence[str]:
        """What stands below the tiles now: the full titles where all have room, else the short ones where there are."""
        metrics = QFontMetrics(self._small_font())
        room = self._tiles()[1] + GAP - 2
        if not self._short or all(metrics.horizontalAdvance(title) <= room for title in self._titles):
            return self._titles
        return self._short

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(SMALL)
        return font

    def _show(
        self,
        values: NDArray[Any],
        images: list[QImage],
        titles: Sequence[str],
        marked: frozenset[int],
        short: Sequence[str] = (),
    ) -> None:
        changes_height = len(images) != len(self._images)
        self._values, self._images, self._marked = values, images, marked
        self._titles, self._short = titles, short
        self._lines = 1 + max((title.count("\n") for title in titles), default=0)
        self._current = min(self._current, len(images) - 1)
        if changes_height:
            self.updateGeometry()
        self.update()

    def _tiles(self) -> tuple[int, int, int]:
        """The layout as it is now; found once, as every tile of a picture that changes many times a second asks."""
        key = (self.size(), self._values.shape, self._below, self._scale is None)
        if self._tiled is None or self._tiled[0] != key:
            self._tiled = (key, self._layout(self.size()))
        return self._tiled[1]

    def _layout(self, size: QSize) -> tuple[int, int, int]:
        """Columns, and width and height of a tile."""
        rows, across = self._values.shape[1:3]
        shape = rows / max(1, across)
        if self._tile is not None:
            columns = max(1, (size.width() + GAP) // (self._tile + GAP))
            return columns, self._tile, max(1, round(self._tile * min(shape, 2.0)))
        height = size.height() - (BAR if self._scale is not None else 0)
        best = (1, SMALLEST, max(1, round(SMALLEST * shape)))
        for columns in range(1, len(self._images) + 1):
            lines = math.ceil(len(self._images) / columns)
            width = (size.width() - (columns - 1) * GAP) / columns
            tall = (height - lines * self._below - (lines - 1) * GAP) / lines
            tile = int(min(width, tall / shape, self._largest))
            if tile > best[1]:
                best = (columns, tile, max(1, int(tile * shape)))
        return best

    def _index_at(self, position: QPointF) -> int:
        point = position.toPoint()
        return next((index for index in range(self.count) if self.tile_rect(index).contains(point)), -1)

    def _text_at(self, position: QPointF) -> str:
        index = self._index_at(position)
        if index < 0:
            return ""
        rect = self.tile_rect(index)
        rows, columns = self._values.shape[1:3]
        row = int((position.y() - rect.top()) / rect.height() * rows)
        column = int((position.x() - rect.left()) / rect.width() * columns)
        return self.value_text(index, min(max(row, 0), rows - 1), min(max(column, 0), columns - 1))

    def _paint_caption(self, painter: QPainter, caption: str, rect: QRect) -> None:
        painter.setPen(QColor(self._theme.tokens.muted))
        for row, line in enumerate(caption.split("\n")):
            place, side = self.caption_place(rect, row)
            text = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, text)

    def caption_place(self, rect: QRect, row: int = 0) -> tuple[QRect, Qt.AlignmentFlag]:
        """Where a line of the title of a tile stands: below it, and of one alone as wide as need be."""
        top = rect.bottom() + 1 + row * TITLE
        if self.count == 1:
            return QRect(0, top, self.width(), TITLE), Qt.AlignmentFlag.AlignHCenter
        return QRect(rect.left(), top, rect.width() + GAP - 2, TITLE), Qt.AlignmentFlag.AlignLeft

    def _paint_bar(self, painter: QPainter) -> None:
        assert self._scale is not None
        low, high = (number(value) for value in self._scale)
        top = self.tile_rect(self.count - 1).bottom() + self._below + 1 + (BAR - 10) // 2 + 2
        metrics = painter.fontMetrics()
        left, right = metrics.horizontalAdvance(low) + 8, metrics.horizontalAdvance(high) + 8
        bar = QRectF(left, top, max(20, self.width() - left - right), 8)
        strip = image_of(np.ascontiguousarray(viridis()[np.newaxis]))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(bar, strip)
        painter.setPen(QColor(self._theme.tokens.muted))
        baseline = QRectF(0, top - 4, left - 8, 16)
        painter.drawText(baseline, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, low)
        end = QRectF(bar.right() + 8, top - 4, right, 16)
        painter.drawText(end, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, high)
