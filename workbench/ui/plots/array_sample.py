"""One array of numbers as a plot: curves over the steps, or colours where there are too many of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from workbench.ui.plots.colors import colored, image_of
from workbench.ui.plots.lines import Look
from workbench.ui.plots.names import number
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import SMALL

MOST_CURVES = 8
MOST_POINTS = 48  # of each curve in a small drawing, and of each side of a map
SHARE = 0.75  # how high a small drawing is, of its width
MARGIN = 0.06
Numbers = NDArray[np.float64]


def planes_of(sample: NDArray[Any]) -> tuple[str, ...]:
    """What can be shown of a sample at once, as numpy writes it. Of two axes and less it is all, which has no name. Of
    more it is the last two axes before the channels, for each place of the others."""
    if sample.ndim < 3:
        return ("",)
    before, channels = sample.shape[:-3], sample.shape[-1]
    return tuple(
        f"[{''.join(f'{place}, ' for place in places)}:, :, {channel}]"
        for places in np.ndindex(*before)
        for channel in range(channels)
    )


def plane_of(sample: NDArray[Any], which: int = 0) -> Numbers:
    """The `which`-th of the planes of a sample, (n, k)."""
    if sample.ndim < 3:
        plane = sample.reshape(len(sample) if sample.ndim else 1, -1)
    else:
        before, channel = divmod(which, sample.shape[-1])
        plane = sample.reshape(-1, *sample.shape[-3:])[before, :, :, channel]
    numbers: Numbers = plane.astype(np.float64)
    return numbers


def is_drawn_as_curves(sample: NDArray[Any]) -> bool:
    """Whether a sample is steps of a few numbers."""
    return sample.ndim < 3 and int(np.prod(sample.shape[1:])) <= MOST_CURVES


@dataclass(frozen=True)
class SmallDrawing:
    """What a small drawing of a sample needs: few numbers, from 0 to 1 or NaN. Curves (points, k), or a map (h, w)."""

    values: NDArray[np.float32]
    curves: bool

    @classmethod
    def of(cls, sample: NDArray[Any]) -> "SmallDrawing":
        """The drawing of a sample; of several planes the first."""
        curves = is_drawn_as_curves(sample)
        plane = plane_of(sample)
        few = _thinned(plane) if curves else _sampled(plane.T if sample.ndim < 3 else plane)
        finite = few[np.isfinite(few)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        shares = (few - low) / (high - low) if high > low else np.where(np.isfinite(few), 0.5, np.nan)
        return cls(shares.astype(np.float32), curves)

    def pixmap(self, side: int, ratio: float, theme: Theme) -> QPixmap:
        """Drawn `side` pixels of the window wide."""
        pixmap = QPixmap(round(side * ratio), round(side * SHARE * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(theme.tokens.raised))
        painter = QPainter(pixmap)
        area = QRectF(0, 0, side, side * SHARE)
        if self.curves:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            wide, high = area.width() * MARGIN, area.height() * MARGIN
            inner = area.adjusted(wide, high, -wide, -high)
            self._paint_curves(painter, inner, theme.tokens.series, ratio)
        else:
            painter.drawImage(area, image_of(colored(self.values, 0.0, 1.0)))
        painter.end()
        return pixmap

    def _paint_curves(self, painter: QPainter, area: QRectF, colors: Sequence[str], ratio: float) -> None:
        last = max(1, len(self.values) - 1)
        for place, curve in enumerate(self.values.T.tolist()):
            painter.setPen(Look(colors[place % len(colors)]).pen(ratio))
            points = [
                QPointF(area.left() + step / last * area.width(), area.bottom() - share * area.height())
                for step, share in enumerate(curve)
                if share == share
            ]
            painter.drawPolyline(QPolygonF(points)) if len(points) > 1 else painter.drawPoints(QPolygonF(points))


class WholeAxis(pg.AxisItem):  # type: ignore[misc]
    """Counts places: no marks between whole numbers."""

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """Distances between marks, as pyqtgraph asks for them."""
        whole = [each for each in super().tickSpacing(low, high, size) if each[0] >= 1]
        return whole or [(1.0, 0.0)]


class SamplePlot(pg.PlotWidget):  # type: ignore[misc]
    """A sample, or a plane of it, with axes. The wheel zooms, the mouse drags, a double click shows all again."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, enableMenu=False, axisItems={"bottom": WholeAxis("bottom")})
        self._theme = theme
        self._sample: NDArray[Any] | None = None
        self._plane = 0
        self._names_steps = True
        self._hidden: set[int] = set()
        self.setAccessibleName(self.tr("The sample"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hideButtons()
        theme.changed.connect(self._draw)
        self._draw()

    @property
    def has_curves(self) -> bool:
        """Whether it shows curves."""
        return self._sample is not None and is_drawn_as_curves(self._sample)

    def show_sample(self, sample: NDArray[Any], plane: int = 0) -> None:
        """Show a sample of any shape, or one of its planes."""
        self._sample, self._plane = sample, plane
        self._draw()
        self.getViewBox().enableAutoRange()

    def name_steps(self, on: bool) -> None:
        """Name the lower axis, or leave that to a plot of the same steps below."""
        self._names_steps = on
        self.getAxis("bottom").showLabel(on)

    def show_nothing(self) -> None:
        """Show no sample."""
        self._sample = None
        self._draw()

    def set_visible(self, curve: int, visible: bool) -> None:
        """Show or hide a curve."""
        self._hidden.discard(curve) if visible else self._hidden.add(curve)
        self._draw()

    def looks(self) -> list[Look]:
        """How the curves are drawn."""
        colors = self._theme.tokens.series
        count = 0 if self._sample is None or not self.has_curves else plane_of(self._sample).shape[1]
        return [Look(colors[place % len(colors)], 1.6) for place in range(count)]

    def range_text(self) -> str:
        """Which numbers the colours stand for; empty for curves, whose axis tells it."""
        if self._sample is None or self.has_curves:
            return ""
        values = plane_of(self._sample, self._plane)
        finite = values[np.isfinite(values)]
        if not finite.size:
            return str(self.tr("There is no finite number in it."))
        ends = number(float(finite.min())), number(float(finite.max()))
        return str(self.tr("Dark is {0}, bright {1}").format(*ends))

    def sizeHint(self) -> QSize:
        return QSize(320, 200)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 110)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.getViewBox().enableAutoRange()
        event.accept()

    def _draw(self) -> None:
        self.clear()
        self._dress()
        sample = self._sample
        box = self.getViewBox()
        box.invertY(sample is not None and not self.has_curves)
        if sample is None or not sample.size:
            return
        if isinstance(self.getAxis("left"), WholeAxis) == self.has_curves:
            self.setAxisItems({"left": pg.AxisItem("left") if self.has_curves else WholeAxis("left")})
            self._dress()
        plane = plane_of(sample, self._plane)
        if self.has_curves:
            self._draw_curves(plane)
        else:
            self._draw_map(plane.T if sample.ndim < 3 else plane)
        self._name_axes(sample)

    def _draw_curves(self, plane: Numbers) -> None:
        steps = np.arange(len(plane))
        for place, look in enumerate(self.looks()):
            if place in self._hidden:
                continue
            dots = {"symbol": "o", "symbolBrush": look.color, "symbolPen": None} if len(plane) == 1 else {}
            curve = pg.PlotDataItem(
                steps, plane[:, place], pen=look.pen(self.devicePixelRatioF()), antialias=True, connect="finite", **dots
            )
            curve.setDownsampling(auto=True, method="peak")
            self.addItem(curve)

    def _draw_map(self, plane: Numbers) -> None:
        finite = plane[np.isfinite(plane)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        image = pg.ImageItem(colored(plane, low, high), axisOrder="row-major", levels=None)
        image.setRect(QRectF(-0.5, -0.5, plane.shape[1], plane.shape[0]))  # a number stands in the middle of its field
        self.addItem(image)

    def _name_axes(self, sample: NDArray[Any]) -> None:
        if self.has_curves:
            bottom, left = self.tr("Step") if sample.ndim == 2 else self.tr("Place"), self.tr("Value")
        elif sample.ndim == 2:
            bottom, left = self.tr("Step"), self.tr("Feature")
        else:
            bottom, left = (self.tr("Axis {0}").format(sample.ndim - before) for before in (1, 2))
        self.setLabel("bottom", bottom)
        self.setLabel("left", left)
        self.getAxis("bottom").showLabel(self._names_steps)

    def _dress(self) -> None:
        tokens = self._theme.tokens
        self.setBackground(tokens.panel)
        font = QFont(self.font())
        font.setPixelSize(SMALL)
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(tokens.line)
            axis.setTextPen(tokens.muted)
            axis.setTickFont(font)
            axis.enableAutoSIPrefix(False)
        self.showGrid(x=self.has_curves, y=self.has_curves, alpha=0.12)


def _thinned(curves: Numbers) -> Numbers:
    """At most `MOST_POINTS` of each curve: of many steps the lowest and the highest of each stretch by turns."""
    if len(curves) <= MOST_POINTS:
        return curves
    pieces = np.array_split(curves, MOST_POINTS // 2)
    return np.concatenate([np.stack([piece.min(axis=0), piece.max(axis=0)]) for piece in pieces])


def _sampled(plane: Numbers) -> Numbers:
    """At most so many rows and columns, spread evenly."""
    rows, columns = (np.linspace(0, size - 1, min(size, MOST_POINTS)).round().astype(int) for size in plane.shape)
    few: Numbers = plane[rows][:, columns]
    return few
