"""One layer's activation for one sample: maps, a strip for sequences, or bars; with what is dead, and enlarged."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from workbench.domain.values import Value
from workbench.protocol.events import Probed
from workbench.protocol.probes import activation, fact
from workbench.ui.arrays import to_numpy
from workbench.ui.plots.bars import ActivationBars
from workbench.ui.plots.image_grid import ImageGrid
from workbench.ui.plots.names import number
from workbench.ui.theme import Theme
from workbench.ui.widgets.panel import label

GRID, LARGE, BARS = 0, 1, 2
LARGEST = 420


class ActivationView(QWidget):
    """Shows what `feature_maps` saw of a layer. A click on a map enlarges it; another goes back."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._maps: NDArray[Any] = np.empty((0, 1, 1), dtype=np.float32)
        self._enlarged: int | None = None
        self._layer = ""
        self._facts = ""
        self._marks_dead = False
        self.grid = ImageGrid(theme)
        self.grid.setToolTip("")
        self.large = ImageGrid(theme, largest=LARGEST)
        self.bars = ActivationBars(theme)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.grid)
        self.stack.addWidget(self._large_page())
        self.stack.addWidget(self.bars)
        self.text = label("", "small", wrap=True)
        self.text.setMinimumHeight(30)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.stack, 1)
        column.addWidget(self.text)
        self.grid.clicked.connect(self._enlarge)
        self.large.clicked.connect(lambda _index: self._enlarge(None))
        for each in (self.grid, self.large, self.bars):
            each.hovered.connect(lambda text: self.text.setText(text or self._facts))

    def show_result(self, event: Probed, layer: str) -> None:
        """Show this layer of an answer; nothing where the answer does not have it."""
        array = event.arrays.get(activation(layer))
        if array is None:
            return
        if layer != self._layer:
            self._layer, self._enlarged = layer, None
        values = to_numpy(array)
        self._marks_dead = fact(layer, "dead") in event.facts
        if values.ndim == 3:
            self._show_maps(np.moveaxis(values, -1, 0))
        elif values.ndim == 2:
            self._show_maps(values.T[np.newaxis])
        else:
            self.bars.show_values(values)
            self.stack.setCurrentIndex(BARS)
        self._say(event, layer, values)

    def show_message(self, message: str) -> None:
        """Say why there is no picture."""
        self._facts = message
        self.text.setText(message)

    def _large_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        head = QHBoxLayout()
        self.large_title = label("", "heading")
        back = QPushButton(self.tr("All maps"))
        back.setProperty("role", "link")
        back.clicked.connect(lambda: self._enlarge(None))
        head.addWidget(self.large_title)
        head.addStretch(1)
        head.addWidget(back)
        column.addLayout(head)
        column.addWidget(self.large, 1)
        return page

    def _show_maps(self, maps: NDArray[Any]) -> None:
        self._maps = maps
        dead = frozenset(np.flatnonzero(~(maps > 0).any(axis=(1, 2))).tolist()) if self._marks_dead else frozenset()
        self.grid.show_maps(maps, dead=dead)
        if self._enlarged is not None and self._enlarged < len(maps):
            scale = self.grid.scale or (0.0, 1.0)
            self.large.show_maps(maps[self._enlarged][np.newaxis], low=scale[0], high=scale[1])
            self.large_title.setText(self.tr("Map {0}").format(self._enlarged))
            self.stack.setCurrentIndex(LARGE)
        else:
            self.stack.setCurrentIndex(GRID)

    def _enlarge(self, index: int | None) -> None:
        if index is not None and len(self._maps) == 1:
            return
        self._enlarged = index
        self._show_maps(self._maps)

    def _say(self, event: Probed, layer: str, values: NDArray[Any]) -> None:
        facts = {name: event.facts.get(fact(layer, name)) for name in ("dead", "maps", "min", "max", "mean")}
        parts = [self._dead_sentence(facts["dead"], facts["maps"], values.ndim), self._range_sentence(facts)]
        shown, every = values.shape[-1], facts["maps"]
        if isinstance(every, int) and every > shown:
            parts.append(self.tr("The first {0} of {1} are shown.").format(f"{shown:,}", f"{every:,}"))
        self._facts = " ".join(part for part in parts if part)
        if not any(each.underMouse() for each in (self.grid, self.large, self.bars)):
            self.text.setText(self._facts)

    def _dead_sentence(self, dead: Value, maps: Value, ndim: int) -> str:
        if not isinstance(dead, int | float) or not isinstance(maps, int):
            return ""
        count = round(dead * maps)
        if ndim == 1:
            text = self.tr("{0} of {1} units are dead (not above zero for this sample).")
        else:
            text = self.tr("{0} of {1} maps are dead (never above zero for this sample).")
        return text.format(f"{count:,}", f"{maps:,}")

    def _range_sentence(self, facts: Mapping[str, Value]) -> str:
        low, high, mean = (facts[name] for name in ("min", "max", "mean"))
        if not isinstance(low, int | float) or not isinstance(high, int | float) or not isinstance(mean, int | float):
            return self.tr("The layer gives values that are not finite.") if facts["maps"] is not None else ""
        return self.tr("From {0} to {1}, mean {2}.").format(number(low), number(high), number(mean))
