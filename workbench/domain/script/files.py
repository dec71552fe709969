"""The script as a file, with the kept weights that it reads beside it."""

from pathlib import Path

from workbench.domain.dataset import DatasetInfo
from workbench.domain.files import write_atomically
from workbench.domain.parts.files import write_parts
from workbench.domain.project import Project
from workbench.domain.script.export import export_script
from workbench.domain.sealed import copy_models, paths_of
from workbench.domain.summary import ModelSummary
from workbench.domain.weights import copy_files, files_of


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
    write_parts(path.parent, project, overwrite=overwrite)
    copy_files(folder, path.parent, files_of(project.model))
    copy_models(folder, path.parent, paths_of(project.model))
    write_atomically(path, export_script(project, info, summary).encode("utf-8", "backslashreplace"))
