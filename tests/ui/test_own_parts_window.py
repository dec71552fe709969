"""The window of own parts: written, allowed, tested; and the palette, forms and choices that follow."""

import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from workbench.domain import trust
from workbench.domain.parts.spec import PartSpec
from workbench.domain.parts.templates import TEMPLATES, Template
from workbench.domain.problem import Problem
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.domain.summary import ModelSummary
from workbench.protocol.commands import Cancel, Describe, TryPart
from workbench.protocol.events import Described, PartTried, Progress
from workbench.ui.context import Context, Notice
from workbench.ui.forms.objects import ObjectEditor, ObjectsEditor
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.pages.model.parts.window import PartsWindow
from workbench.ui.pages.train.hyper import HyperPanel

LOSS, LAYER, CALLBACK = TEMPLATES[0], TEMPLATES[1], TEMPLATES[8]


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> ModelPage:
    page = ModelPage(context)
    qtbot.addWidget(page)
    page.resize(1280, 760)
    page.show()
    return page


@pytest.fixture
def window(page: ModelPage) -> PartsWindow:
    page.network_actions.by_name["parts"].trigger()
    window = page.findChild(PartsWindow)
    assert isinstance(window, QDialog)
    return window


def test_that_a_template_becomes_a_part_in_the_palette_and_undo_takes_it_back(
    window: PartsWindow, page: ModelPage, context: Context
) -> None:
    assert not window.isModal()
    window.new_part(LAYER)
    assert [part.name for part in context.document.project.parts] == ["linear"]
    assert window.editor.toPlainText() == LAYER.source
    assert page.palette_panel.entries["layer:Linear"].group == "Own parts"
    page.palette_panel.add_wanted.emit(page.palette_panel.make("layer:Linear"))
    assert context.catalogue.entry("layers", "Linear").own == "linear"
    context.document.undo_stack.undo()
    context.document.undo_stack.undo()
    assert "layer:Linear" not in page.palette_panel.entries
    assert not window.files.count()


def test_that_the_form_of_a_layer_follows_its_constructor(window: PartsWindow, page: ModelPage, qtbot: QtBot) -> None:
    window.new_part(LAYER)
    page.palette_panel.add_wanted.emit(page.palette_panel.make("layer:Linear"))
    qtbot.waitUntil(lambda: page.properties.title.text() == "Linear")
    assert page.properties.form.row("units").editor.value() == 32
    text = LAYER.source.replace("units: int,\n", "units: int,\n        steps: int = 3,\n")
    window.editor.setPlainText(text)
    window.commit()
    qtbot.waitUntil(lambda: any(entry.name == "steps" for entry in page.properties._fields.entries))
    assert page.properties.form.row("steps").editor.value() == 3


def test_that_what_is_typed_is_one_step_to_undo_and_allowed(
    window: PartsWindow, context: Context, qtbot: QtBot
) -> None:
    window.new_part(LOSS)
    window.editor.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(window.editor, "x = 1")
    window.commit()
    qtbot.keyClicks(window.editor, "1")
    window.commit()
    assert context.document.project.parts[0].source.endswith("x = 11")
    assert context.parts.allowed
    context.document.undo_stack.undo()
    assert window.editor.toPlainText() == LOSS.source
    assert trust.parts_allowed(context.document.project.parts, context.document.path)


def test_that_of_a_text_only_its_end_stays_allowed_and_what_a_run_may_have(
    window: PartsWindow, context: Context, qtbot: QtBot
) -> None:
    """Else a hundred pauses in typing would push out the texts that runs were trained with."""
    window.new_part(LOSS)
    window.editor.moveCursor(QTextCursor.MoveOperation.End)
    texts = []
    for place in range(5):
        qtbot.keyClicks(window.editor, "x")
        window.commit()
        texts.append(context.document.project.parts)
        if place == 2:
            context.run.status_changed.emit("training")
    allowed = [trust.parts_allowed(text, context.document.path) for text in texts]
    assert allowed == [False, False, True, False, True]


def test_that_keys_keep_the_indentation(window: PartsWindow, qtbot: QtBot) -> None:
    window.new_part(LOSS)
    editor = window.editor
    editor.setPlainText("def f(x):")
    editor.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.keyClicks(editor, "y = 1")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    qtbot.keyClicks(editor, "z")
    assert editor.toPlainText() == "def f(x):\n    y = 1\n        z"
    qtbot.keyClick(editor, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert editor.toPlainText() == "def f(x):\n    y = 1\n    z"
    editor.selectAll()
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == "    def f(x):\n        y = 1\n        z"


def test_that_a_fault_is_told_at_its_line_and_its_problem_leads_there(
    window: PartsWindow, page: ModelPage, context: Context
) -> None:
    window.new_part(LOSS)
    window.editor.setPlainText("import keras\n\nclass Mine(keras.losses.Loss:\n    pass\n")
    window.commit()
    assert list(window.editor.faults) == [3]
    assert "smooth_huber.py, line 3: Python cannot read this" in window.fault_text.text()
    window.fault.click()
    assert window.editor.textCursor().blockNumber() == 2
    window.close()
    context.model._find_problems()
    problem = next(each for each in context.model.problems if each.code == "own_part")
    page.problems.problem_chosen.emit(problem)
    assert window.isVisible()
    window.close()
    told = Problem("build", "error", "“mine” cannot be built: smooth_huber.py, line 4: ValueError: too hot.")
    page.problems.problem_chosen.emit(told)
    assert window.isVisible()
    assert window.editor.textCursor().blockNumber() == 3


def test_that_a_test_shows_what_was_found(
    window: PartsWindow, engine: FakeEngine, qtbot: QtBot, context: Context
) -> None:
    facts = {"Output": "8 × 32", "Saved and opened": "same outputs"}
    engine.reply_with(TryPart, PartTried(0, "layers", "Linear", facts))
    window.new_part(LAYER)
    window.trial.button.click()
    qtbot.waitUntil(lambda: "Linear works." in window.trial.said.text())
    assert "8 × 32" in window.trial.facts.text()
    assert engine.last(TryPart).params == {"units": 32}
    told = "linear.py, line 31: ValueError: too hot"
    engine.reply_with(TryPart, PartTried(0, "layers", "Linear", {}, told))
    window.trial.button.click()
    qtbot.waitUntil(lambda: window.trial.said.text() == "Linear does not work yet.")
    assert list(window.editor.faults) == [31]
    assert window.fault_text.text() == told


def test_that_a_place_is_told_once_however_it_was_told_before(
    window: PartsWindow, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reply_with(TryPart, PartTried(0, "layers", "Linear", {}, "Linear: linear.py, line 31: ValueError: too hot"))
    window.new_part(LAYER)
    window.trial.button.click()
    qtbot.waitUntil(lambda: window.fault_text.text() == "linear.py, line 31: ValueError: too hot")


def test_that_escape_leaves_the_code_and_a_second_one_the_window(window: PartsWindow, qtbot: QtBot) -> None:
    window.new_part(LAYER)
    qtbot.keyClick(window.editor, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.focusWidget() is window.trial.button)
    assert window.editor.toPlainText() == LAYER.source
    qtbot.keyClick(window.trial.button, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isVisible())


@pytest.mark.parametrize("template", TEMPLATES)
def test_that_templates_are_read_without_scrolling_sideways(template: Template, window: PartsWindow) -> None:
    window.new_part(template)
    assert window.editor.horizontalScrollBar().maximum() == 0


def test_that_a_test_that_goes_on_can_be_given_up(window: PartsWindow, engine: FakeEngine) -> None:
    window.new_part(LAYER)
    window.trial.button.click()
    engine.receive(Progress(engine.last(TryPart).ticket, "Calling it: Linear"))
    assert window.trial.said.text() == "Calling it: Linear"
    assert window.trial.button.text() == "Stop"
    window.trial.button.click()
    assert engine.last(Cancel).ticket == engine.last(TryPart).ticket
    assert window.trial.button.text() == "Test"


def opened(context: Context, page: ModelPage, name: str = "theirs") -> Project:
    """Somebody's project with a part."""
    project = Project(name=name, parts=(PartSpec("theirs", LAYER.source + "# \u202eback"),))
    folder = ProjectFolder.create(context.document.path.parent / name, project)
    context.document.replace(folder, project)
    return project


def test_that_code_of_a_project_is_off_until_it_is_read_and_allowed(
    page: ModelPage, context: Context, qtbot: QtBot, engine: FakeEngine
) -> None:
    engine.reply_with(Describe, Described(0, ModelSummary()))
    notices: list[Notice] = []
    withdrawn: list[Notice] = []
    context.noticed.connect(notices.append)
    context.withdrawn.connect(withdrawn.append)
    opened(context, page)
    qtbot.waitUntil(lambda: bool(notices))
    assert "off until you allow it" in notices[0].message
    assert notices[0].action is not None
    notices[0].action()
    window = page.findChild(PartsWindow)
    assert isinstance(window, PartsWindow)
    assert window.consent.isVisible()
    assert window.editor.isReadOnly()
    assert "\\u202e" in window.editor.toPlainText()
    assert not window.trial.button.isEnabled()
    qtbot.keyClick(window.files, Qt.Key.Key_Return)
    assert window.consent.isVisible()
    asked = len(engine.of(Describe))
    qtbot.mouseClick(window.consent.button, Qt.MouseButton.LeftButton)
    assert not window.consent.isVisible()
    assert withdrawn == notices
    assert not window.editor.isReadOnly()
    qtbot.waitUntil(lambda: len(engine.of(Describe)) > asked)
    window.withdraw.click()
    assert window.consent.isVisible()


def test_that_removing_and_undoing_allows_nothing(window: PartsWindow, page: ModelPage, context: Context) -> None:
    project = opened(context, page)
    window.remove()
    assert context.document.project.parts == ()
    window.new_part(LOSS)
    assert context.parts.allowed
    context.document.undo_stack.undo()
    context.document.undo_stack.undo()
    assert context.document.project.parts == project.parts
    assert not context.parts.allowed


def test_that_a_file_is_renamed_in_the_list_and_a_bad_name_is_refused(window: PartsWindow, context: Context) -> None:
    window.new_part(LOSS)
    window.files.item(0).setText("my_loss.py")
    assert [part.name for part in context.document.project.parts] == ["my_loss"]
    window.files.item(0).setText("../up")
    assert [part.name for part in context.document.project.parts] == ["my_loss"]
    assert "small letters" in window.fault_text.text()


def test_that_losses_and_callbacks_come_and_go_in_the_choices(
    window: PartsWindow, context: Context, qtbot: QtBot
) -> None:
    hyper = HyperPanel(context)
    qtbot.addWidget(hyper)
    hyper.show()
    loss, callbacks = (hyper.fields.rows[name].editor for name in ("loss", "callbacks"))
    assert isinstance(loss, ObjectEditor)
    assert isinstance(callbacks, ObjectsEditor)
    assert not callbacks.isVisible()
    window.new_part(LOSS)
    window.new_part(CALLBACK)
    names = [loss.box.itemData(index) for index in range(loss.box.count())]
    assert names[-1] == "SmoothHuber"
    assert callbacks.isVisible()
    assert [callbacks.adder.itemText(index) for index in range(callbacks.adder.count())] == ["RateSteps"]
    callbacks.adder.activated.emit(0)
    assert [each.class_name for each in context.document.project.training.callbacks] == ["RateSteps"]


def test_that_lambda_leads_to_own_parts(page: ModelPage, qtbot: QtBot) -> None:
    palette = page.palette_panel
    palette.search.setText("lambda")
    assert palette.model.item(0).text() == "Layer of your own…"
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    window = page.findChild(PartsWindow)
    assert isinstance(window, PartsWindow)
    assert window.isVisible()
