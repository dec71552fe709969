"""Data from a file of Python code on the Data page: shown before it runs, made from a template, edited, run again."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from fake_engine import FakeEngine
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot
from shown_data import DIGITS

from workbench.domain.dataset import DatasetSpec, SourceSpec, Split
from workbench.domain.edits import set_data
from workbench.domain.project import Project
from workbench.domain.resources import resource
from workbench.domain.store import ProjectFolder
from workbench.protocol.commands import Cancel, InspectFile, LoadData
from workbench.protocol.events import DataLoaded, Failed, FileInspected
from workbench.ui.context import Context, Notice
from workbench.ui.files import Files
from workbench.ui.pages.data.page import DataPage
from workbench.ui.widgets.progress_text import progress_text

CODE = "def load():\n    return [[1, 2]] * 9, list('abc' * 3)\n"
PROJECT = Project(name="strange", data=DatasetSpec(SourceSpec("python", {"path": "data.py"})))


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> Iterator[DataPage]:
    made = DataPage(context)
    qtbot.addWidget(made)
    made.resize(QSize(1280, 740))
    made.show()
    yield made
    made.close()


@pytest.fixture
def strange(tmp_path: Path) -> ProjectFolder:
    folder = ProjectFolder.create(tmp_path / "strange", PROJECT)
    (folder.path / "data.py").write_text(CODE, encoding="utf-8")
    return folder


def test_that_a_strangers_code_is_shown_and_runs_only_once_it_is_allowed(
    page: DataPage, context: Context, engine: FakeEngine, strange: ProjectFolder, qtbot: QtBot
) -> None:
    context.document.replace(strange, PROJECT)
    consent = page.samples.consent
    assert page.samples.views.currentWidget() is consent
    assert consent.text.toPlainText() == CODE
    assert "data.py" in consent.heading.text()
    assert not engine.of(LoadData)
    assert not page.samples.message.isVisible()
    qtbot.mouseClick(consent.button, Qt.MouseButton.LeftButton)
    assert engine.last(LoadData).spec == PROJECT.data
    qtbot.waitUntil(lambda: context.data.info is not None)
    assert page.samples.views.currentWidget() is page.samples.gallery
    context.document.replace(strange, PROJECT)
    assert len(engine.of(LoadData)) == 2, "what was allowed once is not asked for again"


@pytest.mark.parametrize("mine", [True, False])
def test_that_changed_code_is_asked_for_again_unless_it_is_the_persons_own(
    page: DataPage, context: Context, engine: FakeEngine, strange: ProjectFolder, qtbot: QtBot, mine: bool
) -> None:
    context.document.replace(strange, PROJECT)
    page.samples.consent.mine.setChecked(mine)
    qtbot.mouseClick(page.samples.consent.button, Qt.MouseButton.LeftButton)
    changed = CODE + "# changed\n"
    (strange.path / "data.py").write_text(changed, encoding="utf-8")
    qtbot.mouseClick(page.sources.code.again, Qt.MouseButton.LeftButton)
    assert len(engine.of(LoadData)) == 1 + mine
    assert (page.samples.views.currentWidget() is page.samples.consent) != mine
    if not mine:
        assert page.samples.consent.text.toPlainText() == changed
        assert not page.samples.consent.mine.isChecked()


def test_that_a_permission_that_cannot_be_kept_is_told(
    page: DataPage, context: Context, engine: FakeEngine, strange: ProjectFolder, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    told: list[str] = []
    context.document.failed.connect(told.append)
    context.document.replace(strange, PROJECT)
    monkeypatch.setattr("workbench.domain.trust.write_atomically", refuse)
    qtbot.mouseClick(page.samples.consent.button, Qt.MouseButton.LeftButton)
    assert not engine.of(LoadData)
    assert told == ["That could not be kept: Permission denied"]
    assert page.samples.consent.isVisible()


def test_that_a_new_data_file_is_an_example_that_runs_without_a_question(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    page.sources.code_menu.actions()[0].trigger()
    assert context.document.project.data.source == SourceSpec("python", {"path": "data.py"})
    assert (context.document.path / "data.py").read_bytes() == resource("data_file.py").read_bytes()
    assert engine.last(LoadData).spec == context.document.project.data
    assert page.samples.views.currentWidget() is not page.samples.consent
    qtbot.mouseClick(page.sources.code.new, Qt.MouseButton.LeftButton)
    assert context.document.project.data.source.params == {"path": "data-2.py"}
    context.document.undo_stack.undo()
    context.document.undo_stack.undo()
    assert context.document.project.data.source.kind == "digits"
    assert page.sources.code.isHidden()


def test_that_the_file_opens_in_the_editor_of_the_system(
    page: DataPage, context: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: bool(opened.append(url.toLocalFile())))
    notices: list[str] = []
    context.noticed.connect(lambda notice: notices.append(notice.message))
    page.sources.code_menu.actions()[0].trigger()
    qtbot.mouseClick(page.sources.code.edit, Qt.MouseButton.LeftButton)
    assert opened == [str(context.document.path / "data.py")]
    assert notices == [f"There is no editor for {opened[0]}."]


def test_that_a_file_that_was_chosen_is_asked_about_and_starts_from_the_project(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    path = context.document.path / "mine.py"
    path.write_text(CODE, encoding="utf-8")
    found = FileInspected(0, str(path), SourceSpec("python", {"path": str(path)}), "mine")
    engine.reply_with(InspectFile, found)
    page.sources._open(str(path))
    qtbot.waitUntil(page.samples.consent.isVisible)
    assert context.document.project.data.source.params == {"path": "mine.py"}
    assert page.sources.file.path.text() == "mine.py"


def test_that_a_project_saved_elsewhere_keeps_its_code_and_is_not_asked_about(
    page: DataPage, context: Context, engine: FakeEngine, tmp_path: Path
) -> None:
    page.sources.code_menu.actions()[0].trigger()
    before = len(engine.of(LoadData))
    assert Files(context).save_as(tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere" / "data.py").is_file()
    assert context.data.demand is None
    assert len(engine.of(LoadData)) == before + 1
    context.document.folder.unlock()


def test_that_every_file_of_code_is_asked_about(
    page: DataPage, context: Context, engine: FakeEngine, strange: ProjectFolder, qtbot: QtBot
) -> None:
    (strange.path / "test.py").write_text(CODE + "# test\n", encoding="utf-8")
    split = Split(way="files", test_file="test.py")
    project = msgspec.structs.replace(PROJECT, data=msgspec.structs.replace(PROJECT.data, split=split))
    context.document.replace(strange, project)
    for name in ("data.py", "test.py"):
        assert not engine.of(LoadData)
        assert name in page.samples.consent.heading.text()
        qtbot.mouseClick(page.samples.consent.button, Qt.MouseButton.LeftButton)
    assert engine.last(LoadData).spec == project.data


def test_that_a_load_that_takes_long_can_be_given_up(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reply_with(LoadData, ())
    page.sources.code_menu.actions()[0].trigger()
    assert not page.samples.cancel.isVisible()
    qtbot.waitUntil(page.samples.cancel.isVisible)
    qtbot.mouseClick(page.samples.cancel, Qt.MouseButton.LeftButton)
    assert engine.last(Cancel).ticket == engine.last(LoadData).ticket
    engine.receive(Failed(engine.last(LoadData).ticket, "Cancelled.", cancelled=True))
    assert not page.samples.cancel.isVisible()
    assert context.data.error == "Loading was cancelled."


def test_that_the_samples_from_before_make_room_for_the_code(
    page: DataPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reply_with(LoadData, DataLoaded(0, msgspec.structs.replace(DIGITS, title="again")))
    (context.document.path / "data.py").write_text(CODE, encoding="utf-8")
    assert page.samples.zoom.isVisible()
    context.document.apply("Use", set_data(PROJECT.data))
    assert page.samples.consent.isVisible()
    assert not page.samples.zoom.isVisible()
    assert not page.samples.filter.isVisible()
    context.document.undo_stack.undo()
    assert page.samples.gallery.isVisible()
    assert page.samples.zoom.isVisible()


def test_that_a_permission_is_withdrawn_and_had_back_as_it_was(
    page: DataPage, context: Context, engine: FakeEngine, strange: ProjectFolder, qtbot: QtBot
) -> None:
    told: list[Notice] = []
    context.noticed.connect(told.append)
    context.document.replace(strange, PROJECT)
    withdraw = page.sources.code.withdraw
    assert withdraw.isHidden()
    page.samples.consent.mine.setChecked(True)
    qtbot.mouseClick(page.samples.consent.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(withdraw.isVisible)
    qtbot.mouseClick(withdraw, Qt.MouseButton.LeftButton)
    assert page.samples.consent.isVisible()
    assert page.samples.consent.text.toPlainText() == CODE
    assert withdraw.isHidden()
    assert len(engine.of(LoadData)) == 1
    assert told[-1].action_text == "Undo"
    assert told[-1].action is not None
    told[-1].action()
    assert len(engine.of(LoadData)) == 2
    (strange.path / "data.py").write_text(CODE + "# changed\n", encoding="utf-8")
    context.data.load()
    assert context.data.demand is None, "it is the person's own again"


def test_that_data_that_wait_for_a_permission_are_not_said_to_have_failed(
    page: DataPage, context: Context, strange: ProjectFolder
) -> None:
    context.document.apply("Use", set_data(DatasetSpec(SourceSpec("python", {"path": str(strange.path / "data.py")}))))
    assert progress_text(context)[0] == "The data wait until you allow them. See the Data page."
    assert "wait until you allow them" in page.learned.sentence.text()
    assert "could not" not in page.learned.sentence.text()
