"""The curves of a run, one plot a metric, below or beside one another; or its numbers as a table."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.protocol.history import History
from workbench.ui.plots.curve_data import LOSS, metrics_of
from workbench.ui.plots.curves import CurvePlot, OtherRun
from workbench.ui.plots.epoch_table import EpochTable
from workbench.ui.settings import Settings
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import GAP
from workbench.ui.widgets.panel import Panel
from workbench.ui.widgets.turns import Turns

LEAST_HEIGHT, LEAST_WIDTH = 210, 290


class CurveStack(QStackedWidget):
    """`show_history` gives the run and `refresh` follows it. The loss stands first and is the tallest; each plot is
    drawn in a turn of its own.

    With `turns` it takes turns with others that draw in them. `told(message, severity)` is a notice to the person.
    """

    told = Signal(str, str)

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        orientation: Qt.Orientation = Qt.Orientation.Vertical,
        parent: QWidget | None = None,
        turns: Turns | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._upright = orientation == Qt.Orientation.Vertical
        self._settings = settings
        self._history = History()
        self._run_name = ""
        self._others: list[OtherRun] = []
        self._expected: list[str] = []
        self.plots: dict[str, CurvePlot] = {}
        self._turns = turns or Turns(self)
        self._splitter = QSplitter(orientation)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(GAP)
        scroll = QScrollArea()
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self._splitter)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        scroll.setHorizontalScrollBarPolicy(off) if self._upright else scroll.setVerticalScrollBarPolicy(off)
        if not self._upright:  # so that no plot is cut at its foot
            scroll.setMinimumHeight(LEAST_HEIGHT + scroll.horizontalScrollBar().sizeHint().height())
        self.addWidget(scroll)
        self.table = EpochTable()
        self.addWidget(self._table_panel())
        self._show_plots([LOSS])

    @property
    def loss(self) -> CurvePlot:
        """The plot of the loss, which is always there."""
        return self.plots[LOSS]

    def show_history(self, history: History, run_name: str = "") -> None:
        """Show this run."""
        self._history, self._run_name = history, run_name
        self._show_plots(self._metrics())
        for plot in self.plots.values():
            plot.set_history(history, run_name)
        self._draw()
        self.table.show_history(history)

    def show_others(self, others: list[OtherRun]) -> None:
        """Draw these runs too."""
        self._others = others
        self._show_plots(self._metrics())
        for plot in self.plots.values():
            plot.set_others(others)
        self._draw()

    def expect(self, metrics: list[str]) -> None:
        """Make the plots of these metrics now: while a run goes on, making one would be felt."""
        self._expected = metrics
        self._show_plots(self._metrics())

    def refresh(self) -> None:
        """Take in what the history has more by now."""
        if self.currentIndex() == 0:
            metrics = self._metrics()
            if metrics != list(self.plots):
                self._show_plots(metrics)
            self._draw()
        else:
            self.table.show_history(self._history)

    def describe(self) -> None:
        """Bring the plots' descriptions for those who cannot see them up to date."""
        for plot in self.plots.values():
            plot.describe()

    def show_table(self, on: bool) -> None:
        """The table, or the plots."""
        self.setCurrentIndex(1 if on else 0)
        self.refresh()

    def _draw(self) -> None:
        self._turns.take(*(plot.refresh for plot in self.plots.values()))

    def _metrics(self) -> list[str]:
        names = metrics_of(self._history)
        if self._history.started is None and not self._others:
            names += [name for name in self._expected if name not in names]
        for other in self._others:
            names += [name for name in metrics_of(other.history) if name not in names]
        return names

    def _show_plots(self, metrics: list[str]) -> None:
        if metrics == list(self.plots):
            return
        for name in [name for name in self.plots if name not in metrics]:
            plot = self.plots.pop(name)
            self._turns.drop(plot.refresh)
            plot.deleteLater()
        for name in metrics:
            if name not in self.plots:
                self.plots[name] = self._new_plot(name)
        self.plots = {name: self.plots[name] for name in metrics}
        for place, plot in enumerate(self.plots.values()):
            self._splitter.insertWidget(place, plot)
            self._splitter.setStretchFactor(place, 3 if place == 0 else 2)
        self._splitter.setSizes([3000 if name == LOSS else 2000 for name in metrics])
        gaps = (len(metrics) - 1) * GAP
        if self._upright:
            self._splitter.setMinimumHeight(len(metrics) * LEAST_HEIGHT + gaps)
        else:
            self._splitter.setMinimumWidth(len(metrics) * LEAST_WIDTH + gaps)

    def _new_plot(self, name: str) -> CurvePlot:
        plot = CurvePlot(name, self._theme, self._settings)
        plot.setMinimumHeight(LEAST_HEIGHT)
        plot.setMinimumWidth(LEAST_WIDTH)
        plot.told.connect(self.told)
        plot.table_wanted.connect(lambda: self.show_table(True))
        if self._others:
            plot.set_others(self._others)
        plot.set_history(self._history, self._run_name)
        plot.refresh()
        return plot

    def _table_panel(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        panel = Panel(self.tr("Metrics of every epoch"))
        back = QPushButton(self.tr("Show the curves"))
        back.setProperty("role", "link")
        back.clicked.connect(lambda: self.show_table(False))
        panel.add_to_head(back)
        panel.body.addWidget(self.table, 1)
        layout.addWidget(panel)
        return page
