"""The middle of the Data page: the samples, in the form that suits them."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSlider,
    QStackedWidget,
    QWidget,
)

from workbench.domain.dataset import PARTS, DatasetInfo, Part
from workbench.ui.context import Context
from workbench.ui.forms.base import ComboBox
from workbench.ui.pages.data.arrays import ArrayView
from workbench.ui.pages.data.consent import CodeConsent
from workbench.ui.pages.data.feed import SampleFeed
from workbench.ui.pages.data.gallery import SIZES, Gallery
from workbench.ui.pages.data.sample_map import class_legend
from workbench.ui.pages.data.scatter import Scatter
from workbench.ui.pages.data.table import SampleTable
from workbench.ui.pages.data.text import TextViewer
from workbench.ui.pages.data.time_plot import TimePlot
from workbench.ui.pages.data.volumes import VolumeView
from workbench.ui.plots.masks import mask_legend
from workbench.ui.widgets.panel import Panel, label
from workbench.ui.widgets.parts import part_title
from workbench.ui.widgets.segment import Segment

SCATTER_COUNT = 5000
LONG_MS = 700  # what loads quicker than this is not worth a button that comes and goes


class SamplesPanel(Panel):
    """Part and class to look at, then a gallery, a table, a scatter, texts, or lines over time or steps."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._context = context
        self.part: Part = "train"
        self.feed = SampleFeed(context, self)
        self.gallery = Gallery(self.feed, context)
        self.table = SampleTable(self.feed, context)
        self.scatter = Scatter(self.feed, context)
        self.time_plot = TimePlot(context)
        self.texts = TextViewer(self.feed, context)
        self.volumes = VolumeView(self.feed, context)
        self.arrays = ArrayView(self.feed, context)
        self.nothing = label("", "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addLayout(self._head_row())
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.body.addWidget(self.progress)
        self._make_cancel()
        self.message = label("", "bad", wrap=True, selectable=True)
        self.body.addWidget(self.message)
        self.connect_button = QPushButton(self.tr("Connect"))
        self.connect_button.clicked.connect(lambda: context.data.trust())
        self.body.addWidget(self.connect_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.views = QStackedWidget()
        self.consent = CodeConsent(context)
        self.consent.allowed.connect(context.data.trust)
        shown = (self.gallery, self.table, self.scatter, self.texts, self.time_plot, self.volumes, self.arrays)
        for view in (*shown, self.nothing, self.consent):
            self.views.addWidget(view)
        self.body.addWidget(self.views, 1)
        self.count = label("", "small")
        self.body.addWidget(self.count)
        self._connect(context)
        self._info_changed()
        self._show_state()

    def _make_cancel(self) -> None:
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Give up loading the data"))
        self.cancel.clicked.connect(self._context.data.cancel)
        self.cancel.hide()
        self.add_to_head(self.cancel)
        self._is_long = QTimer(self, singleShot=True, interval=LONG_MS)
        self._is_long.timeout.connect(self.cancel.show)

    def _connect(self, context: Context) -> None:
        self.feed.arrived.connect(self._arrived)
        self.feed.failed.connect(self._show_failure)
        self.time_plot.failed.connect(self._show_failure)
        self.time_plot.part_wanted.connect(self._look_at_part)
        context.data.info_changed.connect(self._info_changed)
        context.data.changed.connect(self._show_state)
        context.client.state_changed.connect(self._link_changed)
        context.theme.changed.connect(self._recolour)

    def show_part(self, part: Part) -> None:
        """Show the samples of another part."""
        self.part = part
        self._restart()

    def _look_at_part(self, part: Part) -> None:
        self._part_buttons[part].setChecked(True)
        self.show_part(part)

    def _head_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._parts = QButtonGroup(self)
        self._part_buttons: dict[Part, Segment] = {}
        for part in PARTS:
            button = Segment()
            button.clicked.connect(lambda _checked=False, part=part: self.show_part(part))
            self._parts.addButton(button)
            self._part_buttons[part] = button
            row.addWidget(button)
        self._part_buttons["train"].setChecked(True)
        row.addStretch(1)
        self.filter = ComboBox()
        self.filter.setAccessibleName(self.tr("Show the samples of one class"))
        self.filter.setToolTip(self.tr("Show the samples of one class"))
        self.filter.activated.connect(self._restart)
        self.add_to_head(self.filter)
        self.zoom = QSlider(Qt.Orientation.Horizontal)
        self.zoom.setRange(0, len(SIZES) - 1)
        self.zoom.setValue(1)
        self.zoom.setFixedWidth(70)
        self.zoom.setAccessibleName(self.tr("Size of the pictures"))
        self.zoom.setToolTip(self.tr("Size of the pictures"))
        self.zoom.valueChanged.connect(self._zoomed)
        self.add_to_head(self.zoom)
        return row

    def _zoomed(self, value: int) -> None:
        for gallery in (self.gallery, self.volumes.gallery, self.arrays.gallery):
            gallery.set_size(SIZES[value])

    def _info_changed(self) -> None:
        info = self._context.data.info
        for part, button in self._part_buttons.items():
            size = info.sizes.get(part, 0) if info is not None else 0
            button.setText(f"{part_title(part)}  {size:,}")
            button.setEnabled(size > 0)
            button.setToolTip(self._whole_part(info, part))
        self._fill_filter(info)
        self._show_view()
        if info is None:
            self.count.clear()
            self.feed.clear()
            return
        if info.sizes.get(self.part, 0) == 0:
            self.part = "train"
            self._part_buttons["train"].setChecked(True)
        self._restart()

    def _show_view(self) -> None:
        """The code that waits to be allowed, else the samples in the form that suits them."""
        info, demand = self._context.data.info, self._context.data.demand
        if demand is not None and demand.code is not None:
            self.consent.show_code(demand)
            self.views.setCurrentWidget(self.consent)
        else:
            self.views.setCurrentWidget(self.nothing if info is None else self._view_of(info))
        is_consent = self.asks_for_consent
        for button in self._part_buttons.values():
            button.setVisible(not is_consent and info is not None)
        self.filter.setVisible(not is_consent and info is not None and bool(info.classes))
        galleries = (self.gallery, self.volumes, self.arrays)
        self.zoom.setVisible(not is_consent and info is not None and self.views.currentWidget() in galleries)

    @property
    def asks_for_consent(self) -> bool:
        """Whether code is shown that waits to be allowed."""
        return self.views.currentWidget() is self.consent

    def _whole_part(self, info: DatasetInfo | None, part: Part) -> str:
        """What a part is in all, where only a sample of it is shown."""
        if info is None or info.stream is None:
            return ""
        return self.tr("A sample of {0} that are read piece by piece in training").format(
            f"{info.stream.sizes[part]:,}"
        )

    def _view_of(self, info: DatasetInfo) -> QWidget:
        if info.form == "pictures":
            return self.gallery
        if info.form == "volumes":
            return self.volumes
        if info.form == "points":
            return self.scatter
        if info.form == "series":
            return self.time_plot
        if info.form == "text":
            return self.texts
        if info.columns:
            return self.table
        return self.arrays

    def _fill_filter(self, info: DatasetInfo | None) -> None:
        self.filter.clear()
        self.filter.addItem(self.tr("All classes"), None)
        for number, name in enumerate(info.classes if info is not None else ()):
            self.filter.addItem(name, number)

    def _restart(self) -> None:
        self.count.clear()
        if self.views.currentWidget() is self.time_plot:
            self.time_plot.show_part(self.part)
        elif not self.asks_for_consent:
            self.feed.restart(self.part, self.filter.currentData())

    def _arrived(self) -> None:
        if self.views.currentWidget() is self.scatter and self.feed.has_more and self.feed.fetched < SCATTER_COUNT:
            self.feed.fetch()
        self._show_count()

    def _link_changed(self, state: str) -> None:
        self._show_state()
        if state == "ready" and self._context.data.info is not None and not self.feed.fetched:
            self._restart()  # what was asked of the engine that died never came

    def _show_count(self) -> None:
        if not self.feed.total or self.asks_for_consent:
            self.count.clear()
            return
        text = self.tr("{0} of {1} samples").format(f"{self.feed.fetched:,}", f"{self.feed.total:,}")
        self.count.setText(text + self._legend())

    def _legend(self) -> str:
        """Which colour is which class, where the samples are points or have masks over them."""
        info = self._context.data.info
        shows_masks = self.views.currentWidget() in (self.gallery, self.volumes)
        if info is not None and info.task == "segmentation" and shows_masks:
            return f" &nbsp; {mask_legend(info.classes, self._context.theme.tokens.series)}"
        if info is None or self.views.currentWidget() is not self.scatter:
            return ""
        return class_legend(self._context)

    def _recolour(self) -> None:
        """The legend, and the masks that it tells the colours of, which lie in pictures drawn once."""
        info = self._context.data.info
        if (
            info is not None
            and info.task == "segmentation"
            and self.views.currentWidget()
            in (
                self.gallery,
                self.volumes,
            )
        ):
            self._restart()
        self._show_count()

    def _show_failure(self, message: str) -> None:
        self.message.setText(message)
        self.message.show()

    def _show_state(self) -> None:
        data = self._context.data
        self._show_view()
        known = data.info.title if data.info is not None and not self.asks_for_consent else self.tr("Samples")
        self.set_title(known)
        self.message.setText(self._error())
        self.message.setVisible(bool(data.error) and not self.asks_for_consent)
        self.connect_button.setVisible(data.demand is not None and not self.asks_for_consent)
        self.progress.setVisible(data.loading is not None)
        if data.loading is None:
            self._is_long.stop()
            self.cancel.hide()
        elif self.cancel.isHidden() and not self._is_long.isActive():
            self._is_long.start()
        if data.loading is not None:
            text, fraction = data.loading
            self.count.setText(text)
            self.progress.setRange(0, 0 if fraction is None else 1000)
            self.progress.setValue(round((fraction or 0) * 1000))
        elif data.info is None:
            self.count.clear()
        else:
            self._show_count()
        if data.info is None:
            self.nothing.setText(self._why_nothing())

    def _error(self) -> str:
        data = self._context.data
        if not data.error or data.info is None:
            return data.error
        return data.error + " " + self.tr("Below are still the data from before.")

    def _why_nothing(self) -> str:
        if self._context.data.error:
            return self.tr("Choose other data at the left, or change how they are read.")
        if self._context.client.state == "dead":
            return self.tr("The engine is not running. Restart it from the Train menu (Ctrl+Shift+F5).")
        if self._context.client.state == "starting":
            return self.tr("The engine starts; the samples appear in a few seconds.")
        return self.tr("The samples appear as soon as they are loaded.")
