"""Random networks for property tests: well-formed trees, with names and references that may make no sense."""

import msgspec
from hypothesis import strategies as st

from workbench.domain.tree import (
    AnyNode,
    Base,
    Block,
    Branches,
    Input,
    Layer,
    ModelTree,
    Repeat,
    Residual,
    Shared,
    Start,
    Wrapper,
    walk,
)
from workbench.domain.tree_tools import map_nodes
from workbench.domain.values import ObjectSpec, Value

CLASSES = (
    "Dense",
    "Conv2D",
    "Conv1D",
    "MaxPooling2D",
    "Flatten",
    "Dropout",
    "LSTM",
    "Embedding",
    "Add",
    "Concatenate",
    "Activation",
    "Softmax",
    "Reshape",
    "BatchNormalization",
    "Normalization",
    "Densee",
)
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 2**40),
    st.floats(allow_nan=True),
    st.sampled_from(["relu", "softmax", "sigmoid", "same", "valid", ""]),
    st.tuples(st.integers(-2, 9), st.integers(-2, 9)),
    st.just(ObjectSpec("softmax")),
    st.just((ObjectSpec("L2"), None)),
)
PARAMS = st.dictionaries(
    st.sampled_from(
        ["units", "filters", "activation", "rate", "padding", "input_dim", "target_shape", "odd", "pool_size"]
    ),
    VALUES,
    max_size=4,
)
NAMES = st.sampled_from(["", "", "", "head", "head", "conv 1", "Ä"])


LEAF_KINDS = ("layer", "layer", "layer", "input", "wrapper", "shared")
HOLDER_KINDS = ("block", "repeat", "residual", "branches", "base")
STARTS = st.sampled_from([None, None, Start("0" * 32 + ".npz", ("a", "b")), Start("../x", ())])


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    """A layer with any parameters, most of which make no sense."""
    return Layer(
        id="?",
        name=draw(NAMES),
        class_name=draw(st.sampled_from(CLASSES)),
        params=draw(PARAMS),
        trainable=draw(st.booleans()),
        enabled=draw(st.integers(0, 5)) > 0,
        start=draw(STARTS),
    )


@st.composite
def forests(draw: st.DrawFn, fewest: int = 0, most: int = 8) -> tuple[AnyNode, ...]:
    """Nodes beside and inside one another, all with the id "?"."""
    kinds = st.sampled_from(LEAF_KINDS * 2 + HOLDER_KINDS)
    outline = draw(st.lists(st.tuples(kinds, st.integers(0, 3)), min_size=fewest, max_size=most))
    nodes: list[AnyNode] = []
    for kind, taken in outline:
        inside = tuple(nodes[len(nodes) - min(taken, len(nodes)) :]) if kind in HOLDER_KINDS else ()
        del nodes[len(nodes) - len(inside) :]
        nodes.append(_node(draw, kind, inside))
    return tuple(nodes)


def _node(draw: st.DrawFn, kind: str, inside: tuple[AnyNode, ...]) -> AnyNode:
    name = draw(NAMES)
    match kind:
        case "input":
            return Input(id="?", name=name, shape=draw(st.none() | st.just((4,))))
        case "wrapper":
            return Wrapper(id="?", name=name, class_name="Bidirectional", child=draw(layers()))
        case "shared":
            return Shared(id="?", name=name, layer=draw(st.sampled_from(["n0", "n1", "gone"])))
        case "block":
            return Block(id="?", name=name, children=inside, trainable=draw(st.booleans()))
        case "repeat":
            return Repeat(id="?", name=name, children=inside, times=draw(st.integers(0, 3)))
        case "residual":
            return Residual(id="?", name=name, children=inside)
        case "base":
            shape = draw(st.sampled_from([None, (None, None, 3), (4,)]))
            return Base(id="?", name=name, source="x", children=inside, shape=shape, pixels=draw(st.booleans()))
        case "branches":
            return Branches(id="?", name=name, branches=tuple(Block(id="?", children=(node,)) for node in inside))
        case _:
            return draw(layers())


def numbered(nodes: tuple[AnyNode, ...], prefix: str = "n") -> tuple[AnyNode, ...]:
    """The nodes with ids n0, n1 …"""
    count = 0

    def change(node: AnyNode) -> AnyNode:
        nonlocal count
        count += 1
        return _with(node, id=f"{prefix}{count - 1}")

    return map_nodes(nodes, change)


def _with(node: AnyNode, **fields: object) -> AnyNode:
    return msgspec.structs.replace(node, **fields)


@st.composite
def trees(draw: st.DrawFn) -> ModelTree:
    """A tree with unique ids, some inputs named (of which some do not exist), and sometimes named outputs."""
    nodes = numbered(draw(forests()))
    ids = [node.id for node in walk(nodes)]
    references = st.lists(st.sampled_from([*ids, "gone"]), max_size=2, unique=True).map(tuple)

    def change(node: AnyNode) -> AnyNode:
        return _with(node, inputs=draw(references)) if draw(st.integers(0, 5)) == 0 else node

    nodes = map_nodes(nodes, change)
    outputs = draw(references) if draw(st.booleans()) else ()
    return ModelTree(nodes, outputs)
