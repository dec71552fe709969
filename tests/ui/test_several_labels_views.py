"""Several labels a sample in the window: chosen on the Data page, told on the others."""

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot
from shown_data import DIGITS

from workbench.domain.dataset import ColumnInfo, DatasetInfo, DatasetSpec, SourceSpec
from workbench.domain.edits import set_data
from workbench.protocol.arrays import Array
from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import Probed, SamplesShown
from workbench.ui.context import Context
from workbench.ui.pages.data.learned import LearnedPanel
from workbench.ui.pages.data.samples import SamplesPanel
from workbench.ui.pages.inspect.prediction import PredictionPanel
from workbench.ui.pages.train.prediction import PredictionView
from workbench.ui.theme import Theme

PICTURES = msgspec.structs.replace(
    DIGITS, task="multilabel", labels="multi_hot", target_shape=(3,), classes=("red", "round", "large"), class_counts={}
)
TABLE = msgspec.structs.replace(
    PICTURES,
    form="table",
    input_shape=(2,),
    columns=(
        ColumnInfo("a", "number"),
        ColumnInfo("red", "number", role="target"),
        ColumnInfo("round", "number", role="target"),
    ),
    target="red",
)


def array(values: npt.ArrayLike, dtype: str = "float32") -> Array:
    numbers = np.asarray(values, dtype=dtype)
    return Array(dtype, numbers.shape, numbers.tobytes())


def answer(info: DatasetInfo, truths: tuple[int, ...] | None) -> Probed:
    arrays = {"input": array(np.zeros(info.input_shape)), "prediction": array([0.9, 0.2, 0.7])}
    return Probed(0, "feature_maps", arrays, {"classes": info.classes, "truths": truths, "label": "red, large"})


@pytest.mark.parametrize("info", [TABLE])
def test_that_several_columns_can_be_chosen_as_labels(context: Context, engine: FakeEngine, qtbot: QtBot) -> None:
    document = context.document
    document.apply("", set_data(DatasetSpec(SourceSpec("csv", {"path": "x.csv"}), target="red", task="multilabel")))
    qtbot.waitUntil(lambda: context.data.columns == ("a", "red", "round"))
    panel = LearnedPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.targets.isVisible()
    assert not panel.target.isVisible()
    panel.targets.chosen.emit(("round", "red"))
    assert (document.project.data.target, document.project.data.more_targets) == ("red", ("round",))
    document.undo_stack.undo()
    assert document.project.data.more_targets == ()
    assert panel.sentence.text().startswith("1,797 samples; which of 3 labels each has is learned")


@pytest.mark.parametrize("info", [PICTURES])
def test_that_the_gallery_names_all_labels(context: Context, engine: FakeEngine, qtbot: QtBot) -> None:
    inputs = array(np.zeros((2, 8, 8, 1)), "uint8")
    engine.reply_with(ShowSamples, SamplesShown(0, "train", 0, 2, (0, 1), label_sets=((0, 2), ()), inputs=inputs))
    panel = SamplesPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    model = panel.gallery.pictures
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    assert [model.index(row).data() for row in range(2)] == ["red, large", ""]


@pytest.mark.parametrize("info", [PICTURES])
@pytest.mark.parametrize(
    ("truths", "sentence"),
    [((0, 2), "Right: it is red, large."), ((1,), "Wrong: it is round."), ((), "Wrong: it is none of the labels.")],
)
def test_that_inspect_tells_the_labels_and_the_right_ones(
    context: Context, qtbot: QtBot, truths: tuple[int, ...], sentence: str
) -> None:
    panel = PredictionPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_result(answer(PICTURES, truths))
    assert panel.sentence.text() == "red, large"
    assert panel.truth.text() == sentence
    right = [name for name, _, is_right in panel.bars._rows if is_right]
    assert right == [name for number, name in enumerate(PICTURES.classes) if number in truths] or len(truths) > 1


@pytest.mark.parametrize("info", [PICTURES])
def test_that_an_unknown_answer_is_said_to_be_unknown(context: Context, qtbot: QtBot) -> None:
    panel = PredictionPanel(context)
    qtbot.addWidget(panel)
    panel.show_result(answer(PICTURES, None))
    assert panel.truth.text() == "The right answer is not known."


@pytest.mark.parametrize("info", [PICTURES])
def test_that_the_train_page_tells_which_labels_it_has(context: Context, theme: Theme, qtbot: QtBot) -> None:
    view = PredictionView(theme)
    qtbot.addWidget(view)
    view.show_info(context.data.info)
    view.show_result(answer(PICTURES, (0, 2)))
    assert view.text.text() == "It has: red, large."
    view.show_result(answer(PICTURES, ()))
    assert view.text.text() == "It has none of the labels."
