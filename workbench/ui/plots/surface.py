"""What a network says at every point of a plane (or a line), with the samples upon it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QGraphicsItem, QVBoxLayout, QWidget

from workbench.ui.plots.colors import colored
from workbench.ui.plots.names import number
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import SMALL

MOST_POINTS = 3000
STRENGTH = 0.62  # how much of the class colour the surface takes; the points have all of it


class SurfacePlot(QWidget):
    """The decision surface: each class has a colour of the theme's series, mixed by probability; regression is viridis.

    `hovered(text)` says the place and what the network answers there.
    """

    hovered = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._x: NDArray[Any] = np.empty(0)
        self._y: NDArray[Any] = np.empty(0)
        self._surface: NDArray[Any] | None = None
        self._classes: Sequence[str] = ()
        self._points: tuple[NDArray[Any], NDArray[Any]] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.plot: Any = pg.PlotWidget(self, enableMenu=False)
        self.plot.setAccessibleName(self.tr("Decision surface"))
        self.plot.setMinimumHeight(180)
        layout.addWidget(self.plot)
        self._item: Any = self.plot.getPlotItem()
        self._item.hideButtons()
        self._image: Any = pg.ImageItem(axisOrder="row-major")
        self._curve: Any = pg.PlotCurveItem()
        self._dots: Any = pg.ScatterPlotItem(size=6, pxMode=True)
        for order, item in enumerate((self._image, self._dots, self._curve)):
            item.setZValue(order)
            self._item.addItem(item)
        self.plot.scene().sigMouseMoved.connect(self._moved)
        theme.changed.connect(self._refresh_theme)
        self._refresh_theme()

    def show_surface(
        self, x: NDArray[Any], y: NDArray[Any], surface: NDArray[Any], classes: Sequence[str] = ()
    ) -> None:
        """Show (n_y, n_x, k) over the grid x (n_x,), y (n_y,): k probabilities; k = 1 with `classes` that of the second
        class, without classes the value of a regression."""
        moved = not (np.array_equal(x, self._x) and np.array_equal(y, self._y))
        self._x, self._y, self._surface, self._classes = x, y, surface, classes
        self._curve.clear()
        self._draw_surface()
        if moved:
            area = self._image.mapRectToParent(self._image.boundingRect())
            self._item.getViewBox().setRange(area, padding=0)
        self._describe()

    def show_curve(self, x: NDArray[Any], curve: NDArray[Any]) -> None:
        """Show the value (n,) over x (n,), for data with one coordinate."""
        self._x, self._surface = x, None
        self._image.clear()
        self._curve.setData(np.asarray(x, dtype=float), np.asarray(curve, dtype=float).ravel())
        self.plot.setAccessibleDescription(self.tr("The network's answer over {0} places").format(len(x)))

    def show_points(self, points: NDArray[Any], labels: NDArray[Any]) -> None:
        """Show samples: (n, 2) with class numbers or values (n,), or (n,) or (n, 1) with the values to learn."""
        points = np.asarray(points, dtype=float)
        points = points.reshape(len(points), -1)
        self._points = (points[:MOST_POINTS], np.asarray(labels).ravel()[:MOST_POINTS])
        self._draw_points()

    def clear(self) -> None:
        """Show nothing."""
        self._surface, self._points = None, None
        for item in (self._image, self._curve, self._dots):
            item.clear()

    def answer_at(self, x: float, y: float) -> str:
        """The place and what the network says there, in words; empty outside of the surface."""
        if self._surface is None or not len(self._x) or not len(self._y):
            return ""
        if not (self._x[0] <= x <= self._x[-1] and self._y[0] <= y <= self._y[-1]):
            return ""
        column = int(np.abs(self._x - x).argmin())
        row = int(np.abs(self._y - y).argmin())
        values = self._surface[row, column]
        place = f"({number(round(x, 3))}, {number(round(y, 3))})"
        if not self._classes:
            return f"{place} · {number(float(values[0]))}"
        probabilities = np.array([1 - values[0], values[0]]) if len(values) == 1 else values
        best = int(probabilities.argmax())
        name = self._classes[best] if best < len(self._classes) else str(best)
        return f"{place} · {name} {float(probabilities[best]):.0%}"

    def _draw_surface(self) -> None:
        if self._surface is None:
            return
        self._image.setImage(self._pixels(), autoLevels=False, levels=None)
        step_x = (self._x[-1] - self._x[0]) / max(1, len(self._x) - 1)
        step_y = (self._y[-1] - self._y[0]) / max(1, len(self._y) - 1)
        left, bottom = float(self._x[0] - step_x / 2), float(self._y[0] - step_y / 2)
        self._image.setRect(QRectF(left, bottom, float(step_x * len(self._x)), float(step_y * len(self._y))))

    def _pixels(self) -> NDArray[np.uint8]:
        assert self._surface is not None
        surface = np.asarray(self._surface, dtype=np.float32)
        if not self._classes:
            values = surface[..., 0]
            finite = values[np.isfinite(values)]
            low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
            return colored(values, low, high)
        surface = np.nan_to_num(surface)
        if surface.shape[-1] == 1:
            surface = np.concatenate((1 - surface, surface), axis=-1)
        tokens = self._theme.tokens
        colors = np.array([_rgb(tokens.series[k % len(tokens.series)]) for k in range(surface.shape[-1])])
        mixed = np.clip(surface, 0, 1) @ colors
        mixed = STRENGTH * mixed + (1 - STRENGTH) * np.array(_rgb(tokens.panel))
        pixels = np.full((*surface.shape[:2], 4), 255, dtype=np.uint8)
        pixels[..., :3] = np.clip(mixed, 0, 255).round()
        return pixels

    def _draw_points(self) -> None:
        if self._points is None:
            return
        points, labels = self._points
        tokens = self._theme.tokens
        if points.shape[1] == 1:
            self._dots.setData(points[:, 0], np.asarray(labels, dtype=float), pen=None, brush=QColor(tokens.series[1]))
            return
        if self._classes or np.issubdtype(labels.dtype, np.integer):
            brushes = [pg.mkBrush(tokens.series[int(label) % len(tokens.series)]) for label in labels]
        else:
            values = np.asarray(labels, dtype=float)
            low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
            brushes = [pg.mkBrush(tuple(int(part) for part in color)) for color in colored(values, low, high)]
        self._dots.setData(points[:, 0], points[:, 1], brush=brushes, pen=pg.mkPen(tokens.panel, width=1))

    def _describe(self) -> None:
        assert self._surface is not None
        if not self._classes:
            values = self._surface[np.isfinite(self._surface)]
            ends = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
            text = self.tr("The network's answer lies between {0} and {1}").format(*map(number, ends))
        else:
            surface = self._surface
            best = surface.argmax(-1) if surface.shape[-1] > 1 else (surface[..., 0] > 0.5).astype(int)
            shares = [f"{name} {np.mean(best == index):.0%}" for index, name in enumerate(self._classes)]
            text = self.tr("Shares of the plane: {0}").format(", ".join(shares))
        self.plot.setAccessibleDescription(text)

    def _moved(self, position: Any) -> None:
        box = self._item.getViewBox()
        if not box.sceneBoundingRect().contains(position):
            self.hovered.emit("")
            return
        point = box.mapSceneToView(position)
        self.hovered.emit(self.answer_at(float(point.x()), float(point.y())))

    def _refresh_theme(self) -> None:
        tokens = self._theme.tokens
        self.plot.setBackground(tokens.panel)
        font = QFont()
        font.setPixelSize(SMALL)
        for name in ("left", "bottom"):
            axis = self._item.getAxis(name)
            axis.setPen(pg.mkPen(tokens.line))
            axis.setTextPen(pg.mkPen(tokens.muted))
            axis.setTickFont(font)
            axis.enableAutoSIPrefix(False)
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)  # they stay as they are with every surface
        self._curve.setPen(pg.mkPen(tokens.series[0], width=2, style=Qt.PenStyle.SolidLine))
        self._draw_surface()
        self._draw_points()


def _rgb(color: str) -> tuple[float, float, float]:
    parsed = QColor(color)
    return float(parsed.red()), float(parsed.green()), float(parsed.blue())
