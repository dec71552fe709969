"""One layer's activation or kernel, as maps in a grid, as bars, or one map enlarged."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from workbench.protocol.events import Probed
from workbench.protocol.probes import activation, fact, kernel
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.plots.bars import ActivationBars
from workbench.ui.plots.image_grid import ImageGrid
from workbench.ui.widgets.panel import label

LONGEST_BARS = 512
LARGEST_TILE = 420
LARGEST_MAP = 900


class LayerView(QWidget):
    """Shows one array of a layer; a click on a map enlarges it, and a button goes back to all."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._maps: NDArray[Any] | None = None
        self._titles: list[str] = []
        self._note = ""
        self.grid = ImageGrid(context.theme, largest=LARGEST_TILE)
        self.large = ImageGrid(context.theme, largest=LARGEST_MAP)
        self.bars = ActivationBars(context.theme)
        self.nothing = label("", "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget()
        for widget in (self.grid, self._enlarged(), self.bars, self.nothing):
            self.stack.addWidget(widget)
        self.value = label("", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.stack, 1)
        column.addWidget(self.value)
        for widget in (self.grid, self.large, self.bars):
            widget.hovered.connect(lambda text: self.value.setText(text or self._note))
        self.grid.clicked.connect(self.enlarge)
        self.large.clicked.connect(lambda _index: self.show_all())

    def show_maps(self, maps: NDArray[Any], titles: list[str], short: list[str] | None = None) -> None:
        """Show (n, height, width) on one colour scale. An enlarged map stays enlarged.

        `short` titles stand below maps that are too small for the full ones.
        """
        enlarged = self.stack.currentIndex() == 1
        self._maps, self._titles = maps, titles
        self.grid.show_maps(maps, titles, short=short or [])
        self.say("")
        if enlarged and self._number < len(maps):
            self.enlarge(self._number)
        else:
            self.stack.setCurrentWidget(self.grid)

    def show_bars(self, values: NDArray[Any], names: tuple[str, ...] = ()) -> None:
        """Show one bar a unit."""
        self._maps = None
        self.say("")
        self.bars.show_values(values, names)
        self.stack.setCurrentWidget(self.bars)

    def say(self, note: str) -> None:
        """What stands below while the mouse is on nothing."""
        self._note = note
        self.value.setText(note)

    @property
    def shows_maps(self) -> bool:
        """Whether maps are shown, all or one."""
        return self._maps is not None

    def show_nothing(self, text: str) -> None:
        """Say why there is nothing to see."""
        self._maps = None
        self.nothing.setText(text)
        self.say("")
        self.stack.setCurrentWidget(self.nothing)

    def enlarge(self, number: int) -> None:
        """Show one map as large as there is room, on the scale of all."""
        if self._maps is None:
            return
        self._number = number
        low, high = self.grid.scale or (None, None)
        self.large.show_maps(self._maps[number : number + 1], low=low, high=high)
        self._title.setText(self._titles[number] if number < len(self._titles) else "")
        self.stack.setCurrentIndex(1)

    def show_all(self) -> None:
        """Go back from one map to all."""
        self.stack.setCurrentWidget(self.grid)

    def _enlarged(self) -> QWidget:
        self._number = 0
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        self.back = QPushButton(self.tr("All maps"))
        self.back.setShortcut("Escape")
        self.back.clicked.connect(self.show_all)
        row.addWidget(self.back)
        self._title = label("", "heading")
        row.addWidget(self._title)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.large, 1)
        return widget


def show_activation(view: LayerView, result: Probed, layer: str) -> None:
    """Show what a layer made of the sample."""
    array = result.arrays.get(activation(layer))
    if array is None:
        view.show_nothing(view.tr("This layer gives nothing that can be drawn."))
        return
    values = to_numpy(array)
    total = result.facts.get(fact(layer, "maps"))
    if values.ndim == 3:
        maps = np.moveaxis(values, 2, 0)
        numbers = [str(number) for number in range(len(maps))]
        view.show_maps(maps, [view.tr("map {0}").format(number) for number in numbers], numbers)
        if isinstance(total, int) and total > len(maps):
            view.say(view.tr("The first {0} of {1} maps").format(len(maps), total))
    elif values.ndim == 2:
        view.show_maps(values[None], [view.tr("steps down, channels across")])
    elif values.size > LONGEST_BARS:
        view.show_maps(_folded(values)[None], [view.tr("{0} units, row by row").format(values.size)])
    else:
        classes = result.facts.get("classes")
        names = tuple(str(name) for name in classes) if isinstance(classes, tuple | list) else ()
        view.show_bars(values.reshape(-1), names if len(names) == values.size else ())


def show_kernel(view: LayerView, result: Probed, layer: str) -> None:
    """Show the weights of a convolution or a small dense layer."""
    array = result.arrays.get(kernel(layer))
    if array is None:
        view.show_nothing(view.tr("This layer has no kernel, or one too large to draw."))
        return
    values = to_numpy(array)
    if values.ndim == 4:
        inputs, outputs = values.shape[2:]
        maps = np.moveaxis(values, (2, 3), (1, 0)).reshape(outputs * inputs, *values.shape[:2])
        names = _names_of_kernels(view, outputs, inputs)
        view.show_maps(maps, *names)
        if inputs > 1:
            view.say(view.tr("Each kernel is named by its filter and the channel that it looks at."))
    else:
        view.show_maps(values.reshape(1, values.shape[0], -1), [view.tr("inputs down, units across")])


def _names_of_kernels(view: LayerView, outputs: int, inputs: int) -> tuple[list[str], list[str]]:
    """Titles and short ones: with a single channel the filter alone tells a kernel from the others."""
    if inputs == 1:
        return [view.tr("filter {0}").format(out) for out in range(outputs)], [str(out) for out in range(outputs)]
    pairs = [(out, into) for out in range(outputs) for into in range(inputs)]
    long, short = view.tr("filter {0}, channel {1}"), view.tr("{0}, {1}")
    return [long.format(*pair) for pair in pairs], [short.format(*pair) for pair in pairs]


def _folded(values: NDArray[Any]) -> NDArray[Any]:
    """A long row of numbers as a picture that is about square; what is missing at its end is NaN."""
    width = int(np.ceil(np.sqrt(values.size)))
    height = int(np.ceil(values.size / width))
    picture = np.full(width * height, np.nan, np.float32)
    picture[: values.size] = values.reshape(-1)
    return picture.reshape(height, width)
