"""What differs between two networks is told in short lines, and nothing else is."""

import msgspec
from hypothesis import given
from trees import trees

from workbench.domain import edits
from workbench.domain.difference import Difference, differences, tree_differences
from workbench.domain.project import Project
from workbench.domain.training import PhaseSpec, TrainingSpec
from workbench.domain.tree import Block, Branches, Layer, ModelTree
from workbench.domain.tree_tools import fresh_copies
from workbench.domain.values import ObjectSpec


def dense(node_id: str, units: int, **more: object) -> Layer:
    return Layer(id=node_id, class_name="Dense", params={"units": units}, **more)  # type: ignore[arg-type]


NETWORK = Project(
    model=ModelTree(
        (dense("a", 8), Block(id="b", name="inner", children=(dense("c", 4), dense("d", 2))), dense("e", 1))
    )
)


def told(after: Project, before: Project = NETWORK) -> list[tuple[str, str, str]]:
    return [(each.kind, each.what, each.detail) for each in differences(before, after)]


def test_that_equal_projects_differ_in_nothing() -> None:
    assert differences(NETWORK, NETWORK) == ()


def test_that_a_changed_parameter_is_told_with_both_values() -> None:
    after = edits.set_params(("a",), {"units": 16, "activation": "relu"})(NETWORK)
    assert told(after) == [("changed", "Dense(units 16, activation relu)", "units 8 → 16, activation default → relu")]


def test_that_what_came_and_went_is_one_line_each() -> None:
    after = edits.remove(("b",))(edits.add_nodes((Layer(id="n", class_name="Dropout"),), None, 1)(NETWORK))
    assert told(after) == [("added", "Dropout", ""), ("removed", "“inner”", "")]


def test_that_what_moved_is_told_once_and_not_what_made_room_for_it() -> None:
    assert told(edits.move(("e",), None, 0)(NETWORK)) == [("moved", "Dense(units 1)", "in the order")]
    assert told(edits.move(("c",), None, 0)(NETWORK)) == [("moved", "Dense(units 4)", "from “inner” to the top level")]


def test_that_another_class_merge_and_name_are_told() -> None:
    sides = (Block(id="x"), Block(id="y"))
    before = Project(model=ModelTree((Branches(id="m", branches=sides), dense("a", 8))))
    add = Branches(id="m", branches=sides, merge=ObjectSpec("Add"))
    after = Project(model=ModelTree((add, Layer(id="a", class_name="Conv1D", name="wide", params={"filters": 8}))))
    assert [each.detail for each in differences(before, after)] == [
        "Concatenate → Add",
        "name none → wide, Dense → Conv1D, units 8 → default, filters default → 8",
    ]


def test_that_training_and_data_are_told_too() -> None:
    training = TrainingSpec(epochs=40, optimizer=ObjectSpec("SGD", {"learning_rate": 0.1}))
    after = msgspec.structs.replace(NETWORK, training=training)
    assert told(after) == [
        ("changed", "optimizer", "none → SGD(learning rate 0.1)"),
        ("changed", "epochs", "20 → 40"),
    ]


def test_that_networks_of_other_projects_are_laid_side_by_side_by_class_and_name() -> None:
    other = ModelTree(fresh_copies(NETWORK.model.nodes, ModelTree()))
    assert tree_differences(NETWORK.model, other) == ()
    changed = edits.set_param((other.nodes[0].id,), "units", 9)(Project(model=other))
    assert told(changed) == [("changed", "Dense(units 9)", "units 8 → 9")]


@given(trees(), trees())
def test_that_any_two_networks_can_be_compared(one: ModelTree, other: ModelTree) -> None:
    assert tree_differences(one, one) == ()
    found = tree_differences(one, other)
    assert all(isinstance(each, Difference) and each.what for each in found)
    assert not any("\n" in each.what for each in found)


def test_that_phases_and_lists_are_told_in_words() -> None:
    before = msgspec.structs.replace(NETWORK, training=TrainingSpec(phases=(PhaseSpec(epochs=3),)))
    after = msgspec.structs.replace(
        NETWORK,
        training=TrainingSpec(
            phases=(PhaseSpec(epochs=3, trains="top"), PhaseSpec(name="Last")),
            metrics=(ObjectSpec("AUC"), ObjectSpec("Precision")),
        ),
    )
    usual = PhaseSpec().epochs
    assert told(after, before) == [
        ("changed", "metrics", "none → AUC, Precision"),
        (
            "changed",
            "phases",
            f"Fine-tuning (epochs 3) → Fine-tuning (epochs 3, trains top), Last (epochs {usual})",
        ),
    ]
