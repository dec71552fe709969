"""Whatever is done, undoing all of it gives the project back as it was, and redoing all of it what it was last."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from random_edits import an_edit

from workbench.domain.edits import EditError
from workbench.domain.project import Project
from workbench.domain.project_file import decode, encode
from workbench.domain.samples import samples
from workbench.domain.store import ProjectFolder
from workbench.domain.tree import walk
from workbench.ui.document import Document

CALM = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.fixture
def opened(qapp: QApplication, tmp_path: Path) -> Iterator[Document]:
    document = Document(ProjectFolder(tmp_path), Project())
    yield document
    document._autosave.stop()


def edit_and_undo(document: Document, data: st.DataObject, steps: int) -> None:
    before = data.draw(st.sampled_from([entry.project for entry in samples()]))
    document.replace(document.folder, before)
    for _ in range(data.draw(st.integers(1, steps))):
        edit = data.draw(an_edit(document.project))
        try:
            document.apply(edit.name, edit.apply)
        except EditError:
            continue
        ids = [node.id for node in walk(document.project.model.nodes)]
        assert len(set(ids)) == len(ids)
    last = document.project
    assert decode(encode(last), "project") == last
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert document.project is before
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
    assert document.project is last
    document._autosave.stop()


@settings(max_examples=40, suppress_health_check=CALM)
@given(data=st.data())
def test_that_some_edits_are_undone_and_redone_exactly(opened: Document, data: st.DataObject) -> None:
    edit_and_undo(opened, data, 12)


@pytest.mark.slow
@pytest.mark.timeout(1500)
@settings(max_examples=3000, suppress_health_check=CALM)
@given(data=st.data())
def test_that_thousands_of_edits_are_undone_and_redone_exactly(opened: Document, data: st.DataObject) -> None:
    edit_and_undo(opened, data, 20)
