"""Nodes as text on the clipboard, so that they can be pasted into another window or kept in a note."""

import msgspec

from workbench.domain.edits import paste
from workbench.domain.files import UNREADABLE
from workbench.domain.graph import MAX_DEPTH
from workbench.domain.project import FORMAT_VERSION
from workbench.domain.project_file import has_huge_number
from workbench.domain.tree import AnyNode, ModelTree, walk
from workbench.domain.tree_tools import all_ids, depth, topmost

__all__ = ["MAX_BYTES", "MAX_NODES", "MIME_TYPE", "ClipboardError", "copy", "is_nodes", "paste", "read"]

MARKER = "workbench-layers"
MIME_TYPE = "application/x-workbench-layers+json"
MAX_BYTES = 4 * 1024 * 1024
MAX_NODES = 10_000


class ClipboardError(ValueError):
    """The clipboard has nothing that can be pasted here; the message says why, in a sentence for a person."""


class _Clip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is on the clipboard; `kind` tells it from other people's JSON."""

    kind: str
    version: int
    nodes: tuple[AnyNode, ...]


_decoder = msgspec.json.Decoder(_Clip)


def copy(tree: ModelTree, node_ids: tuple[str, ...]) -> str:
    """The nodes of a selection as indented JSON; those inside selected ones go with them. Empty for no nodes."""
    nodes = topmost(tree, node_ids)
    if not nodes:
        return ""
    clip = _Clip(MARKER, FORMAT_VERSION, nodes)
    return msgspec.json.format(msgspec.json.encode(clip), indent=2).decode()


def is_nodes(text: str) -> bool:
    """Whether a text looks like nodes, told quickly (to switch the Paste action)."""
    return len(text) <= MAX_BYTES and MARKER in text[:200]


def read(text: str) -> tuple[AnyNode, ...]:
    """The nodes in a text, as they were copied; the edit `paste` gives them fresh ids. Raises ClipboardError."""
    if len(text) > MAX_BYTES:
        raise ClipboardError("The clipboard has too much text to be layers. Copy the layers again.")
    if not is_nodes(text):
        raise ClipboardError("The clipboard has no layers. Copy some in the network first.")
    try:
        data = text.encode("utf-8", "surrogatepass")
        clip = _decoder.decode(data)
        is_hostile = has_huge_number(msgspec.json.decode(data))
    except UNREADABLE as error:
        raise ClipboardError("The layers on the clipboard are damaged. Copy them again.") from error
    if is_hostile:
        raise ClipboardError("The layers on the clipboard have numbers that are too large. Copy them again.")
    _refuse_foreign(clip)
    return clip.nodes


def _refuse_foreign(clip: _Clip) -> None:
    if clip.kind != MARKER or not clip.nodes:
        raise ClipboardError("The clipboard has no layers. Copy some in the network first.")
    if clip.version > FORMAT_VERSION:
        raise ClipboardError("The layers come from a newer version of the Workbench, which this one does not know.")
    if depth(clip.nodes) > MAX_DEPTH:
        raise ClipboardError(f"The blocks on the clipboard are nested more than {MAX_DEPTH} deep.")
    count = sum(1 for _node in walk(clip.nodes))
    if count > MAX_NODES:
        raise ClipboardError(f"The clipboard has more than {MAX_NODES:,} layers. Copy fewer of them.")
    if len(all_ids(clip.nodes)) != count:
        raise ClipboardError("The layers on the clipboard are damaged: some share an id. Copy them again.")
