"""The Data page shows a time series as windows over time: walking, hiding, zooming, and where the parts lie."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from workbench.domain.dataset import DatasetInfo, DatasetSpec, SourceSpec
from workbench.engine.data import load_dataset
from workbench.engine.data.show import show_samples
from workbench.protocol.commands import InspectFile, ShowSamples
from workbench.protocol.events import Failed, FileInspected
from workbench.ui.context import Context
from workbench.ui.pages.data.page import DataPage
from workbench.ui.pages.data.time_plot import TimePlot
from workbench.ui.settings import SCHEME

WEATHER = DatasetSpec(SourceSpec("weather", {"length": 24, "stride": 24}))


@pytest.fixture
def info() -> DatasetInfo:
    return load_dataset(WEATHER).info


@pytest.fixture
def page(context: Context, engine: FakeEngine, info: DatasetInfo, qtbot: QtBot) -> Iterator[DataPage]:
    engine.reply_with(ShowSamples, lambda command: show_samples(load_dataset(WEATHER), command))
    page = DataPage(context)
    page.resize(1160, 700)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: bool(page.samples.time_plot.caption.text()))
    yield page
    page.hide()


@pytest.fixture
def plot(page: DataPage) -> TimePlot:
    return page.samples.time_plot


def test_that_a_window_is_shown_with_its_time_and_what_is_to_be_learned(page: DataPage, plot: TimePlot) -> None:
    assert page.samples.views.currentWidget() is plot
    first = show_samples(load_dataset(WEATHER), ShowSamples(0, WEATHER, "train", 0, 1))
    assert plot.caption.text() == first.captions[0] == "EWR, 2013-01-03 05:00"
    assert f"temp is {first.targets[0]:.6g} at this time, 24 steps (1 day) ahead" in plot.answer.text()
    assert plot.view.shown == (0,), "what is learned; other columns have other units"
    x, y = plot.view._curves[0].getData()
    assert (x[0], x[-1], len(y)) == (-23, 0, 24)
    place = plot.view._dot.getData()
    assert (place[0][0], place[1][0]) == pytest.approx((24, first.targets[0]))


def test_that_a_click_on_the_legend_shows_a_column(plot: TimePlot, qtbot: QtBot) -> None:
    entry = plot.legend._entries["6"]
    assert entry.text() == "pressure"
    qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)
    assert plot.view.shown == (0, 6)
    qtbot.mouseClick(plot.legend._entries["0"], Qt.MouseButton.LeftButton)
    assert plot.view.shown == (6,)
    assert plot.view._dot is None, "the target has the unit of a column that is not shown"


def test_that_what_a_person_hid_stays_hidden_in_the_next_window(plot: TimePlot, qtbot: QtBot) -> None:
    qtbot.mouseClick(plot.legend._entries["1"], Qt.MouseButton.LeftButton)
    before = plot.caption.text()
    qtbot.mouseClick(plot.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: plot.caption.text() != before)
    assert plot.number.value() == 1
    assert plot.view.shown == (0, 1)
    qtbot.mouseClick(plot.previous, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: plot.caption.text() == before)


def test_that_own_scales_draw_every_column_between_its_ends(plot: TimePlot, qtbot: QtBot) -> None:
    qtbot.mouseClick(plot.legend._entries["6"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(plot.scale, Qt.MouseButton.LeftButton)
    for column in plot.view.shown:
        values = plot.view._curves[column].getData()[1]
        assert (values.min(), values.max()) == (0, 1)


def test_that_the_wheel_zooms_and_a_button_shows_all_again(plot: TimePlot, qtbot: QtBot) -> None:
    QApplication.processEvents()
    box = plot.view.getViewBox()
    whole = box.viewRange()[0]
    middle = plot.view.rect().center()
    turn = QWheelEvent(
        QPointF(middle),
        QPointF(plot.view.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, 480),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot.view.viewport(), turn)
    zoomed = box.viewRange()[0]
    assert zoomed[1] - zoomed[0] < whole[1] - whole[0]
    qtbot.mouseClick(plot.whole, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: box.viewRange()[0] == pytest.approx(whole))


def test_that_the_strip_leads_to_a_time_and_to_another_part(page: DataPage, plot: TimePlot, qtbot: QtBot) -> None:
    strip = plot.strip
    assert "Test: 2013-11" in strip.toolTip()
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(strip.width() - 2, 6))
    qtbot.waitUntil(lambda: "2013-12-30" in plot.caption.text())
    assert page.samples.part == "test"
    assert page.samples._part_buttons["test"].isChecked()
    assert plot.number.value() >= plot.number.maximum() - 3
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(1, 6))
    qtbot.waitUntil(lambda: "2013-01-03" in plot.caption.text())
    assert page.samples.part == "train"


def test_that_each_part_begins_with_its_first_window(page: DataPage, plot: TimePlot, qtbot: QtBot) -> None:
    plot.number.setValue(40)
    qtbot.mouseClick(page.samples._part_buttons["validation"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "2013-09" in plot.caption.text())
    assert plot.number.value() == 0


def test_that_a_failure_is_told(page: DataPage, plot: TimePlot, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.reply_with(ShowSamples, Failed(0, "The file is gone. Choose it again."))
    plot.number.setValue(3)
    qtbot.waitUntil(lambda: page.samples.message.text() == "The file is gone. Choose it again.")


def test_that_time_is_never_shuffled_by_choice(page: DataPage) -> None:
    assert not page.learned.split.seed.isEnabled()
    assert page.learned.split.stratify.isHidden()


def test_that_a_new_theme_recolours_the_lines(context: Context, plot: TimePlot) -> None:
    before = context.theme.tokens.series[0]
    context.settings.set(SCHEME, "dark")
    after = context.theme.tokens.series[0]
    assert after != before
    assert plot.view._curves[0].opts["pen"].color().name() == after


def item(page: DataPage, title: str) -> QTreeWidgetItem:
    flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
    return page.sources.list.findItems(title, flags)[0]


def test_that_a_table_of_ones_own_can_be_opened_as_a_series(
    page: DataPage, context: Context, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    page.sources.list.itemClicked.emit(item(page, "Time series (CSV, TSV)"), 0)
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    path = str(tmp_path / "own.csv")
    found = FileInspected(
        0, path, SourceSpec("csv", {"path": path}), "own", columns=("date", "shop", "price"), suggested_target="price"
    )
    engine.reply_with(InspectFile, found)
    dialog.fileSelected.emit(path)
    dialog.close()
    qtbot.waitUntil(lambda: context.document.project.data.source.kind == "series")
    assert context.document.project.data == DatasetSpec(SourceSpec("series", {"path": path}))
    qtbot.waitUntil(lambda: "date, shop, price" in page.sources.form.row("targets").label.toolTip())
    box = page.sources.form.row("group").editor.faces()[0]
    assert [box.itemText(place) for place in range(box.count())] == ["As detected", "date", "shop", "price"]
    box.setCurrentIndex(2)
    box.activated.emit(2)
    assert context.document.project.data.source.params["group"] == "shop"
