"""Finds and reads the texts of a folder that has one sub-folder a class."""

from dataclasses import dataclass
from pathlib import Path
from sys import getsizeof

import numpy as np

from workbench.engine.data.class_folders import TEST, TRAIN, check_classes, folders_of
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_folder
from workbench.engine.data.limits import check_memory
from workbench.engine.data.raw import AnyArray, Indices, Progress
from workbench.engine.data.texts import SUFFIXES, BrokenTextError, as_array, read_text

MAX_TEXTS = 200_000
_EVERY = 200


@dataclass(frozen=True)
class TextListing:
    """The texts of a folder, each with its class number; `test` from a test set of its own. `left_out` are sub-folders
    without texts, or that only one of training and test set has."""

    root: Path
    train_root: Path
    classes: tuple[str, ...]
    train: tuple[tuple[Path, int], ...]
    test_root: Path | None = None
    test: tuple[tuple[Path, int], ...] = ()
    left_out: tuple[str, ...] = ()


def list_texts(root: Path) -> TextListing:
    """All texts of the folder, in the order of the class names and file names. Raises DataError when there are no two
    classes with texts."""
    check_folder(root)
    folders = {folder.name.lower(): folder for folder in folders_of(root)}
    train = next((folders[name] for name in TRAIN if name in folders and folders_of(folders[name])), None)
    test = next((folders[name] for name in TEST if name in folders and folders_of(folders[name])), None)
    if train is None or test is None:
        train, test = root, None
    found = {folder.name: _texts(folder) for folder in folders_of(train)}
    tested = {folder.name: _texts(folder) for folder in folders_of(test)} if test is not None else found
    classes = tuple(name for name, files in found.items() if files and tested.get(name))
    _check(root, found, classes)
    return TextListing(
        root,
        train,
        classes,
        tuple((path, label) for label, name in enumerate(classes) for path in found[name]),
        test,
        tuple((path, label) for label, name in enumerate(classes) for path in tested[name]) if test is not None else (),
        tuple(sorted({*found, *tested} - set(classes))),
    )


def _check(root: Path, found: dict[str, list[Path]], classes: tuple[str, ...]) -> None:
    check_classes(root, found, classes, "texts", " (.txt)")
    count = sum(map(len, found.values()))
    if count > MAX_TEXTS:
        raise DataError(f"{root.name} has {count:,} texts; at most {MAX_TEXTS:,} can be loaded. Use a part of them.")


def _texts(folder: Path) -> list[Path]:
    try:
        return sorted(
            path
            for path in folder.iterdir()
            if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()
        )
    except OSError:
        return []


def read_texts(
    files: tuple[tuple[Path, int], ...], encoding: str, progress: Progress, broken: dict[Path, str]
) -> tuple[AnyArray, Indices]:
    """The texts (n,) and their class numbers, without those that cannot be read, which are added to `broken` with the
    reason. Raises DataError when they are too many for the memory."""
    texts: list[str] = []
    labels: list[int] = []
    size = 0
    for place, (path, label) in enumerate(files):
        if place % _EVERY == 0:
            progress("Reading the texts", place / len(files))
            check_memory(size, f"{len(files):,} texts")
        try:
            texts.append(read_text(path, encoding))
        except BrokenTextError as error:
            broken[path] = str(error)
        else:
            labels.append(label)
            size += getsizeof(texts[-1])
    check_memory(size, f"{len(files):,} texts")
    return as_array(texts), np.array(labels, dtype=np.int64)
