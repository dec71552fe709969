"""The list of steps of preparation on the Data page: every change is an edit that can be undone."""

import msgspec
import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot
from shown_data import DIGITS, IRIS

from workbench.domain.dataset import DatasetInfo, StageInfo, StepSpec
from workbench.protocol.commands import LoadData
from workbench.protocol.events import DataLoaded
from workbench.ui.context import Context
from workbench.ui.pages.data.step_card import stage_text
from workbench.ui.pages.data.steps import StepList

NAMES = ("width", "height", "depth")


@pytest.fixture
def info() -> DatasetInfo:
    return IRIS


@pytest.fixture
def steps(context: Context, qtbot: QtBot) -> StepList:
    widget = StepList(context)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def add(steps: StepList, title: str) -> None:
    next(action for action in steps.menu.actions() if action.text() == title).trigger()


def kinds(context: Context) -> list[str]:
    return [step.kind for step in context.document.project.data.steps]


def test_that_only_steps_that_suit_the_data_are_offered(steps: StepList, context: Context, engine: FakeEngine) -> None:
    titles = [action.text() for action in steps.menu.actions()]
    assert "Clip outliers" in titles
    assert "Grey" not in titles
    assert not steps.hint.isHidden()


def test_that_steps_are_added_moved_and_removed_and_all_is_undone(steps: StepList, context: Context) -> None:
    add(steps, "Clip outliers")
    add(steps, "Logarithm")
    assert kinds(context) == ["clip", "log"]
    assert steps.hint.isHidden()
    assert not steps.cards[0].up.isEnabled()
    assert not steps.cards[1].down.isEnabled()
    steps.cards[1].up.click()
    assert kinds(context) == ["log", "clip"]
    steps.cards[0].remove.click()
    assert kinds(context) == ["clip"]
    undo = context.document.undo_stack
    assert [undo.text(place) for place in range(undo.count())] == [
        "Add Clip outliers", "Add Logarithm", "Move Logarithm", "Remove Logarithm",
    ]  # fmt: skip
    for _ in range(4):
        undo.undo()
    assert kinds(context) == []
    assert not steps.cards


def test_that_a_step_just_added_shows_its_form_and_a_change_is_an_edit(steps: StepList, context: Context) -> None:
    add(steps, "Clip outliers")
    card = steps.cards[0]
    assert card.is_open
    card.form.value_changed.emit("low", 0.05)
    assert context.document.project.data.steps == (StepSpec("clip", {"low": 0.05}),)
    card.form.value_reset.emit("low")
    assert context.document.project.data.steps == (StepSpec("clip"),)
    card.title.click()
    assert not card.is_open


def test_that_a_step_tells_what_it_makes_of_the_data(
    steps: StepList, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    stages = (StageInfo((3,), "float64", 0.0, 90.0, NAMES), StageInfo((3,), "float64", 0.0, 4.5, NAMES))
    engine.reply_with(LoadData, DataLoaded(0, msgspec.structs.replace(IRIS, stages=stages)))
    add(steps, "Logarithm")
    card = steps.cards[0]
    qtbot.waitUntil(lambda: bool(card.effect.text()))
    assert card.effect.text() == "3, 0 … 90 → 3, 0 … 4.5"
    assert card.columns.currentText() == "All 3"
    card.columns.list.names.item(1).setCheckState(card.columns.list.names.item(1).checkState().Unchecked)
    card.columns.popup.aboutToHide.emit()
    assert context.document.project.data.steps == (StepSpec("log", {"columns": ("width", "depth")}),)


def test_that_a_picture_is_told_by_its_size() -> None:
    assert stage_text(StageInfo((8, 8, 1), "uint8", 0, 255)) == "8 × 8 × 1, 0 … 255"
    assert stage_text(StageInfo((), "text")) == "text"


@pytest.mark.parametrize("info", [DIGITS])
def test_that_what_needs_colours_is_not_offered_for_grey_pictures(steps: StepList) -> None:
    titles = [action.text() for action in steps.menu.actions()]
    assert "Grey" not in titles, "grey pictures have no colour to leave out"
    assert "Three channels" in titles
