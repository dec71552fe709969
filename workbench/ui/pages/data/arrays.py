"""Arrays of numbers: a small drawing of each in a gallery, and the chosen one below with its axes."""

from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QSlider, QSplitter, QVBoxLayout, QWidget

from workbench.domain.dataset import DatasetInfo
from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import AnyEvent, Failed, SamplesShown
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.pages.data.feed import SampleFeed
from workbench.ui.pages.data.gallery import Gallery, GalleryModel, plain_icon
from workbench.ui.plots.array_sample import SHARE, SamplePlot, SmallDrawing, planes_of
from workbench.ui.plots.legend import Legend
from workbench.ui.plots.sequence import SequencePlot
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.panel import label
from workbench.ui.widgets.parts import part_title

LEAST_ROOM, MOST_ROOM = 52, 140  # at the left of plots that stand below one another
LEAST_HEIGHT = 96


class ArrayModel(GalleryModel):
    """One row a sample, of which no more is kept than its small drawing needs."""

    def __init__(self, feed: SampleFeed, context: Context) -> None:
        super().__init__(feed, context)
        self._drawings: list[SmallDrawing] = []
        context.theme.changed.connect(self.refresh)

    @property
    def height(self) -> int:
        return round(self.size * SHARE)

    def _icon_of(self, row: int) -> QIcon:
        return plain_icon(self._drawings[row].pixmap(self.size, 2.0, self._context.theme))

    def _restart(self) -> None:
        self._drawings.clear()
        super()._restart()

    def _add(self, event: SamplesShown) -> None:
        if event.inputs is None or len(event.inputs.shape) < 2 or not event.inputs.shape[0]:
            return
        info = self._context.data.info
        if info is None or info.form != "arrays":
            return
        drawings = [SmallDrawing.of(sample) for sample in to_numpy(event.inputs)]
        first = self.rowCount()
        self.beginInsertRows(QModelIndex(), first, first + len(drawings) - 1)
        self._drawings += drawings
        for row, index in enumerate(event.indices):
            caption = learned_text(event, row, info)
            self._captions.append(caption or str(index))
            self._tips.append(f"{event.part} {index}: {caption}" if caption else f"{event.part} {index}")
            self.places.append((event.part, index))
        self.endInsertRows()


def learned_text(event: SamplesShown, row: int, info: DatasetInfo) -> str:
    """What is learned of a sample in a word; of many numbers the first. Empty where it is a sequence, or nothing."""
    if event.labels:
        return info.classes[event.labels[row]]
    if event.label_sets:
        return ", ".join(info.classes[number] for number in event.label_sets[row])
    more = ", …" if info.target_shape and info.target_shape[0] > 1 else ""
    return f"{event.targets[row]:.4g}{more}" if event.targets else ""


class ArrayView(QSplitter):
    """The gallery, and below it the sample that was chosen in it, which the engine is asked for."""

    def __init__(self, feed: SampleFeed, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._feed, self._context = feed, context
        self._ticket = 0
        self._sample: NDArray[Any] | None = None
        self.model = ArrayModel(feed, context)
        self.gallery = Gallery(feed, context, model=self.model)
        self.gallery.setAccessibleName(self.tr("Samples"))
        self.gallery.selectionModel().currentChanged.connect(lambda index, _: self.choose(index.row()))
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GAP)
        self.addWidget(self.gallery)
        self.addWidget(self._large())
        self.setStretchFactor(0, 2)
        self.setStretchFactor(1, 3)
        feed.restarted.connect(self._restart)
        feed.arrived.connect(self._arrived)
        context.theme.changed.connect(self._show_legend)

    def _large(self) -> QWidget:
        widget = QWidget()
        self.caption = label("", "heading", wrap=True, selectable=True)
        self.plane = QSlider(Qt.Orientation.Horizontal)
        self.plane.setAccessibleName(self.tr("Plane"))
        self.plane.setToolTip(self.tr("Which plane of the sample is shown"))
        self.plane.valueChanged.connect(self._plane_chosen)
        self.where = label("", "small")
        self.plot = SamplePlot(self._context.theme)
        self.colors = label("", "small", wrap=True)
        self.legend = Legend(self._context.theme)
        self.legend.toggled.connect(lambda key, visible: self.plot.set_visible(int(key), visible))
        self.learned_title = label(self.tr("To learn"), "small")
        self.learned = SequencePlot(self._context.theme)
        self.learned.setMinimumHeight(LEAST_HEIGHT)
        self.learned.setAccessibleName(self.tr("What is learned at each step"))
        row = QHBoxLayout()
        row.addWidget(self.plane, 1)
        row.addWidget(self.where)
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.caption)
        column.addLayout(row)
        column.addWidget(self.plot, 3)
        for each in (self.colors, self.legend, self.learned_title):
            column.addWidget(each)
        column.addWidget(self.learned, 2)
        return widget

    def choose(self, row: int) -> None:
        """Ask for a sample of the gallery by its row."""
        spec = self._context.data.loaded_spec
        if row < 0 or spec is None:
            return
        self._forget()
        part, class_number, folder = self._feed.part, self._feed.label, str(self._context.document.path)
        self._ticket = self._context.client.ask(
            lambda ticket: ShowSamples(ticket, spec, part, row, 1, class_number, folder), self._answered
        )

    def _forget(self) -> None:
        if self._ticket:
            self._context.client.forget(self._ticket)
        self._ticket = 0

    def _restart(self) -> None:
        self._forget()
        self._sample = None
        self.caption.clear()
        self.plot.show_nothing()
        self._show_parts_of(None)

    def _arrived(self) -> None:
        if self.model.rowCount() and not self.gallery.currentIndex().isValid():
            self.gallery.setCurrentIndex(self.model.index(0))

    def _answered(self, event: AnyEvent) -> None:
        self._ticket = 0
        match event:
            case SamplesShown():
                self._show(event)
            case Failed(message=message):
                self.caption.setText(message)

    def _show(self, event: SamplesShown) -> None:
        info = self._context.data.info
        if info is None or event.inputs is None or not event.inputs.shape[0]:
            return
        self._sample = to_numpy(event.inputs)[0]
        learned = learned_text(event, 0, info)
        named = f"{info.target}: {learned}" if learned and info.target else learned
        self.caption.setText("  ·  ".join(filter(None, (f"{part_title(event.part)} {event.indices[0]}", named))))
        with QSignalBlocker(self.plane):
            self.plane.setRange(0, len(planes_of(self._sample)) - 1)
        self.plot.show_sample(self._sample, self.plane.value())
        self._show_legend()
        self._show_parts_of(event)

    def _show_parts_of(self, event: SamplesShown | None) -> None:
        """What goes with the plot for such a sample, and the sequence that is learned of it."""
        planes = () if self._sample is None else planes_of(self._sample)
        for widget in (self.plane, self.where):
            widget.setVisible(len(planes) > 1)
        if planes:
            self.where.setText(planes[self.plane.value()])
        self.colors.setText(self.plot.range_text())
        self.colors.setVisible(bool(self.colors.text()))
        self.legend.setVisible(len(self.plot.looks()) > 1)
        info = self._context.data.info
        steps = event is not None and event.beside is not None and info is not None and info.learns_steps
        for widget in (self.learned_title, self.learned):
            widget.setVisible(steps)
        if steps and event is not None and event.beside is not None and info is not None:
            self.learned.show_steps(to_numpy(event.beside)[0], None, info.classes)
            self._line_up(info.classes)
        else:
            self.plot.getAxis("left").setWidth(None)
        self.plot.setXLink(self.learned if steps else None)
        self.plot.name_steps(not steps)

    def _line_up(self, classes: tuple[str, ...]) -> None:
        """The steps of both plots below one another: what stands at their left takes the same room."""
        widest = max((self.learned.fontMetrics().horizontalAdvance(name) for name in classes), default=0)
        for plot in (self.plot, self.learned):
            plot.getAxis("left").setWidth(min(MOST_ROOM, max(LEAST_ROOM, widest + 16)))

    def _plane_chosen(self, plane: int) -> None:
        if self._sample is not None:
            self.plot.show_sample(self._sample, plane)
            self.where.setText(planes_of(self._sample)[plane])
            self.colors.setText(self.plot.range_text())

    def _show_legend(self) -> None:
        info = self._context.data.info
        looks = self.plot.looks()
        names = info.sample_names if info is not None and len(info.sample_names) == len(looks) else ()
        shown = names or [self.tr("feature {0}").format(place) for place in range(len(looks))]
        entries = zip(shown, looks, strict=True)
        self.legend.show_entries([(str(place), name, look, True) for place, (name, look) in enumerate(entries)])
