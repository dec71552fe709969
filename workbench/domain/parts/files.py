"""A project's own parts as files beside an exported script or model."""

from pathlib import Path

from workbench.domain.files import StoreError, read_bounded, write_atomically
from workbench.domain.parts.read import read_part
from workbench.domain.parts.spec import LONGEST_SOURCE, PartSpec
from workbench.domain.parts.used import used_files
from workbench.domain.project import Project

FOLDER = "parts"
PACKAGE = "workbench_parts"
"""Under which the parts are registered with Keras, so that saved models name them the same everywhere."""

_INIT = '"""Parts of the network of its author\'s own, exported by the Workbench."""\n'
_REGISTERED = """

# Added by the Workbench: by these names Keras finds the parts in saved models, once this file is imported.
import keras  # noqa: E402

for _part in ({names},):
    keras.saving.register_keras_serializable("{package}")(_part)
"""


def part_files(project: Project) -> dict[str, str]:
    """The files of the parts that the project uses, by their paths from where the script lies."""
    wanted = set(used_files(project))
    files = {f"{FOLDER}/{part.file}": _module(part) for part in project.parts if part.name in wanted}
    return {f"{FOLDER}/__init__.py": _INIT, **files} if files else {}


def write_parts(folder: Path, project: Project, *, overwrite: bool = False) -> tuple[Path, ...]:
    """Write these files into a folder; those that are there already with the same text stay. Gives their paths.

    Raises StoreError where another file has such a name, having written nothing; OSError.
    """
    files = {folder / name: text.encode() for name, text in part_files(project).items()}
    wanted = {path: content for path, content in files.items() if not _is_there(path, content)}
    for path in wanted:
        if path.exists() and not overwrite and path.name != "__init__.py":
            raise StoreError(
                f"{path} is there already, and is not the part of this project. Choose another folder, or allow to "
                "overwrite it."
            )
    for path, content in wanted.items():
        if path.name == "__init__.py" and path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    return tuple(files)


def _is_there(path: Path, content: bytes) -> bool:
    try:
        return path.is_file() and read_bounded(path, 8 * LONGEST_SOURCE) == content
    except StoreError:
        return False


def _module(part: PartSpec) -> str:
    offered = [each.entry for each in read_part(part).parts if each.entry.category != "callbacks"]
    source = part.source if part.source.endswith("\n") else f"{part.source}\n"
    if not offered:
        return source
    return source + _REGISTERED.format(names=", ".join(entry.name for entry in offered), package=PACKAGE)
