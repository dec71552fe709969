"""Edits of the weights that layers start training with."""

from collections.abc import Collection, Mapping

import msgspec

from workbench.domain.edits.base import NamedEdit, change_nodes
from workbench.domain.project import Project
from workbench.domain.tree import AnyNode, Layer, Start, Wrapper, walk
from workbench.domain.tree_tools import topmost

__all__ = ["clear_start", "has_start", "set_starts", "start_of"]


def start_of(node: AnyNode) -> Start | None:
    """What a node by itself starts with; a wrapper with what is kept of the layer in it."""
    layer = node.child if isinstance(node, Wrapper) else node
    return layer.start if isinstance(layer, Layer) else None


def has_start(nodes: Collection[AnyNode]) -> bool:
    """Whether any of these nodes, or any inside them, starts with kept weights."""
    return any(start_of(inner) is not None for node in nodes for inner in walk((node,)))


def set_starts(starts: Mapping[str, Start | None], name: str = "Start with weights") -> NamedEdit:
    """Let layers, by id, start with kept weights, or, with None, afresh. A wrapper's id stands for the layer in it."""

    def change(node: AnyNode) -> AnyNode:
        if isinstance(node, Wrapper):
            return msgspec.structs.replace(node, child=msgspec.structs.replace(node.child, start=starts[node.id]))
        return msgspec.structs.replace(node, start=starts[node.id]) if isinstance(node, Layer) else node

    return change_nodes(name, tuple(starts), change)


def clear_start(node_ids: Collection[str]) -> NamedEdit:
    """Let nodes, and all inside them, start afresh."""

    def change(node: AnyNode) -> AnyNode:
        return msgspec.structs.replace(node, start=None) if isinstance(node, Layer) else node

    def apply(project: Project) -> Project:
        inside = {inner.id for node in topmost(project.model, node_ids) for inner in walk((node,))}
        return change_nodes("", inside, change)(project)

    return NamedEdit("Start afresh", apply)
