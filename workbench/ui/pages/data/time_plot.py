"""One window of a time series at a time: its columns as lines, and what is to be learned at its place ahead."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QToolButton, QVBoxLayout, QWidget

from workbench.domain.dataset import DatasetInfo, Part, SeriesInfo
from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import AnyEvent, Failed, SamplesShown
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.pages.data.time_strip import TimeStrip
from workbench.ui.pages.data.window_view import WindowView
from workbench.ui.plots.legend import Legend
from workbench.ui.plots.lines import Look
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.spin import fitted

FIRST_SHOWN = 3
DASHED = (4.0, 3.0)
Floats = npt.NDArray[np.float64]


class TimePlot(QWidget):
    """Asks the engine for one window after the other. `part_wanted(part)` follows a click on another part of the
    strip."""

    failed = Signal(str)
    part_wanted = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.part: Part = "train"
        self._ticket = 0
        self._columns: tuple[str, ...] = ()
        self._wanted_place: float | None = None
        self.caption = label("", "heading", wrap=True, selectable=True)
        self.answer = label("", "small", wrap=True, selectable=True)
        self.number = fitted(QSpinBox())
        self.scale = QPushButton()
        self.view = WindowView(context.theme)
        self.legend = Legend(context.theme)
        self.strip = TimeStrip(context.theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._walk_row())
        for widget in (self.caption, self.answer):
            column.addWidget(widget)
        column.addWidget(self.view, 1)
        column.addWidget(self.legend)
        column.addWidget(self.strip)
        self.legend.toggled.connect(lambda key, visible: self.view.set_visible(int(key), visible))
        self.strip.chosen.connect(self._go_to)
        context.data.info_changed.connect(self._info_changed)
        context.theme.changed.connect(self._recolour)
        self._recolour()
        self._info_changed()

    def show_part(self, part: Part) -> None:
        """Begin with the first window of a part, or with the one nearest to where the strip was clicked."""
        info = self._context.data.info
        if info is None or info.series is None:
            return
        self.part = part
        place, self._wanted_place = self._wanted_place, None
        size = info.sizes.get(part, 0)
        self.number.blockSignals(True)
        self.number.setRange(0, max(0, size - 1))
        self.number.setValue(0 if place is None else _nearest(info.series, part, place, size))
        self.number.blockSignals(False)
        self._ask()

    def _walk_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.number.setAccessibleName(self.tr("Number of the window"))
        self.number.setToolTip(self.tr("Number of the window"))
        self.number.setMinimumWidth(90)
        self.number.setKeyboardTracking(False)
        self.number.valueChanged.connect(self._ask)
        self.scale.setText(self.tr("Own scales"))
        self.scale.setCheckable(True)
        self.scale.setProperty("role", "segment")
        self.scale.setToolTip(self.tr("Draw each column from its lowest to its highest value in this window"))
        self.scale.toggled.connect(self.view.set_own_scales)
        self.previous = self._tool(self.tr("The window before"), lambda: self.number.stepBy(-1))
        self.next = self._tool(self.tr("The next window"), lambda: self.number.stepBy(1))
        self.whole = self._tool(self.tr("Show the whole window again"), self.view.fit)
        row.addWidget(self.previous)
        row.addWidget(self.number)
        row.addWidget(self.next)
        row.addStretch(1)
        row.addWidget(self.scale)
        row.addWidget(self.whole)
        return row

    def _tool(self, tip: str, call: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(lambda: call())
        return button

    def _recolour(self) -> None:
        theme = self._context.theme
        self.previous.setIcon(theme.icon("chevron-left"))
        self.next.setIcon(theme.icon("chevron-right"))
        self.whole.setIcon(theme.icon("fit-to-page-outline"))
        self._show_legend()
        self.view.set_looks(self._looks())

    def _info_changed(self) -> None:
        info = self._context.data.info
        if info is None or info.series is None:
            return
        self.strip.show_parts(info.series)
        if info.features != self._columns:
            self._columns = info.features
            self._show_legend()
            shown = first_shown(info)
            self.legend.hide_at_first([str(n) for n in range(len(self._columns)) if n not in shown])

    def _show_legend(self) -> None:
        self.legend.show_entries(
            [(str(number), name, self._look(number), True) for number, name in enumerate(self._columns)]
        )

    def _looks(self) -> list[Look]:
        return [self._look(number) for number in range(len(self._columns))]

    def _look(self, number: int) -> Look:
        colours = self._context.theme.tokens.series
        dashes = DASHED if number >= len(colours) else ()  # more columns than colours: the same ones, dashed
        return Look(colours[number % len(colours)], 1.6, dashes)

    def _ask(self) -> None:
        spec = self._context.data.loaded_spec
        if spec is None:
            return
        if self._ticket:
            self._context.client.forget(self._ticket)
        part, index, folder = self.part, self.number.value(), str(self._context.document.path)
        self._ticket = self._context.client.ask(
            lambda ticket: ShowSamples(ticket, spec, part, index, 1, folder=folder), self._answered
        )

    def _answered(self, event: AnyEvent) -> None:
        self._ticket = 0
        match event:
            case SamplesShown():
                self._show(event)
            case Failed(message=message):
                self.failed.emit(message)

    def _show(self, event: SamplesShown) -> None:
        info = self._context.data.info
        if info is None or info.series is None or event.inputs is None or len(event.inputs.shape) != 3:
            return
        if not event.inputs.shape[0] or event.inputs.shape[2] != len(self._columns):
            return
        values = to_numpy(event.inputs)[0].astype(np.float64)
        target = event.targets[0] if event.targets else None
        self.caption.setText(event.captions[0] if event.captions else "")
        self.answer.setText(self._sentence(info.series, target))
        if event.times:
            self.strip.point_at(event.times[0])
        self.view.show_window(values, self._looks(), info.series, self._columns, target)
        for number in range(len(self._columns)):
            self.view.set_visible(number, not self.legend.is_hidden(str(number)))
        self.view.fit()

    def _sentence(self, series: SeriesInfo, target: float | None) -> str:
        name = series.targets[0]
        if target is None:
            return self.tr("{0} is to be learned, {1} ahead of the window's end.").format(name, series.ahead)
        return self.tr("{0} is {1:.6g} at this time, {2} ahead of the window's end.").format(name, target, series.ahead)

    def _go_to(self, place: float) -> None:
        info = self._context.data.info
        if info is None or info.series is None:
            return
        part = _part_at(info.series, place)
        if part != self.part:
            self._wanted_place = place
            self.part_wanted.emit(part)
        else:
            self.number.setValue(_nearest(info.series, part, place, info.sizes.get(part, 0)))


def first_shown(info: DatasetInfo) -> set[int]:
    """The columns drawn at first: those that are to be learned, as others have other units; else the first ones."""
    assert info.series is not None
    shown = {number for number, name in enumerate(info.features) if name in info.series.targets}
    return shown or set(range(min(FIRST_SHOWN, len(info.features))))


def _part_at(series: SeriesInfo, place: float) -> Part:
    """The part that lies nearest to a place in time from 0 to 1."""
    return min(series.bounds, key=lambda part: max(series.bounds[part][0] - place, place - series.bounds[part][1]))


def _nearest(series: SeriesInfo, part: Part, place: float, size: int) -> int:
    """About which window of a part lies at a place in time from 0 to 1."""
    low, high = series.bounds[part]
    share = (place - low) / (high - low) if high > low else 0.0
    return round(min(1.0, max(0.0, share)) * max(0, size - 1))
