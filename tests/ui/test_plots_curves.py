"""The live curves: what they know, what they draw, what they say, and what they write to files."""

import csv
import math
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from replay import history, run_events

from workbench.protocol.events import BatchesEnded, EpochEnded, RunStarted
from workbench.protocol.history import History
from workbench.ui.plots.curve_data import MetricCurves, metrics_of
from workbench.ui.plots.curve_view import NOISY
from workbench.ui.plots.curves import CurvePlot, OtherRun
from workbench.ui.plots.smoothing import smooth
from workbench.ui.plots.stack import CurveStack
from workbench.ui.settings import SCHEME, SMOOTHING, Settings
from workbench.ui.theme import Theme

MakePlot = Callable[..., CurvePlot]


@pytest.fixture
def make_plot(qtbot: QtBot, theme: Theme, settings: Settings) -> MakePlot:
    def make(metric: str = "loss", shown: History | None = None) -> CurvePlot:
        plot = CurvePlot(metric, theme, settings)
        qtbot.addWidget(plot)
        plot.resize(560, 420)
        plot.show()
        qtbot.waitExposed(plot)
        if shown is not None:
            plot.show_history(shown, "Run 4")
        return plot

    return make


def test_that_curves_followed_in_steps_equal_those_read_at_once() -> None:
    shown = History()
    followed = MetricCurves("loss", 0.9)
    for event in run_events(5, batches=37, chunk=8):
        shown.append(event)
        followed.follow(shown)
    read = MetricCurves("loss", 0.9)
    read.follow(shown)
    for one, other in zip(followed.columns(), read.columns(), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(followed.batches.y, shown.losses)
    np.testing.assert_array_equal(followed.smoothed.y, smooth(shown.losses, 0.9))


def test_that_places_are_counted_in_epochs() -> None:
    curves = MetricCurves("accuracy")
    curves.follow(history(3, batches=20, chunk=8))
    np.testing.assert_allclose(curves.training.x, [1, 2, 3])
    np.testing.assert_allclose(curves.validation.x, [1, 2, 3])
    assert not len(curves.batches)
    assert curves.last_x == 3


def test_that_the_running_mean_is_one_line_over_all_epochs() -> None:
    curves = MetricCurves("loss")
    shown = History()
    for event in run_events(3, batches=20, chunk=8):
        shown.append(event)
        curves.follow(shown)
    means = shown.running["loss"]
    np.testing.assert_allclose(curves.running.x, np.array(means.steps) / 20)
    np.testing.assert_allclose(curves.running.y, means.values)  # nothing between two epochs, so there is no loose stub


def test_that_the_running_mean_looks_the_same_in_every_plot(qtbot: QtBot, theme: Theme, settings: Settings) -> None:
    looks = []
    for metric in ("loss", "accuracy"):
        plot = CurvePlot(metric, theme, settings)
        qtbot.addWidget(plot)
        looks.append(plot._own["running"].look)
    assert looks[0] == looks[1]
    assert looks[0].dashes


def test_that_a_resumed_run_forgets_what_is_computed_again() -> None:
    shown = history(3, batches=20, chunk=8)
    curves = MetricCurves("loss")
    curves.follow(shown)
    assert shown.started is not None
    started = shown.started
    shown.append(
        RunStarted(started.run, "", started.record, 20, 20, start_step=30, resumed=True, metric_names=("loss",))
    )
    shown.append(BatchesEnded(started.run, 1, 30, (9.0, 8.0), {"loss": 8.5}))
    curves.follow(shown)
    assert len(curves.batches) == 32
    assert curves.batches.y[-2:].tolist() == [9.0, 8.0]
    assert len(curves.training) == 1
    assert shown.resumed_at == [30]


def test_that_values_that_are_not_numbers_leave_gaps() -> None:
    shown = History()
    for event in run_events(1, batches=4, chunk=4):
        shown.append(event)
    shown.append(BatchesEnded("r", 1, 4, (float("nan"), float("inf"), 1.0)))
    curves = MetricCurves("loss", 0.5)
    curves.follow(shown)
    assert np.isnan(curves.batches.y[4:6]).all()
    assert curves.batches.y[6] == 1.0
    extent = curves.batches.extent()
    assert extent is not None
    assert math.isfinite(extent[1])


def test_that_every_metric_is_known_once_with_the_loss_first() -> None:
    assert metrics_of(history(1)) == ["loss", "accuracy"]
    assert metrics_of(History()) == ["loss"]


def test_that_raw_values_stay_visible_under_smoothing(make_plot: MakePlot, settings: Settings) -> None:
    plot = make_plot(shown=history(3))
    settings.set(SMOOTHING, 0.99)
    lines = {line.key: line for line in plot.view.lines}
    assert lines["batches"].visible
    assert not plot.legend._entries["batches"].isEnabled()
    np.testing.assert_array_equal(lines["smoothed"].series.y, smooth(plot.curves.batches.y, 0.99))
    np.testing.assert_array_equal(lines["batches"].series.y, plot.curves.batches.y)


def test_that_a_click_in_the_legend_hides_a_line_and_shows_it_again(make_plot: MakePlot, qtbot: QtBot) -> None:
    plot = make_plot(shown=history(3))
    line = next(line for line in plot.view.lines if line.key == "validation")
    qtbot.mouseClick(plot.legend._entries["validation"], Qt.MouseButton.LeftButton)
    assert not line.visible
    plot.refresh()
    assert not line.visible
    qtbot.mouseClick(plot.legend._entries["validation"], Qt.MouseButton.LeftButton)
    assert line.visible


def test_that_the_view_follows_until_the_person_zooms_and_again_after_fit(make_plot: MakePlot, qtbot: QtBot) -> None:
    shown = history(2)
    plot = make_plot(shown=shown)
    assert plot.view.box.viewRange()[0][1] == pytest.approx(2.04)
    qtbot.keyClick(plot.view.widget, Qt.Key.Key_Plus)
    zoomed = plot.view.box.viewRange()[0]
    for event in list(run_events(3))[-1:]:
        shown.append(event)
    plot.refresh()
    assert plot.view.box.viewRange()[0] == zoomed
    assert plot.tools.fit.isEnabled()
    plot.tools.fit.click()
    assert plot.view.box.viewRange()[0][1] == pytest.approx(3.06)
    assert not plot.tools.fit.isEnabled()


@pytest.mark.parametrize("size", [(700, 400), (240, 190)])
def test_that_the_dots_at_the_edges_of_a_plot_are_seen_whole(make_plot: MakePlot, size: tuple[int, int]) -> None:
    plot = make_plot(shown=history(3))
    plot.resize(*size)
    QTest.qWait(0)
    plot.refresh()
    box = plot.view.box
    (left, right), (low, high) = box.viewRange()
    lines = [line.series for line in plot.view.lines if line.visible and line.key not in NOISY and len(line.series)]
    extents = [extent for extent in (series.extent() for series in lines) if extent is not None]
    across, up = box.width() / (right - left), box.height() / (high - low)
    assert (right - 3) * across >= 3.5
    assert (min(extent[0] for extent in extents) - low) * up >= 3.5
    assert (high - max(extent[1] for extent in extents)) * up >= 3.5


def test_that_a_logarithmic_axis_bears_values_of_zero_and_less(make_plot: MakePlot) -> None:
    shown = History()
    for event in run_events(1, batches=6, chunk=6):
        shown.append(event)
    shown.append(BatchesEnded("r", 1, 6, (0.0, -1.0, 0.001)))
    plot = make_plot(shown=shown)
    plot.tools.log.setChecked(True)
    low, high = plot.view.box.viewRange()[1]
    assert low <= -3 < high <= 2
    assert plot.view.logarithmic


def test_that_one_wild_value_does_not_flatten_the_rest(make_plot: MakePlot) -> None:
    shown = history(5)
    shown.append(BatchesEnded("r", 5, len(shown.losses), (1e6,)))
    plot = make_plot(shown=shown)
    assert plot.view.box.viewRange()[1][1] < 1e5


def test_that_the_cross_hair_tells_the_values_of_all_lines_there(make_plot: MakePlot) -> None:
    plot = make_plot(shown=history(4))
    plot.show_others([OtherRun("3", "Run 3", history(4, seed=3))])
    plot.view.hovered.emit(2.02)
    text = plot.readout.text()
    for word in ("Epoch 2.02", "batch 319", "smoothed", "epoch so far", "training", "validation", "Run 3, validation"):
        assert word in text
    assert not plot.readout.isHidden()
    assert plot.view.cross.isVisible()
    plot.view.hovered.emit(None)
    assert plot.readout.isHidden()
    assert not plot.view.cross.isVisible()


def test_that_the_cross_hair_goes_by_key(make_plot: MakePlot, qtbot: QtBot) -> None:
    plot = make_plot(shown=history(4))
    qtbot.keyClick(plot.view.widget, Qt.Key.Key_Right)
    assert not plot.readout.isHidden()
    qtbot.keyClick(plot.view.widget, Qt.Key.Key_Escape)
    assert plot.readout.isHidden()


def test_that_changes_of_the_rate_and_resumptions_are_marked(make_plot: MakePlot) -> None:
    shown = history(4, rate_change=0.0003)
    assert shown.started is not None
    started = shown.started
    shown.append(RunStarted(started.run, "", started.record, 158, 20, start_step=158 * 4, resumed=True))
    plot = make_plot(shown=shown)
    assert [text for _, text in plot._marks] == ["rate 0.0003", "resumed"]
    assert [mark.label.toPlainText() for mark in plot.view._marks] == ["rate 0.0003", "resumed"]
    assert plot._marks[1][0] == pytest.approx(4)
    highest = max(line.look.order for line in plot.view.lines) + 1
    assert all(mark.zValue() > highest for mark in plot.view._marks), "no dot lies on a label"


def test_that_a_label_of_a_mark_covers_no_more_of_the_curves_than_its_letters(make_plot: MakePlot) -> None:
    plot = make_plot(shown=history(4, rate_change=0.0003))
    label = plot.view._marks[0].label
    marked = plot.view.widget.grab().toImage()
    label.hide()
    bare = plot.view.widget.grab().toImage()
    places = [(x, y) for x in range(bare.width()) for y in range(bare.height())]
    changed = [(x, y) for x, y in places if marked.pixelColor(x, y) != bare.pixelColor(x, y)]
    across, down = ({place[axis] for place in changed} for axis in (0, 1))
    assert len(across) > 40, "the label is seen"
    assert len(changed) < 0.7 * (max(across) - min(across)) * (max(down) - min(down))


def test_that_the_curves_say_in_words_what_they_show(make_plot: MakePlot) -> None:
    shown = history(4)
    plot = make_plot(shown=shown)
    text = plot.describe()
    assert "Loss at epoch 4" in text
    assert f"validation {shown.epochs[-1].metrics['val_loss']:.4g}" in text
    assert plot.view.widget.accessibleDescription() == text
    assert plot.view.widget.accessibleName() == "Curves of Loss"


def test_that_csv_holds_every_number(make_plot: MakePlot, qtbot: QtBot, tmp_path: Path) -> None:
    shown = history(2, batches=10, chunk=4)
    plot = make_plot(shown=shown)
    path = tmp_path / "curves.csv"
    with qtbot.waitSignal(plot.told):
        plot.export(path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == list(range(1, 21))
    assert [float(row["batch"]) for row in rows] == list(shown.losses)
    assert float(rows[9]["training"]) == shown.epochs[0].metrics["loss"]
    assert float(rows[19]["validation"]) == shown.epochs[1].metrics["val_loss"]
    assert rows[4]["validation"] == ""
    assert float(rows[9]["epoch"]) == 1.0
    running = shown.running["loss"]
    assert {int(row["step"]): float(row["running_mean"]) for row in rows if row["running_mean"] not in ("", "nan")} == {
        int(step): value for step, value in zip(running.steps, running.values, strict=True)
    }


def test_that_pictures_are_written_as_png_and_svg(make_plot: MakePlot, qtbot: QtBot, tmp_path: Path) -> None:
    plot = make_plot(shown=history(4))
    for name in ("curves.png", "curves.svg"):
        with qtbot.waitSignal(plot.told) as told:
            plot.export(tmp_path / name)
        assert told.args == [f"Saved as {tmp_path / name}.", "good"]
    image = QImage(str(tmp_path / "curves.png"))
    assert image.width() > 2 * plot.view.widget.width()
    root = ET.parse(tmp_path / "curves.svg").getroot()
    texts = {"".join(node.itertext()).strip() for node in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"epoch", "validation", "Loss  ·  Run 4"} <= texts


def test_that_a_folder_that_cannot_be_written_is_told(make_plot: MakePlot, qtbot: QtBot, tmp_path: Path) -> None:
    plot = make_plot(shown=history(2))
    with qtbot.waitSignal(plot.told) as told:
        plot.export(tmp_path / "missing" / "curves.svg")
    assert told.args is not None
    assert told.args[1] == "bad"


def test_that_the_colours_follow_the_scheme(make_plot: MakePlot, settings: Settings, theme: Theme) -> None:
    plot = make_plot(shown=history(2))
    light = next(line for line in plot.view.lines if line.key == "training").look.color
    settings.set(SCHEME, "dark")
    dark = next(line for line in plot.view.lines if line.key == "training").look.color
    assert dark == theme.tokens.series[0] != light


def test_that_each_metric_has_a_plot_of_its_own(qtbot: QtBot, theme: Theme, settings: Settings) -> None:
    stack = CurveStack(theme, settings)
    qtbot.addWidget(stack)
    shown = history(2)
    stack.show_history(shown)
    assert list(stack.plots) == ["loss", "accuracy"]
    shown.append(EpochEnded("r", 2, 474, {"loss": 0.2, "auc": 0.9, "val_auc": 0.8}))
    stack.refresh()
    assert list(stack.plots) == ["loss", "accuracy", "auc"]
    assert stack.plots["auc"].title.text() == "AUC"


def test_that_the_numbers_can_be_read_as_a_table(qtbot: QtBot, theme: Theme, settings: Settings) -> None:
    stack = CurveStack(theme, settings)
    qtbot.addWidget(stack)
    shown = history(3)
    stack.show_history(shown)
    stack.loss.tools.table.click()
    model = stack.table.model()
    heads = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(model.columnCount())]
    assert heads == [
        "Epoch", "Loss", "Accuracy", "Validation loss", "Validation accuracy", "Learning rate", "Seconds",
    ]  # fmt: skip
    assert model.rowCount() == 3
    assert model.index(2, 0).data() == "3"
    assert model.index(2, 3).data() == f"{shown.epochs[2].metrics['val_loss']:.4g}"
    for event in list(run_events(4))[-1:]:
        shown.append(event)
    stack.refresh()
    assert model.rowCount() == 4
    stack.show_table(False)
    assert stack.currentIndex() == 0
