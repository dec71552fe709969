"""Two-dimensional sets as a scatter, and one-dimensional ones as values over their input."""

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from workbench.protocol.events import SamplesShown
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.pages.data.feed import SampleFeed

POINT = 7
Numbers = npt.NDArray[np.generic]


class Scatter(pg.PlotWidget):  # type: ignore[misc]
    """All samples of the feed as points, coloured by class."""

    def __init__(self, feed: SampleFeed, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._context = context
        self._events: list[SamplesShown] = []
        self.setAccessibleName(self.tr("Samples as points"))
        self.setMenuEnabled(False)
        self.hideButtons()
        self.showGrid(x=True, y=True, alpha=0.12)
        feed.restarted.connect(self._restart)
        feed.arrived.connect(self._add)
        context.theme.changed.connect(self._draw)

    def _restart(self) -> None:
        self._events.clear()
        self.clear()

    def _add(self, event: SamplesShown) -> None:
        info = self._context.data.info
        if info is None or info.form != "points" or event.inputs is None or len(event.inputs.shape) != 2:
            return
        self._events.append(event)
        self._draw()

    def _draw(self) -> None:
        tokens = self._context.theme.tokens
        self.setBackground(tokens.panel)
        for side in ("left", "bottom"):
            self.getAxis(side).setPen(tokens.line)
            self.getAxis(side).setTextPen(tokens.muted)
        self.clear()
        if not self._events:
            return
        inputs = np.concatenate([to_numpy(event.inputs) for event in self._events if event.inputs is not None])
        labels = np.concatenate([np.asarray(event.labels, dtype=np.int64) for event in self._events])
        targets = np.concatenate([np.asarray(event.targets, dtype=np.float64) for event in self._events])
        info = self._context.data.info
        names = info.sample_names if info is not None else ()
        self.setLabel("bottom", names[0] if names else "x")
        if inputs.shape[1] == 1:
            self.setLabel("left", info.target if info is not None and info.target else "y")
            self._points(inputs[:, 0], targets, tokens.series[0])
            return
        self.setLabel("left", names[1] if len(names) > 1 else "y")
        if not len(labels):
            self._points(inputs[:, 0], inputs[:, 1], tokens.series[0])
        for number in np.unique(labels):
            chosen = labels == number
            self._points(inputs[chosen, 0], inputs[chosen, 1], tokens.series[int(number) % len(tokens.series)])

    def _points(self, x: Numbers, y: Numbers, color: str) -> None:
        brush = pg.mkBrush(pg.mkColor(color))
        self.addItem(pg.ScatterPlotItem(x, y, size=POINT, brush=brush, pen=pg.mkPen(self._context.theme.tokens.panel)))
