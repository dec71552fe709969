"""Networks from elsewhere become trees that lay out to the very same graph, and that are easy to read."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.graph import Graph, layout
from workbench.domain.reading import Call, Calls, tree_of
from workbench.domain.tree import AnyNode, Block, Branches, Layer, ModelTree, Residual, Shared, walk

MERGES = ("Add", "Concatenate", "Multiply")


def dense(name: str, *inputs: str, **fields: object) -> Call:
    return replace(Call(name, "Dense", {"units": 3}, inputs, name), **fields)  # type: ignore[arg-type]


def merge(name: str, *inputs: str, kind: str = "Add") -> Call:
    return Call(name, kind, inputs=inputs, name=name)


def entry(name: str = "x") -> Call:
    return Call(name, "InputLayer", name=name, shape=(4,))


def tree(*calls: Call, outputs: tuple[str, ...] = ()) -> ModelTree:
    return tree_of(Calls(calls, outputs or (calls[-1].id,)))[0]


def kinds(nodes: tuple[AnyNode, ...]) -> list[str]:
    return [node.name or type(node).__name__ for node in nodes]


def connections(graph: Graph) -> dict[str, tuple[object, ...]]:
    return {step.name: (step.class_name, step.params, step.inputs, step.shares, step.trainable) for step in graph.steps}


@st.composite
def networks(draw: st.DrawFn) -> Calls:
    """Layers that take one or several of those above, some called once more, some frozen."""
    calls = [entry("x0")] + ([entry("x1")] if draw(st.booleans()) else [])
    for number in range(draw(st.integers(1, 14))):
        name = f"n{number}" if draw(st.booleans()) else f"block{draw(st.integers(1, 2))}_n{number}"
        known = st.sampled_from([call.id for call in calls])
        makers = [call.id for call in calls if call.class_name == "Dense" and call.shares is None]
        kind = draw(st.sampled_from(["layer", "layer", "merge", "merge", "again"]))
        if kind == "merge":
            taken = draw(st.lists(known, min_size=2, max_size=3))
            calls.append(merge(name, *taken, kind=draw(st.sampled_from(MERGES))))
        elif kind == "again" and makers:
            maker = draw(st.sampled_from(makers))
            calls.append(replace(dense(name, draw(known)), shares=maker))
        else:
            calls.append(dense(name, draw(known), trainable=draw(st.integers(0, 3)) > 0))
    outputs = draw(st.lists(st.sampled_from([call.id for call in calls[1:]]), min_size=1, max_size=2, unique=True))
    return Calls(tuple(calls), tuple(outputs))


@given(networks())
def test_that_a_tree_lays_out_to_the_graph_that_it_was_made_of(network: Calls) -> None:
    made, ids = tree_of(network)
    graph = layout(made)
    makers = {call.id: call for call in network.calls}
    expected = {
        call.name: (call.class_name, call.params, call.inputs, call.shares, makers[call.shares or call.id].trainable)
        for call in network.calls
    }
    assert connections(graph) == expected
    assert graph.outputs == network.outputs
    assert {step.name: step.node_id for step in graph.steps} == {call.name: ids[call.id] for call in network.calls}
    assert len({node.id for node in walk(made.nodes)}) == len(list(walk(made.nodes)))


def test_that_a_chain_is_a_list_without_named_inputs() -> None:
    made = tree(entry(), dense("a", "x"), dense("b", "a"))
    assert kinds(made.nodes) == ["x", "a", "b"]
    assert made.outputs == ()
    assert not any(node.inputs for node in walk(made.nodes))


def test_that_a_skip_becomes_a_residual_and_a_projected_one_branches() -> None:
    skip = tree(entry(), dense("a", "x"), merge("sum", "x", "a"))
    assert isinstance(skip.nodes[1], Residual)
    assert kinds(skip.nodes[1].children) == ["a"]
    projected = tree(entry(), dense("a", "x"), dense("b", "x"), merge("sum", "a", "b"), dense("last", "sum"))
    assert isinstance(projected.nodes[1], Branches)
    assert [kinds(branch.children) for branch in projected.nodes[1].branches] == [["a"], ["b"]]


def test_that_a_skip_that_comes_second_keeps_its_order() -> None:
    made = tree(entry(), dense("a", "x"), merge("join", "a", "x", kind="Concatenate"))
    assert isinstance(made.nodes[1], Branches)
    assert [len(branch.children) for branch in made.nodes[1].branches] == [1, 0]


def test_that_what_crosses_names_what_it_takes() -> None:
    made = tree(
        entry(), dense("a", "x"), dense("b", "x"), merge("s", "a", "b"), merge("t", "b", "s"), merge("u", "a", "t")
    )
    assert any(node.inputs for node in made.nodes)
    assert not any(isinstance(node, Branches | Residual) for node in made.nodes)


def test_that_a_layer_that_is_called_twice_is_shared() -> None:
    made = tree(entry("l"), entry("r"), dense("e", "l"), dense("f", "r", shares="e"), merge("m", "e", "f"))
    shared = next(node for node in made.nodes if isinstance(node, Shared))
    maker = next(node for node in made.nodes if node.name == "e")
    assert isinstance(maker, Layer)
    assert shared.layer == maker.id


@pytest.mark.parametrize(
    ("names", "blocks"),
    [
        (("stem", "block1_conv", "block1_pool", "head"), ["stem", "block1", "head"]),
        (("conv2_block1_1_conv", "conv2_block1_1_bn", "conv2_block2_out"), ["conv2_block1", "conv2_block2_out"]),
        (("stage_2_block_1_a", "stage_2_block_1_b", "stage_2_block_2_a"), ["stage_2_block_1", "stage_2_block_2_a"]),
        (("conv_pw_1", "conv_pw_1_bn", "last"), ["conv_pw_1", "last"]),
        (("dense", "dense_1", "conv2d_3", "max_pooling2d_3"), ["dense", "dense_1", "conv2d_3", "max_pooling2d_3"]),
        (("block1_a", "block1_b"), ["block1"]),
    ],
)
def test_that_layers_whose_names_begin_alike_become_a_block(names: tuple[str, ...], blocks: list[str]) -> None:
    above = ("x", *names)
    made = tree(entry(), *(dense(name, taken) for name, taken in zip(names, above, strict=False)))
    assert kinds(made.nodes) == ["x", *blocks]


def test_that_models_inside_one_another_become_blocks_of_their_names() -> None:
    groups = [("base",), ("base", "tail"), ("base", "tail"), ()]
    names = ("a", "b", "c", "d")
    above = ("x", *names)
    calls = [dense(name, taken, group=group) for name, taken, group in zip(names, above, groups, strict=False)]
    made = tree(entry(), *calls)
    assert kinds(made.nodes) == ["x", "base", "d"]
    base = made.nodes[1]
    assert isinstance(base, Block)
    assert kinds(base.children) == ["a", "tail"]
