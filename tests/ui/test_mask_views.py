"""Masks and pictures beside pictures in the window: over them in the gallery, and beside the right ones elsewhere."""

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot
from shown_data import DIGITS

from workbench.domain.edits import set_data
from workbench.domain.values import ObjectSpec
from workbench.protocol.arrays import Array
from workbench.protocol.commands import Augment, ShowSamples
from workbench.protocol.events import Augmented, Probed, SamplesShown
from workbench.ui.arrays import to_numpy
from workbench.ui.context import Context
from workbench.ui.pages.data.augmentation_list import AugmentationList
from workbench.ui.pages.data.augmentation_view import AugmentationPanel
from workbench.ui.pages.data.samples import SamplesPanel
from workbench.ui.pages.inspect.prediction import PredictionPanel
from workbench.ui.pages.train.prediction import PredictionView
from workbench.ui.plots.masks import MaskGrid, beside, mask_legend, overlaid, overlap
from workbench.ui.settings import SCHEME
from workbench.ui.theme import Theme

MASKS = msgspec.structs.replace(
    DIGITS, task="segmentation", target_shape=(8, 8, 1), classes=("background", "ring", "a < b"), class_counts={}
)
PICTURES = msgspec.structs.replace(
    DIGITS, task="regression", labels="number", target_shape=(8, 8, 1), classes=(), class_counts={}
)
RIGHT = np.zeros((8, 8), np.uint8)
RIGHT[:2] = 1
GUESS = np.zeros((8, 8), np.uint8)
GUESS[:1] = 1


def array(values: npt.ArrayLike, dtype: str) -> Array:
    numbers = np.asarray(values, dtype=dtype)
    return Array(dtype, numbers.shape, numbers.tobytes())


def answer(*, known: bool = True) -> Probed:
    arrays = {"input": array(np.full((8, 8, 1), 0.5), "float32"), "mask": array(GUESS, "uint8")}
    if known:
        arrays["true_mask"] = array(RIGHT, "uint8")
    return Probed(0, "feature_maps", arrays, {"layers": ("conv",), "classes": MASKS.classes})


def test_that_the_first_class_stays_uncoloured_and_others_shine_through() -> None:
    grey = np.full((1, 2, 2, 4), 100, np.uint8)
    drawn = overlaid(grey, np.array([[[0, 1], [2, 1]]]), ("#ff0000", "#00ff00"))
    assert drawn[0, 0, 0].tolist() == [100, 100, 100, 100]
    assert drawn[0, 0, 1].tolist() == [193, 40, 40, 100]
    assert drawn[0, 1, 0].tolist() == [40, 193, 40, 100]


def test_that_a_picture_to_learn_stands_at_the_right() -> None:
    pair = beside(np.zeros((3, 8, 8, 4), np.uint8), np.full((3, 8, 8, 1), 255, np.uint8), ("#ff0000",))
    assert pair.shape == (3, 8, 17, 4)
    assert pair[0, 0, 9:].min() == 255


def test_that_the_overlap_is_the_mean_over_the_classes_that_are_there() -> None:
    assert overlap(RIGHT, RIGHT) == 1.0
    assert overlap(GUESS, RIGHT) == pytest.approx((48 / 56 + 8 / 16) / 2)


def test_that_the_legend_names_all_but_the_first_class() -> None:
    text = mask_legend(MASKS.classes, ("#ff0000", "#00ff00"))
    assert "background" not in text
    assert "ring" in text
    assert "a&nbsp;&lt;&nbsp;b" in text


@pytest.mark.parametrize("info", [MASKS, PICTURES], ids=["masks", "pictures"])
def test_that_the_gallery_shows_what_is_learned_with_each_picture(
    context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    info = context.data.info
    assert info is not None
    learned = array(np.stack([RIGHT] * 2), "uint8")
    if info is PICTURES:
        learned = array(np.full((2, 8, 8, 1), 200), "uint8")
    shown = SamplesShown(0, "train", 0, 2, (0, 1), inputs=array(np.full((2, 8, 8, 1), 16), "uint8"), beside=learned)
    engine.reply_with(ShowSamples, shown)
    panel = SamplesPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    model = panel.gallery.pictures
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    assert model.index(0).data() == ""
    picture = model._pictures[0]
    assert (picture.width(), picture.height()) == ((17, 8) if info is PICTURES else (8, 8))
    if info is MASKS:
        assert picture.pixelColor(0, 0) != picture.pixelColor(0, 7)
        assert "ring" in panel.count.text()
        assert model.index(0).data(Qt.ItemDataRole.DecorationRole) is not None


@pytest.mark.parametrize("info", [MASKS])
def test_that_masks_in_the_gallery_have_the_colours_of_the_legend_in_the_other_scheme_too(
    context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    shown = SamplesShown(
        0,
        "train",
        0,
        2,
        (0, 1),
        inputs=array(np.zeros((2, 8, 8, 1)), "uint8"),
        beside=array(np.stack([RIGHT] * 2), "uint8"),
    )
    engine.reply_with(ShowSamples, shown)
    panel = SamplesPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    model = panel.gallery.pictures
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    before = model._pictures[0]
    context.settings.set(SCHEME, "dark")
    qtbot.waitUntil(lambda: model.rowCount() == 2 and model._pictures[0] != before)
    assert context.theme.tokens.series[0] in panel.count.text()


@pytest.mark.parametrize("info", [MASKS])
def test_that_inspect_shows_the_mask_the_right_one_and_what_is_wrong(context: Context, qtbot: QtBot) -> None:
    panel = PredictionPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_result(answer())
    view = panel.segmentation
    assert list(view.pictures.captions()) == ["Picture", "Prediction", "Right", "Wrong dots"]
    assert view.sentence.text() == "87.5% of the dots right, overlap (IoU) 0.68"
    assert view.note.text() == "The prediction marks: background 87.5%, ring 12.5%."
    assert not panel.bars.isVisible()
    assert not panel.sentence.isVisible()
    assert view.pictures.value_text(1, 0, 3) == "Prediction · row 0, column 3 · ring"
    panel.show_result(answer(known=False))
    assert list(view.pictures.captions()) == ["Picture", "Prediction"]
    assert view.sentence.text() == "The right mask is not known."
    guess = array(np.zeros((8, 8)), "uint8")
    right = array(RIGHT + (np.arange(8) > 5), "uint8")  # rings, and "a < b" where they overlap the last columns
    nothing = Probed(0, "feature_maps", {**answer().arrays, "mask": guess, "true_mask": right}, answer().facts)
    panel.show_result(nothing)
    assert view.note.text() == "The prediction marks: background 100.0%. Not found at all: ring, a < b."


def test_that_masks_follow_the_colours_of_the_theme(theme: Theme, qtbot: QtBot) -> None:
    grid = MaskGrid(theme)
    qtbot.addWidget(grid)
    grid.show_masks(np.zeros((8, 8, 1), np.float32), GUESS, RIGHT, MASKS.classes)
    shown = grid._images[1].pixelColor(0, 0)
    wanted = QColor(theme.tokens.series[0])
    assert shown.blue() == pytest.approx(0.6 * wanted.blue(), abs=1)


@pytest.mark.parametrize("info", [MASKS])
def test_that_the_train_page_shows_the_mask_while_it_trains(context: Context, theme: Theme, qtbot: QtBot) -> None:
    view = PredictionView(theme)
    qtbot.addWidget(view)
    view.show()
    view.show_info(context.data.info)
    assert not view.bars.isVisible()
    view.show_result(answer())
    assert view.masks.isVisible()
    assert view.text.text().startswith("87.5% of the dots right")


@pytest.mark.parametrize("info", [MASKS, PICTURES])
def test_that_draws_are_shown_with_what_is_learned_for_their_dots(
    context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    info = context.data.info
    assert info is not None
    masks = np.stack([RIGHT] * 4)
    learned = array(masks, "uint8") if info is MASKS else array(np.full((4, 8, 8, 1), 200), "uint8")
    grey = array(np.full((3, 8, 8, 1), 16), "uint8")
    one = array(np.full((1, 8, 8, 1), 16), "uint8")
    engine.reply_with(Augment, Augmented(0, "train", 0, original=one, inputs=grey, beside=learned))
    flip = ObjectSpec("RandomFlip", {"mode": "horizontal"})
    spec = msgspec.structs.replace(context.document.project.data, augmentation=(flip,))
    context.document.apply("flip", set_data(spec))
    panel = AugmentationPanel(context)
    qtbot.addWidget(panel)
    panel.resize(600, 400)
    panel.show()
    panel.look()
    qtbot.waitUntil(lambda: panel.grid.count == 3)
    assert panel.grid._images[0].width() == (8 if info is MASKS else 17)
    assert panel.legend.isVisible() == (info is MASKS)
    assert ("ring" in panel.legend.text()) == (info is MASKS)


@pytest.mark.parametrize("info", [MASKS, PICTURES])
def test_that_the_list_says_that_what_is_learned_moves_along(context: Context, qtbot: QtBot) -> None:
    changes = AugmentationList(context)
    qtbot.addWidget(changes)
    assert "move" not in changes.hint.text()
    flip = ObjectSpec("RandomFlip", {"mode": "horizontal"})
    spec = msgspec.structs.replace(context.document.project.data, augmentation=(flip,))
    context.document.apply("flip", set_data(spec))
    assert ("masks move along" in changes.hint.text()) == (context.data.info is MASKS)
    assert "along" in changes.hint.text()


@pytest.mark.parametrize("info", [MASKS])
def test_that_inspect_says_which_slice_of_a_volume_is_shown(context: Context, qtbot: QtBot) -> None:
    panel = PredictionPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    flat = answer()
    names = {"input": "float32", "mask": "uint8", "true_mask": "uint8"}
    deep = {name: array(np.stack([to_numpy(flat.arrays[name])] * 6), kind) for name, kind in names.items()}
    panel.show_result(Probed(0, "feature_maps", {**flat.arrays, **deep}, flat.facts))
    assert panel.segmentation.note.text().startswith("This is slice 4 of 6. The prediction marks:")
