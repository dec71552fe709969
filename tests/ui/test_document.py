"""The open project: edits, undo, autosave, recovery."""

from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.ui.document import Document, Edit


def renamed(name: str) -> Edit:
    return lambda project: msgspec.structs.replace(project, name=name)


def test_that_an_edit_can_be_undone_and_redone_under_its_name(document: Document) -> None:
    before = document.project
    document.apply("Rename project", renamed("other"))
    assert document.project.name == "other"
    assert document.undo_stack.undoText() == "Rename project"
    document.undo_stack.undo()
    assert document.project is before
    document.undo_stack.redo()
    assert document.project.name == "other"


def test_that_an_edit_that_changes_nothing_leaves_no_trace(document: Document) -> None:
    document.apply("Rename project", renamed(document.project.name))
    assert not document.undo_stack.canUndo()


def test_that_typing_in_one_field_is_undone_in_one_go(document: Document) -> None:
    before = document.project
    for name in ("a", "ab", "abc"):
        document.apply("Rename project", renamed(name), merge_key="name")
    document.undo_stack.undo()
    assert document.project is before


def test_that_edits_with_other_merge_keys_stay_apart(document: Document) -> None:
    document.apply("Rename project", renamed("a"), merge_key="name")
    document.apply("Rename project", renamed("b"), merge_key="other")
    document.undo_stack.undo()
    assert document.project.name == "a"


def test_that_views_hear_what_was_and_what_is(document: Document, qtbot: QtBot) -> None:
    before = document.project
    with qtbot.waitSignal(document.changed) as heard:
        document.apply("Rename project", renamed("other"))
    assert heard.args == [before, document.project]


def test_that_edits_are_kept_without_saving(document: Document, qtbot: QtBot) -> None:
    document.folder.save(document.project)
    document.apply("Rename project", renamed("kept"))
    qtbot.waitUntil(lambda: ProjectFolder(document.path).recovery() is not None, timeout=5000)
    recovered = ProjectFolder(document.path).recovery()
    assert recovered is not None
    assert recovered.name == "kept"


def test_that_saving_leaves_nothing_to_recover(document: Document) -> None:
    document.apply("Rename project", renamed("kept"))
    document.autosave()
    assert document.save()
    assert document.undo_stack.isClean()
    assert ProjectFolder(document.path).recovery() is None
    assert ProjectFolder(document.path).load().name == "kept"


def test_that_a_full_disk_is_told_and_loses_nothing(
    document: Document, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_project: Project) -> None:
        raise OSError(28, "No space left on device")

    document.apply("Rename project", renamed("kept"))
    monkeypatch.setattr(document.folder, "save", full)
    with qtbot.waitSignal(document.failed) as told:
        assert not document.save()
    assert "No space left" in told.args[0]
    assert document.project.name == "kept"
    assert not document.undo_stack.isClean()


def test_that_another_project_begins_without_the_edits_of_the_last(document: Document, tmp_path: Path) -> None:
    document.apply("Rename project", renamed("other"))
    document.replace(ProjectFolder(tmp_path / "next"), Project(name="next"))
    assert document.project.name == "next"
    assert not document.undo_stack.canUndo()
