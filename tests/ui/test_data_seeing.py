"""The strip over the samples: ways of looking at all the data, asked for when they are chosen."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot
from shown_data import DIGITS, IRIS

from workbench.domain.dataset import DatasetInfo
from workbench.protocol.arrays import Array
from workbench.protocol.commands import Analyse, ReportData, ShowSamples
from workbench.protocol.events import Analysed, DataReported, Failed, SamplesShown
from workbench.protocol.payloads import Finding
from workbench.ui.context import Context
from workbench.ui.pages.data.seeing import SeeingStack
from workbench.ui.theme.tokens import LIGHT

MATRIX = np.array([[1, 0.5, -0.9], [0.5, 1, np.nan], [-0.9, np.nan, 1]], np.float32)
POINTS = np.array([[0, 0], [1, 1], [2, 0], [3, 2]], np.float32)


def array(values: np.ndarray) -> Array:
    return Array(values.dtype.name, values.shape, values.tobytes())


FOUND = {
    "findings": Analysed(
        0,
        "findings",
        findings=(Finding("3 test samples are in another part too.", "bad", (("test", 4), ("test", 7))),),
    ),
    "correlations": Analysed(0, "correlations", {"matrix": array(MATRIX)}, {"names": ("width", "height", "kind")}),
    "map": Analysed(
        0,
        "map",
        {
            "points": array(POINTS),
            "labels": array(np.array([0, 1, 2, 1], np.float32)),
            "parts": array(np.array([0, 0, 1, 2], np.int32)),
            "indices": array(np.array([5, 9, 3, 17], np.int32)),
        },
        {"shares": (0.7, 0.2), "total": 150},
    ),
    "tsne": Analysed(
        0,
        "tsne",
        {
            "points": array(POINTS),
            "labels": array(np.array([0, 1, 2, 1], np.float32)),
            "parts": array(np.array([0, 0, 1, 2], np.int32)),
            "indices": array(np.array([5, 9, 3, 17], np.int32)),
        },
        {"divergence": 0.5, "total": 150},
    ),
    "means": Analysed(0, "means", {"means": array(np.zeros((2, 4, 4, 1), np.float32))}, {"names": ("0 (9)", "1 (8)")}),
}


@pytest.fixture
def info() -> DatasetInfo:
    return IRIS


@pytest.fixture
def seeing(context: Context, engine: FakeEngine, qtbot: QtBot) -> Iterator[SeeingStack]:
    widget = SeeingStack(context)
    qtbot.addWidget(widget)
    widget.resize(700, 600)
    widget.show()
    yield widget
    widget.close()


def look(seeing: SeeingStack, engine: FakeEngine, kind: str, qtbot: QtBot) -> None:
    engine.reply_with(Analyse, FOUND[kind])
    seeing.buttons[kind].click()
    qtbot.waitUntil(lambda: seeing.analysis.stack.currentIndex() > 0)


def test_that_only_what_suits_the_data_is_offered(seeing: SeeingStack) -> None:
    shown = {kind for kind, button in seeing.buttons.items() if not button.isHidden()}
    assert {"", "findings", "correlations", "map"} <= shown
    assert "means" not in shown
    assert seeing.stack.currentWidget() is seeing.samples


def test_that_findings_are_told_with_samples_to_look_at(seeing: SeeingStack, engine: FakeEngine, qtbot: QtBot) -> None:
    look(seeing, engine, "findings", qtbot)
    texts = [each.text() for each in seeing.analysis.findChildren(type(seeing.analysis.summary))]
    assert "3 test samples are in another part too." in texts
    assert "For example test 4, test 7" in texts


def test_that_each_pair_of_columns_tells_its_correlation(seeing: SeeingStack, engine: FakeEngine, qtbot: QtBot) -> None:
    look(seeing, engine, "correlations", qtbot)
    view = seeing.analysis._views["correlations"]
    assert view.map.value_text(0, 2) == "width and kind: r = -0.900"
    assert view.map.value_text(1, 2) == "height and kind: r = none"
    assert view.map.accessibleDescription().startswith("kind and width: r = -0.900")
    assert "both rise together" in view.text.text()
    view.map.hovered.emit("width < height: r = 0.1")
    assert view.text.text() == "width &lt; height: r = 0.1"
    view.map.hovered.emit("")
    assert "Point at a square" in view.text.text()
    view.map.grab()


@pytest.mark.parametrize(("kind", "axis"), [("map", "component 1, 70% of the variance"), ("tsne", "")])
def test_that_a_point_of_the_map_says_what_it_is(
    seeing: SeeingStack, engine: FakeEngine, qtbot: QtBot, kind: str, axis: str
) -> None:
    look(seeing, engine, kind, qtbot)
    shown = seeing.analysis._views[kind].map
    assert shown.plot.getAxis("bottom").labelText == axis
    cells = (5.1, 3.5, "setosa")
    engine.reply_with(ShowSamples, SamplesShown(0, "test", 17, 30, (17,), labels=(1,), rows=(cells,)))
    shown._point_at(3)
    assert shown.text.text() == "versicolor  ·  test sample 17"
    asked = engine.last(ShowSamples)
    assert (asked.part, asked.start, asked.count) == ("test", 17, 1)
    assert "4 of 150 samples" in shown.counts.text()
    shown._point_at(-1)
    assert shown.text.text() == ""


ARRAYS = msgspec.structs.replace(IRIS, form="arrays", input_shape=(24, 3), columns=(), classes=())


@pytest.mark.parametrize("info", [ARRAYS])
def test_that_correlations_are_not_offered_where_there_are_no_columns(seeing: SeeingStack) -> None:
    shown = {kind for kind, button in seeing.buttons.items() if not button.isHidden()}
    assert "correlations" not in shown
    assert {"findings", "map"} <= shown


@pytest.mark.parametrize("info", [ARRAYS])
def test_that_points_of_which_nothing_is_told_are_in_sight(
    seeing: SeeingStack, engine: FakeEngine, qtbot: QtBot
) -> None:
    found = FOUND["map"]
    nothing = array(np.zeros(4, np.float32))
    engine.reply_with(Analyse, msgspec.structs.replace(found, arrays={**found.arrays, "labels": nothing}))
    seeing.buttons["map"].click()
    qtbot.waitUntil(lambda: seeing.analysis.stack.currentIndex() > 0)
    dots = seeing.analysis._views["map"].map._dots
    assert dots.data["brush"][0].color().name() == LIGHT.series[0]


RENT = msgspec.structs.replace(IRIS, task="regression", classes=(), target="rent")


@pytest.mark.parametrize(
    ("info", "says"), [(RENT, "rent: Dark is 0, bright 2"), (IRIS, "setosa")], ids=["rent", "iris"]
)
def test_that_the_colours_of_the_map_are_told(seeing: SeeingStack, engine: FakeEngine, qtbot: QtBot, says: str) -> None:
    look(seeing, engine, "map", qtbot)
    shown = seeing.analysis._views["map"].map
    assert says in shown.counts.text()
    assert not shown.picture.isVisible()  # there are none: no gap in their place


@pytest.mark.parametrize("info", [DIGITS])
def test_that_mean_pictures_have_the_names_of_their_classes(
    seeing: SeeingStack, engine: FakeEngine, qtbot: QtBot
) -> None:
    look(seeing, engine, "means", qtbot)
    assert seeing.analysis._views["means"].grid.count == 2


def test_that_what_was_found_is_kept_until_the_data_change(
    seeing: SeeingStack, engine: FakeEngine, context: Context, qtbot: QtBot
) -> None:
    look(seeing, engine, "findings", qtbot)
    seeing.buttons[""].click()
    seeing.buttons["findings"].click()
    assert len(engine.of(Analyse)) == 1
    context.data.info_changed.emit()
    qtbot.waitUntil(lambda: len(engine.of(Analyse)) == 2)


def test_that_a_report_is_written_and_told(
    seeing: SeeingStack, engine: FakeEngine, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    engine.reply_with(ReportData, DataReported(0, "iris.html"))
    with qtbot.waitSignal(context.noticed) as told:
        seeing.write_report(tmp_path / "iris.html")
    assert told.args[0].message == "The report was written to iris.html."
    assert engine.last(ReportData).path == str(tmp_path / "iris.html")
    assert seeing.report.isEnabled()


def test_that_a_failure_is_told_in_its_place(seeing: SeeingStack, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.reply_with(Analyse, Failed(0, "A single input needs no map. Look at the samples."))
    seeing.buttons["map"].click()
    qtbot.waitUntil(lambda: seeing.analysis.message.text().startswith("A single input"))
    assert not seeing.analysis.message.isHidden()
    assert seeing.analysis.progress.isHidden()
