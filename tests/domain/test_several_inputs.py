"""Edits of several inputs, and what checks, first networks and scripts make of them."""

import msgspec
import pytest

from workbench.domain.checks import find_problems
from workbench.domain.dataset import ColumnInfo, DatasetInfo, DatasetSpec, InputInfo, InputSpec, SourceSpec
from workbench.domain.edits import (
    add_input,
    learn_column,
    remove_input,
    rename_input,
    set_input_columns,
    split_inputs,
)
from workbench.domain.first_network import first_network
from workbench.domain.graph import layout
from workbench.domain.project import Project
from workbench.domain.script import export_script
from workbench.domain.tree import Input, Layer, ModelTree

BOTH = (InputSpec("numbers", ("age", "size")), InputSpec("kinds", ("colour",)))
INFO = DatasetInfo(
    title="table",
    form="table",
    task="binary",
    input_shape=(5,),
    target_shape=(),
    labels="integer",
    sizes={"train": 50, "validation": 10, "test": 10},
    classes=("no", "yes"),
    inputs=(InputInfo("numbers", (2,), (0, 1)), InputInfo("kinds", (3,), (2, 3, 4))),
    script="x, y = None, None\n",
    preparation="x_train = x\n",
)


def column(name: str, kind: str = "number", role: str = "feature") -> ColumnInfo:
    return msgspec.convert({"name": name, "kind": kind, "role": role}, ColumnInfo)


def project(*inputs: InputSpec, model: ModelTree | None = None) -> Project:
    spec = DatasetSpec(SourceSpec("csv", {"path": "a.csv"}), target="y", inputs=inputs)
    return Project(data=spec, model=ModelTree() if model is None else model)


def test_that_numbers_and_categories_become_an_input_each() -> None:
    columns = (column("age"), column("colour", "category"), column("y", role="target"), column("size"))
    assert split_inputs(columns)(project()).data.inputs == (
        InputSpec("numbers", ("age", "size")),
        InputSpec("categories", ("colour",)),
    )


def test_that_columns_of_one_kind_are_halved() -> None:
    inputs = split_inputs([column(name) for name in "abc"])(project()).data.inputs
    assert [each.columns for each in inputs] == [("a", "b"), ("c",)]


def test_that_a_further_input_gets_a_name_of_its_own() -> None:
    made = add_input(("age",))(add_input(("size",))(project(*BOTH)))
    assert [each.name for each in made.data.inputs] == ["numbers", "kinds", "input_1", "input_2"]


def test_that_renaming_an_input_renames_its_node_too() -> None:
    tree = ModelTree((Input(id="i", name="kinds"), Input(id="j", name="numbers")))
    made = rename_input(1, "the kinds")(project(*BOTH, model=tree))
    assert [each.name for each in made.data.inputs] == ["numbers", "the_kinds"]
    assert [node.name for node in made.model.nodes] == ["the_kinds", "numbers"]


@pytest.mark.parametrize("name", ["", "numbers", "数"])
def test_that_a_name_that_is_taken_or_none_changes_nothing(name: str) -> None:
    before = project(*BOTH)
    assert rename_input(1, name)(before) is before


def test_that_a_column_that_becomes_the_target_leaves_the_inputs() -> None:
    made = learn_column("colour", ("age", "size", "colour", "y"), "y")(project(*BOTH))
    assert made.data.inputs == (BOTH[0],)
    assert made.data.used_columns == ("age", "size")


def test_that_inputs_can_be_changed_and_removed() -> None:
    made = set_input_columns(1, ("colour", "age"))(project(*BOTH))
    assert made.data.used_columns == ("age", "size", "colour")
    assert remove_input(0)(remove_input(0)(made)).data.inputs == ()
    assert set_input_columns(1, ())(project(*BOTH)) == project(*BOTH)


def test_that_the_first_network_has_an_input_for_each_part_of_the_data() -> None:
    graph = layout(first_network(INFO))
    inputs = [step.name for step in graph.steps if step.kind == "input"]
    assert inputs == ["numbers", "kinds"]
    made = project(*BOTH, model=first_network(INFO))
    assert find_problems(made, INFO) == ()


def tree(*names: str) -> ModelTree:
    inputs = tuple(Input(id=name, name=name) for name in names)
    join = Layer(id="join", class_name="Concatenate", inputs=names)
    return ModelTree((*inputs, join, Layer(id="end", class_name="Dense", params={"units": 1, "activation": "sigmoid"})))


def test_that_an_input_without_a_part_of_the_data_is_told_with_a_repair() -> None:
    before = project(*BOTH, model=tree("numbers", "kind"))
    problems = {problem.code: problem for problem in find_problems(before, INFO)}
    assert set(problems) == {"input_name", "input_unused"}
    assert problems["input_name"].node_id == "kind"
    after = problems["input_name"].repairs[0].edit(before)
    assert find_problems(after, INFO) == ()


def test_that_a_network_that_takes_all_by_one_input_is_told_of_them() -> None:
    before = project(*BOTH, model=ModelTree(tree("a").nodes[2:]))
    problems = {problem.code: problem for problem in find_problems(before, INFO)}
    assert set(problems) == {"inputs_unused"}
    assert find_problems(problems["inputs_unused"].repairs[0].edit(before), INFO) == ()


def test_that_the_script_hands_each_input_its_columns() -> None:
    text = export_script(project(*BOTH, model=tree("numbers", "kinds")), INFO)
    assert "        x[:, 0:2],  # numbers\n        x[:, 2:5],  # kinds\n" in text
    assert "return inputs_of(x_train[chosen]), y_train[chosen]" in text
    assert "validation_data=(inputs_of(x_validation), y_validation)" in text
    assert "inputs_of" not in export_script(project(model=ModelTree(tree("a").nodes[2:])), INFO)


def test_that_the_first_network_names_what_reads_each_input() -> None:
    names = [step.name for step in layout(first_network(INFO)).steps]
    assert names[:4] == ["numbers", "numbers_dense", "kinds", "kinds_dense"]
