"""All samples as points on a plane; the one under the mouse is shown."""

from html import escape

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.domain.dataset import PARTS, Part
from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import Analysed, AnyEvent, SamplesShown
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.plots.colors import colored
from workbench.ui.plots.image_grid import ImageGrid
from workbench.ui.plots.names import number
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.parts import part_word

POINT, NEAR = 6, 12
PICTURE = 96
Numbers = npt.NDArray[np.generic]


def class_legend(context: Context) -> str:
    """Which colour is which class, as rich text; empty without classes."""
    info = context.data.info
    colors = context.theme.tokens.series
    space = "&nbsp;"
    return "".join(
        f' &nbsp; <span style="color:{colors[number % len(colors)]}">●</span>{space}{escape(name).replace(" ", space)}'
        for number, name in enumerate((info.classes if info is not None else ())[: len(colors)])
    )


class SampleMap(QWidget):
    """Points coloured by class or by the number to learn. Hovering one shows its picture and says what it is."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._event: Analysed | None = None
        self._under = -1
        self._asked = 0
        self.plot = pg.PlotWidget(enableMenu=False)
        self.plot.hideButtons()
        self.plot.setAccessibleName(self.tr("Map of all samples"))
        self._dots = pg.ScatterPlotItem(size=POINT, pxMode=True)
        self.plot.addItem(self._dots)
        self.picture = ImageGrid(context.theme, largest=PICTURE)
        self.picture.setFixedSize(PICTURE, PICTURE)
        self.picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.text = label("", wrap=True)
        self.cells = label("", "small", wrap=True)
        self.counts = label("", "small", wrap=True)
        foot = QHBoxLayout()
        foot.addWidget(self.picture)
        words = QVBoxLayout()
        words.addWidget(self.text)
        words.addWidget(self.cells)
        words.addWidget(self.counts)
        words.addStretch(1)
        foot.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot, 1)
        column.addLayout(foot)
        self.plot.scene().sigMouseMoved.connect(self._moved)
        self.plot.viewport().installEventFilter(self)
        context.theme.changed.connect(self._draw)

    def show_map(self, event: Analysed) -> None:
        """Show these points."""
        self._event = event
        info = self._context.data.info
        self.picture.setVisible(info is not None and info.form == "pictures")
        self._point_at(-1)
        self._draw()
        self.plot.getViewBox().autoRange(padding=0.04)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._point_at(-1)
        return super().eventFilter(watched, event)

    def _draw(self) -> None:
        tokens = self._context.theme.tokens
        self.plot.setBackground(tokens.panel)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setPen(tokens.line)
            self.plot.getAxis(side).setTextPen(tokens.muted)
        if self._event is None:
            return
        points = to_numpy(self._event.arrays["points"])
        brushes = self._brushes(to_numpy(self._event.arrays["labels"]))
        self._dots.setData(points[:, 0], points[:, 1], brush=brushes, pen=pg.mkPen(tokens.panel, width=0.5))
        shares = self._event.facts.get("shares")
        if isinstance(shares, tuple | list):
            for side, name, share in zip(("bottom", "left"), ("1", "2"), shares, strict=False):
                text = self.tr("component {0}, {1} of the variance").format(name, f"{float(str(share)):.0%}")
                self.plot.setLabel(side, text, color=tokens.muted)
        self._show_counts(len(points))

    def _brushes(self, labels: Numbers) -> list[object]:
        info = self._context.data.info
        series = self._context.theme.tokens.series
        if info is not None and info.classes:
            return [pg.mkBrush(series[int(each) % len(series)]) for each in labels.astype(np.int64)]
        values = labels.astype(np.float64)
        if values.min() == values.max():
            return [pg.mkBrush(series[0])] * len(values)
        colors = colored(values, float(values.min()), float(values.max()))
        return [pg.mkBrush(tuple(int(part) for part in color)) for color in colors]

    def _show_counts(self, shown: int) -> None:
        total = self._event.facts.get("total") if self._event is not None else None
        every = int(total) if isinstance(total, int) else shown
        text = self.tr("{0} of {1} samples. Point at one to see it.").format(f"{shown:,}", f"{every:,}")
        self.counts.setText(text + (class_legend(self._context) or self._range_text()))

    def _range_text(self) -> str:
        """Which numbers to learn the colours stand for."""
        info = self._context.data.info
        if self._event is None or info is None or info.classes or info.learns_places:
            return ""
        values = to_numpy(self._event.arrays["labels"])
        low, high = float(values.min()), float(values.max())
        if low == high:
            return ""
        name = info.targets[0].name if info.targets else info.target
        said = self.tr("Dark is {0}, bright {1}").format(number(low), number(high))
        return "  " + escape(f"{name}: {said}" if name else said)

    def _moved(self, position: QPointF) -> None:
        box = self.plot.getViewBox()
        if self._event is None or not box.sceneBoundingRect().contains(position):
            self._point_at(-1)
            return
        points = to_numpy(self._event.arrays["points"]).astype(np.float64)
        place, (width, height) = box.mapSceneToView(position), box.viewPixelSize()
        away = np.hypot((points[:, 0] - place.x()) / width, (points[:, 1] - place.y()) / height)
        nearest = int(away.argmin())
        self._point_at(nearest if away[nearest] <= NEAR else -1)

    def _point_at(self, place: int) -> None:
        if place == self._under:
            return
        self._under = place
        if self._asked:
            self._context.client.forget(self._asked)
            self._asked = 0
        spec = self._context.data.loaded_spec
        if place < 0 or self._event is None or spec is None:
            self.text.clear()
            self.cells.clear()
            self.picture.clear()
            return
        part = PARTS[int(to_numpy(self._event.arrays["parts"])[place])]
        index = int(to_numpy(self._event.arrays["indices"])[place])
        folder = str(self._context.document.path)
        self.text.setText(self._words(place, part, index))
        self._asked = self._context.client.ask(
            lambda ticket: ShowSamples(ticket, spec, part, index, 1, None, folder), self._came
        )

    def _words(self, place: int, part: Part, index: int) -> str:
        assert self._event is not None
        value = float(to_numpy(self._event.arrays["labels"])[place])
        info = self._context.data.info
        classes = info.classes if info is not None else ()
        what = classes[int(value)] if classes else number(value)
        return self.tr("{0}  ·  {1} sample {2}").format(what, part_word(part), index)

    def _came(self, event: AnyEvent) -> None:
        self._asked = 0
        info = self._context.data.info
        if not isinstance(event, SamplesShown) or info is None:
            return
        if event.inputs is not None and info.form == "pictures":
            self.picture.show_pictures(to_numpy(event.inputs))
        elif event.rows:
            pairs = zip(info.columns, event.rows[0], strict=False)
            self.cells.setText(", ".join(f"{column.name} {cell}" for column, cell in list(pairs)[:6]))
