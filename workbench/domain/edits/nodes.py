"""Edits of single nodes: add, rename, parameters, switches, inputs."""

from collections.abc import Collection, Mapping

import msgspec

from workbench.domain.catalogue import ClassEntry
from workbench.domain.edits.base import (
    EditError,
    NamedEdit,
    change_nodes,
    described,
    inserted,
    listed,
    node_of,
    with_nodes,
)
from workbench.domain.naming import MAX_NAME
from workbench.domain.project import Project
from workbench.domain.sealed import is_sealed
from workbench.domain.taken import node_in
from workbench.domain.tree import AnyNode, Input, Layer, Shared, Wrapper, walk
from workbench.domain.tree_tools import made_unique, new_node, params_of, spaced, with_params
from workbench.domain.values import Value


def add_nodes(nodes: tuple[AnyNode, ...], parent_id: str | None = None, index: int | None = None) -> NamedEdit:
    """Put nodes into a block (None: the top level) before its child number `index` (None: at its end).

    Ids and names that the project has already are replaced by fresh ones. Among branches, they become a branch.
    """

    def apply(project: Project) -> Project:
        if not nodes:
            return project
        fresh = made_unique(nodes, project.model)
        return with_nodes(project, inserted(project.model, fresh, parent_id, index))

    return NamedEdit(f"Add {described(nodes)}", apply)


def rename(node_id: str, name: str) -> NamedEdit:
    """Give a node a name; an empty one means that it is called after its class."""
    wanted = " ".join(name.split())[:MAX_NAME]

    def apply(project: Project) -> Project:
        for node in walk(project.model.nodes):
            if wanted and node.id != node_id and node.name == wanted and _is_named_layer(node):
                raise EditError(f"Another layer is called “{wanted}” already. Choose another name.")
        return change_nodes("", (node_id,), lambda node: msgspec.structs.replace(node, name=wanted))(project)

    return NamedEdit(f"Rename to “{wanted}”" if wanted else "Remove name", apply)


def _is_named_layer(node: AnyNode) -> bool:
    return isinstance(node, Input | Layer | Wrapper | Shared)


def set_params(node_ids: Collection[str], params: Mapping[str, Value]) -> NamedEdit:
    """Set parameters of layers, wrappers and the merge layers of branches; other nodes are left out."""

    def change(node: AnyNode) -> AnyNode:
        return node if _has_no_params(node) else with_params(node, params_of(node) | dict(params))

    edit = change_nodes(f"Set {listed(params)}", node_ids, change)
    return NamedEdit(edit.name, edit.apply, f"params/{'+'.join(sorted(node_ids))}/{'+'.join(params)}")


def set_param(node_ids: Collection[str], name: str, value: Value) -> NamedEdit:
    """Set one parameter."""
    return set_params(node_ids, {name: value})


def reset_params(node_ids: Collection[str], names: Collection[str]) -> NamedEdit:
    """Give parameters Keras' default again."""

    def change(node: AnyNode) -> AnyNode:
        kept = {name: value for name, value in params_of(node).items() if name not in names}
        return node if _has_no_params(node) else with_params(node, kept)

    return change_nodes(f"Reset {listed(names)}", node_ids, change)


def _has_no_params(node: AnyNode) -> bool:
    return not isinstance(node, Layer | Wrapper) and not hasattr(node, "merge")


def set_field(node_ids: Collection[str], field: str, value: object) -> NamedEdit:
    """Set a field of nodes that is no parameter: `shape` and `dtype` of inputs, `times` and `grow` of repetitions,
    `merge` of branches, `layer` of a shared layer. Raises EditError for another field; nodes without the field are left
    out."""

    def change(node: AnyNode) -> AnyNode:
        return msgspec.structs.replace(node, **{field: value}) if hasattr(node, field) else node

    def apply(project: Project) -> Project:
        if field not in ("shape", "dtype", "times", "grow", "merge", "layer"):
            raise EditError(f"“{field}” cannot be set in this way.")
        return edit(project)

    edit = change_nodes(f"Set {spaced(field)}", node_ids, change)
    return NamedEdit(edit.name, apply, f"field/{'+'.join(sorted(node_ids))}/{field}")


def set_enabled(node_ids: Collection[str], enabled: bool) -> NamedEdit:
    """Switch nodes on or off; those that are off are left out of the network."""
    name = "Enable" if enabled else "Disable"
    return change_nodes(name, node_ids, lambda node: msgspec.structs.replace(node, enabled=enabled))


def set_trainable(node_ids: Collection[str], trainable: bool) -> NamedEdit:
    """Freeze nodes or let them learn; nodes without weights of their own, or with sealed ones, are left out."""

    def change(node: AnyNode) -> AnyNode:
        can = hasattr(node, "trainable") and not is_sealed(node)
        return msgspec.structs.replace(node, trainable=trainable) if can else node

    return change_nodes("Unfreeze" if trainable else "Freeze", node_ids, change)


def set_inputs(node_id: str, inputs: tuple[str, ...]) -> NamedEdit:
    """Name what a node takes; none means what stands above it. Raises EditError for ids that are not there."""

    def apply(project: Project) -> Project:
        for name in inputs:
            node_of(project.model, node_in(name))
        return change_nodes("", (node_id,), lambda node: msgspec.structs.replace(node, inputs=inputs))(project)

    return NamedEdit("Set inputs", apply)


def set_outputs(node_ids: tuple[str, ...]) -> NamedEdit:
    """Name the outputs of the network; none means its last node. Raises EditError for ids that are not there."""

    def apply(project: Project) -> Project:
        for name in node_ids:
            node_of(project.model, node_in(name))
        return msgspec.structs.replace(project, model=msgspec.structs.replace(project.model, outputs=node_ids))

    return NamedEdit("Set outputs", apply)


def replace_class(node_ids: Collection[str], entry: ClassEntry) -> NamedEdit:
    """Make layers of another class, which keep the parameters that both classes have."""
    known = {param.name for param in entry.params}
    start = new_node(entry).params

    def change(node: AnyNode) -> AnyNode:
        if not isinstance(node, Layer) or entry.wraps:
            return node
        kept = {name: value for name, value in node.params.items() if name in known}
        return msgspec.structs.replace(node, class_name=entry.name, params=start | kept, start=None)

    return change_nodes(f"Replace by {entry.name}", node_ids, change)
