"""The Inspect page: it only assembles its three columns and shows answers in them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from workbench.ui.context import Context
from workbench.ui.pages.inspect.activation import LayerView, show_activation, show_kernel
from workbench.ui.pages.inspect.layers import LayerList
from workbench.ui.pages.inspect.prediction import PredictionPanel
from workbench.ui.pages.inspect.sample_panel import SamplePanel
from workbench.ui.pages.inspect.state import InspectState
from workbench.ui.pages.inspect.weights import WeightsView
from workbench.ui.pages.inspect.weights_state import WeightsState
from workbench.ui.pages.train.empty import EmptyState
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.panel import Panel, label

LIST_SHARE = 0.4


class InspectPage(QSplitter):
    """Run and sample at the left, layers and their activations in the middle, the prediction at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._context = context
        self._has_failed = False  # what was asked last
        self.state = InspectState(context, self)
        self.setHandleWidth(GAP)
        self.setChildrenCollapsible(False)
        self.chooser = SamplePanel(context, self.state)
        self.layers = LayerList()
        self.activation = LayerView(context)
        self.kernel = LayerView(context)
        self.weights_state = WeightsState(context, self.state, self)
        self.weights = WeightsView(context, self.weights_state)
        self.addActions(self.weights.actions())
        self.prediction = PredictionPanel(context)
        self._middle = self._make_middle()
        for widget, stretch in ((self.chooser, 0), (self._middle, 5), (self.prediction, 1)):
            self.addWidget(widget)
            self.setStretchFactor(self.count() - 1, stretch)
        for widget, least in ((self.chooser, 220), (self._middle, 360), (self.prediction, 240)):
            widget.setMinimumWidth(least)
        self.setSizes([250, 600, 300])
        self.state.runs_changed.connect(self._show_whether_empty)
        self.state.probed.connect(self._show_result)
        self.state.failed.connect(self._show_failure)
        self.layers.layer_chosen.connect(self._show_layer)
        self.tabs.currentChanged.connect(self._tab_changed)
        context.run_wanted.connect(self._run_wanted)
        self._show_whether_empty()

    def showEvent(self, event: QShowEvent) -> None:
        """Runs may have come or gone since the page was seen last."""
        super().showEvent(event)
        self.state.list_runs()

    def _make_middle(self) -> Panel:
        panel = Panel(self.tr("Layers"))
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(GAP)
        self.tabs = QTabWidget()
        self.tabs.addTab(self.activation, self.tr("Feature maps"))
        self.tabs.addTab(self.kernel, self.tr("Kernels"))
        self.tabs.addTab(self.weights, self.tr("Weights"))
        split.addWidget(self.layers)
        split.addWidget(self.tabs)
        split.setStretchFactor(1, 1)
        self._split, self._shared = split, (0, 0)
        self.stack = QStackedWidget()
        self.stack.addWidget(split)
        self.stack.addWidget(self._make_empty())
        self.unseen = EmptyState(self._context.theme, "eye-off-outline", self.tr("Nothing to see of this run"))
        self.stack.addWidget(self.unseen)
        panel.body.addWidget(self.stack, 1)
        self.message = label("", "bad", wrap=True, selectable=True)
        self.message.hide()
        panel.body.addWidget(self.message)
        return panel

    def _make_empty(self) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        text = self.tr(
            "Train the network first. Then every layer shows here what it makes of a sample, "
            "a picture or text of yours, or a digit that you draw."
        )
        column.addStretch(2)
        column.addWidget(EmptyState(self._context.theme, "eye-outline", self.tr("Nothing to look into yet"), text))
        button = QPushButton(self.tr("Go to training"))
        button.setProperty("role", "soft")
        button.clicked.connect(lambda: self._context.page_wanted.emit("train"))
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)
        return widget

    def _show_whether_empty(self) -> None:
        empty = not self.state.runs
        unseen = self._has_failed and self.state.result is None
        self.stack.setCurrentIndex(1 if empty else 2 if unseen else 0)
        self.chooser.setVisible(not empty)
        self.prediction.setVisible(not empty and not unseen)

    def _show_result(self) -> None:
        result = self.state.result
        if result is None:
            return
        self.message.hide()
        self._has_failed = False
        self._show_whether_empty()
        self.layers.show_result(result)
        self._share_height()
        self.prediction.show_result(result)
        self.prediction.features.look_at(self.state.sample)
        self.prediction.text.look_at(self.state.sample)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        """The list gets the height of its layers, at most a good third; the person's own share is kept after that."""
        height = self._split.height()
        if (height, self.layers.topLevelItemCount()) != self._shared and self.layers.topLevelItemCount():
            self._shared = (height, self.layers.topLevelItemCount())
            wanted = self.layers.height_for(round(height * LIST_SHARE))
            self._split.setSizes([wanted, max(1, height - wanted - GAP)])

    def _show_layer(self, layer: str) -> None:
        result = self.state.result
        if result is None or not layer:
            return
        if self.tabs.currentWidget() is self.activation:
            show_activation(self.activation, result, layer)
            maps = self.activation.shows_maps
            self.tabs.setTabText(0, self.tr("Feature maps") if maps else self.tr("Activations"))
        elif self.tabs.currentWidget() is self.kernel:
            show_kernel(self.kernel, result, layer)
        else:
            self.weights.show_layer(layer)
        self.prediction.show_layer(result, layer)

    def _tab_changed(self) -> None:
        self.weights_state.watch(self.tabs.currentWidget() is self.weights)
        self._show_layer(self.layers.current)

    def _show_failure(self, message: str) -> None:
        self.message.setText(message)
        self.unseen.set_text(message)
        self.message.setVisible(self.state.result is not None)
        self._has_failed = True
        self._show_whether_empty()

    def _run_wanted(self, run: str) -> None:
        self.state.run = run
        self.state.list_runs()
