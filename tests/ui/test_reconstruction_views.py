"""The input itself as what is learned, in the window: chosen on the Data page, shown side by side elsewhere."""

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot
from shown_data import DIGITS, IRIS

from workbench.domain.dataset import DatasetInfo, Noise
from workbench.protocol.arrays import Array
from workbench.protocol.commands import LoadData
from workbench.protocol.events import Probed
from workbench.ui.context import Context
from workbench.ui.pages.data.learned import LearnedPanel
from workbench.ui.pages.inspect.prediction import PredictionPanel
from workbench.ui.pages.train.prediction import PredictionView
from workbench.ui.plots.side_by_side import SideBySide
from workbench.ui.theme import Theme


def itself(info: DatasetInfo) -> DatasetInfo:
    return msgspec.structs.replace(
        info,
        task="reconstruction",
        labels="number",
        classes=(),
        target="",
        target_shape=info.input_shape,
        target_low=0.0,
        target_high=1.0,
    )


PICTURES, TABLE = itself(DIGITS), itself(IRIS)
RNG = np.random.default_rng(0)


def array(values: npt.ArrayLike) -> Array:
    numbers = np.asarray(values, dtype=np.float32)
    return Array("float32", numbers.shape, numbers.tobytes())


def answer(shape: tuple[int, ...], noise: float = 0.0) -> Probed:
    clean = RNG.random(shape).astype(np.float32)
    clean.flat[:2] = (0.0, 1.0)
    arrays = {"input": array(np.clip(clean + noise, 0, 1)), "prediction": array(clean * 0.5), "target": array(clean)}
    return Probed(0, "feature_maps", arrays, {"layers": ("dense",), "classes": ()})


@pytest.mark.parametrize("info", [PICTURES])
def test_that_the_task_is_said_and_noise_can_be_chosen(context: Context, engine: FakeEngine, qtbot: QtBot) -> None:
    panel = LearnedPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.sentence.text() == "1,797 samples; the input itself is learned (autoencoder)."
    assert panel.facts.output.text() == "the input itself"
    assert panel.noise.isVisible()
    assert not panel.noise.amount.isVisible()
    assert not panel.split.stratify.isVisible()
    panel.noise.kind.setCurrentIndex(panel.noise.kind.findData("masking"))
    panel.noise.kind.activated.emit(0)
    assert context.document.project.data.noise == Noise("masking")
    panel.noise.amount.setValue(0.55)
    assert context.document.project.data.noise == Noise("masking", 0.55)
    assert engine.last(LoadData).spec.noise == Noise("masking", 0.55)
    context.document.undo_stack.undo()
    context.document.undo_stack.undo()
    assert context.document.project.data.noise is None


def test_that_other_tasks_offer_no_noise(context: Context, qtbot: QtBot) -> None:
    panel = LearnedPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.noise.isVisible()


def test_that_pictures_stand_side_by_side_with_their_difference(theme: Theme, qtbot: QtBot) -> None:
    view = SideBySide(theme)
    qtbot.addWidget(view)
    x = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8, 1)
    assert view.show_parts(x, x * 0.5, x)
    assert list(view.captions()) == ["Input", "Output", "Difference"]
    assert view.value_text(2, 7, 7) == "Difference · row 7, column 7 · 0.5"
    assert view.show_parts(x * 0.9, x * 0.5, x)
    assert list(view.captions()) == ["Input", "Output", "Target", "Difference"]


@pytest.mark.parametrize("shape", [(24, 3), (6, 8, 8, 1), (5, 7, 3), (9, 9, 2)])
def test_that_sequences_and_volumes_are_drawn_too(shape: tuple[int, ...], theme: Theme, qtbot: QtBot) -> None:
    view = SideBySide(theme)
    qtbot.addWidget(view)
    x = RNG.random(shape).astype(np.float32)
    assert view.show_parts(x, x + 1, x)
    assert view.count == 3


def test_that_an_output_of_another_shape_is_not_drawn(theme: Theme, qtbot: QtBot) -> None:
    view = SideBySide(theme)
    qtbot.addWidget(view)
    assert not view.show_parts(np.zeros((8, 8, 1)), np.zeros((4, 4, 1)), np.zeros((8, 8, 1)))


@pytest.mark.parametrize("info", [PICTURES])
def test_that_inspect_shows_input_output_and_difference(context: Context, qtbot: QtBot) -> None:
    panel = PredictionPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_result(answer((8, 8, 1), noise=0.1))
    view = panel.reconstruction
    assert view.pictures.isVisible()
    assert not view.table.isVisible()
    assert not panel.picture.isVisible()
    assert not panel.bars.isVisible()
    assert view.sentence.text().startswith("Off by 0.2")
    assert "from 0 to 1" in view.note.text()
    panel.show_result(Probed(0, "feature_maps", {"prediction": array([0.2, 0.8])}, {"classes": ("a", "b"), "truth": 1}))
    assert not view.isVisible()
    assert panel.sentence.isVisible()
    assert panel.sentence.text() == "b  ·  80.0%"


@pytest.mark.parametrize("info", [TABLE])
def test_that_inspect_lists_the_numbers_of_a_row(context: Context, qtbot: QtBot) -> None:
    panel = PredictionPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_result(answer((4,)))
    table = panel.reconstruction.table
    assert table.isVisible()
    assert [table.topLevelItem(row).text(0) for row in range(4)] == list(IRIS.features)
    assert table.topLevelItem(1).text(1) == "1"
    assert table.topLevelItem(1).text(3) == "0.5"


@pytest.mark.parametrize("info", [PICTURES])
def test_that_the_train_page_shows_them_while_it_trains(context: Context, theme: Theme, qtbot: QtBot) -> None:
    view = PredictionView(theme)
    qtbot.addWidget(view)
    view.show()
    view.show_info(context.data.info)
    view.show_result(answer((8, 8, 1)))
    assert view.beside.isVisible()
    assert not view.picture.isVisible()
    assert view.text.text().startswith("Off by 0.2")
