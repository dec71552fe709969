"""The live plot of one metric: raw, smoothed, running mean, epochs, other runs, marks; with read-out and export."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from workbench.domain.files import write_atomically
from workbench.protocol.history import History
from workbench.ui.background import in_background
from workbench.ui.plots.curve_data import LOSS, MetricCurves
from workbench.ui.plots.curve_export import Picture, as_csv, as_png, as_svg
from workbench.ui.plots.curve_tools import CurveTools
from workbench.ui.plots.curve_view import CurveView
from workbench.ui.plots.legend import Legend
from workbench.ui.plots.lines import DrawnLine, Look
from workbench.ui.plots.names import metric_title, number
from workbench.ui.plots.readout import Readout
from workbench.ui.plots.series import Series
from workbench.ui.settings import SMOOTHING, Settings
from workbench.ui.theme import Theme
from workbench.ui.widgets.ask_path import ask_to_save
from workbench.ui.widgets.panel import Panel

OWN = ("batches", "smoothed", "running", "training", "validation")
OF_EPOCHS = frozenset({"training", "validation"})
ALWAYS_SEEN = frozenset({"batches"})


@dataclass(frozen=True)
class OtherRun:
    """A run to compare with. `color` None draws it faintly, behind."""

    id: str
    name: str
    history: History
    color: str | None = None


class CurvePlot(Panel):
    """One metric over epochs. `show_history` gives the run, `refresh` takes in what is new.

    `told(message, severity)` is a notice to the person; `table_wanted` asks for the numbers in a table.
    """

    told = Signal(str, str)
    table_wanted = Signal()

    def __init__(self, metric: str, theme: Theme, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(metric_title(metric), parent)
        self.metric_name = metric
        self.run_name = ""
        self._theme = theme
        self._settings = settings
        self._history = History()
        self._is_new = False
        self._others: list[tuple[OtherRun, MetricCurves, tuple[DrawnLine, DrawnLine]]] = []
        self._marks: list[tuple[float, str]] = []
        self.curves = MetricCurves(metric, settings.get(SMOOTHING))
        self.legend = Legend(theme)
        self.view = CurveView(theme, self.tr("Curves of {0}").format(metric_title(metric)), self)
        self.readout = Readout(theme, self.view.widget)
        self.body.setSpacing(4)
        self.body.addWidget(self.legend)
        self.body.addWidget(self.view.widget, 1)
        self._own = {key: self._make_line(key) for key in OWN}
        self.tools = CurveTools(theme, settings, smoothing=metric == LOSS)
        self.add_to_head(self.tools)
        self._connect()
        self._refresh_theme()

    def show_history(self, history: History, run_name: str = "") -> None:
        """Show this run."""
        self.set_history(history, run_name)
        self.refresh()

    def set_history(self, history: History, run_name: str = "") -> None:
        """Show this run, all of it, from the next `refresh` on."""
        self._history = history
        self.run_name = run_name
        self._is_new = True

    def refresh(self) -> None:
        """Take in what the histories have more by now, and draw it."""
        self.curves.follow(self._history)
        for key, line in self._own.items():
            line.series = getattr(self.curves, key)
        for other, curves, (training, validation) in self._others:
            curves.follow(other.history)
            training.series, validation.series = curves.training, curves.validation
        self._show_legend()
        self._show_marks()
        if self._is_new:
            self._is_new = False
            self.view.fit()
        else:
            self.view.redraw()

    def show_others(self, others: list[OtherRun]) -> None:
        """Draw these runs too, in the place of those shown so far."""
        self.set_others(others)
        self.refresh()

    def set_others(self, others: list[OtherRun]) -> None:
        """Draw these runs too from the next `refresh` on."""
        for _, _, lines in self._others:
            for line in lines:
                self.view.remove(line)
        self._others = []
        for other in others:
            curves = MetricCurves(self.metric_name, epochs_only=True)
            names = (self.tr("{0}, training").format(other.name), self.tr("{0}, validation").format(other.name))
            lines = (self._other_line(other, names[0], False), self._other_line(other, names[1], True))
            self._others.append((other, curves, lines))

    def describe(self) -> str:
        """What the curves say, in words, for those who cannot see them. It is the plot's accessible description too."""
        self.curves.follow(self._history)
        parts = [
            self.tr("{0} {1}").format(line.name, number(float(line.series.y[-1])))
            for line in self._own.values()
            if len(line.series)
        ]
        if parts:
            text = self.tr("{0} at epoch {1}: {2}").format(
                metric_title(self.metric_name), number(round(self.curves.last_x, 2)), ", ".join(parts)
            )
        else:
            text = self.tr("{0}: nothing is known yet").format(metric_title(self.metric_name))
        self.view.widget.setAccessibleDescription(text)
        return text

    def export(self, path: Path) -> None:
        """Write what is shown to a file: PNG, SVG or CSV by its ending. `told` says how it went."""
        suffix = path.suffix.lower()
        make: Callable[[], bytes]
        if suffix == ".csv":
            make = partial(as_csv, self.curves.columns(), max(1, self._history.batches_per_epoch))
        else:  # painting belongs on the window's thread, so only the writing is left for the other
            make = partial(bytes, as_svg(self._picture()) if suffix == ".svg" else as_png(self._picture()))
        in_background(
            self,
            lambda: write_atomically(path, make()),
            lambda _: self.told.emit(self.tr("Saved as {0}.").format(path), "good"),
            lambda error: self.told.emit(self.tr("{0} could not be written: {1}").format(path, error), "bad"),
        )

    def _connect(self) -> None:
        self.legend.toggled.connect(self._toggled)
        self.view.hovered.connect(self._hover)
        self.view.following_changed.connect(lambda on: self.tools.fit.setEnabled(not on))
        self.tools.logarithmic_toggled.connect(self.view.set_logarithmic)
        self.tools.fit_pressed.connect(self.view.fit)
        self.tools.table_pressed.connect(self.table_wanted)
        self.tools.export_wanted.connect(self._ask_export)
        self._theme.changed.connect(self._refresh_theme)
        self._settings.changed.connect(self._setting_changed)

    def _make_line(self, key: str) -> DrawnLine:
        name = {
            "batches": self.tr("batch"),
            "smoothed": self.tr("smoothed"),
            "running": self.tr("epoch so far"),
            "training": self.tr("training"),
            "validation": self.tr("validation"),
        }[key]
        line = DrawnLine(self.view.item, key, name, getattr(self.curves, key), self._look(key))
        self.view.add(line)
        return line

    def _look(self, key: str) -> Look:
        tokens = self._theme.tokens
        training, validation = tokens.series[0], tokens.series[1]
        looks = {
            "batches": Look(tokens.raw, order=1),
            "smoothed": Look(tokens.series[3], 1.6, order=3),
            "running": Look(training, 1.0, (2.0, 2.0), order=2),
            "training": Look(training, 2.0, markers=True, order=4),
            "validation": Look(validation, 2.0, markers=True, order=5),
        }
        return looks[key]

    def _other_look(self, other: OtherRun, dashed: bool) -> Look:
        dashes = (4.0, 3.0) if dashed else ()
        if other.color is None:
            return Look(self._theme.tokens.raw, 1.4, dashes or (8.0, 3.0), order=0)
        return Look(other.color, 1.8, dashes, markers=not dashed, order=4)

    def _other_line(self, other: OtherRun, name: str, dashed: bool) -> DrawnLine:
        line = DrawnLine(self.view.item, other.id, name, Series(), self._other_look(other, dashed))
        line.set_visible(not self.legend.is_hidden(other.id))
        self.view.add(line)
        return line

    def _entries(self) -> list[tuple[str, str, Look, bool]]:
        own = [
            (line.key, line.name, line.look, line.key not in ALWAYS_SEEN)
            for line in self._own.values()
            if len(line.series)
        ]
        return own + [(other.id, other.name, lines[0].look, True) for other, _, lines in self._others]

    def _show_legend(self) -> None:
        self.legend.show_entries(self._entries())

    def _show_marks(self) -> None:
        per_epoch = self._history.batches_per_epoch
        if not per_epoch:
            marks = []
        else:
            rates = [
                (event.step, self.tr("rate {0}").format(number(event.value))) for event in self._history.learning_rates
            ]
            resumed = [(step, self.tr("resumed")) for step in self._history.resumed_at if step]
            phases = [(event.step, event.name) for event in self._history.phases]
            marks = [(step / per_epoch, text) for step, text in (*phases, *rates, *resumed)]
        if marks != self._marks:
            self._marks = marks
            self.view.show_marks(marks)

    def _ask_export(self, suffix: str) -> None:
        name = f"{self.run_name or 'curves'}-{self.metric_name}.{suffix}".replace("/", "-")
        filters = {"png": "PNG (*.png)", "svg": "SVG (*.svg)", "csv": "CSV (*.csv)"}
        title = self.tr("Save the curves")
        ask_to_save(self, title, Path.home() / name, self.export, names=filters[suffix], suffix=suffix)

    def _picture(self) -> Picture:
        title = "  ·  ".join(text for text in (metric_title(self.metric_name), self.run_name) if text)
        legend = tuple((name, look) for key, name, look, _ in self._entries() if not self.legend.is_hidden(key))
        return Picture(self.view.plot, title, legend, self._theme.tokens)

    def _toggled(self, key: str, visible: bool) -> None:
        for line in self.view.lines:
            if line.key == key:
                line.set_visible(visible)
        self.view.redraw()

    def _setting_changed(self, key: str) -> None:
        if key == SMOOTHING.key:
            self.curves.set_strength(self._settings.get(SMOOTHING))
            self.refresh()

    def _hover(self, x: float | None) -> None:
        rows = [] if x is None else self._values_at(x)
        if x is None or not rows:
            self.view.point_at(None)
            self.readout.hide()
            return
        self.view.point_at(x)
        place = self.tr("Epoch {0}").format(number(round(x, 2)))
        if self._history.batches_per_epoch:
            batch = min(max(round(x * self._history.batches_per_epoch), 1), max(1, len(self._history.losses)))
            place += "  ·  " + self.tr("batch {0}").format(f"{batch:,}")
        self.readout.show_values(place, rows, QPoint(self.view.pixel_of(x), 8))

    def _values_at(self, x: float) -> list[tuple[str, str, str]]:
        rows = []
        for line in self.view.lines:
            at = line.series.nearest(x) if line.visible else None
            if at is None:
                continue
            near = (
                0.5 if line.look.markers or line.key not in self._own else 1.5 / max(1, self._history.batches_per_epoch)
            )
            if line.key == "running":
                near = 0.5
            if abs(float(line.series.x[at]) - x) <= near:
                rows.append((line.look.color, line.name, number(float(line.series.y[at]))))
        return rows

    def _refresh_theme(self) -> None:
        for key, line in self._own.items():
            line.set_look(self._look(key))
        for other, _, lines in self._others:
            for line, dashed in zip(lines, (False, True), strict=True):
                line.set_look(self._other_look(other, dashed))
        self.view.refresh_theme()
        self.readout.refresh_theme()
        self._show_legend()
        self._marks = []
        self._show_marks()
