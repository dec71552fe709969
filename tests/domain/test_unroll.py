"""The rounds of a repetition laid out: the same network, each round to be changed by itself."""

import pytest

from workbench.domain.edits import EditError, unroll, wrap_in_repeat
from workbench.domain.graph import GraphStep, layout
from workbench.domain.project import Project
from workbench.domain.tree import AnyNode, Block, Layer, ModelTree, Repeat, Residual, Start, walk
from workbench.domain.values import ObjectSpec, Value


def conv(node_id: str, name: str = "", start: tuple[str, ...] = ()) -> Layer:
    kept = Start("a" * 32 + ".npz", start) if start else None
    params: dict[str, Value] = {"filters": 8, "kernel_size": 3, "padding": "same"}
    return Layer(id=node_id, name=name, class_name="Conv2D", params=params, start=kept)


def project(*nodes: AnyNode, outputs: tuple[str, ...] = ()) -> Project:
    return Project(model=ModelTree(nodes, outputs))


def laid(made: Project) -> list[tuple[object, ...]]:
    """The steps without their names."""
    graph = layout(made.model)
    places = {step.name: place for place, step in enumerate(graph.steps)}

    def told(step: GraphStep) -> tuple[object, ...]:
        return step.class_name, step.params, step.trainable, step.start, tuple(places[name] for name in step.inputs)

    return [*map(told, graph.steps), tuple(places[name] for name in graph.outputs)]


NETWORKS = {
    "grown": project(Repeat(id="r", times=3, grow="filters *2", children=(conv("c"), conv("d")))),
    "named": project(Repeat(id="r", times=3, children=(conv("c", "mine"),)), conv("e")),
    "frozen": project(Repeat(id="r", times=2, trainable=False, children=(conv("c"),))),
    "off": project(conv("a"), Repeat(id="r", times=2, enabled=False, children=(conv("c"),))),
    "taken": project(
        conv("a"),
        Repeat(id="r", times=3, inputs=("a",), children=(conv("c"), Residual(id="s", children=(conv("d"),)))),
        Layer(id="join", class_name="Add", inputs=("r", "c", "a")),
        outputs=("join", "r"),
    ),
    "nested": project(
        Repeat(
            id="r",
            times=2,
            grow="filters +1",
            children=(Repeat(id="i", times=2, grow="filters *2", children=(conv("c", start=("p", "q", "s", "t")),)),),
        )
    ),
    "block": project(Block(id="b", children=(Repeat(id="r", times=2, children=(conv("c"),)), conv("d")))),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_that_the_network_stays_the_same(name: str) -> None:
    before = NETWORKS[name]
    after = unroll(("r",))(before)
    assert laid(after) == laid(before)
    assert "r" not in {node.id for node in walk(after.model.nodes)}
    ids = [node.id for node in walk(after.model.nodes)]
    assert len(set(ids)) == len(ids)


def test_that_one_round_can_then_be_changed_and_what_is_repeated_is_laid_out_again() -> None:
    once = wrap_in_repeat(("c",), times=3)(project(conv("c")))
    (repeat,) = once.model.nodes
    rounds = unroll((repeat.id,))(once).model.nodes
    assert [node.class_name for node in rounds if isinstance(node, Layer)] == ["Conv2D"] * 3
    assert rounds[-1].id == "c"


def test_that_other_nodes_stay_and_what_cannot_be_laid_out_says_why() -> None:
    made = project(conv("c"))
    assert unroll(("c",))(made) is made
    for repeat, words in (
        (Repeat(id="r", times=2), "is empty"),
        (Repeat(id="r", times=6_000, children=(conv("c"),)), "too many rounds"),
        (Repeat(id="r", times=2, grow="?", children=(conv("c"),)), "no rule of growth"),
    ):
        with pytest.raises(EditError, match=words):
            unroll(("r",))(project(repeat))


def test_that_a_merge_inside_keeps_its_parameters() -> None:
    inner = Residual(id="s", merge=ObjectSpec("Multiply"), children=(conv("d"),))
    after = unroll(("r",))(project(Repeat(id="r", times=2, children=(inner,))))
    assert [node.merge.class_name for node in after.model.nodes if isinstance(node, Residual)] == ["Multiply"] * 2
