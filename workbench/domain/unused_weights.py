"""Kept weights that nothing of a project needs any more, and their way to its trash and back."""

import re
from collections.abc import Collection, Iterable
from pathlib import Path

import msgspec

from workbench.domain.files import read_bounded
from workbench.domain.store import AUTOSAVE_FILE, BACKUP_FILE, PROJECT_FILE, ProjectFolder
from workbench.domain.weights import FOLDER, NAME, path_of

MOST_BYTES = 256 * 1024 * 1024  # of a file that may name weights; project files are smaller by far
_NAMED = re.compile(NAME.pattern.encode())
_TEXTS = (PROJECT_FILE, BACKUP_FILE, AUTOSAVE_FILE, "*.py")  # scripts that were exported beside the project, too


class KeptFiles(msgspec.Struct, frozen=True):
    """The files of weights in a project's folder with their sizes in bytes: those that nothing needs; those that only
    an undo needs; those that only runs need; all of them."""

    unused: dict[str, int]
    for_undo: dict[str, int]
    for_runs: dict[str, int]
    all: dict[str, int]


def look_through(folder: ProjectFolder, now: Collection[str] = (), undo: Collection[str] = ()) -> KeptFiles:
    """Which kept weights of a project are needed by what lies in its folder, or by an open window: `now` are the files
    that its network names, `undo` those that an undo or copied layers name. Runs in the trash count, as they may come
    back.

    Raises StoreError where something cannot be read that may name weights: then nothing is known to be unused."""
    there = {path.name: path.stat().st_size for path in _kept(folder.path)}
    layers = {*now, *_named(path for text in _TEXTS for path in folder.path.glob(text))}
    places = (folder.runs_folder, folder.trash_folder)
    runs = _named(path for place in places for path in place.glob(f"*/{PROJECT_FILE}"))
    for_undo, for_runs = set(undo) - layers - runs, runs - layers - set(undo)
    needed = {*layers, *undo, *runs}
    return KeptFiles(
        {name: size for name, size in there.items() if name not in needed},
        {name: size for name, size in there.items() if name in for_undo},
        {name: size for name, size in there.items() if name in for_runs},
        there,
    )


def to_trash(folder: ProjectFolder, files: Collection[str]) -> None:
    """Move kept weights to the trash of the project; what is gone already is left out. Raises OSError, StoreError."""
    trash = folder.trash_folder / FOLDER
    trash.mkdir(parents=True, exist_ok=True)
    for file in files:
        path = path_of(folder.path, file)
        if path.is_file():
            path.replace(trash / file)  # of the same content, where one of this name lies there


def from_trash(folder: ProjectFolder, files: Collection[str]) -> None:
    """Bring kept weights back that were moved to the trash. Raises OSError, StoreError."""
    for file in files:
        trashed, path = folder.trash_folder / FOLDER / file, path_of(folder.path, file)
        if trashed.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            trashed.replace(path)


def _kept(folder: Path) -> list[Path]:
    places = sorted((folder / FOLDER).glob("*.npz"))
    return [path for path in places if NAME.fullmatch(path.name) and path.is_file()]


def _named(paths: Iterable[Path]) -> set[str]:
    """The files of weights that texts name; what they are is not asked, so that newer and damaged ones count too."""
    found: set[str] = set()
    for path in paths:
        found.update(name.decode() for name in _NAMED.findall(read_bounded(path, MOST_BYTES)))
    return found
