"""Choosing what a layer takes: another one than that above it, one of several outputs, the states of another."""

import pytest
from drawn_networks import PICTURES
from fake_engine import FakeEngine
from model_pages import shown_page
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import rename, set_model
from workbench.domain.project import Project
from workbench.domain.tree import Layer, ModelTree, Wrapper, find
from workbench.ui.context import Context
from workbench.ui.pages.model.inputs import InputsEditor
from workbench.ui.pages.model.page import ModelPage


@pytest.fixture
def project() -> Project:
    return Project(name="pictures", data=DatasetSpec(SourceSpec("digits")), model=PICTURES)


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> ModelPage:
    return shown_page(context, engine, qtbot)


def reader(node_id: str, class_name: str = "LSTM", **params: bool) -> Layer:
    return Layer(id=node_id, name=node_id, class_name=class_name, params={"units": 4, **params})


def chosen(page: ModelPage, node_id: str) -> InputsEditor:
    page.view.choose((node_id,))
    QTest.qWait(0)
    return page.properties.inputs


def offered(editor: InputsEditor) -> list[str]:
    editor.adder.fill()
    return [editor.adder.itemText(index) for index in range(editor.adder.count())]


def test_that_any_layer_can_take_another_than_the_one_above_and_undo_takes_it_back(
    page: ModelPage, context: Context
) -> None:
    last = context.document.project.model.nodes[-1].id
    editor = chosen(page, last)
    (box,) = editor.boxes
    assert box.currentText() == "What stands above it"
    assert editor.adder.isHidden()
    QTest.keyClick(box, Qt.Key.Key_End)  # the first layer of all
    box.activated.emit(box.currentIndex())
    first = find(context.document.project.model, last).inputs
    assert first == (box.itemData(box.count() - 1),)
    assert "←" in page.view.model().index(page.view.model().rowCount() - 1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    context.document.undo_stack.undo()
    assert find(context.document.project.model, last).inputs == ()


def test_that_a_decoder_starts_with_the_states_of_the_encoder_in_one_step(page: ModelPage, context: Context) -> None:
    page.view.choose((context.document.project.model.nodes[-1].id,))
    page.commands.add(reader("encoder", return_sequences=True))
    page.commands.add(reader("between", "GRU", return_sequences=True))
    page.commands.add(reader("decoder"))
    editor = chosen(page, "decoder")
    assert [text.split("  ·  ")[0] for text in offered(editor)] == ["encoder"], "a GRU has another state"
    editor.adder.activated.emit(0)
    tree = context.document.project.model
    assert find(tree, "decoder").inputs == ("between", "encoder:1", "encoder:2")
    encoder = find(tree, "encoder")
    assert isinstance(encoder, Layer)
    assert encoder.params["return_state"] is True
    QTest.qWait(0)
    assert [box.accessibleName() for box in editor.boxes] == [
        "Takes, number 1, sequence",
        "Takes, number 2, state h",
        "Takes, number 3, state c",
    ]
    assert [box.currentText() for box in editor.boxes[1:]] == ["encoder  ·  state h", "encoder  ·  state c"]
    context.document.undo_stack.undo()
    assert find(context.document.project.model, "decoder").inputs == ()
    assert find(context.document.project.model, "encoder") == reader("encoder", return_sequences=True)


def test_that_a_state_can_go_to_any_layer(page: ModelPage, context: Context) -> None:
    page.view.choose((context.document.project.model.nodes[-1].id,))
    page.commands.add(reader("encoder", return_state=True))
    page.commands.add(Layer(id="answer", class_name="Dense", params={"units": 3}))
    editor = chosen(page, "answer")
    (box,) = editor.boxes
    box.fill()
    box.activated.emit(box.findText("encoder  ·  state c"))
    assert find(context.document.project.model, "answer").inputs == ("encoder:2",)
    QTest.qWait(0)
    assert editor.boxes[0].currentText() == "encoder  ·  state c"


def test_that_attention_says_which_of_its_inputs_is_which(page: ModelPage, context: Context) -> None:
    nodes = (
        reader("one", return_sequences=True),
        reader("two", return_sequences=True),
        Layer(id="look", class_name="Attention", inputs=("two", "one")),
    )
    context.document.apply("Read", set_model(ModelTree(nodes)))
    editor = chosen(page, "look")
    assert [box.accessibleName() for box in editor.boxes] == ["Takes, number 1, query", "Takes, number 2, value"]
    row = editor.boxes[1].parentWidget()
    assert row is not None
    row.findChild(QToolButton).click()
    assert find(context.document.project.model, "look").inputs == ("two",)


def test_that_a_layer_in_a_wrapper_takes_nothing_by_itself(page: ModelPage, context: Context) -> None:
    page.view.choose((context.document.project.model.nodes[-1].id,))
    page.commands.add(Wrapper(id="both", class_name="Bidirectional", child=reader("inside")))
    assert chosen(page, "inside").isHidden()
    assert not chosen(page, "both").isHidden()


def test_that_a_choice_lists_the_layers_as_they_are_called_when_it_is_opened(page: ModelPage, context: Context) -> None:
    nodes = (reader("one"), reader("two"), Layer(id="answer", class_name="Dense", inputs=("one",)))
    context.document.apply("Read", set_model(ModelTree(nodes)))
    editor = chosen(page, "answer")
    (box,) = editor.boxes
    QTest.keyClick(box, Qt.Key.Key_Up)  # chooses without opening; filled by then
    assert box.currentText() == "two  ·  LSTM"
    context.document.apply("Rename", rename("two", "second"))
    QTest.qWait(0)
    QTest.keyClick(editor.boxes[0], Qt.Key.Key_Home)
    texts = [editor.boxes[0].itemText(index) for index in range(editor.boxes[0].count())]
    assert texts == ["What stands above it", "second  ·  LSTM", "one  ·  LSTM"]
