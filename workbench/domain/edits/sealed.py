"""Edits of sealed SavedModels."""

import msgspec

from workbench.domain.edits.base import NamedEdit, change_nodes
from workbench.domain.sealed import ENDPOINT, OUTPUT, SealedEndpoint
from workbench.domain.tree import AnyNode, Layer

__all__ = ["set_endpoint"]


def set_endpoint(node_id: str, endpoint: SealedEndpoint, output: str | None = None) -> NamedEdit:
    """Let a sealed layer call an endpoint, and give one of its outputs (None: the first, which it always has)."""
    given = endpoint.gives[0].name if output is None else output

    def change(node: AnyNode) -> AnyNode:
        if not isinstance(node, Layer):
            return node
        return msgspec.structs.replace(node, params={**node.params, ENDPOINT: endpoint.name, OUTPUT: given})

    return change_nodes(f"Call {endpoint.name}", (node_id,), change)
