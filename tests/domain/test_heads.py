"""Several targets with an output each: which learns what, defaults, checks, edits, first network and script."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.checks import find_problems
from workbench.domain.dataset import DatasetInfo, DatasetSpec, HeadInfo, SourceSpec
from workbench.domain.defaults import resolve
from workbench.domain.edits import EditError, learn_columns, set_head, set_target_task, toggle_outputs
from workbench.domain.first_network import first_network
from workbench.domain.graph import layout
from workbench.domain.heads import in_order, outputs_of
from workbench.domain.measured import measured_names
from workbench.domain.problem import Problem
from workbench.domain.project import Project
from workbench.domain.script import export_script
from workbench.domain.training import EarlyStopping, HeadSpec, TrainingSpec
from workbench.domain.tree import Layer, ModelTree, Wrapper, find
from workbench.domain.values import ObjectSpec

FUEL = HeadInfo("fuel", "fuel", "multiclass", 0, ("diesel", "petrol", "gas"), {"train": (30, 30, 30)})
PRICE = HeadInfo("price", "price", "regression", 1, mean=17_000.0, std=2_500.0, low=9_000.0, high=25_000.0)
INFO = DatasetInfo(
    title="cars",
    form="table",
    task="multi_output",
    input_shape=(4,),
    target_shape=(2,),
    labels="number",
    sizes={"train": 90, "validation": 20, "test": 20},
    heads=(FUEL, PRICE),
    script="x, y = None, None\n",
    preparation="x_train = x\n",
)


def dense(node_id: str, units: int, activation: str = "linear", **fields: object) -> Layer:
    params = {"units": units, "activation": activation}
    return msgspec.structs.replace(Layer(id=node_id, class_name="Dense", params=params), **fields)


def network(*nodes: Layer, outputs: tuple[str, ...] = ()) -> ModelTree:
    return ModelTree((dense("trunk", 8, "relu"), *nodes), outputs)


TREE = network(
    dense("a", 3, "softmax", name="fuel", inputs=("trunk",)),
    dense("b", 1, name="price", inputs=("trunk",)),
    outputs=("a", "b"),
)


def project(tree: ModelTree = TREE, **training: object) -> Project:
    spec = DatasetSpec(SourceSpec("csv", {"path": "a.csv"}), target="fuel", more_targets=("price",))
    return Project(data=spec, model=tree, training=msgspec.structs.replace(TrainingSpec(), **training))


def problem(made: Project, code: str) -> Problem:
    return next(each for each in find_problems(made, INFO) if each.code == code)


def test_that_outputs_learn_the_targets_of_their_names_else_those_in_their_place() -> None:
    assert in_order(("price", "fuel"), INFO.heads) == ("fuel", "price")
    assert in_order(("dense", "dense_1"), INFO.heads) == ("dense", "dense_1")
    assert in_order(("price", "dense"), INFO.heads) == ("price", "dense")
    assert in_order(("anything",), ()) == ("anything",)


@given(st.permutations(["fuel", "price"]), st.text(max_size=5))
def test_that_no_output_is_lost_or_doubled(outputs: list[str], other: str) -> None:
    names = (*outputs, other)
    assert sorted(in_order(names, INFO.heads)) == sorted(names)


def test_that_the_first_network_has_an_output_for_each_target() -> None:
    tree = first_network(INFO)
    graph = layout(tree)
    assert outputs_of(graph, INFO) == graph.outputs == ("fuel", "price")
    trunk = {step.inputs for step in graph.steps if step.name == "fuel"}
    assert trunk == {("dense_1",)}
    assert find_problems(project(tree), INFO) == ()


def test_that_each_output_gets_loss_metrics_and_weight_that_suit_it() -> None:
    fuel, price = resolve(project(), INFO).heads
    assert fuel.loss.class_name == "SparseCategoricalCrossentropy"
    assert [metric.class_name for metric in fuel.metrics] == ["SparseCategoricalAccuracy"]
    assert fuel.weight == 1.0
    assert price.loss.class_name == "MeanSquaredError"
    assert price.weight == 1.6e-07
    assert "spreads by 2.5e+03" in price.reasons["weight"]
    chosen = HeadSpec("price", ObjectSpec("MeanAbsoluteError"), (), None)
    price = resolve(project(heads=(chosen,)), INFO).heads[1]
    assert price.weight == 0.0004
    assert set(price.reasons) == {"weight"}


def test_that_logits_of_one_output_are_taken_as_such() -> None:
    tree = msgspec.structs.replace(
        TREE, nodes=(TREE.nodes[0], dense("a", 3, name="fuel", inputs=("trunk",)), TREE.nodes[2])
    )
    assert resolve(project(tree), INFO).heads[0].loss.params == {"from_logits": True}


def test_that_what_is_measured_has_the_names_of_the_outputs() -> None:
    names = measured_names(resolve(project(), INFO))
    assert names == ["loss", "fuel_loss", "price_loss", "fuel_accuracy", "price_mae"]
    watched = project(early_stopping=EarlyStopping(monitor="val_fuel_accuracy"))
    assert find_problems(watched, INFO) == ()
    strange = project(early_stopping=EarlyStopping(monitor="val_accuracy"))
    assert problem(strange, "early_stopping_monitor").field == "early_stopping"


def test_that_a_single_output_is_made_several_by_one_click() -> None:
    single = project(network(dense("last", 3, "softmax")))
    found = problem(single, "outputs_against_heads")
    assert "2 targets" in found.message
    assert "one output" in found.message
    for repair in found.repairs:
        assert find_problems(repair.edit(single), INFO) == ()
    kept = found.repairs[0].edit(single).model
    assert find(kept, "trunk").inputs == ()
    assert [node.name for node in kept.nodes if node.id in kept.outputs] == ["fuel", "price"]


def test_that_several_outputs_for_one_target_are_a_problem_only_once_the_data_are_known() -> None:
    one = msgspec.structs.replace(INFO, task="regression", target_shape=(1,), heads=())
    assert "several_outputs" in {each.code for each in find_problems(project(), one)}
    assert "several_outputs" not in {each.code for each in find_problems(project())}


def test_that_each_output_is_checked_against_its_own_target() -> None:
    wrong = network(
        dense("a", 5, "softmax", name="fuel", inputs=("trunk",)),
        dense("b", 1, "sigmoid", name="price", inputs=("trunk",)),
        outputs=("a", "b"),
    )
    codes = {each.node_id: each for each in find_problems(project(wrong), INFO)}
    assert codes["a"].code == "units_against_classes"
    assert codes["b"].code == "last_activation"
    mended = project(wrong)
    for node_id in ("a", "b"):
        mended = codes[node_id].repairs[0].edit(mended)
    assert find_problems(mended, INFO) == ()


def test_that_a_loss_that_does_not_suit_an_output_is_mended_there() -> None:
    wrong = project(heads=(HeadSpec("price", ObjectSpec("BinaryCrossentropy")),))
    found = problem(wrong, "loss_against_labels")
    assert found.message.startswith("Output “price”: The loss BinaryCrossentropy is for classes")
    assert found.field == "price/loss"
    assert found.repairs[0].edit(wrong).training.heads == ()


def test_that_an_unknown_metric_of_an_output_is_named() -> None:
    wrong = project(heads=(HeadSpec("fuel", None, (ObjectSpec("Nothing"),)),))
    assert "no metric called “Nothing”" in problem(wrong, "unknown_class").message


def test_that_what_an_output_learns_with_is_set_and_goes_back_to_the_default() -> None:
    changed = set_head("price", weight=0.5)(project())
    assert changed.training.heads == (HeadSpec("price", weight=0.5),)
    changed = set_head("fuel", metrics=())(changed)
    changed = set_head("price", weight=None)(changed)
    assert changed.training.heads == (HeadSpec("fuel", metrics=()),)


def test_that_nodes_become_outputs_and_stop_to_be() -> None:
    one = project(network(dense("a", 3), dense("b", 1)))
    both = toggle_outputs(("trunk",))(one)
    assert both.model.outputs == ("trunk", "b")
    assert toggle_outputs(("a", "b"))(both).model.outputs == ("trunk", "a", "b")
    assert toggle_outputs(("trunk",))(both).model.outputs == ()
    with pytest.raises(EditError, match="needs an output"):
        toggle_outputs(("b",))(one)


def test_that_a_single_target_no_longer_asks_for_several_outputs() -> None:
    several = set_target_task("price", "multiclass")(project())
    several = msgspec.structs.replace(several, data=msgspec.structs.replace(several.data, task="multi_output"))
    assert learn_columns(("price", "fuel"), ("fuel", "price", "age"))(several).data.task == "multi_output"
    alone = learn_columns(("fuel",), ("fuel", "price", "age"))(several).data
    assert (alone.task, alone.more_targets, alone.target_tasks) == ("auto", (), {})


def test_that_the_script_says_which_output_learns_what() -> None:
    stopping = EarlyStopping(monitor="val_price_mae")
    text = export_script(project(heads=(HeadSpec("price", weight=0.25),), early_stopping=stopping), INFO)
    assert "def targets_of(y):" in text
    assert 'y[:, 0].astype("int32"),  # fuel' in text
    assert "loss_weights=[1.0, 0.25]" in text
    assert 'monitor="val_price_mae", mode="min"' in text
    compile(text, "script", "exec")


def test_that_the_layer_in_a_wrapper_gives_no_output_by_itself() -> None:
    inside = Layer(id="cell", class_name="LSTM", params={"units": 4})
    tree = ModelTree(
        (Wrapper(id="both", class_name="Bidirectional", child=inside), Layer(id="end", class_name="Flatten"))
    )
    assert toggle_outputs(("cell",))(Project(model=tree)).model.outputs == ("both", "end")
