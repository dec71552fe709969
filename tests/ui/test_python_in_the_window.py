"""Python in the window: pasted into the network, and opened as a model. Nothing of it is ever run."""

from pathlib import Path

import pytest
from drawn_networks import PICTURES
from fake_engine import FakeEngine, recorded
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from workbench.domain.project import Project
from workbench.domain.tree import Block, Input, Layer, ModelTree, walk
from workbench.protocol.commands import Describe
from workbench.ui.context import Context
from workbench.ui.files import Files
from workbench.ui.pages.model import PAGE
from workbench.ui.pages.model.page import ModelPage

LINES = """
    layers.Dense(64, activation="relu"),
    layers.Dropout(rate),
"""
SCRIPT = """
model = Sequential([Input((8, 8, 1)), Conv2D(8, 3), Flatten(), Dense(10, activation="softmax")])
model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
model.fit(x, y, epochs=3)
"""


@pytest.fixture
def project() -> Project:
    return Project(model=PICTURES)


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> ModelPage:
    engine.reply_with(Describe, recorded("described_pictures"))
    made = PAGE.make(context)
    assert isinstance(made, ModelPage)
    qtbot.addWidget(made)
    made.resize(1180, 690)
    made.show()
    with qtbot.waitSignal(context.model.changed):
        context.model.describe()
    return made


def paste(page: ModelPage, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    page.network_actions.by_name["paste"].trigger()


def test_that_lines_of_python_come_behind_the_selection_in_one_step(
    page: ModelPage, context: Context, qtbot: QtBot
) -> None:
    page.view.choose(("features",))
    with qtbot.waitSignal(context.noticed) as told:
        paste(page, LINES)
    nodes = context.document.project.model.nodes
    assert [node.class_name for node in nodes[1:3] if isinstance(node, Layer)] == ["Dense", "Dropout"]
    assert context.document.undo_stack.undoText() == "Paste from Python"
    message = told.args[0].message
    assert message.startswith("2 layers were read from Python. Line 3: rate of Dropout is `rate`")
    assert told.args[0].severity == "warning"
    context.document.undo_stack.undo()
    assert context.document.project.model == PICTURES


def test_that_a_whole_model_comes_without_its_input_into_a_network_that_has_layers(
    page: ModelPage, context: Context
) -> None:
    paste(page, SCRIPT)
    nodes = context.document.project.model.nodes
    assert not any(isinstance(node, Input) for node in walk(nodes))
    assert [node.class_name for node in nodes[-3:] if isinstance(node, Layer)] == ["Conv2D", "Flatten", "Dense"]
    assert isinstance(nodes[0], Block)
    assert context.document.project.training.epochs == 20


def test_that_an_empty_network_becomes_the_pasted_one_with_its_training(page: ModelPage, context: Context) -> None:
    context.document.apply("Empty", lambda project: Project(model=ModelTree(), data=project.data))
    paste(page, SCRIPT)
    project = context.document.project
    assert isinstance(project.model.nodes[0], Input)
    assert project.training.epochs == 3
    assert project.training.optimizer is not None
    assert project.training.optimizer.class_name == "SGD"


def test_that_python_that_is_wrong_is_told_with_its_line(page: ModelPage, context: Context, qtbot: QtBot) -> None:
    with qtbot.waitSignal(context.noticed) as told:
        paste(page, "model = Sequential()\nmodel.add(Dense(3)\n")
    assert "Line 2" in told.args[0].message
    assert context.document.project.model == PICTURES


def test_that_a_script_opens_as_a_model(context: Context, qtbot: QtBot, tmp_path: Path) -> None:
    files = Files(context)
    path = tmp_path / "course.py"
    path.write_text(SCRIPT)
    with qtbot.waitSignal(context.page_wanted) as wanted:
        files.open_model(path)
    assert wanted.args == ["model"]
    assert context.document.project.name == "course"
    assert context.document.project.training.epochs == 3
    assert context.document.is_temporary


def test_that_a_script_without_a_network_leaves_the_project_open(
    context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "course.py"
    path.write_text("print('hello')\n")
    before = context.document.project
    with qtbot.waitSignal(context.noticed) as told:
        Files(context).open_model(path)
    assert told.args[0].message == "There is no network of Keras in this text."
    assert context.document.project is before
