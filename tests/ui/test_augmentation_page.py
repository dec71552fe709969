"""Random changes on the Data page: a list whose edits are undone, and one picture under many draws of the engine."""

import msgspec
import numpy as np
import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot
from shown_data import DIGITS, IRIS

from workbench.domain.dataset import DatasetInfo
from workbench.domain.edits import set_data, set_model
from workbench.domain.tree import Block, Layer, ModelTree
from workbench.domain.values import ObjectSpec
from workbench.protocol.arrays import Array
from workbench.protocol.commands import Augment, LoadData, ShowSamples
from workbench.protocol.events import Augmented, DataLoaded, Failed, SamplesShown
from workbench.ui.context import Context
from workbench.ui.pages.data.augmentation_list import AugmentationList
from workbench.ui.pages.data.page import DataPage
from workbench.ui.pages.data.seeing import AUGMENTATION

FLIP = ObjectSpec("RandomFlip", {"mode": "horizontal"})
TURN = ObjectSpec("RandomRotation", {"factor": 0.1})


def pixels(count: int) -> Array:
    return Array("uint8", (count, 8, 8, 1), bytes(range(64)) * count)


def drawn(command: Augment) -> Augmented:
    mixtures = ((("3", 0.7), ("8", 0.3)),) * command.count
    return Augmented(0, command.part, command.index, pixels(1), pixels(command.count), mixtures)


def gallery(command: ShowSamples) -> SamplesShown:
    return SamplesShown(0, command.part, 0, 5, (4, 3, 2, 1, 0), labels=(1,) * 5, inputs=pixels(5))


@pytest.fixture
def changes(context: Context, qtbot: QtBot) -> AugmentationList:
    widget = AugmentationList(context)
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> DataPage:
    engine.reply_with(Augment, drawn)
    engine.reply_with(ShowSamples, gallery)
    page = DataPage(context)
    qtbot.addWidget(page)
    page.resize(1216, 700)
    page.show()
    context.data.load()
    qtbot.waitUntil(lambda: context.data.loading is None)
    return page


def add(changes: AugmentationList, name: str) -> None:
    next(action for action in changes.menu.actions() if action.text() == name).trigger()


def specs(context: Context) -> tuple[ObjectSpec, ...]:
    return context.document.project.data.augmentation


def test_that_changes_are_added_moved_set_and_removed_and_all_is_undone(
    changes: AugmentationList, context: Context
) -> None:
    add(changes, "RandomFlip")
    add(changes, "RandomRotation")
    assert specs(context) == (FLIP, TURN)
    assert changes.cards[1].is_open
    changes.cards[1].up.click()
    assert specs(context) == (TURN, FLIP)
    changes.cards[0].form.value_changed.emit("factor", 0.3)
    assert specs(context)[0] == ObjectSpec("RandomRotation", {"factor": 0.3})
    changes.cards[0].remove.click()
    assert specs(context) == (FLIP,)
    undo = context.document.undo_stack
    assert undo.count() == 5
    for _ in range(5):
        undo.undo()
    assert specs(context) == ()
    assert not changes.cards


def test_that_the_form_knows_the_range_of_the_pictures_and_offers_no_seed(
    changes: AugmentationList, context: Context
) -> None:
    add(changes, "RandomBrightness")
    entries = {param.name: param for param in changes.cards[0].entry.params}
    assert entries["value_range"].default == (0.0, 1.0)
    assert "seed" not in entries


def test_that_grey_pictures_are_offered_no_changes_of_colour(changes: AugmentationList) -> None:
    names = [action.text() for action in changes.menu.actions()]
    assert {"RandomFlip", "MixUp", "CutMix", "Resizing"} <= set(names)
    assert not {"RandomHue", "RandomGrayscale", "AugMix"} & set(names)


@pytest.mark.parametrize("info", [IRIS])
def test_that_a_table_has_no_random_changes(changes: AugmentationList) -> None:
    changes.refresh()
    assert changes.isHidden()


def test_that_labels_that_cannot_be_mixed_are_told(
    changes: AugmentationList, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    spec = msgspec.structs.replace(context.document.project.data, labels="integer", augmentation=(ObjectSpec("MixUp"),))
    context.document.apply("", set_data(spec))
    qtbot.waitUntil(lambda: not changes.message.isHidden())
    assert "one-hot" in changes.message.text()
    engine.reply_with(LoadData, DataLoaded(0, msgspec.structs.replace(DIGITS, labels="one_hot")))
    context.document.apply("", set_data(msgspec.structs.replace(spec, labels="auto")))
    qtbot.waitUntil(changes.message.isHidden)
    assert "mixes the labels too" in changes.hint.text()


def test_that_random_layers_in_the_network_are_told(changes: AugmentationList, context: Context) -> None:
    assert changes.hint.text() == "None. Each picture is learned as it is."
    flip = Layer(id="flip", class_name="RandomFlip")
    off = Block(id="off", children=(Layer(id="turn", class_name="RandomRotation"),), enabled=False)
    context.document.apply("", set_model(ModelTree((flip, off, Layer(id="flat", class_name="Flatten")))))
    assert changes.hint.text() == "None here. The network itself changes each picture at random: RandomFlip."
    add(changes, "RandomZoom")
    assert changes.hint.text().endswith("The network itself then changes them too: RandomFlip.")


def test_that_cards_stay_open_when_they_are_moved_and_others_removed(
    changes: AugmentationList, context: Context
) -> None:
    for name in ("RandomFlip", "RandomRotation", "RandomZoom"):
        add(changes, name)
    changes.cards[1].set_open(False)
    changes.cards[2].up.click()
    changes.cards[0].remove.click()
    assert [(card.entry.kind, card.is_open) for card in changes.cards] == [
        ("RandomZoom", True), ("RandomRotation", False),
    ]  # fmt: skip


def test_that_a_change_of_pictures_alone_loads_nothing_anew(
    page: DataPage, context: Context, engine: FakeEngine
) -> None:
    loads = len(engine.of(LoadData))
    add(page.learned.augmentation, "RandomFlip")
    assert len(engine.of(LoadData)) == loads
    assert context.data.loaded_spec == context.document.project.data
    page.learned.augmentation.cards[0].remove.click()
    assert len(engine.of(LoadData)) == loads


def test_that_one_picture_is_shown_under_24_draws_and_drawn_again(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    panel = page.seeing.augmentation
    page.seeing.buttons[AUGMENTATION].click()
    assert not panel.hint.isHidden()
    assert not engine.of(Augment)
    add(page.learned.augmentation, "RandomFlip")
    qtbot.waitUntil(lambda: panel.grid.count == 24)
    assert panel.hint.isHidden()
    assert panel.grid.captions()[0] == "3 70%\n8 30%"
    assert "larger share" in panel.mixed.text()
    assert panel.mixed.isVisible()
    assert panel.grid.value_text(0, 0, 0).startswith("3 70% · 8 30% · row 0")
    first = engine.last(Augment)
    assert (first.part, first.index, first.count) == ("train", 0, 24)
    panel.again.click()
    assert engine.last(Augment).seed != first.seed
    panel.next.click()
    assert engine.last(Augment).index == 1
    panel.previous.click()
    assert not panel.previous.isEnabled()


def test_that_the_picture_is_chosen_among_the_samples(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: page.samples.gallery.pictures.rowCount() == 5)
    add(page.learned.augmentation, "RandomFlip")
    page.samples.gallery.clicked.emit(page.samples.gallery.pictures.index(1))
    page.seeing.buttons[AUGMENTATION].click()
    assert engine.last(Augment).index == 3
    assert page.seeing.augmentation.which.text() == "Picture 3 of the training part"


def test_that_what_the_engine_refuses_is_told_in_the_place_of_the_draws(
    page: DataPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reply_with(Augment, Failed(0, "RandomCrop makes pictures of another size."))
    page.seeing.buttons[AUGMENTATION].click()
    add(page.learned.augmentation, "RandomCrop")
    panel = page.seeing.augmentation
    qtbot.waitUntil(lambda: not panel.message.isHidden())
    assert "another size" in panel.message.text()
    assert panel.grid.isHidden()


@pytest.mark.parametrize(
    "info", [msgspec.structs.replace(DIGITS, classes=("a", "b", "c"), class_counts={"train": (100, 40, 10)})]
)
def test_that_balance_shows_the_counts_before_and_after(page: DataPage, context: Context, info: DatasetInfo) -> None:
    learned = page.learned
    assert learned.balanced.isHidden()
    learned.balancing.setCurrentIndex(learned.balancing.findData("oversample"))
    learned.balancing.activated.emit(learned.balancing.currentIndex())
    assert context.document.project.data.balance == "oversample"
    assert learned.balanced.rows == [("a", "100", "100"), ("b", "40", "100"), ("c", "10", "100")]
    learned.balancing.setCurrentIndex(learned.balancing.findData("class_weights"))
    learned.balancing.activated.emit(learned.balancing.currentIndex())
    weights = 150 / (3 * np.array([100, 40, 10]))
    assert [row[2] for row in learned.balanced.rows] == [f"× {weight:.3g}" for weight in weights]
    context.document.undo_stack.undo()
    context.document.undo_stack.undo()
    assert learned.balanced.isHidden()
    assert not learned.balanced.rows
