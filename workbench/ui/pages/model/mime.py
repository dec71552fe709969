"""What is dragged into the network: nodes of it, nodes of another window, entries of the palette."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import msgspec
from PySide6.QtCore import QMimeData

from workbench.domain import clipboard
from workbench.domain.files import UNREADABLE
from workbench.domain.tree import AnyNode, ModelTree
from workbench.domain.tree_tools import all_ids

IDS = "application/x-workbench-node-ids"
PALETTE = "application/x-workbench-palette"
WEIGHTS = "application/x-workbench-weights-folder"
MOST_BYTES = 1_000_000
LONGEST_PATH = 4096


@dataclass(frozen=True)
class Drop:
    """What was dropped: ids of nodes to move, nodes to put in, or keys of the palette to make nodes from. `folder` is
    the project's that keeps the weights which the nodes start with, empty where that is not known."""

    FORMATS: ClassVar[tuple[str, ...]] = (PALETTE, IDS, clipboard.MIME_TYPE, "text/plain")

    moving: tuple[str, ...] = ()
    nodes: tuple[AnyNode, ...] = ()
    keys: tuple[str, ...] = ()
    folder: str = ""


def write_nodes(tree: ModelTree, node_ids: tuple[str, ...], folder: Path | None = None) -> QMimeData:
    """Nodes of a tree, for this window by their ids and for others as text. The folder that keeps the weights which
    they start with goes beside the text, which somebody may put into a letter."""
    data = QMimeData()
    text = clipboard.copy(tree, node_ids)
    data.setData(IDS, msgspec.json.encode(node_ids))
    data.setData(clipboard.MIME_TYPE, text.encode())
    data.setText(text)
    if folder is not None:
        data.setData(WEIGHTS, str(folder).encode())
    return data


def weights_folder(data: QMimeData) -> str:
    """The folder of the project that nodes were copied from, empty where it is not known."""
    raw = bytes(data.data(WEIGHTS).data()) if data.hasFormat(WEIGHTS) else b""
    return raw.decode("utf-8", "replace") if len(raw) <= LONGEST_PATH else ""


def write_keys(keys: tuple[str, ...]) -> QMimeData:
    """Entries of the palette."""
    data = QMimeData()
    data.setData(PALETTE, msgspec.json.encode(keys))
    return data


def read_drop(data: QMimeData, tree: ModelTree, *, copy: bool = False) -> Drop | None:
    """What the data are for this tree, or None when they are nothing for it. `copy`: own nodes are doubled."""
    if data.hasFormat(PALETTE):
        keys = _strings(data.data(PALETTE).data())
        return Drop(keys=keys) if keys else None
    if data.hasFormat(IDS) and not copy:
        ids = _strings(data.data(IDS).data())
        if ids and set(ids) <= all_ids(tree.nodes):
            return Drop(moving=ids)
    text = data.text() if data.hasText() else ""
    if not clipboard.is_nodes(text):
        return None
    try:
        return Drop(nodes=clipboard.read(text), folder=weights_folder(data))
    except clipboard.ClipboardError:
        return None


def _strings(data: object) -> tuple[str, ...]:
    raw = bytes(data) if isinstance(data, bytes | bytearray | memoryview) else b""
    if len(raw) > MOST_BYTES:
        return ()
    try:
        return msgspec.json.decode(raw, type=tuple[str, ...])
    except UNREADABLE:
        return ()
