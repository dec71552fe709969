"""Changes of a trained network's weights by hand: what is done, one after another, to a copy of them."""

from typing import Literal, TypeAlias

import msgspec

from workbench.domain.tree import AnyNode, Block, Layer, ModelTree, walk
from workbench.domain.tree_tools import map_nodes

OperationKind: TypeAlias = Literal["zero", "reset", "edit", "remove"]
MOST_OPERATIONS = 1_000

UNITS: dict[str, str] = {
    "Dense": "units",
    "Conv1D": "filters",
    "Conv2D": "filters",
    "Conv3D": "filters",
    "Conv1DTranspose": "filters",
    "Conv2DTranspose": "filters",
    "Conv3DTranspose": "filters",
    "SeparableConv1D": "filters",
    "SeparableConv2D": "filters",
}
"""Layers made of units or filters that can be taken out one by one, and the parameter that says how many there are."""


class Operation(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change of the layer named `layer`. Units and filters count from 0.

    "zero" sets a `unit` of it to zero (incoming weights and bias), or without one the array number `array`, or without
    either all of its weights; "reset" draws all of its weights anew with `seed`; "edit" sets one weight of an array, at
    `place`, to `value`; "remove" takes the `unit` out, so that the network has one fewer.
    """

    kind: OperationKind
    layer: str
    unit: int | None = None
    array: int | None = None
    place: tuple[int, ...] = ()
    value: float = 0.0
    seed: int = 0


def sentence(operation: Operation) -> str:
    """What was done, for a person."""
    layer, unit = f"“{operation.layer}”", "" if operation.unit is None else f"Unit {operation.unit} of "
    match operation.kind:
        case "zero" if unit:
            return f"{unit}{layer} was set to zero."
        case "zero":
            part = "The weights" if operation.array is None else f"Array {operation.array} of the weights"
            return f"{part} of {layer} {'was' if operation.array is not None else 'were'} set to zero."
        case "reset":
            return f"The weights of {layer} were drawn anew."
        case "edit":
            place = ", ".join(str(each) for each in operation.place)
            return f"The weight at ({place}) of {layer} was set to {operation.value:g}."
        case "remove":
            return f"{unit}{layer} was removed."


def with_units(tree: ModelTree, node_id: str, count: int) -> ModelTree:
    """The tree in which a layer of `UNITS` has this many units. A reusable block around it becomes one of its own."""

    def change(node: AnyNode) -> AnyNode:
        if isinstance(node, Block) and node.linked and any(inner.id == node_id for inner in walk(node.children)):
            return msgspec.structs.replace(node, linked="", exposed=())
        if node.id != node_id or not isinstance(node, Layer):
            return node
        params = {**node.params, UNITS[node.class_name]: count}
        return msgspec.structs.replace(node, params=params, start=None)  # kept weights would not fit any more

    return msgspec.structs.replace(tree, nodes=map_nodes(tree.nodes, change))
