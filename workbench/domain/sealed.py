"""Sealed SavedModels: networks whose layers nobody described, as one layer of Keras' class `TFSMLayer`.

A project keeps a copy of each in `saved_models/<hash>`: the graph and its weights, nothing else. It is called after
what is in it, so that it is kept once, never changes, and shows where somebody changed it all the same.
"""

import hashlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from workbench.domain.catalogue import ClassEntry, ParamEntry
from workbench.domain.files import StoreError
from workbench.domain.tree import Layer, ModelTree, walk

CLASS_NAME = "TFSMLayer"
FOLDER = "saved_models"
GRAPH_FILE = "saved_model.pb"
FILEPATH, ENDPOINT, OUTPUT, SOURCE = "filepath", "call_endpoint", "output", "source"

_PATH = re.compile(rf"{FOLDER}/([0-9a-f]{{32}})")
_WEIGHTS = re.compile(r"variables\.(index|data-\d{5}-of-\d{5})")
_MOST_FILES = 1_000
_CHUNK = 1 << 20

ENTRY = ClassEntry(
    name=CLASS_NAME,
    category="layers",
    group="Sealed",
    summary="A SavedModel as it is: one function that was made elsewhere, whose weights are not trained.",
    params=(
        ParamEntry(FILEPATH, "text", default="", required=True, help="Where the project keeps the SavedModel."),
        ParamEntry(ENDPOINT, "text", default="serve", help="The function of the SavedModel that is called."),
        ParamEntry(OUTPUT, "text", default="", help="Which of the function's outputs the layer gives."),
        ParamEntry(SOURCE, "text", default="", help="What the SavedModel was called where it came from."),
    ),
    icon="mdi6.package-variant-closed",
)
"""What forms, checks and scripts know of the class. It is not in the palette: it comes with an import only."""


class SealedTensor(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an endpoint takes or gives. The shape leaves out the batch. An empty `name` among what it gives: it gives
    this alone, not by a name."""

    name: str
    shape: tuple[int | None, ...]
    dtype: str


class SealedEndpoint(msgspec.Struct, frozen=True, omit_defaults=True):
    """A function of a SavedModel; `params` counts the weights that it reads. Where it cannot be a layer, `refusal` says
    why in a sentence."""

    name: str
    takes: tuple[SealedTensor, ...] = ()
    gives: tuple[SealedTensor, ...] = ()
    params: int = 0
    refusal: str = ""

    def output(self, name: str) -> SealedTensor | None:
        """What it gives by this name, None where it does not."""
        return next((each for each in self.gives if each.name == name), None)


class SealedFacts(msgspec.Struct, frozen=True):
    """What a SavedModel is, read from its graph: its endpoints, its bytes on the disk, its operations."""

    endpoints: tuple[SealedEndpoint, ...]
    size: int
    operations: int

    @property
    def usable(self) -> tuple[SealedEndpoint, ...]:
        """The endpoints that can be a layer."""
        return tuple(each for each in self.endpoints if not each.refusal)

    def endpoint(self, name: str) -> SealedEndpoint | None:
        """The endpoint of this name, None where there is none."""
        return next((each for each in self.endpoints if each.name == name), None)


def is_sealed(node: Any) -> bool:
    """Whether a node of a tree, or a step of a graph, is a sealed SavedModel."""
    return getattr(node, "class_name", "") == CLASS_NAME


def sealed_layers(tree: ModelTree) -> tuple[Layer, ...]:
    """The sealed SavedModels of a network, top to bottom."""
    return tuple(node for node in walk(tree.nodes) if isinstance(node, Layer) and is_sealed(node))


def paths_of(tree: ModelTree) -> tuple[str, ...]:
    """Where a network's SavedModels lie in the project's folder, each once; what cannot be such a place is left out."""
    told = (path_in(node) for node in sealed_layers(tree))
    return tuple(dict.fromkeys(path for path in told if _PATH.fullmatch(path)))


def path_in(node: Any) -> str:
    """Where a sealed node, or its step, says that its SavedModel lies."""
    return str(node.params.get(FILEPATH) or "")


def folder_of(folder: Path, path: str) -> Path:
    """Where a project's folder keeps a SavedModel, there or not. Raises StoreError on what cannot be its place."""
    if not _PATH.fullmatch(path):
        raise StoreError(f"{path[:60]!r} is not the place of a kept SavedModel. Import the SavedModel again.")
    return folder / path


def files_in(folder: Path) -> tuple[Path, ...]:
    """The files of a SavedModel that are kept: its graph and its weights, sorted. Raises StoreError where it has none,
    too many, or a link or pipe in the place of one."""
    try:
        found = [path for path in _inside(folder / "variables") if _WEIGHTS.fullmatch(path.name)]
    except OSError as error:
        raise StoreError(f"{folder} cannot be read: {error.strerror or error}.") from error
    files = (folder / GRAPH_FILE, *sorted(found))
    for path in files:
        if not _is_plain(path):
            raise StoreError(f"{path} is not there, or is no plain file. Choose another SavedModel.")
    if len(files) > _MOST_FILES:
        raise StoreError(f"{folder} has more than {_MOST_FILES:,} files. Choose another SavedModel.")
    return files


def keep(source: Path, folder: Path) -> str:
    """Keep a copy of a SavedModel in a project's folder; gives its place there. Raises OSError, and StoreError."""
    home = folder / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    temporary = home / f".{secrets.token_hex(8)}"
    try:
        (temporary / "variables").mkdir(parents=True)
        for path in files_in(source):
            shutil.copyfile(path, temporary / path.relative_to(source))
        name = content_hash(temporary)
        if not (home / name).exists():
            os.replace(temporary, home / name)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return f"{FOLDER}/{name}"


def content_hash(folder: Path) -> str:
    """The name that a SavedModel has by what is in it. Raises OSError, and StoreError."""
    told = hashlib.sha256()
    for path in files_in(folder):
        name = path.relative_to(folder).as_posix()
        told.update(f"{name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                told.update(piece)
    return told.hexdigest()[:32]


def copy_models(source: Path, target: Path, paths: tuple[str, ...]) -> None:
    """Copy kept SavedModels from one folder into another; what is there already, or not there, is left out. Raises
    OSError, and StoreError."""
    for path in paths:
        if folder_of(source, path).is_dir() and not folder_of(target, path).exists():
            keep(folder_of(source, path), target)


def copy_all(source: Path, target: Path) -> None:
    """Copy all kept SavedModels of a project, those too that only an undone edit or a run names. Raises OSError, and
    StoreError."""
    copy_models(source, target, tuple(f"{FOLDER}/{name}" for name in _names(source / FOLDER)))


def _names(home: Path) -> Iterator[str]:
    for path in sorted(home.iterdir()) if home.is_dir() else ():
        if _PATH.fullmatch(f"{FOLDER}/{path.name}"):
            yield path.name


def _inside(folder: Path) -> list[Path]:
    """What lies in the folder of the weights; it need not be there, but must not be a link."""
    if folder.is_symlink():
        raise StoreError(f"{folder} is a link. Choose a SavedModel whose files lie in its own folder.")
    return list(folder.iterdir()) if folder.is_dir() else []


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
