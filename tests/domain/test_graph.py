"""What the layout of a tree promises to those who build from it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.graph import MAX_STEPS, Graph, GraphError, layer_count, layout
from workbench.domain.naming import snake, valid
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
    Wrapper,
)


def dense(node_id: str, **more: object) -> Layer:
    return Layer(id=node_id, class_name="Dense", **more)  # type: ignore[arg-type]


def lay(*nodes: AnyNode, outputs: tuple[str, ...] = ()) -> Graph:
    return layout(ModelTree(nodes, outputs))


def wires(graph: Graph) -> list[tuple[str, tuple[str, ...]]]:
    return [(step.name, step.inputs) for step in graph.steps]


def test_that_an_empty_tree_is_its_input() -> None:
    graph = lay()
    assert [step.kind for step in graph.steps] == ["input"]
    assert graph.outputs == (graph.steps[0].name,)


def test_that_layers_are_counted_without_inputs() -> None:
    assert layer_count(ModelTree(())) == 0
    assert layer_count(ModelTree((Input(id="in"), dense("a"), Repeat(id="r", times=3, children=(dense("b"),))))) == 4


def test_that_layers_follow_one_another_with_keras_names() -> None:
    graph = lay(dense("a"), Layer(id="b", class_name="GlobalAveragePooling2D"), dense("c"), dense("d"))
    assert wires(graph) == [
        ("input_layer", ()),
        ("dense", ("input_layer",)),
        ("global_average_pooling2d", ("dense",)),
        ("dense_1", ("global_average_pooling2d",)),
        ("dense_2", ("dense_1",)),
    ]
    assert graph.outputs == ("dense_2",)


@pytest.mark.parametrize("name", ["Dense", "Conv2D", "LSTM", "BatchNormalization", "ReLU", "InputLayer", "PReLU"])
def test_that_class_names_become_the_names_that_keras_gives(name: str) -> None:
    expected = {
        "Dense": "dense",
        "Conv2D": "conv2d",
        "LSTM": "lstm",
        "BatchNormalization": "batch_normalization",
        "ReLU": "re_lu",
        "InputLayer": "input_layer",
        "PReLU": "p_re_lu",
    }
    assert snake(name) == expected[name]


def test_that_own_names_win_and_automatic_ones_step_aside() -> None:
    graph = lay(dense("a"), dense("b", name="dense"), dense("c", name="my layer/2"), dense("d", name="卷积"))
    assert [step.name for step in graph.steps] == ["input_layer", "dense_1", "dense", "my_layer_2", "dense_2"]


def test_that_two_own_names_that_become_the_same_stay_apart() -> None:
    graph = lay(dense("a", name="a b"), dense("b", name="a/b"))
    assert [step.name for step in graph.steps][1:] == ["a_b", "a_b_1"]


def test_that_a_doubled_own_name_is_refused_where_it_stands() -> None:
    with pytest.raises(GraphError, match="Two layers are called “head”") as caught:
        lay(dense("a", name="head"), dense("b", name="head"))
    assert caught.value.node_id == "b"


def test_that_disabled_nodes_are_left_out_and_passed_through() -> None:
    graph = lay(dense("a"), dense("b", enabled=False), dense("c", inputs=("b",)), Block(id="d", enabled=False))
    assert wires(graph)[1:] == [("dense", ("input_layer",)), ("dense_1", ("dense",))]


def test_that_a_layer_inside_a_disabled_block_can_still_be_named_as_input() -> None:
    graph = lay(dense("a"), Block(id="b", enabled=False, children=(dense("c"),)), dense("d", inputs=("c",)))
    assert wires(graph)[-1] == ("dense_1", ("dense",))


def test_that_blocks_hand_down_that_they_are_frozen() -> None:
    graph = lay(Block(id="a", trainable=False, children=(Block(id="b", children=(dense("c"),)),)), dense("d"))
    assert [step.trainable for step in graph.steps if step.kind == "layer"] == [False, True]


def test_that_a_repetition_has_layers_of_its_own_each_time() -> None:
    graph = lay(Repeat(id="r", times=3, children=(dense("a", name="fc"),)), dense("b", inputs=("a",)))
    assert wires(graph)[1:] == [
        ("fc", ("input_layer",)),
        ("fc_1", ("fc",)),
        ("fc_2", ("fc_1",)),
        ("dense", ("fc_2",)),
    ]


def test_that_branches_take_the_same_and_are_merged() -> None:
    left = Block(id="l", children=(dense("a"),))
    right = Block(id="r", children=(dense("b"), dense("c")))
    skip = Block(id="s")
    graph = lay(Branches(id="x", branches=(left, right, skip)), dense("d"))
    assert wires(graph)[1:] == [
        ("dense", ("input_layer",)),
        ("dense_1", ("input_layer",)),
        ("dense_2", ("dense_1",)),
        ("concatenate", ("dense", "dense_2", "input_layer")),
        ("dense_3", ("concatenate",)),
    ]


def test_that_one_branch_alone_needs_no_merging() -> None:
    graph = lay(Branches(id="x", branches=(Block(id="l", children=(dense("a"),)), Block(id="r", enabled=False))))
    assert wires(graph)[1:] == [("dense", ("input_layer",))]


def test_that_a_residual_adds_its_input_to_its_output() -> None:
    graph = lay(dense("z"), Residual(id="x", children=(dense("a"),)))
    assert wires(graph)[-1] == ("add", ("dense", "dense_1"))
    assert graph.steps[-1].node_id == "x"


def test_that_an_empty_residual_changes_nothing() -> None:
    assert wires(lay(Residual(id="x"))) == [("input_layer", ())]


def test_that_a_wrapper_carries_its_layer() -> None:
    child = Layer(id="c", class_name="LSTM", params={"units": 3})
    graph = lay(Wrapper(id="w", class_name="Bidirectional", child=child, trainable=False))
    step = graph.steps[-1]
    assert (step.kind, step.name, step.trainable) == ("wrapper", "bidirectional", False)
    assert step.inner is not None
    assert (step.inner.name, step.inner.params, step.inner.trainable) == ("lstm", {"units": 3}, False)


def test_that_a_shared_layer_names_the_first_maker() -> None:
    graph = lay(dense("a"), Shared(id="s", layer="a"), Shared(id="t", layer="s"))
    assert [(step.name, step.shares, step.inputs) for step in graph.steps[2:]] == [
        ("dense_shared", "dense", ("dense",)),
        ("dense_shared_1", "dense", ("dense_shared",)),
    ]


def test_that_several_inputs_and_heads_are_possible() -> None:
    graph = lay(
        Input(id="i", name="left", shape=(3,)),
        dense("a"),
        Input(id="j", name="right", shape=(4,), dtype="int32"),
        dense("b"),
        Layer(id="m", class_name="Concatenate", inputs=("a", "b")),
        dense("h1"),
        dense("h2", inputs=("m",)),
        outputs=("h1", "h2"),
    )
    assert wires(graph) == [
        ("left", ()),
        ("dense", ("left",)),
        ("right", ()),
        ("dense_1", ("right",)),
        ("concatenate", ("dense", "dense_1")),
        ("dense_2", ("concatenate",)),
        ("dense_3", ("concatenate",)),
    ]
    assert graph.outputs == ("dense_2", "dense_3")
    assert (graph.steps[2].shape, graph.steps[2].dtype) == ((4,), "int32")


def test_that_a_block_with_several_inputs_gives_them_to_its_first_layer() -> None:
    block = Block(id="b", inputs=("a", "c"), children=(Layer(id="m", class_name="Add"), dense("d")))
    graph = lay(dense("a"), dense("c"), block)
    assert wires(graph)[-2:] == [("add", ("dense", "dense_1")), ("dense_2", ("add",))]


def test_that_a_base_lays_its_layers_and_freezes_them_as_a_block_does() -> None:
    free = msgspec.structs.replace(dense("b"), trainable=False)
    graph = lay(dense("a"), Base(id="k", source="x", children=(free, dense("c"))), dense("d"))
    assert [step.trainable for step in graph.steps[1:]] == [True, False, True, True]
    frozen = lay(Base(id="k", source="x", trainable=False, children=(dense("c"),)), dense("d"))
    assert [step.trainable for step in frozen.steps[1:]] == [False, True]


@pytest.mark.parametrize(
    ("nodes", "node_id", "words"),
    [
        ((dense("a", inputs=("b",)), dense("b")), "a", "does not stand above"),
        ((dense("a", inputs=("gone",)),), "a", "not there any more"),
        ((dense("a", inputs=("a",)),), "a", "does not stand above"),
        ((Block(id="a", children=(dense("b", inputs=("a",)),)),), "b", "does not stand above"),
        ((dense("a"), Input(id="i")), "a", "nothing above it"),
        ((Shared(id="a", layer="b"), dense("b")), "a", "no layer above it"),
        ((Repeat(id="a", times=0, children=(dense("b"),)),), "a", "at least once"),
        ((Repeat(id="a", times=10**9, children=(dense("b"),)),), "a", "fewer times"),
        ((Repeat(id="a", times=MAX_STEPS, children=(dense("b"), dense("c"))),), "c", "more than"),
        ((Repeat(id="a", children=(Input(id="b"),)),), "b", "repeated block"),
        ((dense("a"), Residual(id="r", inputs=("a", "a"), children=(dense("b"),))), "r", "exactly one input"),
    ],
)
def test_that_what_cannot_be_laid_out_is_said_where_it_stands(
    nodes: tuple[AnyNode, ...], node_id: str, words: str
) -> None:
    with pytest.raises(GraphError, match=words) as caught:
        lay(*nodes)
    assert caught.value.node_id == node_id


def test_that_an_unknown_output_is_refused() -> None:
    with pytest.raises(GraphError, match="names a layer that is not there"):
        lay(dense("a"), outputs=("gone",))


def test_that_absurd_nesting_is_refused() -> None:
    node: AnyNode = dense("a")
    for level in range(100):
        node = Block(id=f"b{level}", children=(node,))
    with pytest.raises(GraphError, match="nested"):
        lay(node)


def test_that_repetitions_of_nothing_end_at_once() -> None:
    node: AnyNode = Block(id="empty")
    for level in range(40):
        node = Repeat(id=f"r{level}", times=1000, children=(node,))
    assert len(lay(node).steps) == 1


@given(st.text())
def test_that_any_name_becomes_one_that_tensorflow_takes(name: str) -> None:
    made = valid(name)
    assert made == "" or (made.isascii() and made.replace("_", "a").isalnum() and len(made) <= 100)


@given(st.lists(st.tuples(st.sampled_from(["Dense", "Conv2D"]), st.sampled_from(["", "dense", "dense_1", "a", "Ä"]))))
def test_that_all_names_differ_and_stay_the_same_each_time(specs: list[tuple[str, str]]) -> None:
    seen: set[str] = set()
    nodes = []
    for index, (class_name, name) in enumerate(specs):
        nodes.append(Layer(id=str(index), class_name=class_name, name="" if name in seen else name))
        seen.add(name)
    graph = lay(*nodes)
    names = [step.name for step in graph.steps]
    assert len(set(names)) == len(names)
    assert graph == lay(*nodes)
