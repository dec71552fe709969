"""Projects and runs as they are named on the command line."""

from pathlib import Path

from workbench.cli.errors import CommandError
from workbench.domain.project import Project
from workbench.domain.run import RunRecord
from workbench.domain.store import ProjectFolder, StoreError, is_alive, is_resumable


def open_project(text: str) -> tuple[ProjectFolder, Project]:
    """The project in a folder, or that a `project.json` belongs to. Raises CommandError with what is wrong with it."""
    folder = ProjectFolder(text)
    try:
        return folder, folder.load()
    except StoreError as error:
        raise CommandError(str(error)) from error


def create_project(path: Path, project: Project) -> ProjectFolder:
    """A new project. Raises CommandError where one is already, or where it cannot be written."""
    try:
        return ProjectFolder.create(path, project)
    except StoreError as error:
        raise CommandError(str(error)) from error


def choose_run(folder: ProjectFolder, name: str | None) -> RunRecord:
    """The newest run, or the one of this id, name, or beginning of an id. Raises CommandError when there is none."""
    try:
        if name is None:
            return folder.newest_run()
        runs = folder.list_runs()
        exact = [run for run in runs if name in (run.id, run.name)]
        found = exact or [run for run in runs if run.id.startswith(name)]
        if len(found) > 1:
            raise CommandError(f"{len(found)} runs are called {name!r}. Give the whole id of one of them.")
        if not found:
            raise CommandError(f"There is no run {name!r} in {folder.path}. 'workbench runs' lists them.")
        return folder.read_run(found[0].id)
    except StoreError as error:
        raise CommandError(str(error)) from error


def unfinished_run(folder: ProjectFolder, epochs: int | None = None) -> RunRecord:
    """The newest run that was stopped, or whose process ended, before its last epoch; with `epochs` the newest that has
    trained fewer. Raises CommandError when there is none, or when it is still training elsewhere."""
    for record in folder.list_runs():
        if is_alive(record):
            raise CommandError(f"The run {record.id} is training in another process. Stop or close it there first.")
        if is_resumable(record, epochs):
            return record
    raise CommandError(
        "There is no run to go on with: all were finished. Train without --resume, or give more --epochs."
    )


def refuse_project(path: Path) -> None:
    """Raises CommandError where a project is already, before anything is worked out for a new one."""
    folder = ProjectFolder(path)
    if folder.exists():
        raise CommandError(f"{folder.path} has a project already. Choose another folder.")
