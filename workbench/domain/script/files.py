"""The script as a file, with the kept weights that it reads beside it."""

from pathlib import Path

from workbench.domain import sealed, weights
from workbench.domain.dataset import DatasetInfo
from workbench.domain.files import write_atomically
from workbench.domain.parts import files as parts
from workbench.domain.parts.used import used_files
from workbench.domain.project import Project
from workbench.domain.script.export import export_script
from workbench.domain.summary import ModelSummary


def write_script(
    path: Path,
    project: Project,
    info: DatasetInfo | None,
    summary: ModelSummary | None,
    folder: Path,
    *,
    overwrite: bool = False,
) -> None:
    """Write the script of the project in `folder`; beside it, in folders of their own, its own parts, the weights
    that its layers start with, and its sealed SavedModels. Raises OSError, and StoreError where another file has the
    name of a part."""
    parts.write_parts(path.parent, project, overwrite=overwrite)
    weights.copy_files(folder, path.parent, weights.files_of(project.model))
    sealed.copy_models(folder, path.parent, sealed.paths_of(project.model))
    write_atomically(path, export_script(project, info, summary).encode("utf-8", "backslashreplace"))


def folders_beside(project: Project) -> tuple[str, ...]:
    """The folders that the script of a project reads, and that lie beside it."""
    needed = {
        parts.FOLDER: bool(used_files(project)),
        weights.FOLDER: bool(weights.files_of(project.model)),
        sealed.FOLDER: bool(sealed.paths_of(project.model)),
    }
    return tuple(folder for folder, is_needed in needed.items() if is_needed)
