"""Edits of reusable blocks: make one, set what it exposes, detach a use."""

from collections.abc import Collection

import msgspec

from workbench.domain.edits.base import EditError, NamedEdit, change_nodes
from workbench.domain.naming import MAX_NAME
from workbench.domain.reusable import with_value
from workbench.domain.tree import AnyNode, Block, Exposed, new_id, walk
from workbench.domain.values import Value


def make_reusable(block_id: str, name: str, exposed: tuple[Exposed, ...], link: str = "") -> NamedEdit:
    """Make a block reusable, or change what it exposes; `link` tells its uses from those of others (empty: a new one).

    Raises EditError, when done, on two parameters of one name and on layers that are not in the block.
    """
    wanted = " ".join(name.split())[:MAX_NAME]
    made_link = link or new_id() + new_id()

    def change(node: AnyNode) -> AnyNode:
        if not isinstance(node, Block):
            raise EditError("Only a block can be reusable. Group the layers in a block first.")
        inside = {inner.id for inner in walk(node.children)}
        if any(target.node not in inside for each in exposed for target in each.targets):
            raise EditError("A parameter belongs to a layer that is not in the block. Choose the parameters again.")
        if len({each.name for each in exposed}) != len(exposed):
            raise EditError("Two parameters have the same name. Rename one of them.")
        return msgspec.structs.replace(node, name=wanted or node.name, linked=made_link, exposed=exposed)

    return change_nodes("Make reusable", (block_id,), change)


def set_exposed(node_ids: Collection[str], name: str, value: Value | None) -> NamedEdit:
    """Set a parameter of reusable blocks; None gives it the default."""

    def change(node: AnyNode) -> AnyNode:
        exposed = next((each for each in node.exposed if each.name == name), None) if isinstance(node, Block) else None
        return with_value(node, exposed, value) if isinstance(node, Block) and exposed is not None else node

    edit = change_nodes(f"Set {name}", node_ids, change)
    return NamedEdit(edit.name, edit.apply, f"exposed/{'+'.join(sorted(node_ids))}/{name}")


def detach(node_ids: Collection[str]) -> NamedEdit:
    """Make uses of reusable blocks blocks of their own."""

    def change(node: AnyNode) -> AnyNode:
        return msgspec.structs.replace(node, linked="", exposed=()) if isinstance(node, Block) else node

    return change_nodes("Detach block", node_ids, change)
