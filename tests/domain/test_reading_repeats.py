"""What stands several times one behind another comes in as a Repeat, and lays out to the very same layers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.graph import GraphStep, layout
from workbench.domain.reading import Call, Calls, tree_of
from workbench.domain.reading.python import read_python
from workbench.domain.tree import AnyNode, Layer, ModelTree, Repeat, Residual, walk


def chain(*layers: tuple[str, int], names: bool = False) -> Calls:
    calls = [Call("x", "InputLayer", name="x", shape=(4,))]
    for place, (kind, size) in enumerate(layers):
        params = {"units": size} if kind == "Dense" else {"rate": 0.1 * size}
        name = f"mine_{place}" if names else f"{kind.lower()}_{place}"
        calls.append(Call(str(place), kind, dict(params), (calls[-1].id,), name))
    return Calls(tuple(calls), (calls[-1].id,))


def shown(nodes: tuple[AnyNode, ...]) -> list[object]:
    return [
        (node.times, shown(node.children)) if isinstance(node, Repeat) else getattr(node, "class_name", "Input")
        for node in nodes
    ]


def laid(tree: ModelTree) -> list[tuple[str, object, tuple[int, ...]]]:
    """The steps without their names: class, parameters, and where they take from."""
    steps = layout(tree).steps
    places = {step.name: place for place, step in enumerate(steps)}

    def told(step: GraphStep) -> tuple[str, object, tuple[int, ...]]:
        return step.class_name, step.params, tuple(places[name] for name in step.inputs)

    return [told(step) for step in steps]


def test_that_three_alike_are_a_repeat_and_two_single_layers_are_not() -> None:
    tree, _ = tree_of(chain(*[("Dense", 8)] * 3, ("Dense", 2)), repeats=True)
    assert shown(tree.nodes) == ["Input", (3, ["Dense"]), "Dense"]
    tree, _ = tree_of(chain(*[("Dense", 8)] * 2, ("Dense", 2)), repeats=True)
    assert shown(tree.nodes) == ["Input", "Dense", "Dense", "Dense"]


def test_that_a_round_of_several_layers_is_found_and_one_inside_another() -> None:
    tree, _ = tree_of(chain(*[("Dense", 8), ("Dropout", 1)] * 2), repeats=True)
    assert shown(tree.nodes) == ["Input", (2, ["Dense", "Dropout"])]
    tree, _ = tree_of(chain(*[*[("Dense", 8)] * 3, ("Dropout", 1)] * 2), repeats=True)
    assert laid(tree) == laid(tree_of(chain(*[*[("Dense", 8)] * 3, ("Dropout", 1)] * 2))[0])
    assert sum(isinstance(node, Layer) for node in walk(tree.nodes)) < 8


def test_that_names_of_a_persons_own_are_kept() -> None:
    network = chain(*[("Dense", 8)] * 4, names=True)
    tree, ids = tree_of(network, repeats=True)
    assert [step.name for step in layout(tree).steps] == ["x", "mine_0", "mine_1", "mine_2", "mine_3"]
    assert len(set(ids.values())) == 5


def test_that_the_calls_of_all_rounds_lead_to_the_nodes_of_the_first() -> None:
    tree, ids = tree_of(chain(*[("Dense", 8), ("Dropout", 1)] * 3), repeats=True)
    repeat = tree.nodes[1]
    assert isinstance(repeat, Repeat)
    assert [ids[str(place)] for place in range(6)] == [node.id for node in repeat.children] * 3


def test_that_what_another_layer_names_is_not_repeated() -> None:
    network = chain(*[("Dense", 8)] * 4)
    last = Call("join", "Concatenate", inputs=("3", "1"), name="concatenate")
    tree, _ = tree_of(Calls((*network.calls, last), ("join",)), repeats=True)
    assert laid(tree) == laid(tree_of(Calls((*network.calls, last), ("join",)))[0])


def test_that_filters_that_grow_by_a_rule_are_one_repeat() -> None:
    tree, _ = tree_of(chain(*[(kind, size) for size in (8, 16, 32) for kind in ("Dense", "Dropout")]), repeats=True)
    repeat = tree.nodes[1]
    assert isinstance(repeat, Repeat)
    assert (repeat.times, repeat.grow) == (3, "units *2, rate *2")
    sizes = (8, 12, 16, 20, 3)
    tree, _ = tree_of(chain(*[("Dense", size) for size in sizes]), repeats=True)
    assert shown(tree.nodes) == ["Input", (4, ["Dense"]), "Dense"]
    assert getattr(tree.nodes[1], "grow", "") == "units +4"


def test_that_what_grows_only_once_and_a_few_single_layers_stay_as_they_are() -> None:
    twice = chain(*[(kind, size) for size in (8, 16) for kind in ("Dense", "Dropout")])
    assert shown(tree_of(twice, repeats=True)[0].nodes) == ["Input", "Dense", "Dropout", "Dense", "Dropout"]
    head = chain(("Dense", 512), ("Dense", 256), ("Dense", 128))
    assert shown(tree_of(head, repeats=True)[0].nodes) == ["Input", "Dense", "Dense", "Dense"]


def test_that_stages_of_equal_layers_that_grow_are_repeats_in_a_repeat() -> None:
    stages = chain(*[layer for size in (8, 16, 32) for layer in [*[("Dense", size)] * 4, ("Dropout", 1)]])
    tree, ids = tree_of(stages, repeats=True)
    assert shown(tree.nodes) == ["Input", (3, [(4, ["Dense"]), "Dropout"])]
    assert laid(tree) == laid(tree_of(stages)[0])
    assert set(ids.values()) == {node.id for node in walk(tree.nodes) if not isinstance(node, Repeat)}


def test_that_two_thousand_growing_layers_are_read_at_once() -> None:
    tree, _ = tree_of(chain(*[("Dense", size) for size in range(1, 2_001)]), repeats=True)
    assert shown(tree.nodes) == ["Input", (2_000, ["Dense"])]


@given(st.lists(st.sampled_from([("Dense", 16), ("Dense", 8), ("Dense", 4), ("Dropout", 1)]), max_size=20))
def test_that_any_chain_lays_out_to_the_same_layers(layers: list[tuple[str, int]]) -> None:
    network = chain(*layers)
    tree, ids = tree_of(network, repeats=True)
    assert laid(tree) == laid(tree_of(network)[0])
    nodes = {node.id for node in walk(tree.nodes)}
    assert set(ids.values()) <= nodes


@pytest.mark.parametrize("rounds", [2, 5])
def test_that_a_loop_of_python_is_a_repeat(rounds: int) -> None:
    script = read_python(
        f"""
from keras import Input, Model, layers
x = inputs = Input((8, 8, 4))
for _ in range({rounds}):
    y = layers.Conv2D(4, 3, padding="same", activation="relu")(x)
    y = layers.BatchNormalization()(y)
    x = layers.Add()([x, y])
model = Model(inputs, layers.Flatten()(x))
"""
    )
    assert script.calls is not None
    tree, _ = tree_of(script.calls, repeats=True)
    repeat = tree.nodes[1]
    assert isinstance(repeat, Repeat)
    assert repeat.times == rounds
    (inside,) = repeat.children
    assert isinstance(inside, Residual)
    assert laid(tree) == laid(tree_of(script.calls)[0])
