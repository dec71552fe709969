"""Edits of recurrent layers that start with the states of others."""

from collections.abc import Mapping

import msgspec

from workbench.domain.edits.base import EditError, NamedEdit, change_nodes, node_of
from workbench.domain.naming import title
from workbench.domain.project import Project
from workbench.domain.taken import Made, states_of, taken
from workbench.domain.tree import AnyNode, Layer, Shared, Wrapper
from workbench.domain.tree_tools import above
from workbench.domain.values import Value

RETURN_STATE = "return_state"


def start_with_states(node_id: str, giver_id: str) -> NamedEdit:
    """Let a recurrent layer start with the last states of another above it, which then gives them. Raises EditError for
    layers that do not have the same states, and for ids that are not there."""

    def apply(project: Project) -> Project:
        node, giver = node_of(project.model, node_id), node_of(project.model, giver_id)
        made = node_of(project.model, node.layer) if isinstance(node, Shared) else node
        states = states_in(giver)
        if not states or len(states) != len(states_in(made)):
            raise EditError(f"“{title(node)}” cannot start with the states of “{title(giver)}”: it has others.")
        sequence = above(project.model, node_id)[:1] or ()
        if not sequence:
            raise EditError(f"“{title(node)}” takes the data themselves. Put an input above it, and try again.")
        inputs = (*sequence, *(taken(giver_id, 1 + number) for number in range(len(states))))
        given = give_states(giver_id)(project)
        return change_nodes("", (node_id,), lambda each: msgspec.structs.replace(each, inputs=inputs))(given)

    return NamedEdit("Start with states", apply)


def give_states(node_id: str) -> NamedEdit:
    """Let a recurrent layer give its last states beside its output."""

    def told(layer: Layer) -> Layer:
        return msgspec.structs.replace(layer, params={**layer.params, RETURN_STATE: True})

    def change(node: AnyNode) -> AnyNode:
        match node:
            case Layer():
                return told(node)
            case Wrapper():
                return msgspec.structs.replace(node, child=told(node.child))
        return node

    return change_nodes("Return states", (node_id,), change)


def states_in(node: AnyNode) -> tuple[str, ...]:
    """What the states of a node are called; empty for one that has none."""
    made = made_of(node)
    return () if made is None else states_of(*made)


def made_of(node: AnyNode) -> tuple[str, Mapping[str, Value], Made | None] | None:
    """The class of a layer or wrapper with its parameters, and what a wrapper takes; None for other nodes."""
    match node:
        case Layer():
            return node.class_name, node.params, None
        case Wrapper():
            return node.class_name, node.params, (node.child.class_name, node.child.params)
    return None
