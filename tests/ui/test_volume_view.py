"""Films and volumes in the window: a frame of each, a slider through them, and the frames of one."""

import msgspec
import numpy as np
import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from shown_data import DIGITS

from workbench.domain.dataset import DatasetInfo
from workbench.protocol.arrays import Array
from workbench.protocol.commands import ShowSamples
from workbench.protocol.events import Probed, SamplesShown
from workbench.ui.context import Context
from workbench.ui.pages.data.samples import SamplesPanel
from workbench.ui.pages.data.volumes import as_bytes
from workbench.ui.pages.inspect.prediction import PredictionPanel

FILMS = msgspec.structs.replace(DIGITS, form="volumes", input_shape=(20, 8, 8, 1), scaling="divide_255")
DARK = msgspec.structs.replace(FILMS, scaling="divide_max")


def films(command: ShowSamples) -> SamplesShown:
    """Three films that grow brighter from frame to frame."""
    steps = np.arange(20, dtype=np.uint8).reshape(1, 20, 1, 1, 1) * 10
    frames = np.broadcast_to(steps, (3, 20, 8, 8, 1)).copy()
    inputs = Array("uint8", frames.shape, frames.tobytes())
    return SamplesShown(0, command.part, command.start, 3, (0, 1, 2), labels=(4, 5, 6), inputs=inputs)


@pytest.fixture
def panel(context: Context, engine: FakeEngine, info: DatasetInfo, qtbot: QtBot) -> SamplesPanel:
    engine.reply_with(ShowSamples, films)
    panel = SamplesPanel(context)
    qtbot.addWidget(panel)
    panel.resize(700, 600)
    panel.show()
    qtbot.waitUntil(lambda: panel.volumes.model.rowCount() == 3)
    return panel


@pytest.mark.parametrize("info", [FILMS])
def test_that_the_slider_goes_through_the_frames_of_all(panel: SamplesPanel) -> None:
    view = panel.volumes
    assert panel.views.currentWidget() is view
    assert (view.slider.maximum(), view.where.text()) == (19, "1 of 20")
    assert [view.model.index(row).data() for row in range(3)] == ["4", "5", "6"]
    assert view.model._pictures[1].pixelColor(0, 0).red() == 0
    view.slider.setValue(7)
    assert view.where.text() == "8 of 20"
    assert {picture.pixelColor(0, 0).red() for picture in view.model._pictures} == {70}
    assert view.model.index(0).data(Qt.ItemDataRole.DecorationRole) is not None


@pytest.mark.parametrize("info", [DARK])
def test_that_few_grey_levels_are_spread_as_they_are_for_pictures(panel: SamplesPanel) -> None:
    view = panel.volumes
    view.slider.setValue(19)
    assert {picture.pixelColor(0, 0).red() for picture in view.model._pictures} == {255}


@pytest.mark.parametrize("info", [FILMS])
def test_that_the_strip_shows_one_film_from_its_first_to_its_last_frame(panel: SamplesPanel) -> None:
    view = panel.volumes
    assert view.strip.count == 12
    assert (view.strip.captions()[0], view.strip.captions()[-1]) == ("1", "20")
    view.strip.clicked.emit(11)
    assert view.slider.value() == 19
    view.show_strip(2)
    assert view.strip.count == 12


@pytest.mark.parametrize("info", [FILMS])
def test_that_another_part_begins_anew(panel: SamplesPanel, qtbot: QtBot) -> None:
    panel.volumes.slider.setValue(3)
    panel.show_part("test")
    qtbot.waitUntil(lambda: panel.volumes.model.rowCount() == 3)
    assert panel.volumes.model._pictures[0].pixelColor(0, 0).red() == 30


def test_that_numbers_are_spread_over_a_whole_film() -> None:
    volume = np.linspace(-2, 2, 4 * 2 * 2).reshape(4, 2, 2, 1)
    drawn = as_bytes(volume)
    assert (drawn.min(), drawn.max(), drawn.dtype) == (0, 255, np.uint8)
    assert drawn[0].max() < drawn[1].min()


@pytest.mark.parametrize("info", [FILMS])
def test_that_inspect_shows_the_frame_in_the_middle(context: Context, qtbot: QtBot) -> None:
    panel = PredictionPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    frames = np.zeros((20, 8, 8, 1), np.float32)
    frames[10] = 1
    arrays = {
        "input": Array("float32", frames.shape, frames.tobytes()),
        "prediction": Array("float32", (2,), np.array([0.1, 0.9], np.float32).tobytes()),
    }
    panel.show_result(Probed(0, "feature_maps", arrays, {"classes": ("a", "b"), "truth": 1}))
    assert panel.picture.isVisible()
    assert panel.picture.pixmap().toImage().pixelColor(20, 20).red() == 255


@pytest.mark.parametrize("info", [FILMS])
def test_that_samples_from_before_are_neither_counted_nor_asked_for_where_none_are_shown(
    panel: SamplesPanel, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    assert panel.count.text() == "3 of 3 samples"
    before = len(engine.of(ShowSamples))
    context.data.info = None
    context.data.info_changed.emit()
    context.data.changed.emit()
    assert panel.views.currentWidget() is panel.nothing
    assert panel.count.text() == ""
    assert not panel.volumes.model.canFetchMore(panel.volumes.model.index(-1))
    qtbot.wait(20)
    assert len(engine.of(ShowSamples)) == before


MARKED = msgspec.structs.replace(
    FILMS, task="segmentation", target_shape=(20, 8, 8, 1), classes=("background", "ring"), class_counts={}
)


@pytest.mark.parametrize("info", [MARKED])
def test_that_masks_lie_over_the_frames_they_belong_to(context: Context, engine: FakeEngine, qtbot: QtBot) -> None:
    inputs = np.full((2, 20, 8, 8, 1), 100, np.uint8)
    masks = np.zeros((2, 20, 8, 8), np.uint8)
    masks[:, 5, 0] = 1
    shown = SamplesShown(
        0,
        "train",
        0,
        2,
        (0, 1),
        inputs=Array("uint8", inputs.shape, inputs.tobytes()),
        beside=Array("uint8", masks.shape, masks.tobytes()),
    )
    engine.reply_with(ShowSamples, shown)
    panel = SamplesPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    model = panel.volumes.model
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    assert panel.volumes.where.text() == "11 of 20"  # the middle, where most is marked in most volumes
    assert model._pictures[1].pixelColor(3, 0) == model._pictures[1].pixelColor(3, 7)
    panel.volumes.slider.setValue(5)
    assert model._pictures[1].pixelColor(3, 0) != model._pictures[1].pixelColor(3, 7)
    assert "ring" in panel.count.text()
    assert panel.volumes.strip.count == 12
