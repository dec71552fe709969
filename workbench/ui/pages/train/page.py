"""The Train page: three columns, and what passes between them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.ui.context import Context
from workbench.ui.pages.train.banner import RunBanner
from workbench.ui.pages.train.earlier import EarlierRuns
from workbench.ui.pages.train.empty import EmptyState
from workbench.ui.pages.train.hyper import HyperPanel
from workbench.ui.pages.train.live import LivePanel
from workbench.ui.plots.stack import CurveStack
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.panel import Panel
from workbench.ui.widgets.turns import Turns

LEFT, RIGHT, LEAST_MIDDLE = 332, 318, 304
NOTHING, CURVES = 0, 1


class TrainPage(QWidget):
    """Left what is set, in the middle the curves, right what the network sees. It draws only while it is seen."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.hyper = HyperPanel(context)
        self.turns = Turns(self)
        self.curves = CurveStack(context.theme, context.settings, turns=self.turns)
        self.live = LivePanel(context, self.turns)
        self.banner = RunBanner(context)
        self.earlier = EarlierRuns(context)
        self.curves.loss.add_to_head(self.earlier)
        self.middle = QStackedWidget()
        self.middle.addWidget(self._nothing_yet())
        self.middle.addWidget(self.curves)
        self._assemble()
        self._connect()
        self._replaced()
        self.earlier.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._advance()

    def _assemble(self) -> None:
        column = QWidget()
        middle = QVBoxLayout(column)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(GAP)
        middle.addWidget(self.banner)
        middle.addWidget(self.middle, 1)
        column.setMinimumWidth(LEAST_MIDDLE)
        self.hyper.setMinimumWidth(LEFT - 52)
        self.live.setMinimumWidth(RIGHT - 36)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(GAP)
        self.splitter.setChildrenCollapsible(False)
        for place, (widget, stretch) in enumerate(((self.hyper, 0), (column, 3), (self.live, 1))):
            self.splitter.addWidget(widget)
            self.splitter.setStretchFactor(place, stretch)
        self.splitter.setSizes([LEFT, 900, RIGHT])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    def _nothing_yet(self) -> QWidget:
        panel = Panel(self.tr("Curves"))
        text = self.tr(
            "Press Train at the top (F5). The loss of every batch is drawn here as it comes, and after each epoch "
            "the values on training and validation data. Good curves fall, and stay close together."
        )
        panel.body.addWidget(EmptyState(self._context.theme, "chart-line", self.tr("No run yet"), text))
        return panel

    def _connect(self) -> None:
        run = self._context.run
        run.replaced.connect(self._replaced)
        run.advanced.connect(self._advance)
        run.epochs_ended.connect(self.curves.describe)
        run.status_changed.connect(lambda _status: self._show_middle())
        self.hyper.refreshed.connect(self._expect_metrics)
        self._expect_metrics()
        self.curves.told.connect(self._context.notice)
        self.earlier.chosen.connect(self.curves.show_others)

    def _replaced(self) -> None:
        run = self._context.run
        self.curves.show_history(run.history, run.record.name if run.record is not None else "")
        self.curves.describe()
        self._show_middle()

    def _expect_metrics(self) -> None:
        if not self._context.run.busy:
            self.curves.expect(self.hyper.metric_names())

    def _advance(self) -> None:
        if self.isVisible():
            self.curves.refresh()

    def _show_middle(self) -> None:
        run = self._context.run
        has_run = bool(run.run) or run.busy
        self.middle.setCurrentIndex(CURVES if has_run else NOTHING)
