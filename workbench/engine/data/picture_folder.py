"""Finds and reads the pictures of a folder that has one sub-folder a class."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.domain.values import Value
from workbench.engine.data.class_folders import TEST, TRAIN, check_classes, folders_of
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_folder
from workbench.engine.data.limits import MAX_PICTURES, check_memory
from workbench.engine.data.pictures import SUFFIXES, BrokenPictureError, PictureHead, read_head, read_picture
from workbench.engine.data.raw import Progress

LONGEST_SIDE = 128
_BLOCK = 32

File: TypeAlias = tuple[Path, int]
Broken: TypeAlias = dict[Path, str]


@dataclass(frozen=True)
class Listing:
    """The pictures of a folder, each with its class number; `test` from a test set of its own."""

    root: Path
    train_root: Path
    classes: tuple[str, ...]
    train: tuple[File, ...]
    test_root: Path | None = None
    test: tuple[File, ...] = ()
    empty: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """How all pictures are made alike: `size` is (height, width), `common` the most common one among the `sizes`
    different ones that were found, `deep` that some have 16 bits a dot."""

    size: tuple[int, int]
    common: tuple[int, int]
    channels: Literal[1, 3]
    sizes: int
    deep: bool

    @property
    def dots(self) -> int:
        """How many numbers a picture has."""
        return self.size[0] * self.size[1] * self.channels


def list_pictures(root: Path, nested: bool = False) -> Listing:
    """All pictures of the folder, in the order of the class names and file names; with `nested` also those in
    sub-folders of the classes. Raises DataError when there are no two classes with pictures."""
    check_folder(root)
    folders = {folder.name.lower(): folder for folder in folders_of(root)}
    train = next((folders[name] for name in TRAIN if name in folders), None)
    test = next((folders[name] for name in TEST if name in folders), None)
    own_test = train is not None and test is not None and bool(folders_of(train)) and bool(folders_of(test))
    train_root = train if own_test and train is not None else root
    by_class = {folder.name: _pictures(folder, nested) for folder in folders_of(train_root)}
    classes = tuple(name for name, files in by_class.items() if files)
    _check(root, by_class, classes)
    listed = tuple((path, label) for label, name in enumerate(classes) for path in by_class[name])
    empty = tuple(name for name, files in by_class.items() if not files)
    if not own_test or test is None:
        return Listing(root, train_root, classes, listed, empty=empty)
    tested = tuple((path, label) for label, name in enumerate(classes) for path in _pictures(test / name, nested))
    return Listing(root, train_root, classes, listed, test if tested else None, tested, empty)


def _check(root: Path, by_class: dict[str, list[Path]], classes: tuple[str, ...]) -> None:
    check_classes(root, by_class, classes, "pictures")
    count = sum(map(len, by_class.values()))
    if count > MAX_PICTURES:
        raise DataError(f"{root.name} has {count} pictures; at most {MAX_PICTURES} can be loaded. Use a part of them.")


def _pictures(folder: Path, nested: bool) -> list[Path]:
    """In the order in which paths are sorted; of the names alone that takes a fraction of the time."""
    try:
        if nested:
            return sorted(path for path in _below(folder) if _is_picture(path.name))
        return [folder / name for name in sorted(filter(_is_picture, os.listdir(folder)), key=os.path.normcase)]
    except OSError:
        return []


def _is_picture(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in SUFFIXES and not name.startswith(".")


def only_nested(root: Path) -> bool:
    """Whether no class has pictures but in folders of its own, one a person for example."""
    try:
        list_pictures(root)
    except DataError:
        return any(_pictures(inner, nested=False) for folder in _inside(root) for inner in _inside(folder))
    return False


def _inside(folder: Path) -> list[Path]:
    try:
        return folders_of(folder)
    except DataError:  # a folder that may not be looked into has nothing to show
        return []


def _below(folder: Path) -> Iterator[Path]:
    """The files in a folder and all folders below it that are in sight. Links to folders are not followed, as they may
    lead round in a circle. Raises DataError on too many."""
    count = 0
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        count += len(names)
        if count > MAX_PICTURES:
            raise DataError(f"{folder.name} holds more than {MAX_PICTURES:,} files. Choose a folder with fewer.")
        yield from (Path(place, name) for name in names)


def choose_layout(
    files: Sequence[File], size: tuple[int, int] | None, colour: str, progress: Progress
) -> tuple[Layout, Broken]:
    """How the pictures are made alike, and which of them are broken. Without a `size` (height, width), the most
    common one is taken, made smaller where its longer side has more than 128 dots. `colour` is "auto", "grey" or
    "colour"."""
    heads: list[PictureHead] = []
    broken: Broken = {}
    for place, (path, _) in enumerate(files):
        if place % _BLOCK == 0:
            progress("Looking at the pictures", place / len(files))
        try:
            heads.append(read_head(path))
        except BrokenPictureError as error:
            broken[path] = str(error)
    if not heads:
        path, reason = next(iter(broken.items()))
        raise DataError(f"None of the pictures can be read; {path.name}, for one: {reason}. Choose another folder.")
    counts = Counter(head.size for head in heads)
    grey = all(head.grey for head in heads) if colour == "auto" else colour == "grey"
    common = counts.most_common(1)[0][0]
    return Layout(
        size or _bounded(common), common, 1 if grey else 3, len(counts), any(head.deep for head in heads)
    ), broken


def picture_size(size: Value, title: str) -> tuple[int, int] | None:
    """Height and width as a person gave them: one number for both, two, or nothing. Raises DataError on more."""
    if size is None:
        return None
    sides = size if isinstance(size, tuple) else (size, size)
    if len(sides) == 1:
        sides = (sides[0], sides[0])
    if len(sides) != 2:
        raise DataError(f"{title}: “size” needs height and width. Give two numbers.")
    height, width = sides
    assert isinstance(height, int)
    assert isinstance(width, int)
    return height, width


def _bounded(size: tuple[int, int]) -> tuple[int, int]:
    longest = max(size)
    if longest <= LONGEST_SIDE:
        return size
    height, width = (max(1, round(side * LONGEST_SIDE / longest)) for side in size)
    return height, width


def read_all(
    files: Sequence[File], layout: Layout, broken: Broken, progress: Progress
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The pictures (n, height, width, channels) and their class numbers, without the broken ones; those found
    broken only now are added to `broken`."""
    good = [file for file in files if file[0] not in broken]
    shape = (len(good), *layout.size, layout.channels)
    check_memory(
        int(np.prod(shape, dtype=np.float64)), f"{len(good)} pictures of {layout.size[0]}×{layout.size[1]} dots"
    )
    x = np.empty(shape, np.uint8)
    keep = np.ones(len(good), np.bool_)

    def decode(place: int) -> None:
        try:
            x[place] = read_picture(good[place][0], layout.size, layout.channels)
        except BrokenPictureError as error:
            broken[good[place][0]] = str(error)
            keep[place] = False

    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        for start in range(0, len(good), _BLOCK):
            progress("Reading the pictures", start / len(good))
            list(pool.map(decode, range(start, min(start + _BLOCK, len(good)))))
    y = np.array([label for _, label in good], dtype=np.int64)
    return (x, y) if keep.all() else (x[keep], y[keep])
