"""The Inspect page: layers of a trained network, their maps and bars, a sample, a drawing, the prediction."""

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QTreeWidgetItem
from pytestqt.qtbot import QtBot
from replay import record
from shiboken6 import delete
from shown_data import DIGITS, IRIS

from workbench.domain.dataset import ColumnInfo, DatasetInfo
from workbench.domain.edits import add_part
from workbench.protocol.arrays import Array, Sample
from workbench.protocol.commands import Probe, ShowSamples
from workbench.protocol.events import Failed, Probed, SamplesShown
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.pages.inspect.features import FeatureTable
from workbench.ui.pages.inspect.pad import DrawingPad
from workbench.ui.pages.inspect.page import InspectPage

RUN = "20260101-101500-000-aaaa"
TABLE = msgspec.structs.replace(
    IRIS,
    columns=(
        ColumnInfo("sepal length", "number"),
        ColumnInfo("colour", "category", categories=("red", "blue")),
        ColumnInfo("species", "category", role="target"),
    ),
)
NUMBER = msgspec.structs.replace(TABLE, task="regression", classes=(), target="price")


def array(values: npt.ArrayLike) -> Array:
    numbers = np.asarray(values, dtype=np.float32)
    return Array("float32", numbers.shape, numbers.tobytes())


def answer(info: DatasetInfo, *, truth: float | None = 3.0) -> Probed:
    """What the engine sees in a network of a convolution, a flat layer and the last one."""
    maps = np.arange(6 * 6 * 4, dtype=np.float32).reshape(6, 6, 4)
    last = np.linspace(0.01, 0.19, len(info.classes)) if info.classes else np.array([201.5])
    arrays = {
        "input": array(np.zeros(info.input_shape)),
        "prediction": array(last),
        "activation:conv2d": array(maps),
        "kernel:conv2d": array(np.ones((3, 3, 1, 4))),
        "activation:flatten": array(maps.ravel()),
        "activation:dense": array(last),
    }
    facts = {
        "layers": ("flatten", "conv2d", "dense"),
        "classes": info.classes,
        "truth": truth,
        "conv2d:shape": (6, 6, 4),
        "conv2d:maps": 4,
        "conv2d:dead": 0.25,
    }
    for layer in ("flatten", "conv2d", "dense"):
        facts |= {f"{layer}:class": layer.title(), f"{layer}:min": 0.0, f"{layer}:max": 143.0, f"{layer}:mean": 7.5}
    return Probed(0, "feature_maps", arrays, facts)  # type: ignore[arg-type]


def shown(command: ShowSamples) -> SamplesShown:
    return SamplesShown(0, command.part, command.start, 22, (command.start,), labels=(1,), rows=((5.25, "red", "x"),))


@pytest.fixture
def page(context: Context, engine: FakeEngine, info: DatasetInfo, qtbot: QtBot) -> InspectPage:
    context.document.folder.create_run(record(RUN, status="ended", reason="completed", epochs_done=3, steps_done=30))
    engine.reply_with(Probe, answer(info))
    engine.reply_with(ShowSamples, shown)
    page = InspectPage(context)
    page.resize(1160, 700)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.layers.topLevelItemCount() == 3)
    return page


def choose(page: InspectPage, layer: str) -> None:
    page.layers.setCurrentItem(page.layers.findItems(layer, Qt.MatchFlag.MatchExactly)[0])


def test_that_a_project_without_runs_says_how_to_get_one(context: Context, qtbot: QtBot) -> None:
    page = InspectPage(context)
    qtbot.addWidget(page)
    page.show()
    assert page.stack.currentIndex() == 1
    assert not page.chooser.isVisible()
    with qtbot.waitSignal(context.page_wanted) as wanted:
        qtbot.mouseClick(page.stack.currentWidget().findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert wanted.args == ["train"]
    page.hide()


def test_that_nothing_of_another_run_stands_where_one_cannot_be_looked_into(
    page: InspectPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reply_with(Probe, Failed(0, "The digit does not fit."))
    page.state.refresh()
    qtbot.waitUntil(lambda: page.message.isVisible())
    assert page.stack.currentIndex() == 0, "the same run with another sample: what was seen of it still holds"
    engine.reply_with(Probe, Failed(0, "This run has no data."))
    page.state.choose_run("20260102-101500-000-aaaa")
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.unseen)
    assert page.unseen.text == "This run has no data."
    assert not page.prediction.isVisible()
    engine.reply_with(Probe, answer(DIGITS))
    page.state.choose_run(RUN)
    qtbot.waitUntil(lambda: page.stack.currentIndex() == 0)
    assert page.prediction.isVisible()


def test_that_a_run_is_looked_into_again_once_own_parts_are_allowed(
    page: InspectPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    context.parts.apply(add_part("mine", "x = 1\n"))
    context.parts.withdraw()
    asked = engine.last(Probe).ticket
    context.parts.allow()
    qtbot.waitUntil(lambda: engine.last(Probe).ticket > asked)


def test_that_the_first_layer_that_learns_is_shown_first(page: InspectPage) -> None:
    assert page.layers.current == "conv2d"
    assert page.activation.grid.count == 4
    assert page.tabs.tabText(0) == "Feature maps"
    assert "25%" in page.prediction.statistics.text()


def test_that_flat_layers_are_shown_as_bars(page: InspectPage) -> None:
    choose(page, "dense")
    assert page.activation.stack.currentWidget() is page.activation.bars
    assert page.activation.bars.value_text(3).startswith("3 ·")
    assert page.tabs.tabText(0) == "Activations"


def test_that_kernels_are_shown_where_there_are_some(page: InspectPage) -> None:
    page.tabs.setCurrentIndex(1)
    assert page.kernel.grid.count == 4
    assert page.kernel.grid.captions() == [f"filter {number}" for number in range(4)], "its only channel goes unsaid"
    choose(page, "flatten")
    assert "no kernel" in page.kernel.nothing.text()


def test_that_a_click_enlarges_a_map_and_escape_goes_back(page: InspectPage, qtbot: QtBot) -> None:
    grid = page.activation.grid
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.tile_rect(2).center())
    assert page.activation.stack.currentIndex() == 1
    assert page.activation.large.scale == grid.scale, "an enlarged map keeps the colours of all"
    qtbot.mouseClick(page.activation.back, Qt.MouseButton.LeftButton)
    assert page.activation.stack.currentWidget() is grid


def test_that_the_list_shows_whole_layers(page: InspectPage) -> None:
    row = page.layers.visualItemRect(page.layers.topLevelItem(2))
    assert page.layers.viewport().rect().contains(row)


def test_that_the_prediction_is_told_with_its_probability_and_the_truth(page: InspectPage) -> None:
    assert page.prediction.sentence.text() == "9  ·  19.0%"
    assert page.prediction.truth.text() == "Wrong: it is 3."
    assert page.prediction.picture.isVisible()
    assert not page.prediction.features.isVisible()


def test_that_another_sample_is_asked_for_by_its_number(page: InspectPage, engine: FakeEngine, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.chooser.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: engine.last(Probe).sample == Sample(part="test", index=1))
    page.chooser.weights.setCurrentIndex(1)
    page.chooser.weights.activated.emit(1)
    qtbot.waitUntil(lambda: engine.last(Probe).weights == "best")


def test_that_a_drawing_is_sent_as_a_picture_of_the_data(page: InspectPage, engine: FakeEngine, qtbot: QtBot) -> None:
    pad = page.chooser.pad
    centre = pad.rect().center()
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=centre - QPoint(0, 40))
    qtbot.mouseMove(pad, centre + QPoint(0, 40))
    qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=centre + QPoint(0, 40))
    qtbot.waitUntil(lambda: engine.last(Probe).sample is not None and engine.last(Probe).sample.array is not None)
    sample = engine.last(Probe).sample
    assert sample is not None
    assert sample.array is not None
    drawn = to_numpy(sample.array)
    assert drawn.shape == (8, 8, 1)
    assert drawn[:, 3:5].sum() > drawn[:, :2].sum(), "the stroke is in the middle"


def test_that_no_number_of_the_data_is_told_while_a_drawing_is_shown(
    page: InspectPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    chooser = page.chooser
    chooser.number.setValue(3)
    qtbot.mouseClick(chooser.pad, Qt.MouseButton.LeftButton, pos=chooser.pad.rect().center())
    assert (chooser.part.currentText(), chooser.part.placeholderText()) == ("", "Drawing")
    assert (chooser.number.text(), chooser.number.isEnabled()) == ("", False)
    qtbot.waitUntil(lambda: engine.last(Probe).sample.array is not None)  # type: ignore[union-attr]
    qtbot.mouseClick(chooser.previous, Qt.MouseButton.LeftButton)
    assert (chooser.part.currentText(), chooser.number.text()) == ("Test", "2")
    qtbot.mouseClick(chooser.pad, Qt.MouseButton.LeftButton, pos=chooser.pad.rect().center())
    chooser.wipe.click()
    assert (chooser.part.currentText(), chooser.number.text()) == ("Test", "2")
    qtbot.waitUntil(lambda: engine.last(Probe).sample == Sample(part="test", index=2))


def test_that_a_drawing_goes_when_another_project_comes(page: InspectPage, context: Context, qtbot: QtBot) -> None:
    pad = page.chooser.pad
    qtbot.mouseClick(pad, Qt.MouseButton.LeftButton, pos=pad.rect().center())
    assert not pad.is_empty
    context.document.opened.emit()
    assert pad.is_empty


def test_that_the_corners_of_the_pad_are_round(page: InspectPage) -> None:
    pad: DrawingPad = page.chooser.pad
    square = pad._square()
    color = pad.grab().toImage().pixelColor(int(square.left() * pad.devicePixelRatioF()) + 1, int(square.top()) + 1)
    assert color.lightness() > 100, "black showed through at the corner"


@pytest.mark.parametrize("info", [TABLE])
def test_that_a_sample_of_a_table_shows_its_features(page: InspectPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(page.prediction.features.rows()))
    assert page.prediction.features.rows() == [("sepal length", "5.25"), ("colour", "red")]
    assert page.prediction.features.isVisible()
    item = page.prediction.features.topLevelItem(1)
    assert item is not None
    assert item.toolTip(1) == "<qt>red</qt>"
    assert not page.prediction.picture.isVisible()
    assert not page.chooser.open_picture.isVisible()
    assert not page.chooser.drawing.isVisible()


@pytest.mark.parametrize("info", [NUMBER])
def test_that_a_number_is_told_with_what_it_means_and_the_right_one(page: InspectPage) -> None:
    assert page.prediction.sentence.text() == "price: 201.5"
    assert page.prediction.truth.text() == "The right value is 3."
    assert not page.prediction.bars.isVisible()


def test_that_what_cannot_be_looked_into_is_explained(page: InspectPage, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.reply_with(Probe, Failed(0, "The model of this run is missing. Choose another run."))
    page.state.refresh()
    qtbot.waitUntil(page.message.isVisible)
    assert page.message.text() == "The model of this run is missing. Choose another run."
    engine.reply_with(Probe, answer(DIGITS))
    page.state.refresh()
    qtbot.waitUntil(lambda: not page.message.isVisible())


def test_that_a_run_wanted_elsewhere_is_looked_at(page: InspectPage, context: Context, engine: FakeEngine) -> None:
    assert page.chooser.runs.currentData() == RUN
    context.run_wanted.emit("another")
    assert page.state.run == "another"


def test_that_an_answer_to_a_page_that_is_gone_is_dropped(page: InspectPage, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.reply_with(Probe, ())
    page.state.refresh()
    before = len(engine.of(Probe))
    qtbot.waitUntil(lambda: len(engine.of(Probe)) > before)
    asked = engine.last(Probe).ticket
    delete(page.state)
    engine.receive(msgspec.structs.replace(answer(DIGITS), ticket=asked))


def test_that_a_long_value_leaves_room_for_the_name_of_its_feature(context: Context, qtbot: QtBot) -> None:
    table = FeatureTable(context)
    qtbot.addWidget(table)
    table.resize(220, 200)
    table.show()
    QTreeWidgetItem(table, ["city", "street number seven of a very long name " * 3])
    table.resize(240, 200)
    assert table.header().sectionSize(0) > 80
    assert not table.horizontalScrollBar().isVisible()
