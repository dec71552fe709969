"""The drawing area of curves: axes, zoom, following what is live, marks. Knows lines, not where they come from."""

import math
from collections.abc import Iterable
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsItem, QScrollArea, QWidget

from workbench.ui.plots.lines import DrawnLine
from workbench.ui.plots.mark_label import MarkLabel, small_font
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import SMALL

AXIS_WIDTH = 52
MARGIN = 0.05
EDGE = 0.025
SIDE = 0.02
DOT = 5  # pixels from the middle of a dot to its edge, and one more
MOST_ROOM = 0.15  # of a plot that is very small
LEAST_FILLED = 0.8  # of the height, before the axis follows values that need less of it
HEIGHTS = (0.96, 0.88, 0.8)
ABOVE_LINES = 50
NOISY = frozenset({"batches", "smoothed"})  # a single spike of these must not flatten all the rest


class CurveView(QObject):
    """Wraps a pyqtgraph plot (`widget`). `hovered(x)` follows the mouse or the keys, None when it leaves.

    It follows the lines until the person zooms (wheel, a box drawn with the mouse, shift-drag to move), and again after
    `fit` (double click, key 0) or zooming out beyond all there is. Where the wheel could also scroll past the plot, it
    zooms only with Ctrl or after a click into the plot.
    """

    hovered = Signal(object)
    following_changed = Signal(bool)

    def __init__(self, theme: Theme, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.lines: list[DrawnLine] = []
        self.logarithmic = False
        self.following = True
        self._marks: list[Any] = []
        self._last: tuple[float, float, float, float] | None = None
        self._pointed: float | None = None
        self.plot: Any = pg.PlotWidget(parent, enableMenu=False)
        self.widget: QWidget = self.plot
        self.widget.setAccessibleName(name)
        self.widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.widget.setMinimumHeight(90)
        self.item: Any = self.plot.getPlotItem()
        self.item.hideButtons()
        self.box: Any = self.item.getViewBox()
        self.box.disableAutoRange()
        self.box.setMouseMode(pg.ViewBox.RectMode)
        self.box.setLimits(minXRange=1e-6)
        self.cross: Any = pg.InfiniteLine(angle=90, movable=False)
        self.cross.setVisible(False)
        self.cross.setZValue(100)
        self.item.addItem(self.cross, ignoreBounds=True)
        self._prepare_axes()
        self._connect()
        self.refresh_theme()

    def add(self, line: DrawnLine) -> None:
        """Draw one more line."""
        self.lines.append(line)

    def remove(self, line: DrawnLine) -> None:
        """Draw it no longer."""
        self.lines.remove(line)
        line.remove()

    def redraw(self) -> None:
        """Draw all lines as they are now; the axes follow unless the person zoomed."""
        if self.following:
            self._follow()
        self._draw_lines()

    def fit(self) -> None:
        """Show everything, and follow from now on."""
        self._set_following(True)
        self.redraw()

    def set_logarithmic(self, on: bool) -> None:
        """Logarithmic or linear value axis. Values of zero and less leave gaps on a logarithmic one."""
        if on != self.logarithmic:
            self.logarithmic = on
            left = self.item.getAxis("left")
            left.setLogMode(None, on)
            left.setStyle(maxTickLevel=2 if on else 1)
            self._set_following(True)
            self._last = None
            self.redraw()

    def show_marks(self, marks: Iterable[tuple[float, str]]) -> None:
        """Labelled vertical lines at these places."""
        for mark in self._marks:
            self.item.removeItem(mark)
        self._marks = []
        tokens = self._theme.tokens
        for place, (x, text) in enumerate(marks):
            height = HEIGHTS[place % len(HEIGHTS)]  # labels of close marks stand at different heights
            pen = pg.mkPen(tokens.warning, width=1, style=Qt.PenStyle.DashLine)
            mark = pg.InfiniteLine(x, angle=90, movable=False, pen=pen)
            mark.label = MarkLabel(mark, text, height, tokens.muted, tokens.panel)
            mark.setZValue(ABOVE_LINES)  # a label under the dot of an epoch would lose its first letter
            self.item.addItem(mark, ignoreBounds=True)
            self._marks.append(mark)

    def point_at(self, x: float | None) -> None:
        """Put the cross-hair there, or away."""
        self._pointed = x
        self.cross.setVisible(x is not None)
        if x is not None:
            self.cross.setPos(x)

    def pixel_of(self, x: float) -> int:
        """Where a place lies in the widget, in pixels from its left."""
        point = self.box.mapViewToScene(pg.Point(x, 0))
        return int(self.plot.mapFromScene(point).x())

    def refresh_theme(self) -> None:
        """Take the colours of the theme as it is now. The lines' looks are the owner's."""
        tokens = self._theme.tokens
        self.plot.setBackground(tokens.panel)
        for name in ("left", "bottom"):
            axis = self.item.getAxis(name)
            axis.setPen(pg.mkPen(tokens.line))
            axis.setTextPen(pg.mkPen(tokens.muted))
            axis.setTickPen(pg.mkPen(tokens.line))
            axis.setTickFont(small_font())
        self.item.getAxis("bottom").setLabel(self.tr("epoch"), **{"color": tokens.muted, "font-size": f"{SMALL}px"})
        self.item.showGrid(x=False, y=True, alpha=0.45)
        self.cross.setPen(pg.mkPen(tokens.muted, width=1))
        self.box.rbScaleBox.setPen(pg.mkPen(tokens.accent, width=1))
        fill = QColor(tokens.accent)
        fill.setAlpha(40)
        self.box.rbScaleBox.setBrush(fill)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.MouseButtonPress if isinstance(event, QMouseEvent):
                shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                moves = shift or event.button() == Qt.MouseButton.MiddleButton
                self.box.setMouseMode(pg.ViewBox.PanMode if moves else pg.ViewBox.RectMode)
            case QEvent.Type.Wheel if isinstance(event, QWheelEvent) and self._is_scrolled_past(event):
                event.ignore()
                return True
            case QEvent.Type.Leave:
                self.hovered.emit(None)
            case QEvent.Type.KeyPress if isinstance(event, QKeyEvent):
                return self._key(event)
            case _:
                pass
        return super().eventFilter(watched, event)

    def _is_scrolled_past(self, event: QWheelEvent) -> bool:
        if self.widget.hasFocus() or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        around = self.widget.parentWidget()
        while around is not None:
            if isinstance(around, QScrollArea):
                return around.verticalScrollBar().maximum() > 0
            around = around.parentWidget()
        return False

    def _prepare_axes(self) -> None:
        left, bottom = self.item.getAxis("left"), self.item.getAxis("bottom")
        left.setWidth(AXIS_WIDTH)
        for axis in (left, bottom):
            axis.enableAutoSIPrefix(False)
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)  # half of a redraw would be its texts
            axis.setStyle(tickLength=-4, tickTextOffset=6, maxTickLevel=1)

    def _connect(self) -> None:
        self.plot.viewport().installEventFilter(self)
        self.plot.installEventFilter(self)
        self.box.sigRangeChangedManually.connect(self._zoomed)
        self.box.sigXRangeChanged.connect(self._draw_lines)
        self.box.sigResized.connect(self._resized)
        scene = self.plot.scene()
        scene.sigMouseMoved.connect(self._moved)
        scene.sigMouseClicked.connect(self._clicked)

    def _draw_lines(self, *_: object) -> None:
        (low, high), _y = self.box.viewRange()
        scale = self.widget.devicePixelRatioF()
        width = max(int(self.box.width() * scale), 100)
        for line in self.lines:
            if line.visible:
                line.set_scale(scale)
                line.redraw(low, high, width, self.logarithmic)

    def _resized(self) -> None:
        if self.following:
            self._follow()
        self._draw_lines()

    def _follow(self) -> None:
        wanted = self._whole()
        if wanted != self._last:
            self._last = wanted
            self.box.setRange(xRange=wanted[:2], yRange=wanted[2:], padding=0, disableAutoRange=False)

    def _whole(self) -> tuple[float, float, float, float]:
        """From where to where all lines lie, with a little room: left, right, low, high."""
        x_end = max((float(line.series.x[-1]) for line in self.lines if line.visible and len(line.series)), default=0.0)
        x_end = _in_steps(x_end) if x_end > 0 else 1.0
        side = max(SIDE, _room_for_dot(self.box.width())) * x_end
        return (-side, x_end + side, *self._heights())

    def _heights(self) -> tuple[float, float]:
        extents = [self._extent(line) for line in self.lines if line.visible]
        known = [extent for extent in extents if extent is not None]
        low = min((low for low, _ in known), default=math.inf)
        high = max((high for _, high in known), default=-math.inf)
        if low > high:
            return (-1.0, 0.0) if self.logarithmic else (0.0, 1.0)
        room = (high - low) * max(MARGIN, _room_for_dot(self.box.height())) or abs(high) * 0.1 or 0.5
        return self._steady(low, high, room)

    def _steady(self, low: float, high: float, room: float) -> tuple[float, float]:
        """The range as it is while the values fill it well, so that the axis is not drawn anew with every batch."""
        if self._last is not None:
            bottom, top = self._last[2:]
            # So that a dot at the edge is seen whole.
            edge = max(EDGE, 0.75 * _room_for_dot(self.box.height())) * (top - bottom)
            if bottom + edge <= low and high <= top - edge and (high - low) >= LEAST_FILLED * (top - bottom):
                return bottom, top
        return low - room, high + room

    def _extent(self, line: DrawnLine) -> tuple[float, float] | None:
        if line.key in NOISY:
            return line.series.calm_extent(self.logarithmic)
        extent = line.series.extent()
        if extent is None or not self.logarithmic:
            return extent
        smallest = line.series.smallest_positive()
        return None if smallest is None else (math.log10(smallest), math.log10(extent[1]))

    def _zoomed(self, *_: object) -> None:
        self._set_following(False)
        if self._is_beyond():
            self.fit()
        self._draw_lines()

    def _is_beyond(self) -> bool:
        """Whether more than all lines is in sight, to both sides."""
        left, right, low, high = self._whole()
        (x_start, x_end), (y_start, y_end) = self.box.viewRange()
        x_room, y_room = (right - left) * EDGE / 10, (high - low) * EDGE / 10
        wide = x_start < left - x_room and x_end > right + x_room
        return bool(wide or (y_start < low - y_room and y_end > high + y_room))

    def _set_following(self, on: bool) -> None:
        self._last = None
        if on != self.following:
            self.following = on
            self.following_changed.emit(on)

    def _moved(self, position: Any) -> None:
        inside = self.box.sceneBoundingRect().contains(position)
        self.hovered.emit(float(self.box.mapSceneToView(position).x()) if inside else None)

    def _clicked(self, event: Any) -> None:
        if event.double():
            self.fit()

    def _key(self, event: QKeyEvent) -> bool:
        (low, high), _y = self.box.viewRange()
        match event.key():
            case Qt.Key.Key_0 | Qt.Key.Key_Home:
                self.fit()
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._zoom(0.7)
            case Qt.Key.Key_Minus:
                self._zoom(1 / 0.7)
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                step = (high - low) / 50 * (1 if event.key() == Qt.Key.Key_Right else -1)
                start = self._pointed if self._pointed is not None else (low + high) / 2
                self.hovered.emit(min(max(start + step, low), high))
            case Qt.Key.Key_Escape:
                self.hovered.emit(None)
            case _:
                return False
        return True

    def _zoom(self, factor: float) -> None:
        self.box.scaleBy((factor, 1.0))
        self._zoomed()


def _in_steps(x: float) -> float:
    """The next larger of places 2 to 3 % apart, so that the axis is not drawn anew with every batch."""
    step = 2.0 ** (math.floor(math.log2(x)) - 5)
    return math.ceil(x / step - 1e-9) * step


def _room_for_dot(pixels: float) -> float:
    """The share of so many pixels that a dot at their end needs, so that it is not cut."""
    return min(MOST_ROOM, DOT / max(1.0, pixels))
