"""The drawing of one window of a time series."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from workbench.domain.dataset import SeriesInfo
from workbench.ui.plots.lines import Look
from workbench.ui.theme import Theme

DOT = 11
Floats = npt.NDArray[np.float64]


class WindowView(pg.PlotWidget):  # type: ignore[misc]
    """Columns over steps of time, of which 0 is the end of the window. The wheel zooms, the mouse drags, a double click
    shows the whole window again."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, enableMenu=False)
        self._theme = theme
        self._values: Floats = np.empty((0, 0))
        self._looks: list[Look] = []
        self._hidden: set[int] = set()
        self._target: tuple[int | None, int, float] | None = None  # its column, its place, its value
        self._series: SeriesInfo | None = None
        self._own = False
        self._curves: list[Any] = []
        self._dot: Any = None
        self.setAccessibleName(self.tr("The window over time"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(120)
        self.hideButtons()
        self.showGrid(x=True, y=True, alpha=0.12)

    @property
    def shown(self) -> tuple[int, ...]:
        """The columns that are drawn."""
        return tuple(number for number in range(len(self._curves)) if number not in self._hidden)

    def show_window(
        self, values: Floats, looks: list[Look], series: SeriesInfo, names: tuple[str, ...], target: float | None
    ) -> None:
        """Draw a window (length, columns), and the target where it is known."""
        self._values, self._looks, self._series = values, looks, series
        column = names.index(series.targets[0]) if series.targets[0] in names else None
        self._target = None if target is None else (column, series.horizon, target)
        self._draw()

    def set_looks(self, looks: list[Look]) -> None:
        """Draw in the colours that the theme has now."""
        self._looks = looks
        self._draw()

    def set_visible(self, column: int, visible: bool) -> None:
        """Show or hide a column."""
        self._hidden.discard(column) if visible else self._hidden.add(column)
        if column < len(self._curves):
            self._curves[column].setVisible(visible)
            self._place_dot()

    def set_own_scales(self, own: bool) -> None:
        """Draw each column from its lowest to its highest value, or all by their numbers."""
        self._own = own
        self._draw()
        self.fit()

    def fit(self) -> None:
        """Show all that is drawn."""
        self.getViewBox().enableAutoRange()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fit()
        event.accept()

    def _draw(self) -> None:
        tokens = self._theme.tokens
        self.setBackground(tokens.panel)
        for side in ("left", "bottom"):
            self.getAxis(side).setPen(tokens.line)
            self.getAxis(side).setTextPen(tokens.muted)
        self.clear()
        self._curves, self._dot = [], None
        if self._series is None or not len(self._values):
            return
        self.setLabel("bottom", self.tr("Steps of {0} from the window's end").format(self._series.step))
        self.getAxis("left").setStyle(showValues=not self._own)
        length = len(self._values)
        steps = np.arange(1 - length, 1)
        for number, look in enumerate(self._looks[: self._values.shape[1]]):
            curve = pg.PlotDataItem(
                steps,
                self._scaled(number, self._values[:, number]),
                pen=look.pen(self.devicePixelRatioF()),
                antialias=True,
            )
            if length == 1:
                curve.setSymbol("o")
                curve.setSymbolBrush(look.color)
            curve.setVisible(number not in self._hidden)
            self.addItem(curve)
            self._curves.append(curve)
        for place, style in ((0, Qt.PenStyle.DashLine), (self._series.horizon, Qt.PenStyle.DotLine)):
            self.addItem(pg.InfiniteLine(place, angle=90, movable=False, pen=pg.mkPen(tokens.warning, style=style)))
        self._place_dot()

    def _scaled(self, column: int, values: Floats) -> Floats:
        if not self._own:
            return values
        low, high = self._values[:, column].min(), self._values[:, column].max()
        scaled: Floats = (values - low) / (high - low if high > low else 1.0)
        return scaled

    def _place_dot(self) -> None:
        """The target beside its own column; where that is not drawn, or is no input, by its number alone."""
        if self._dot is not None:
            self.removeItem(self._dot)
            self._dot = None
        if self._target is None:
            return
        column, place, value = self._target
        if (column is None and self._own) or column in self._hidden:
            return
        tokens = self._theme.tokens
        if column is not None:
            value = float(self._scaled(column, np.array([value]))[0])
        colour = self._looks[column].color if column is not None else tokens.text
        self._dot = pg.ScatterPlotItem(
            [place], [value], size=DOT, brush=pg.mkBrush(colour), pen=pg.mkPen(tokens.text, width=1.5)
        )
        self._dot.setZValue(10)
        self.addItem(self._dot)
