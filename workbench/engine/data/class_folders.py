"""Folders that have one sub-folder a class, perhaps once for training and once for testing."""

from collections.abc import Collection, Mapping, Sized
from pathlib import Path

from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import MAX_CLASSES

TRAIN = ("train", "training")
TEST = ("test", "testing")


def folders_of(root: Path) -> list[Path]:
    """The sub-folders in sight, by name. Raises DataError when the folder cannot be read."""
    try:
        return sorted(folder for folder in root.iterdir() if folder.is_dir() and not folder.name.startswith("."))
    except OSError as error:
        raise DataError(f"{root.name} cannot be read: {error.strerror or error}. Check it.", str(root)) from error


def check_classes(root: Path, found: Mapping[str, Sized], classes: Collection[str], what: str, hint: str = "") -> None:
    """Raises DataError when there are no two classes, or too many. `found` has the files of each sub-folder, `classes`
    are those with files; `what` the files are ("pictures"), and `hint` how they are known."""
    if not found:
        raise DataError(f"{root.name} has no sub-folders. Put the {what} of each class into a sub-folder of its own.")
    if not classes:
        raise DataError(
            f"No sub-folder of {root.name} has {what}{hint} in it. Choose a folder with one sub-folder a class."
        )
    if len(classes) < 2:
        raise DataError(
            f"Only the sub-folder “{next(iter(classes))}” of {root.name} has {what}, "
            "so there is nothing to tell apart. Add a second class."
        )
    for name in classes:
        if shown_name(name) != name:
            raise DataError(f"The name of the sub-folder “{shown_name(name)}” cannot be read in full. Rename it.")
    if len(classes) > MAX_CLASSES:
        raise DataError(f"{root.name} has {len(classes)} sub-folders; at most {MAX_CLASSES} classes are possible.")


def shown_name(name: str) -> str:
    """The name of a file as text that can be shown and sent, whatever bytes the file system has."""
    return name.encode("utf-8", "replace").decode()
