"""The network as boxes and arrows is the network that is built."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trees import trees

from workbench.domain.diagram import CONTAINERS, Diagram, Link, diagram, shapes_of
from workbench.domain.graph import MAX_DEPTH, Graph, GraphError, layout
from workbench.domain.summary import LayerSummary, ModelSummary
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
    walk,
)


def dense(node_id: str, **more: object) -> Layer:
    return Layer(id=node_id, class_name="Dense", **more)  # type: ignore[arg-type]


def draw(*nodes: AnyNode, folded: Iterable[str] = ()) -> Diagram:
    return diagram(ModelTree(nodes), frozenset(folded))


def kinds(drawn: Diagram) -> dict[str, str]:
    return {box.node_id: box.kind for box in drawn.boxes}


def arrows(drawn: Diagram) -> set[tuple[str, str]]:
    return {(link.source, link.target) for link in drawn.links}


def wired(graph: Graph) -> set[tuple[str, str]]:
    """What a built network joins, by node: but for the way from one round of a repetition to the next."""
    node = {step.name: step.node_id for step in graph.steps}
    order = {node_id: place for place, node_id in enumerate(dict.fromkeys(node.values()))}
    pairs = {(node[name], step.node_id) for step in graph.steps for name in step.inputs}
    return {(one, two) for one, two in pairs if order[one] < order[two]}


def without_empty(drawn: Diagram) -> set[tuple[str, str]]:
    """The arrows between what is not empty, through what is."""
    empty = {box.node_id for box in drawn.boxes if box.kind == "empty"}
    before: dict[str, set[str]] = {}
    for link in drawn.links:  # from top to bottom, so that what comes before is known
        sources = before.get(link.source, set()) if link.source in empty else {link.source}
        before.setdefault(link.target, set()).update(sources)
    return {(source, target) for target, sources in before.items() if target not in empty for source in sources}


def test_that_an_empty_network_has_no_boxes() -> None:
    assert draw() == Diagram()


def test_that_layers_follow_the_data() -> None:
    drawn = draw(dense("a"), dense("b"))
    assert kinds(drawn) == {"": "input", "a": "layer", "b": "layer"}
    assert drawn.links == (Link("", "a", ""), Link("a", "b", "a"))
    assert not drawn.frames


def test_that_a_residual_is_a_frame_with_its_skip_and_its_merging() -> None:
    drawn = draw(dense("a"), Residual(id="r", children=(dense("b"), dense("c"))), dense("d"))
    assert kinds(drawn)["r"] == "merge"
    assert arrows(drawn) == {("", "a"), ("a", "b"), ("b", "c"), ("c", "r"), ("a", "r"), ("r", "d")}
    assert [frame.node_id for frame in drawn.frames] == ["r"]
    assert {box.node_id for box in drawn.boxes if box.frame == "r"} == {"b", "c", "r"}


def test_that_branches_have_frames_of_their_own() -> None:
    one, two = Block(id="one", children=(dense("a"),)), Block(id="two", children=(dense("b"),))
    drawn = draw(Branches(id="x", branches=(one, two)))
    assert {frame.node_id: frame.frame for frame in drawn.frames} == {"x": None, "one": "x", "two": "x"}
    assert arrows(drawn) == {("", "a"), ("", "b"), ("a", "x"), ("b", "x")}


def test_that_a_repetition_is_shown_once() -> None:
    drawn = draw(Repeat(id="r", times=50, children=(dense("a"), dense("b"))), dense("c"))
    assert arrows(drawn) == {("", "a"), ("a", "b"), ("b", "c")}


def test_that_what_is_folded_is_one_box_that_keeps_its_arrows() -> None:
    nodes = (dense("a"), Block(id="k", children=(dense("b"), Residual(id="r", children=(dense("c"),)))), dense("d"))
    drawn = draw(*nodes, folded=("k", "r"))
    assert kinds(drawn) == {"": "input", "a": "layer", "k": "folded", "d": "layer"}
    assert drawn.links[-1] == Link("k", "d", "r"), "the shape on the arrow is that of the last layer inside"
    assert not drawn.frames
    assert kinds(draw(*nodes, folded=("r",)))["r"] == "folded"


def test_that_disabled_layers_are_left_out_and_passed() -> None:
    drawn = draw(
        dense("a"), dense("b", enabled=False), Block(id="k", enabled=False, children=(dense("c"),)), dense("d")
    )
    assert list(kinds(drawn)) == ["", "a", "d"]
    assert ("a", "d") in arrows(drawn)


def test_that_shared_weights_are_marked_from_the_first_layer_on() -> None:
    drawn = draw(Input(id="i"), dense("a"), Input(id="j"), Shared(id="s", layer="a"), Shared(id="t", layer="s"))
    assert drawn.shared == (("a", "s"), ("a", "t"))


def test_that_a_wrapper_is_one_box() -> None:
    assert kinds(draw(Wrapper(id="w", class_name="Bidirectional", child=dense("c")))) == {"": "input", "w": "layer"}


@pytest.mark.parametrize(
    "node",
    [
        Base(id="odd", source="somewhere"),
        Shared(id="odd", layer="gone"),
        dense("odd", inputs=("gone",)),
        Repeat(id="k", times=-1, children=(dense("odd"),)),
        Repeat(id="k", grow="nonsense", children=(dense("odd"),)),
        Block(id="odd"),
    ],
)
def test_that_what_cannot_be_built_is_shown_all_the_same(node: AnyNode) -> None:
    with_odd = draw(dense("a", name="same"), node, dense("b", name="same"))
    assert {"a", "odd", "b"} <= kinds(with_odd).keys()


def test_that_the_way_leads_through_an_empty_block() -> None:
    drawn = draw(dense("a"), Block(id="k"), dense("b"))
    assert kinds(drawn)["k"] == "empty"
    assert arrows(drawn) == {("", "a"), ("a", "k"), ("k", "b")}


def test_that_an_empty_branch_is_seen_as_the_way_past_the_other() -> None:
    drawn = draw(Branches(id="x", branches=(Block(id="k", children=(dense("a"),)), Block(id="past"))))
    assert arrows(drawn) == {("", "a"), ("a", "x"), ("", "past"), ("past", "x")}


def test_that_a_residual_around_nothing_joins_nothing() -> None:
    drawn = draw(dense("a"), Residual(id="r", children=(Block(id="k"), Block(id="l"))), dense("b"))
    assert "r" not in kinds(drawn)
    assert arrows(drawn) == {("", "a"), ("a", "k"), ("k", "l"), ("l", "b")}


def test_that_absurd_nesting_is_refused_with_a_reason() -> None:
    node: AnyNode = dense("a")
    for depth in range(MAX_DEPTH + 2):
        node = Block(id=f"k{depth}", children=(node,))
    with pytest.raises(GraphError, match="deep"):
        diagram(ModelTree((node,)))


def test_that_shapes_are_those_of_the_last_round() -> None:
    layers = [LayerSummary("a", f"dense_{n}", "Dense", (4,), (n,), 0, 0) for n in (3, 5)]
    assert shapes_of(ModelSummary(layers=tuple(layers))) == {"a": (5,)}
    assert shapes_of(None) == {}


@given(trees())
def test_that_every_network_that_can_be_built_is_drawn_as_it_is_built(tree: ModelTree) -> None:
    try:
        graph = layout(tree)
    except GraphError:
        return
    drawn = diagram(tree)
    real = {box.node_id for box in drawn.boxes if box.kind != "empty"}
    if tree.nodes:
        assert real == {step.node_id for step in graph.steps}
        assert without_empty(drawn) == wired(graph)


@given(trees(), st.data())
def test_that_any_tree_is_drawn_with_every_arrow_between_boxes_that_are_there(
    tree: ModelTree, data: st.DataObject
) -> None:
    containers = [node.id for node in walk(tree.nodes) if isinstance(node, CONTAINERS)]
    folded = data.draw(st.sets(st.sampled_from(containers))) if containers else set()
    drawn = diagram(tree, folded)
    place = {box.node_id: number for number, box in enumerate(drawn.boxes)}
    assert len(place) == len(drawn.boxes)
    assert all(place[link.source] < place[link.target] for link in drawn.links)
    assert {end for pair in drawn.shared for end in pair} <= place.keys()
    frames = [frame.node_id for frame in drawn.frames]
    assert not folded.intersection(frames)
    assert all(box.frame is None or box.frame in frames for box in drawn.boxes)
    assert all(frame.frame is None or frame.frame in frames[:n] for n, frame in enumerate(drawn.frames))
