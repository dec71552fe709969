"""What a network tells at each step of a sequence, beside what is right there."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import SMALL

MOST_LINES = 4
MOST_STAIRS = 8
HEIGHT = 150
THICK, THIN = 4, 1.6


class SequencePlot(pg.PlotWidget):  # type: ignore[misc]
    """Lines over the steps: thin what the network tells, thick and faint behind it what is right. Classes are steps of
    a stair at heights that have their names."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[NDArray[Any], NDArray[Any] | None, Sequence[str]] | None = None
        self.setAccessibleName(self.tr("What is told at each step"))
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.showGrid(x=False, y=True, alpha=0.12)
        theme.changed.connect(self._draw)
        self._draw()

    def show_steps(self, told: NDArray[Any], right: NDArray[Any] | None, classes: Sequence[str] = ()) -> None:
        """Show numbers (steps, k) or class numbers (steps,); of many lines the first."""
        lines = told.reshape(len(told), -1)[:, :MOST_LINES]
        known = None if right is None or right.shape != told.shape else right.reshape(len(right), -1)[:, :MOST_LINES]
        self._shown = lines, known, tuple(classes)
        self._draw()

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, HEIGHT // 2)

    def _draw(self) -> None:
        tokens = self._theme.tokens
        self.setBackground(tokens.panel)
        font = QFont(self.font())
        font.setPixelSize(SMALL)
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(tokens.line)
            axis.setTextPen(tokens.muted)
            axis.setStyle(tickFont=font)
        self.clear()
        self.setLabel("bottom", self.tr("Step"))
        if self._shown is None:
            return
        told, right, classes = self._shown
        scale = self.devicePixelRatioF()  # pens count the pixels of the screen
        ticks = [[(number, name) for number, name in enumerate(classes)]] if classes else None
        self.getAxis("left").setTicks(ticks)
        if 0 < len(classes) <= MOST_STAIRS:
            self.setYRange(-0.3, len(classes) - 0.7, padding=0.05)  # all of them, also those that never come
        else:
            self.getViewBox().enableAutoRange(y=True)
        for place in range(told.shape[1]):
            color = pg.mkColor(tokens.series[place % len(tokens.series)])
            faint = pg.mkColor(color)
            faint.setAlphaF(0.35)
            if right is not None:
                self._line(right[:, place], pg.mkPen(faint, width=THICK * scale), bool(classes))
            self._line(told[:, place], pg.mkPen(color, width=THIN * scale), bool(classes))

    def _line(self, values: NDArray[Any], pen: Any, stair: bool) -> None:
        steps = np.arange(len(values) + 1) - 0.5 if stair else np.arange(len(values))  # a stair around each step
        self.plot(steps, values.astype(np.float64), pen=pen, stepMode="center" if stair else None)
