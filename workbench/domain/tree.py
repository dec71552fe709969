"""The model tree: our own format for networks, readable as a tree and able to express any directed acyclic graph.

A node takes what stands above it, unless it names its inputs. Every node has an `id` that is unique in the project and
never changes, so that edits, problems and summaries can point at it.
"""

import secrets
from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from workbench.domain.values import ObjectSpec, Value


class Start(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Kept weights that a layer starts training with (see `domain.weights`): a file of them, and the name that the
    layer has in it, one a round where it stands in a Repeat."""

    file: str
    layers: tuple[str, ...]


class Node(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", forbid_unknown_fields=True):
    """What all nodes share. An empty `name`: one is made from the class; `inputs` are node ids, with the number of the
    output where that is not the first (`domain/taken.py`), empty means above."""

    id: str
    name: str = ""
    enabled: bool = True
    inputs: tuple[str, ...] = ()


class Input(Node, frozen=True, tag="input"):
    """An entry of the network. Shape and dtype None mean those of the data set; the shape leaves out the batch."""

    shape: tuple[int | None, ...] | None = None
    dtype: str | None = None


class Layer(Node, frozen=True, tag="layer"):
    """A Keras layer class with its parameters. `start` of a layer in a wrapper are the weights of both together."""

    class_name: str
    params: dict[str, Value] = {}
    trainable: bool = True
    start: Start | None = None


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A parameter of a node."""

    node: str
    param: str


class Exposed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A parameter of a reusable block: that of one or more nodes in it, which have the same value."""

    name: str
    targets: tuple[Target, ...]


class Block(Node, frozen=True, tag="block"):
    """A named sequence. Not trainable means that everything in it is frozen.

    Blocks with the same `linked` are uses of one reusable block: what is changed in one is changed in all
    (`domain/reusable.py`), but for the parameters that are `exposed`.
    """

    children: tuple["AnyNode", ...] = ()
    trainable: bool = True
    linked: str = ""
    exposed: tuple[Exposed, ...] = ()


class Repeat(Node, frozen=True, tag="repeat"):
    """A sequence laid `times` times one after another, each time with weights of its own. In each further round the
    parameters of its layers grow as `grow` says: "filters *2, units +16"."""

    times: int = 2
    grow: str = ""
    children: tuple["AnyNode", ...] = ()
    trainable: bool = True


class Branches(Node, frozen=True, tag="branches"):
    """Parallel blocks that take the same input, merged by a Keras merge layer."""

    branches: tuple[Block, ...] = ()
    merge: ObjectSpec = ObjectSpec("Concatenate")


class Residual(Node, frozen=True, tag="residual"):
    """A sequence whose input is merged with its output (He et al. 2016, arXiv:1512.03385)."""

    children: tuple["AnyNode", ...] = ()
    merge: ObjectSpec = ObjectSpec("Add")
    trainable: bool = True


class Wrapper(Node, frozen=True, tag="wrapper"):
    """A Keras wrapper layer (Bidirectional, TimeDistributed, SpectralNormalization) around one layer."""

    class_name: str
    child: Layer
    params: dict[str, Value] = {}
    trainable: bool = True


class Base(Node, frozen=True, tag="base"):
    """The layers of a pretrained or saved model as one node that opens; its weights are what they start with, and those
    that are frozen are not trainable.

    `source` says in words where it comes from. `shape` is what it takes, without the batch; a size of None is free.
    `pixels`: its first layers scale pictures of 0 to 255 by themselves.
    """

    source: str
    children: tuple["AnyNode", ...] = ()
    trainable: bool = True
    shape: tuple[int | None, ...] | None = None
    pixels: bool = False


class Shared(Node, frozen=True, tag="shared"):
    """The layer of another node once more, with the same weights."""

    layer: str


AnyNode: TypeAlias = Input | Layer | Block | Repeat | Branches | Residual | Wrapper | Base | Shared


class ModelTree(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The whole network, top to bottom. `outputs` are node ids as in `inputs`; empty means the last node."""

    nodes: tuple[AnyNode, ...] = ()
    outputs: tuple[str, ...] = ()


def new_id() -> str:
    """A fresh node id: 12 hexadecimal digits, so that among thousands none comes twice."""
    return secrets.token_hex(6)


def children_of(node: AnyNode) -> tuple[AnyNode, ...]:
    """The nodes directly inside a node, in order."""
    match node:
        case Block() | Repeat() | Residual() | Base():
            return node.children
        case Branches():
            return node.branches
        case Wrapper():
            return (node.child,)
        case _:
            return ()


def with_children(node: AnyNode, children: tuple[AnyNode, ...]) -> AnyNode:
    """The same node around other children. Raises ValueError where the node cannot hold them."""
    match node:
        case Block() | Repeat() | Residual() | Base():
            return msgspec.structs.replace(node, children=children)
        case Branches() if all(isinstance(child, Block) for child in children):
            return msgspec.structs.replace(node, branches=children)
        case Wrapper() if len(children) == 1 and isinstance(children[0], Layer):
            return msgspec.structs.replace(node, child=children[0])
    raise ValueError(f"A {type(node).__name__} cannot hold these nodes.")


def walk(nodes: tuple[AnyNode, ...]) -> Iterator[AnyNode]:
    """Every node, parents before children, top to bottom."""
    for node in nodes:
        yield node
        yield from walk(children_of(node))


def used(nodes: tuple[AnyNode, ...]) -> Iterator[AnyNode]:
    """Every node that takes part in the network: not those switched off, nor what lies in them."""
    for node in nodes:
        if node.enabled:
            yield node
            yield from used(children_of(node))


def find(tree: ModelTree, node_id: str) -> AnyNode:
    """The node with this id. Raises KeyError when there is none."""
    for node in walk(tree.nodes):
        if node.id == node_id:
            return node
    raise KeyError(node_id)
