"""Sequences that a network tells, step by step, on the Train and the Inspect page."""

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from pytestqt.qtbot import QtBot
from shown_data import IRIS

from workbench.domain.dataset import DatasetInfo
from workbench.protocol.arrays import Array
from workbench.protocol.events import Probed
from workbench.ui.context import Context
from workbench.ui.pages.data.task import describe_task
from workbench.ui.pages.inspect.prediction import PredictionPanel
from workbench.ui.pages.train.prediction import PredictionView
from workbench.ui.plots.sequence import SequencePlot

CLASSES = ("a", "b", "c")
TAGS = msgspec.structs.replace(
    IRIS, form="arrays", task="segmentation", input_shape=(4, 2), target_shape=(4, 1), classes=CLASSES, target=""
)
NUMBERS = msgspec.structs.replace(TAGS, task="regression", target_shape=(4, 1), classes=(), labels="number")


def array(values: npt.ArrayLike, dtype: str) -> Array:
    numbers = np.asarray(values, dtype=dtype)
    return Array(dtype, numbers.shape, numbers.tobytes())


def answer(info: DatasetInfo, known: bool = True) -> Probed:
    if info.classes:
        arrays = {"mask": array([0, 1, 2, 1], "uint8")} | ({"true_mask": array([0, 1, 1, 1], "uint8")} if known else {})
    else:
        arrays = {"prediction": array([[1], [2], [3], [4]], "float32")}
        arrays |= {"target": array([[1], [2], [3], [6]], "float32")} if known else {}
    arrays["input"] = array(np.zeros((4, 2)), "float32")
    return Probed(0, "feature_maps", arrays, {"classes": info.classes, "steps": True})


@pytest.mark.parametrize(
    ("info", "sentence"), [(TAGS, "3 of 4 steps right"), (NUMBERS, "Off by 0.5 on average")], ids=["tags", "numbers"]
)
def test_that_inspect_shows_how_much_of_a_sequence_is_right(
    context: Context, qtbot: QtBot, info: DatasetInfo, sentence: str
) -> None:
    panel = PredictionPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_result(answer(info))
    assert panel.sequence.isVisible()
    assert panel.sequence.sentence.text() == sentence
    assert not panel.bars.isVisible()
    assert len(panel.sequence.plot.listDataItems()) == 2
    panel.show_result(answer(info, known=False))
    assert panel.sequence.sentence.text() == "What is right is not known."
    panel.show_result(Probed(0, "feature_maps", {"prediction": array([0.1, 0.9, 0], "float32")}, {"classes": CLASSES}))
    assert not panel.sequence.isVisible()


@pytest.mark.parametrize("info", [TAGS, NUMBERS], ids=["tags", "numbers"])
def test_that_the_train_page_draws_the_sequence(context: Context, qtbot: QtBot, info: DatasetInfo) -> None:
    view = PredictionView(context.theme)
    qtbot.addWidget(view)
    view.show()
    view.show_info(info)
    view.show_result(answer(info))
    assert view.sequence.isVisible()
    view.show_info(IRIS)
    assert not view.sequence.isVisible()


def test_that_the_sentence_speaks_of_steps() -> None:
    assert "one of 3 classes is learned for each step" in describe_task(TAGS, str)
    assert "a sequence is learned for each" in describe_task(NUMBERS, str)


def test_that_all_classes_stand_at_the_axis_also_where_one_is_told(context: Context, qtbot: QtBot) -> None:
    plot = SequencePlot(context.theme)
    qtbot.addWidget(plot)
    plot.show_steps(np.ones((4, 1), np.uint8), None, CLASSES)
    low, high = plot.getViewBox().viewRange()[1]
    assert low < 0
    assert high > 2
    plot.show_steps(np.full((4, 1), 0.5), None)
    plot.show()
    qtbot.waitUntil(lambda: plot.getViewBox().viewRange()[1][1] < 2)


ARRAYS = msgspec.structs.replace(TAGS, task="binary", target_shape=(), classes=("a", "b"), features=())
SERIES = msgspec.structs.replace(ARRAYS, form="series", features=("heat", "wind"))


@pytest.mark.parametrize("info", [ARRAYS, SERIES], ids=["arrays", "series"])
def test_that_inspect_shows_the_array_that_the_network_gets(context: Context, qtbot: QtBot, info: DatasetInfo) -> None:
    panel = PredictionPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    arrays = {"input": array(np.zeros((4, 2)), "float32"), "prediction": array([0.1, 0.9], "float32")}
    panel.show_result(Probed(0, "feature_maps", arrays, {"classes": ("a", "b"), "truth": 1}))
    assert panel.sample.isVisible()
    assert len(panel.sample.plot.listDataItems()) == 2
    assert not panel.sample.range.isVisible()
    assert panel.sample.legend.isVisible() is (info.form == "series")
    deep = {**arrays, "input": array(np.arange(5 * 6 * 3).reshape(5, 6, 3), "float32")}
    panel.show_result(Probed(0, "feature_maps", deep, {"classes": ("a", "b"), "truth": 1}))
    assert panel.sample.range.text() == "Dark is 0, bright 87"
    assert not panel.picture.isVisible()
