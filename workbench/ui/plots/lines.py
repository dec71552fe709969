"""One drawn line of a plot: a series with a look, thinned out to what the screen can show."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from workbench.ui.plots.series import Floats, Series

FEW = 600  # only so many points are drawn wide and with smooth edges, which takes many times as long


@dataclass(frozen=True)
class Look:
    """How a line is drawn. `order` is what lies above what; `alpha` from 0 to 1."""

    color: str
    width: float = 1.0
    dashes: tuple[float, ...] = ()
    markers: bool = False
    order: int = 0
    alpha: float = 1.0

    def pen(self, scale: float = 1.0) -> QPen:
        """The pen of the line; `scale` is how many pixels of the screen make one of the window, 0 for the thinnest."""
        color = QColor(self.color)
        color.setAlphaF(self.alpha)
        pen = QPen(color)
        pen.setWidthF(self.width * scale if scale else 1.0)
        pen.setCosmetic(True)
        if self.dashes:
            pen.setDashPattern(list(self.dashes))
        pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        return pen


class DrawnLine:
    """Puts a series into a plot. `name` is what the legend and the read-out call it; `key` tells lines apart."""

    def __init__(self, plot: Any, key: str, name: str, series: Series, look: Look) -> None:
        self.key = key
        self.name = name
        self.series = series
        self.look = look
        self._plot = plot
        self._is_fine = True
        self._scale = 1.0
        self._drawn: tuple[object, ...] = ()
        self._curve = pg.PlotCurveItem(connect="finite", skipFiniteCheck=False)
        self._dots = pg.ScatterPlotItem(size=7, pxMode=True) if look.markers else None
        plot.addItem(self._curve, ignoreBounds=True)
        if self._dots is not None:
            plot.addItem(self._dots, ignoreBounds=True)
        self.set_look(look)

    @property
    def visible(self) -> bool:
        """Whether it is drawn."""
        return bool(self._curve.isVisible())

    def set_visible(self, visible: bool) -> None:
        """Show or hide it."""
        self._curve.setVisible(visible)
        if self._dots is not None:
            self._dots.setVisible(visible)

    def set_look(self, look: Look) -> None:
        """Draw it another way."""
        self.look = look
        self._curve.setPen(look.pen(self._scale if self._is_fine else 0))
        self._curve.opts["antialias"] = self._is_fine
        self._curve.setZValue(look.order)
        if self._dots is not None:
            color = QColor(look.color)
            color.setAlphaF(look.alpha)
            self._dots.setPen(None)
            self._dots.setBrush(color)
            self._dots.setZValue(look.order + 0.5)
            self._dots.opts["antialias"] = True

    def set_scale(self, scale: float) -> None:
        """Pens count the pixels of the screen, of which `scale` make one of the window."""
        if scale != self._scale:
            self._scale = scale
            self.set_look(self.look)

    def redraw(self, low: float, high: float, width: int, logarithmic: bool) -> None:
        """Draw what lies between two places on `width` pixels. Nothing is done where nothing has changed."""
        wanted = (self.series, len(self.series), low, high, width, logarithmic, self._scale)
        if wanted == self._drawn:
            return
        self._drawn = wanted
        x, y = self.series.shown(low, high, width)
        if logarithmic:
            y = logarithm(y)
        is_fine = len(x) <= FEW
        if is_fine != self._is_fine:
            self._is_fine = is_fine
            self._curve.opts["antialias"] = is_fine
            self._curve.setPen(self.look.pen(self._scale if is_fine else 0))
        self._curve.setData(x, y)
        if self._dots is not None:
            self._draw_dots(self._dots, x, y, width)

    def _draw_dots(self, dots: Any, x: Floats, y: Floats, width: int) -> None:
        """Dots shrink where they come close to one another, and go where they would run together."""
        room = width / self._scale / max(1, len(x))
        if room < 3:
            dots.clear()
        else:
            dots.setData(x, y, size=7 if room >= 12 else 4)

    def remove(self) -> None:
        """Take it out of the plot."""
        self._plot.removeItem(self._curve)
        if self._dots is not None:
            self._plot.removeItem(self._dots)


def logarithm(y: Floats) -> Floats:
    """log10, and NaN where there is none."""
    result = np.full(len(y), np.nan)
    np.log10(y, out=result, where=y > 0)
    return result
