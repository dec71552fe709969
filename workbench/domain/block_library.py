"""The person's own blocks, a file each: what was made reusable, to be put into any network.

A file holds what the clipboard would, so that it is checked as strangers' layers are. A new version of a block takes
the place of the old one, which goes to the folder “removed”, as does a block that is taken out.
"""

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

from workbench.domain import clipboard
from workbench.domain.files import write_atomically
from workbench.domain.places import data_folder
from workbench.domain.tree import AnyNode, Block, Layer, ModelTree
from workbench.domain.tree_tools import map_nodes

_LINK = re.compile(r"[0-9a-f]{8,64}")
_SUFFIX = ".json"
MOST_BLOCKS = 500


@dataclass(frozen=True)
class Library:
    """The blocks by name, and a sentence for each file that could not be read."""

    blocks: tuple[Block, ...] = ()
    problems: tuple[str, ...] = ()


def library_folder() -> Path:
    """Where the blocks are kept; not made here."""
    return data_folder() / "blocks"


def read_library(folder: Path) -> Library:
    """All blocks in a folder; an empty library where there is none."""
    blocks: list[Block] = []
    problems: list[str] = []
    for path in sorted(folder.glob(f"*{_SUFFIX}"))[:MOST_BLOCKS]:
        try:
            blocks.append(_read(path))
        except (OSError, ValueError) as error:
            problems.append(f"The block in {path.name} cannot be read, so it is left out. {error}")
    return Library(tuple(sorted(blocks, key=lambda block: block.name.lower())), tuple(problems))


def _read(path: Path) -> Block:
    if path.stat().st_size > clipboard.MAX_BYTES:
        raise ValueError("It is too large.")
    nodes = clipboard.read(path.read_text("utf-8"))
    block = nodes[0]
    if len(nodes) != 1 or not isinstance(block, Block) or block.linked != path.stem or not block.name:
        raise ValueError("It holds no reusable block.")
    return block


def keep_block(folder: Path, block: Block) -> None:
    """Keep a reusable block; an older version of it is put aside. Weights that its layers start with belong to the
    project and are left out. Raises OSError, and ValueError for what is no reusable block."""
    if not _LINK.fullmatch(block.linked) or not block.name:
        raise ValueError("Only a reusable block with a name can be kept.")
    plain = msgspec.structs.replace(block, inputs=(), enabled=True, children=map_nodes(block.children, _without_start))
    text = clipboard.copy(ModelTree((plain,)), (plain.id,))
    remove_block(folder, block.linked)
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / f"{block.linked}{_SUFFIX}", text.encode())


def remove_block(folder: Path, link: str) -> None:
    """Take a block out of the library, into the folder “removed”. Raises OSError."""
    path = folder / f"{link}{_SUFFIX}"
    if not _LINK.fullmatch(link) or not path.exists():
        return
    aside = folder / "removed"
    aside.mkdir(exist_ok=True)
    free = (aside / f"{link}-{number}{_SUFFIX}" for number in itertools.count(1))
    path.rename(next(target for target in free if not target.exists()))


def _without_start(node: AnyNode) -> AnyNode:
    return msgspec.structs.replace(node, start=None) if isinstance(node, Layer) and node.start is not None else node
