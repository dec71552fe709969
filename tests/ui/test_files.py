"""Opening, saving and coming back: nothing is ever lost, and every refusal is a sentence."""

from pathlib import Path

import msgspec
import pytest
from fake_engine import FakeEngine
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import rename_project, use_data
from workbench.domain.places import default_projects_folder, unsaved_folder
from workbench.domain.project import Project
from workbench.domain.run import RunRecord
from workbench.domain.samples import sample, samples
from workbench.domain.store import ProjectFolder
from workbench.protocol.commands import ImportModel, InspectFile
from workbench.protocol.events import Failed, FileInspected, ModelImported
from workbench.ui.context import Context, Notice
from workbench.ui.files import Files
from workbench.ui.settings import LAST_PROJECT


@pytest.fixture
def files(context: Context) -> Files:
    return Files(context)


@pytest.fixture
def told(context: Context) -> list[Notice]:
    notices: list[Notice] = []
    context.noticed.connect(notices.append)
    return notices


@pytest.fixture
def saved(tmp_path: Path) -> ProjectFolder:
    return ProjectFolder.create(tmp_path / "mine", Project(name="mine"))


def test_that_a_sample_becomes_a_project_with_a_folder(context: Context, files: Files) -> None:
    entry = samples()[0]
    files.open_sample(entry)
    assert context.document.project == entry.project
    assert ProjectFolder(context.document.path).load() == entry.project
    assert context.document.is_temporary


def test_that_a_saved_project_opens(context: Context, files: Files, saved: ProjectFolder) -> None:
    assert files.open(saved.path / "project.json")
    assert context.document.project.name == "mine"
    assert not context.document.is_temporary
    assert files.recent() == [saved.path]


def test_that_a_damaged_project_is_told_and_the_open_one_stays(
    context: Context, files: Files, saved: ProjectFolder, told: list[Notice]
) -> None:
    before = context.document.project
    saved.file.write_text("{ not json", encoding="utf-8")
    assert not files.open(saved.path)
    assert context.document.project is before
    assert told[-1].severity == "bad"
    assert saved.file.read_text(encoding="utf-8") == "{ not json"
    assert not (saved.path / "project.lock").exists(), "a folder that is refused is left as it was"


def test_that_unsaved_changes_are_back_after_a_crash_and_can_be_discarded(
    context: Context, files: Files, saved: ProjectFolder, told: list[Notice]
) -> None:
    saved.autosave(Project(name="changed"))
    files.open(saved.path)
    assert context.document.project.name == "changed"
    assert not context.document.undo_stack.isClean()
    assert told[-1].action is not None
    told[-1].action()
    assert context.document.project.name == "mine"


def test_that_closing_keeps_changes_without_asking(context: Context, files: Files, saved: ProjectFolder) -> None:
    files.open(saved.path)
    context.document.apply("Rename", lambda project: msgspec.structs.replace(project, name="changed"))
    files.close()
    recovered = ProjectFolder(saved.path).recovery()
    assert recovered is not None
    assert recovered.name == "changed"


def test_that_saving_in_a_place_of_its_own_takes_the_runs_along(context: Context, files: Files, tmp_path: Path) -> None:
    files.open_sample(samples()[0])
    old = context.document.folder
    run = RunRecord(id=old.new_run_id(), name="first", status="ended", started="2026-01-01T00:00:00Z", seed=1,
                    epochs_planned=1, reason="completed")  # fmt: skip
    old.create_run(run)
    assert files.save_as(tmp_path / "kept")
    kept = ProjectFolder(tmp_path / "kept")
    assert kept.load().name == "kept"
    assert [record.name for record in kept.list_runs()] == ["first"]
    assert context.document.path == kept.path
    assert not old.path.exists()


def test_that_a_folder_with_something_in_it_is_never_overwritten(
    context: Context, files: Files, tmp_path: Path, told: list[Notice]
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear", encoding="utf-8")
    files.open_sample(samples()[0])
    assert not files.save_as(tmp_path / "full")
    assert "not empty" in told[-1].message
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter.txt"]


def test_that_the_project_of_last_time_opens_again(
    context: Context, files: Files, saved: ProjectFolder, qtbot: QtBot
) -> None:
    context.settings.set(LAST_PROJECT, str(saved.path))
    with qtbot.waitSignal(context.page_wanted) as wanted:
        files.begin(None, None, None, None)
    assert context.document.project.name == "mine"
    assert wanted.args == ["model"]


def test_that_the_first_start_shows_the_welcome(context: Context, files: Files, qtbot: QtBot) -> None:
    with qtbot.waitSignal(context.page_wanted) as wanted:
        files.begin(None, None, None, None)
    assert wanted.args == ["welcome"]


def test_that_a_file_of_ones_own_is_looked_into_and_used(
    context: Context, files: Files, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    source = SourceSpec("csv", {"path": str(tmp_path / "birds.csv")})
    engine.reply_with(
        InspectFile, FileInspected(0, str(tmp_path / "birds.csv"), source, "birds", suggested_target="kind")
    )
    with qtbot.waitSignal(context.page_wanted) as wanted:
        files.open_any(tmp_path / "birds.csv")
    assert wanted.args == ["data"]
    assert context.document.project.data == DatasetSpec(source, target="kind")


def test_that_a_file_that_cannot_be_read_is_told_and_the_data_stay(
    context: Context, files: Files, engine: FakeEngine, qtbot: QtBot, told: list[Notice], tmp_path: Path
) -> None:
    before = context.document.project
    engine.reply_with(InspectFile, Failed(0, "birds.csv has no rows. Choose another file."))
    files.open_any(tmp_path / "birds.csv")
    qtbot.waitUntil(lambda: bool(told))
    assert told[-1].message.startswith("birds.csv has no rows")
    assert context.document.project is before


def test_that_a_model_opens_as_a_new_project(
    context: Context, files: Files, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = ProjectFolder.create(unsaved_folder() / "imported", Project(name="imported"))
    engine.reply_with(ImportModel, ModelImported(0, str(folder.path), Project(name="imported"), "run"))
    with qtbot.waitSignal(context.page_wanted) as wanted:
        files.open_any(tmp_path / "net.keras")
    assert wanted.args == ["inspect"]
    assert context.document.project.name == "imported"


def test_that_the_folder_of_a_saved_model_opens_as_a_model(
    context: Context, files: Files, engine: FakeEngine, tmp_path: Path
) -> None:
    (tmp_path / "saved_model.pb").touch()
    for path in (tmp_path, tmp_path / "saved_model.pb"):
        files.open_any(path)
        assert engine.last(ImportModel).path == str(path)


def test_that_a_model_without_data_says_which_stand_in(
    context: Context, files: Files, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = ProjectFolder.create(unsaved_folder() / "foreign", Project(name="foreign"))
    engine.reply_with(ImportModel, ModelImported(0, str(folder.path), Project(name="foreign"), "run", has_data=False))
    told: list[Notice] = []
    context.noticed.connect(told.append)
    with qtbot.waitSignal(context.page_wanted) as wanted:
        files.open_any(tmp_path / "net.h5")
    assert wanted.args == ["model"]
    qtbot.waitUntil(lambda: bool(told))
    assert "“Handwritten digits” stand in" in told[-1].message
    assert told[-1].action is not None
    with qtbot.waitSignal(context.page_wanted) as turned:
        told[-1].action()
    assert turned.args == ["data"]


def test_that_the_file_that_a_quick_start_waits_for_leaves_the_rest_as_it_is(
    context: Context, engine: FakeEngine, files: Files, qtbot: QtBot, tmp_path: Path
) -> None:
    files.open_sample(sample("keras_imdb"))
    before = context.document.project.data
    path = str(tmp_path / "imdb.npz")
    engine.reply_with(InspectFile, FileInspected(0, path, SourceSpec("keras_imdb", {"path": path}), "imdb"))
    with qtbot.waitSignal(context.page_wanted):
        files.open_data(tmp_path / "imdb.npz")
    after = context.document.project.data
    assert after.source.params == {"output": "multi_hot", "path": path}
    assert (after.split, after.scaling) == (before.split, before.scaling)
    other = SourceSpec("keras_reuters", {"path": path})
    engine.reply_with(InspectFile, FileInspected(0, path, other, "reuters"))
    with qtbot.waitSignal(context.page_wanted):
        files.open_data(tmp_path / "reuters.npz")
    assert context.document.project.data == DatasetSpec(other)


def test_that_a_sample_that_nobody_touched_leaves_nothing_behind(context: Context, files: Files) -> None:
    files.open_sample(samples()[0])
    first = context.document.path
    files.open_sample(samples()[1])
    assert not first.exists()


def test_that_work_on_a_sample_is_kept_and_offered_again(context: Context, files: Files) -> None:
    files.open_sample(samples()[0])
    first, name = context.document.path, context.document.project.name
    context.document.apply("Rename", lambda project: msgspec.structs.replace(project, model=samples()[1].project.model))
    files.open_sample(samples()[1])
    assert files.unsaved() == [(name, first)]
    assert files.open(first)
    assert context.document.project.model == samples()[1].project.model


def test_that_asking_for_a_sample_again_comes_back_to_the_work_on_it(context: Context, files: Files) -> None:
    entry = samples()[0]
    files.begin(None, None, entry.id, None)
    context.document.apply("Rename", lambda project: msgspec.structs.replace(project, model=samples()[1].project.model))
    folder = context.document.path
    files.close()
    Files(context).begin(None, None, entry.id, None)
    assert context.document.path == folder
    assert context.document.project.model == samples()[1].project.model


def test_that_a_sample_nobody_named_is_called_as_the_data_it_gets(
    context: Context, files: Files, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "houses.csv"
    path.write_text("a,b\n1,2\n")
    engine.reply_with(InspectFile, FileInspected(0, str(path), SourceSpec("csv", {"path": str(path)}), "houses"))
    files.open_sample(next(entry for entry in samples() if entry.id == "iris"))
    files.open_data(path)
    qtbot.waitUntil(lambda: context.document.project.name == "houses")
    wine = DatasetSpec(SourceSpec("wine"))
    context.document.apply("Use", use_data(wine, named=not context.document.is_temporary))
    assert context.document.project.name == "Wine"
    context.document.undo_stack.undo()
    context.document.undo_stack.undo()
    assert context.document.project.name == "Iris", "the name comes back with the data"


def test_that_a_project_with_a_name_keeps_it_whatever_its_data(
    context: Context, files: Files, saved: ProjectFolder
) -> None:
    files.open_sample(next(entry for entry in samples() if entry.id == "iris"))
    wine = DatasetSpec(SourceSpec("wine"))
    assert use_data(wine, named=True)(context.document.project).name == "Iris", "saved under this name"
    context.document.apply("Rename", rename_project("My flowers"))
    assert use_data(wine, named=False)(context.document.project).name == "My flowers"


def test_that_a_sample_with_files_opens_with_them(context: Context, files: Files) -> None:
    files.open_sample(sample("pictures_folder"))
    folder = Path(context.document.path)
    assert (folder / "pictures" / "circle").is_dir()
    files.open_sample(samples()[0])
    assert not folder.exists()  # untouched, it opens again from the welcome


def test_that_opening_starts_in_a_folder_that_is_there(files: Files, qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    folder = default_projects_folder()
    assert not folder.exists(), "nothing was saved yet"
    files.ask_open(page)
    (dialog,) = page.findChildren(QFileDialog)
    assert Path(dialog.directory().absolutePath()) == folder.parent
    assert dialog.selectedFiles() in ([], [str(folder.parent)]), "and not the name of the folder that is missing"
    dialog.close()
