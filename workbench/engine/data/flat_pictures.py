"""Pictures that lie in a folder without sub-folders: they have no classes, so the pictures themselves are learned."""

from pathlib import Path

from workbench.engine.data.class_folders import folders_of
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_folder
from workbench.engine.data.limits import MAX_PICTURES
from workbench.engine.data.pictures import SUFFIXES


def is_flat(root: Path) -> bool:
    """Whether there are pictures here, but no sub-folders. Raises DataError when the folder cannot be read."""
    check_folder(root)
    return not folders_of(root) and any(True for _ in _pictures(root))


def list_flat(root: Path) -> tuple[Path, ...]:
    """The pictures in the order of their names. Raises DataError when there are too many."""
    found = tuple(sorted(_pictures(root)))
    if len(found) > MAX_PICTURES:
        raise DataError(
            f"{root.name} has {len(found)} pictures; at most {MAX_PICTURES} can be loaded. Use a part of them."
        )
    return found


def _pictures(root: Path) -> list[Path]:
    try:
        return [path for path in root.iterdir() if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")]
    except OSError as error:
        raise DataError(f"{root.name} cannot be read: {error.strerror or error}. Check it.", str(root)) from error
