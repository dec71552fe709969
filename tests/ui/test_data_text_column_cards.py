"""Columns of sentences are read for their words by choice on the Data page, and that can be undone."""

import msgspec
import pytest
from fake_engine import FakeEngine
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot
from shown_data import IRIS

from workbench.domain.dataset import ColumnInfo, DatasetInfo, DatasetSpec, InputSpec, SourceSpec, TextColumn, TextInfo
from workbench.domain.edits import set_data
from workbench.domain.edits.texts import BAG, ROW
from workbench.ui.context import Context
from workbench.ui.pages.data.learned import LearnedPanel
from workbench.ui.pages.data.step_card import StepCard

SHOPS = msgspec.structs.replace(
    IRIS,
    columns=(
        ColumnInfo("age", "number"),
        ColumnInfo("review", "category", role="ignored", prose=True),
        ColumnInfo("colour", "category"),
        ColumnInfo("species", "category", role="target"),
    ),
)
READ = msgspec.structs.replace(SHOPS, texts=(TextInfo("review", 4, 812),))
SPEC = DatasetSpec(SourceSpec("csv", {"path": "x.csv"}), target="species")


@pytest.fixture
def panel(context: Context, engine: FakeEngine, qtbot: QtBot) -> LearnedPanel:
    context.document.apply("", set_data(SPEC))
    qtbot.waitUntil(lambda: context.data.loaded_spec == SPEC)
    panel = LearnedPanel(context)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def choose(card: StepCard, title: str) -> None:
    """Choose a way of putting words out in the form of a card."""
    combo = next(box for box in card.form.findChildren(QComboBox) if box.findText(title) >= 0)
    combo.setCurrentIndex(combo.findText(title))
    combo.activated.emit(combo.currentIndex())


@pytest.mark.parametrize("info", [SHOPS])
def test_that_sentences_that_are_left_out_are_learned_from_by_one_click(panel: LearnedPanel, context: Context) -> None:
    assert [button.text() for button in panel.prose.buttons] == ["Learn from the words of “review”"]
    panel.prose.buttons[0].click()
    assert context.document.project.data.texts == (TextColumn("review", dict(BAG)),)
    assert not panel.prose.isVisible()
    assert [card.title.text() for card in panel.texts.cards] == ["review"]
    undo = context.document.undo_stack
    assert undo.undoText() == "Read words"
    undo.undo()
    assert context.document.project.data == SPEC
    assert panel.prose.isVisible()
    assert not panel.texts.cards


@pytest.mark.parametrize("info", [SHOPS])
def test_that_a_column_is_read_as_a_row_with_an_input_of_its_own(panel: LearnedPanel, context: Context) -> None:
    titles = [action.text() for action in panel.texts.menu.actions()]
    assert titles == [
        "review: bag of words",
        "review: row of tokens",
        "colour: bag of words",
        "colour: row of tokens",
    ]
    panel.texts.menu.actions()[1].trigger()
    data = context.document.project.data
    assert data.texts == (TextColumn("review", dict(ROW)),)
    assert data.inputs == (InputSpec("columns", ("age", "colour")), InputSpec("review", ("review",)))
    assert [row.name.text() for row in panel.inputs.rows] == ["columns", "review"]
    panel.texts.cards[0].remove.click()
    assert context.document.project.data == SPEC
    context.document.undo_stack.undo()
    assert context.document.project.data == data


@pytest.mark.parametrize("info", [SHOPS])
def test_that_the_form_changes_how_words_are_read(panel: LearnedPanel, context: Context) -> None:
    panel.prose.buttons[0].click()
    card = panel.texts.cards[0]
    assert card.is_open
    choose(card, "Bag: counts")
    assert context.document.project.data.texts[0].params["output"] == "count"
    assert context.document.project.data.inputs == ()
    choose(card, "In a row")
    data = context.document.project.data
    assert data.texts[0].params["output"] == "int"
    assert [each.name for each in data.inputs] == ["columns", "review"]
    assert context.document.undo_stack.undoText() == "Change review"
    for _ in range(context.document.undo_stack.count() - 1):
        context.document.undo_stack.undo()
    assert context.document.project.data == SPEC


@pytest.mark.parametrize("info", [SHOPS])
def test_that_a_column_that_no_input_takes_is_told(panel: LearnedPanel, context: Context) -> None:
    panel.texts.menu.actions()[1].trigger()
    assert panel.texts.hint.isHidden()
    panel.inputs.rows[1].columns.chosen.emit(("colour",))
    assert panel.texts.hint.text() == "Not used, as no input takes it: review"


@pytest.mark.parametrize("info", [READ])
def test_that_a_card_tells_how_many_columns_the_words_became(
    context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    spec = msgspec.structs.replace(SPEC, texts=(TextColumn("review", dict(BAG)),))
    context.document.apply("", set_data(spec))
    qtbot.waitUntil(lambda: context.data.loaded_spec == spec)
    panel = LearnedPanel(context)
    qtbot.addWidget(panel)
    assert panel.texts.cards[0].effect.text() == "text → 812 columns"


@pytest.mark.parametrize("info", [SHOPS, IRIS])
def test_that_nothing_is_offered_where_columns_were_chosen_or_hold_no_texts(
    panel: LearnedPanel, context: Context, info: DatasetInfo
) -> None:
    assert panel.prose.isVisible() == (info is SHOPS)
    assert panel.texts.isVisible() == (info is SHOPS)
    context.document.apply("", set_data(msgspec.structs.replace(SPEC, features=("age",))))
    assert not panel.prose.isVisible()
