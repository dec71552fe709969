"""Weights that nothing needs are removed from the Model page, and layers that are pasted bring theirs along."""

from collections.abc import Callable
from pathlib import Path

import pytest
from drawn_networks import PICTURES
from fake_engine import FakeEngine
from model_pages import shown_page
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from workbench.domain import weights
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import set_starts
from workbench.domain.edits.start import start_of
from workbench.domain.project import Project
from workbench.domain.project_file import encode
from workbench.domain.run import RunRecord
from workbench.domain.store import ProjectFolder
from workbench.domain.tree import ModelTree, Start, walk
from workbench.ui.context import Context, Notice
from workbench.ui.pages.model.mime import read_drop, write_nodes
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.pages.runs.actions import RunActions


@pytest.fixture
def project() -> Project:
    return Project(name="pictures", data=DatasetSpec(SourceSpec("digits")), model=PICTURES)


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> ModelPage:
    QGuiApplication.clipboard().clear()
    return shown_page(context, engine, qtbot)


def told(context: Context, qtbot: QtBot, act: Callable[[], object]) -> Notice:
    with qtbot.waitSignal(context.noticed) as signal:
        act()
    notice = signal.args[0]
    assert isinstance(notice, Notice)
    return notice


def start(context: Context, name: str, file: str) -> None:
    context.document.apply("Start", set_starts({name: Start(file, ("a",))}))


def test_that_unused_weights_are_told_removed_and_brought_back(page: ModelPage, context: Context, qtbot: QtBot) -> None:
    folder, look = context.document.path, page.network_actions.by_name["unused_weights"].trigger
    assert "keeps no weights" in told(context, qtbot, look).message
    files = [weights.keep(folder, bytes([number]) * 3000) for number in range(4)]
    used, undone, copied, unused = files
    start(context, "conv", used)
    assert told(context, qtbot, look).message.startswith(
        "Kept weights that nothing needs any more: 3 files with 8.79 KB"
    )
    start(context, "norm", undone)
    context.document.undo_stack.undo()
    start(context, "conv2", copied)
    page.view.choose(("conv2",))
    page.commands.copy()
    context.document.undo_stack.undo()
    start(context, "dense", used)  # what could be done again is forgotten now
    notice = told(context, qtbot, look)
    assert notice.message.startswith("Kept weights that nothing needs any more: 2 files with 5.86 KB.")
    assert "undo or by copied layers, until the project is opened anew: 1 file with 2.93 KB." in notice.message
    assert notice.action is not None
    done = told(context, qtbot, notice.action)
    assert {path.name for path in (folder / "weights").iterdir()} == {used, copied}
    assert {path.name for path in (folder / "trash" / "weights").iterdir()} == {undone, unused}
    assert done.action_text == "Undo"
    assert done.action is not None
    told(context, qtbot, done.action)
    assert {path.name for path in (folder / "weights").iterdir()} == set(files)


def test_that_an_undo_keeps_its_weights(page: ModelPage, context: Context, qtbot: QtBot) -> None:
    file = weights.keep(context.document.path, b"numbers")
    start(context, "conv", file)
    start(context, "conv", "0" * 32 + ".npz")
    notice = told(context, qtbot, page.kept_weights.look_through)
    assert notice.action is None
    assert notice.message.startswith("All kept weights are needed: 1 file with 7 B.")
    context.document.replace(context.document.folder, context.document.project)
    assert told(context, qtbot, page.kept_weights.look_through).action is not None


def test_that_an_undo_since_it_was_told_is_minded(page: ModelPage, context: Context, qtbot: QtBot) -> None:
    file = weights.keep(context.document.path, b"numbers")
    notice = told(context, qtbot, page.kept_weights.look_through)
    start(context, "conv", file)
    assert notice.action is not None
    told(context, qtbot, notice.action)
    assert weights.path_of(context.document.path, file).exists()


def copied(tmp_path: Path) -> tuple[QMimeData, str]:
    """A layer of another project, on its way, and the name of its weights."""
    other = ProjectFolder.create(tmp_path / "other", Project(name="other"))
    file = weights.keep(other.path, b"weights of another project")
    tree = set_starts({"dense": Start(file, ("a",))})(Project(model=PICTURES)).model
    return write_nodes(tree, ("dense",), other.path), file


def starts(tree: ModelTree) -> list[str]:
    return [found.file for node in walk(tree.nodes) if (found := start_of(node)) is not None]


def test_that_layers_pasted_from_another_project_bring_their_weights(
    page: ModelPage, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    data, file = copied(tmp_path)
    assert str(tmp_path) not in data.text(), "the text may be put into a letter"
    QGuiApplication.clipboard().setMimeData(data)
    page.commands.paste()
    qtbot.waitUntil(lambda: starts(context.document.project.model) == [file])
    assert weights.path_of(context.document.path, file).read_bytes() == b"weights of another project"
    assert context.document.undo_stack.count() == 1


def test_that_layers_dragged_from_another_project_bring_their_weights_too(
    page: ModelPage, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    data, file = copied(tmp_path)
    drop = read_drop(data, ModelTree())
    assert drop is not None
    page.commands.drop(drop, None, 0, drop.nodes)
    qtbot.waitUntil(lambda: starts(context.document.project.model) == [file])
    assert weights.path_of(context.document.path, file).is_file()
    page.view.choose(("dense",))
    own = page.network.model.mimeData([page.network.model.index_of("dense")])
    again = read_drop(own, ModelTree())
    assert again is not None
    assert again.folder == str(context.document.path)


def test_that_layers_come_without_weights_that_are_not_what_they_say(
    page: ModelPage, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    data, file = copied(tmp_path)
    weights.path_of(tmp_path / "other", file).write_bytes(b"changed since")
    QGuiApplication.clipboard().setMimeData(data)
    page.commands.paste()
    qtbot.waitUntil(lambda: starts(context.document.project.model) == [file])
    assert not weights.path_of(context.document.path, file).exists()


def test_that_what_is_no_name_of_weights_reaches_no_other_file(
    page: ModelPage, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    tree = set_starts({"dense": Start("../secret", ("a",))})(Project(model=PICTURES)).model
    QGuiApplication.clipboard().setMimeData(write_nodes(tree, ("dense",), tmp_path))
    assert "could not be copied" in told(context, qtbot, page.commands.paste).message
    assert starts(context.document.project.model) == ["../secret"]


def test_that_a_project_made_of_a_run_gets_the_weights_that_its_layers_start_with(
    context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = context.document.folder
    file = weights.keep(folder.path, b"numbers")
    trained = set_starts({"conv": Start(file, ("a",))})(context.document.project)
    record = RunRecord(id="r", name="Run 1", status="ended", started="2026-01-01", seed=0, epochs_planned=1)
    folder.create_run(record, {"project.json": encode(trained)})
    actions = RunActions(context)
    with qtbot.waitSignal(context.project_wanted):
        actions.open_as_project(record, tmp_path / "new")
    assert starts(ProjectFolder(tmp_path / "new").load().model) == [file]
    assert weights.path_of(tmp_path / "new", file).read_bytes() == b"numbers"
