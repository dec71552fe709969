"""A project on disk: a folder with `project.json`, what is kept for a recovery, and the runs."""

import shutil
from pathlib import Path
from typing import Any

from workbench.domain import places, project_file, sealed, weights
from workbench.domain.files import StoreError, write_atomically
from workbench.domain.lock import FolderLock
from workbench.domain.places import default_projects_folder, new_working_folder
from workbench.domain.project import Project
from workbench.domain.run_store import RunStore, is_alive, is_resumable

__all__ = [
    "ProjectFolder",
    "StoreError",
    "default_projects_folder",
    "is_alive",
    "is_resumable",
    "new_working_folder",
    "schema",
    "unsaved_projects",
]

PROJECT_FILE = "project.json"
BACKUP_FILE = "project.json.bak"
AUTOSAVE_FILE = "project.autosave.json"
LOCK_FILE = "project.lock"
_MADE_HERE = (PROJECT_FILE, BACKUP_FILE, AUTOSAVE_FILE, LOCK_FILE)


class ProjectFolder(RunStore):
    """One project folder. Errors are StoreError with a sentence for a person, or OSError from writing."""

    def __init__(self, path: Path | str) -> None:
        given = Path(path).expanduser()
        super().__init__((given.parent if given.name == PROJECT_FILE else given).absolute())
        self.file = self.path / PROJECT_FILE
        self._autosave_file = self.path / AUTOSAVE_FILE
        self._lock = FolderLock(self.path / LOCK_FILE)

    @classmethod
    def create(cls, path: Path | str, project: Project) -> "ProjectFolder":
        """A new project in a folder, which is made when it is not there. A project that is there is not overwritten."""
        folder = cls(path)
        if folder.file.exists():
            raise StoreError(f"{folder.path} has a project already. Choose another folder.")
        try:
            folder.path.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise StoreError(f"{folder.path} is a file, not a folder. Choose another name.") from None
        except OSError as error:
            raise StoreError(f"The folder {folder.path} cannot be made: {error.strerror or error}.") from error
        folder.save(project)
        return folder

    def exists(self) -> bool:
        """Whether there is a project file."""
        return self.file.is_file()

    def load(self) -> Project:
        """The project as it was saved. Raises StoreError; whatever is wrong with the file, it is left untouched."""
        if not self.path.exists():
            raise StoreError(f"{self.path} is not there. Check the path.")
        if not self.path.is_dir():
            raise StoreError(
                f"{self.path} is not the folder of a project. Choose the folder that has a {PROJECT_FILE}."
            )
        if not self.file.exists():
            raise StoreError(f"{self.path} has no {PROJECT_FILE}, so it is not a project. Choose another folder.")
        return project_file.read(self.file)

    def save(self, project: Project) -> None:
        """Write the project file; the one before stays as a backup. Nothing is left to recover then. Raises OSError."""
        data = project_file.encode(project)
        before = self.file.read_bytes() if self.file.exists() else None
        if before is not None and before != data:
            write_atomically(self.path / BACKUP_FILE, before)
        if before != data:
            write_atomically(self.file, data)
        self.discard_recovery()

    def autosave(self, project: Project) -> None:
        """Keep the unsaved state beside the project file. Raises OSError."""
        write_atomically(self._autosave_file, project_file.encode(project))

    def recovery(self) -> Project | None:
        """What was not saved when the process that had this project open died; None when nothing was lost."""
        try:
            kept = self._autosave_file.stat().st_mtime_ns
        except FileNotFoundError:
            return None
        if self._lock.owner() is not None:
            return None
        try:
            project = project_file.read(self._autosave_file)
        except StoreError:
            return None  # Autosaves are written whole, so this one is not ours; the saved project is what counts.
        if not self.file.exists():
            return project
        is_older = kept < self.file.stat().st_mtime_ns
        return None if is_older or project == self._saved() else project

    def _saved(self) -> Project | None:
        """What the project file says, however it is laid out; None when it cannot be read."""
        try:
            return project_file.read(self.file)
        except StoreError:
            return None

    def discard_recovery(self) -> None:
        """Forget the unsaved state."""
        self._autosave_file.unlink(missing_ok=True)

    def lock(self, force: bool = False) -> None:
        """Say that this process has the project open. Raises StoreError when another living one has, unless forced."""
        self._lock.take(force)

    def unlock(self) -> None:
        """Say that this process has the project open no longer."""
        self._lock.release()

    def is_locked_elsewhere(self) -> bool:
        """Whether another living process has the project open."""
        return self._lock.owner() is not None

    def copy_to(self, path: Path | str, project: Project) -> "ProjectFolder":
        """A new project folder with all runs of this one, the weights kept for its layers, and with the files that the
        person keeps in it for the project. Refused while one of the runs trains."""
        if self.has_living_run():
            raise StoreError("The project is training. Stop or pause and close the run, then save it elsewhere.")
        target = ProjectFolder(path)
        if target.runs_folder.exists():
            raise StoreError(f"{target.path} has runs of another project. Choose another folder.")
        copy = ProjectFolder.create(path, project)
        if self.runs_folder.is_dir():
            shutil.copytree(self.runs_folder, copy.runs_folder)
        weights.copy_all(self.path, copy.path)
        sealed.copy_all(self.path, copy.path)
        for own in self._own_files(project):
            if own.is_dir():
                shutil.copytree(own, copy.path / own.name, symlinks=True)
            else:
                shutil.copy2(own, copy.path / own.name)
        return copy

    def _own_files(self, project: Project) -> list[Path]:
        """What goes along: of a project without a place of its own all that lies in its folder, which is deleted then;
        of another one the data that lie in it."""
        if places.unsaved_folder() in self.path.parents:
            made_here = {*_MADE_HERE, self.runs_folder.name, self.trash_folder.name, weights.FOLDER, sealed.FOLDER}
            return [path for path in self.path.iterdir() if path.name not in made_here and path.name[0] != "."]
        given = Path(str(project.data.source.params.get("path") or ""))
        if given.is_absolute() or not given.parts or ".." in given.parts:
            return []
        path = self.path / given.parts[0]
        return [path] if path.exists() else []

    def remove(self) -> None:
        """Delete an unsaved project with its runs, for good. Refused for a project that a person keeps elsewhere."""
        if places.unsaved_folder() not in self.path.parents:
            raise StoreError(f"{self.path} is a project of your own, so it is not deleted.")
        if self.path.exists():
            shutil.rmtree(self.path)

    def empty_trash(self) -> None:
        """Delete for good the runs that a person deleted."""
        if self.trash_folder.is_dir():
            shutil.rmtree(self.trash_folder)


def unsaved_projects() -> list[ProjectFolder]:
    """Projects without a place of their own that no living window has open, newest first."""
    folders = [ProjectFolder(path) for path in places.unsaved_folder().iterdir() if path.is_dir()]
    idle = [folder for folder in folders if folder.exists() and not folder.is_locked_elsewhere()]
    return sorted(idle, key=lambda folder: folder.file.stat().st_mtime_ns, reverse=True)


def schema() -> dict[str, Any]:
    """The JSON schema of a project file."""
    return project_file.schema()
