"""Weights that layers start training with, kept in a project's folder: `weights/<hash>.npz`, each written once.

A file is an archive of plain NumPy arrays, not packed, named `<layer>/<number>` in the order of the layer's weights.
It is called after its own content, so that equal weights are kept once and no file ever changes.
"""

import hashlib
import re
import secrets
import shutil
from pathlib import Path

from workbench.domain.files import StoreError, write_atomically
from workbench.domain.tree import Layer, ModelTree, Wrapper, walk

FOLDER = "weights"
NAME = re.compile(r"[0-9a-f]{32}\.npz")


def path_of(folder: Path, file: str) -> Path:
    """Where a project's folder keeps a file of weights, there or not. Raises StoreError on what cannot be its name."""
    if not NAME.fullmatch(file):
        raise StoreError(f"{file[:60]!r} is not the name of kept weights. Choose the weights again.")
    return folder / FOLDER / file


def name_of(content: bytes) -> str:
    """The name of the file that holds this content."""
    return f"{hashlib.sha256(content).hexdigest()[:32]}.npz"


def keep(folder: Path, content: bytes) -> str:
    """Keep the content of an archive in a project's folder; gives the name of its file. Raises OSError."""
    file = name_of(content)
    path = path_of(folder, file)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    return file


def files_of(tree: ModelTree) -> tuple[str, ...]:
    """The files that the layers of a network start with, each once."""
    nodes = (node.child if isinstance(node, Wrapper) else node for node in walk(tree.nodes))
    return tuple(dict.fromkeys(node.start.file for node in nodes if isinstance(node, Layer) and node.start is not None))


def copy_files(source: Path, target: Path, files: tuple[str, ...]) -> None:
    """Copy kept weights from one folder into another; what is there already, is not there, or is not what its name says
    is left out. Raises OSError, and StoreError on what cannot be a name."""
    for file in files:
        origin, copy = path_of(source, file), path_of(target, file)
        if copy.exists() or not origin.is_file() or not _is_whole(origin):
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        beside = copy.with_name(f".{file}.{secrets.token_hex(4)}.tmp")
        try:
            shutil.copyfile(origin, beside)
            beside.replace(copy)
        finally:
            beside.unlink(missing_ok=True)


def _is_whole(path: Path) -> bool:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()[:32] == path.stem


def copy_all(source: Path, target: Path) -> None:
    """Copy all kept weights of a project, those too that only an undone edit or a run names. Raises OSError."""
    if not (source / FOLDER).is_dir():
        return
    (target / FOLDER).mkdir(parents=True, exist_ok=True)
    for path in sorted((source / FOLDER).iterdir()):
        if NAME.fullmatch(path.name) and not (target / FOLDER / path.name).exists():
            shutil.copy2(path, target / FOLDER / path.name)
