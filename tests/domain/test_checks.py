"""What the checks say without Keras, and what holds for all of them; with Keras: tests/engine/test_problems.py."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples_of_info import pictures, table
from trees import VALUES, trees

from workbench.domain.checks import find_problems
from workbench.domain.dataset import ColumnInfo, DatasetInfo, DatasetSpec, SourceSpec, Split
from workbench.domain.edits import EditError
from workbench.domain.problem import Problem
from workbench.domain.project import Project
from workbench.domain.samples import sample
from workbench.domain.summary import LayerSummary, ModelSummary, NodeError
from workbench.domain.training import EarlyStopping, TrainingSpec
from workbench.domain.tree import AnyNode, Base, Input, Layer, ModelTree, Repeat, Shared, walk
from workbench.domain.values import ObjectSpec, Value

IRIS = table()


def node(node_id: str, class_name: str = "Dense", **params: Value) -> Layer:
    return Layer(id=node_id, class_name=class_name, params=params)


END = node("end", units=3, activation="softmax")


def found(
    *nodes: AnyNode, info: DatasetInfo | None = IRIS, training: TrainingSpec | None = None, **more: object
) -> dict[str, Problem]:
    """Problems by code."""
    project = Project(model=ModelTree(nodes or (END,)), training=training or TrainingSpec(), **more)  # type: ignore[arg-type]
    return {problem.code: problem for problem in find_problems(project, info)}


def mended(problem: Problem, project: Project, info: DatasetInfo | None = IRIS, repair: int = 0) -> Project:
    """The project after a repair, which must have mended the problem."""
    changed = problem.repairs[repair].edit(project)
    assert problem.code not in {other.code for other in find_problems(changed, info)}
    return changed


def test_that_nothing_is_wrong_with_a_sound_project() -> None:
    assert found() == {}
    assert found(info=None) == {}


def test_that_an_empty_network_gets_a_first_one_by_a_click() -> None:
    project = Project()
    (problem,) = find_problems(project, IRIS)
    assert problem.code == "no_weights"
    assert "Dense(3, softmax)" in problem.repairs[0].preview
    changed = mended(problem, project)
    assert find_problems(changed, IRIS) == ()


def test_that_errors_come_first_and_in_the_order_of_the_tree() -> None:
    nodes = (node("a", units=3), node("b", "Densee"), node("c", "Dense", unitz=3, activation="relu"), END)
    problems = find_problems(Project(model=ModelTree(nodes), training=TrainingSpec(epochs=0)), IRIS)
    assert [(problem.severity, problem.node_id) for problem in problems] == [
        ("error", "b"),
        ("error", "c"),
        ("error", None),
    ]


@pytest.mark.parametrize(
    ("nodes", "where", "repairs"),
    [
        ((node("a", units=3), Layer(id="b", class_name="Dense", inputs=("gone",))), "b", 1),
        ((Layer(id="a", name="x", class_name="Flatten"), Layer(id="b", name="x", class_name="Flatten")), "b", 2),
        ((Shared(id="a", layer="end"), END), "a", 2),
        ((Repeat(id="a", times=0, children=(node("b"),)), END), "a", 2),
    ],
)
def test_that_a_tree_that_cannot_be_laid_out_can_be_mended(
    nodes: tuple[AnyNode, ...], where: str, repairs: int
) -> None:
    project = Project(model=ModelTree(nodes))
    problem = found(*nodes)["tree"]
    assert problem.node_id == where
    assert len(problem.repairs) == repairs
    for repair in range(repairs):
        mended(problem, project, repair=repair)


def test_that_lost_outputs_can_be_mended() -> None:
    project = Project(model=ModelTree((END,), ("gone",)))
    (problem,) = find_problems(project, IRIS)
    assert mended(problem, project).model.outputs == ()


def test_that_misspelt_names_are_corrected_by_a_click() -> None:
    project = Project(model=ModelTree((node("a", "Densee", units=4, activation="relu"), END)))
    problem = found(*project.model.nodes)["unknown_class"]
    assert mended(problem, project).model.nodes[0] == node("a", units=4, activation="relu")
    project = Project(model=ModelTree((node("a", unit=4, activation="relu"), END)))
    problem = found(*project.model.nodes)["unknown_parameter"]
    assert problem.field == "unit"
    assert mended(problem, project).model.nodes[0] == node("a", units=4, activation="relu")


def test_that_unknown_optimizers_and_their_parameters_are_told() -> None:
    for training in (
        TrainingSpec(optimizer=ObjectSpec("Adamm")),
        TrainingSpec(optimizer=ObjectSpec("Adam", {"speed": 1})),
        TrainingSpec(loss=ObjectSpec("Lossy")),
        TrainingSpec(metrics=(ObjectSpec("Goodness"),)),
    ):
        problem = found(training=training)["unknown_class"]
        assert mended(problem, Project(model=ModelTree((END,)), training=training)).training != training


@pytest.mark.parametrize(
    ("optimizer", "rate", "severity"),
    [
        ("Adam", 0, "error"),
        ("Adam", -0.1, "error"),
        ("Adam", float("nan"), "error"),
        ("Adam", float("inf"), "error"),
        ("Adam", 1.0, "warning"),
        ("SGD", 50.0, "warning"),
        ("Adam", 1e-12, "warning"),
        ("SGD", 0.5, None),
        ("Adam", 0.01, None),
        ("Adadelta", 1.0, None),
    ],
)
def test_that_absurd_learning_rates_are_told(optimizer: str, rate: float, severity: str | None) -> None:
    training = TrainingSpec(optimizer=ObjectSpec(optimizer, {"learning_rate": rate, "clipnorm": 1.0}))
    problem = found(training=training).get("learning_rate")
    assert (problem.severity if problem else None) == severity
    if problem:
        changed = mended(problem, Project(model=ModelTree((END,)), training=training)).training.optimizer
        assert changed is not None
        assert changed.params["clipnorm"] == 1.0


@pytest.mark.parametrize(
    ("training", "code"),
    [
        (TrainingSpec(epochs=0), "epochs"),
        (TrainingSpec(seed=-1), "seed"),
        (TrainingSpec(batch_size=0), "batch_size"),
        (TrainingSpec(batch_size=1000), "batch_size"),
    ],
)
def test_that_impossible_numbers_are_told(training: TrainingSpec, code: str) -> None:
    mended(found(training=training)[code], Project(model=ModelTree((END,)), training=training))


def test_that_a_training_part_without_samples_is_told() -> None:
    assert "no_samples" in found(info=table(sizes={"train": 0, "validation": 5, "test": 5}))


def test_that_early_stopping_needs_a_validation_part() -> None:
    info = table(sizes={"train": 100, "validation": 0, "test": 5})
    spec = DatasetSpec(SourceSpec("iris"), split=Split(validation=0.0))
    training = TrainingSpec(early_stopping=EarlyStopping(monitor="val_accuracy"))
    project = Project(model=ModelTree((END,)), training=training, data=spec)
    problem = found(info=info, training=training)["early_stopping_without_validation"]
    assert problem.repairs[0].edit(project).data.split.validation == 0.15
    changed = mended(problem, project, info, 1).training.early_stopping
    assert changed is not None
    assert changed.monitor == "accuracy"
    assert found(training=training) == {}


def test_that_unscaled_inputs_are_told_unless_the_network_scales_them() -> None:
    info = table(scaling="none", input_low=0.0, input_high=255.0)
    problem = found(info=info)["unscaled_inputs"]
    project = Project(model=ModelTree((END,)))
    assert problem.repairs[0].edit(project).data.scaling == "standardize"
    mended(problem, project, info, 1)
    assert found(node("s", "Rescaling", scale=0.01), END, info=info) == {}
    assert "unscaled_inputs" in found(node("f", "Flatten"), END, info=info)


def test_that_data_that_are_scaled_twice_are_told() -> None:
    info = pictures(scaling="divide_255", input_low=0.0, input_high=1.0)
    twice = (node("s", "Rescaling", scale=1 / 255), node("f", "Flatten"), node("end", units=10, activation="softmax"))
    problem = found(*twice, info=info)["scaled_twice"]
    assert "divides the inputs by 255" in problem.message
    assert problem.repairs[0].edit(Project(model=ModelTree(twice))).data.scaling == "none"
    raw = pictures(scaling="none", input_low=0.0, input_high=255.0)
    assert "scaled_twice" not in found(*twice, info=raw)
    halved = node("s", "Rescaling", scale=0.5), *twice[1:]
    assert "scaled_twice" not in found(*halved, info=info)


def test_that_harmful_dropout_is_told() -> None:
    dropout = node("d", "Dropout", rate=0.3)
    assert found(node("a", units=5, activation="relu"), dropout, END) == {}
    problem = found(END, dropout)["dropout_before_output"]
    assert mended(problem, Project(model=ModelTree((END, dropout)))).model.nodes == (END,)
    assert "dropout_rate" in found(node("d", "Dropout", rate=0.95), END)


def test_that_batch_normalization_needs_a_batch() -> None:
    nodes = (node("b", "BatchNormalization"), END)
    training = TrainingSpec(batch_size=1)
    problem = found(*nodes, training=training)["batch_normalization_of_one"]
    for repair in range(2):
        mended(problem, Project(model=ModelTree(nodes), training=training), repair=repair)
    assert found(*nodes) == {}


def test_that_unbalanced_classes_are_told() -> None:
    assert "unbalanced_classes" in found(info=table(class_counts={"train": (90, 5, 5)}))
    assert "unbalanced_classes" not in found(info=table(class_counts={"train": (90, 5, 5)}, continuation=True))
    assert "class_without_samples" in found(info=table(class_counts={"train": (90, 0, 15)}))
    assert found(info=table(class_counts={"train": (50, 30, 20)})) == {}


def test_that_layers_without_effect_are_told() -> None:
    nodes = (node("a", units=4, activation="relu"), node("b", units=4, activation="relu"))
    problem = found(*nodes, Layer(id="end", class_name="Dense", params=END.params, inputs=("a",)))["unused_layer"]
    assert problem.node_id == "b"


def test_that_dense_layers_without_activation_between_are_told() -> None:
    project = Project(model=ModelTree((node("a", units=4), node("d", "Dropout", rate=0.1), END)))
    mended(found(*project.model.nodes)["linear_stack"], project)
    assert found(node("a", units=4), node("r", "ReLU"), END) == {}


def test_that_a_normalization_that_was_not_adapted_is_told() -> None:
    assert "normalization_not_adapted" in found(node("n", "Normalization"), END)
    assert found(node("n", "Normalization", mean=0.5, variance=2.0), END) == {}


def test_that_further_inputs_and_outputs_are_told() -> None:
    nodes = (Input(id="i"), node("a", units=3, activation="relu"), Input(id="j"), END)
    assert found(*nodes)["unused_layer"].node_id == "a"
    project = Project(model=ModelTree((node("a", units=3, activation="relu"), END), ("a", "end")))
    problem = next(problem for problem in find_problems(project, IRIS) if problem.code == "several_outputs")
    assert mended(problem, project).model.outputs == ("end",)


def test_that_an_activation_that_reaches_all_targets_is_fine() -> None:
    column = ColumnInfo("share", "number", low=0.0, high=1.0, role="target")
    end = node("end", units=1, activation="sigmoid")
    assert found(end, info=table("regression", columns=(column,))) == {}
    assert "last_activation" in found(end, info=table("regression"))


def test_that_the_generic_message_stands_back_behind_a_better_one() -> None:
    nodes = (node("r", "Reshape", target_shape=(3, 3)), node("f", "Flatten"), END)
    summary = ModelSummary(error=NodeError("r", "The total size must be unchanged.", "long", (4,)))
    problems = find_problems(Project(model=ModelTree(nodes)), IRIS, summary)
    assert [problem.code for problem in problems] == ["reshape_size"]


@pytest.mark.parametrize("last", [node("mine", "Conv2D", filters=32, kernel_size=2), node("mine", units=32)])
def test_that_the_number_of_outputs_waits_until_they_have_the_right_form(last: Layer) -> None:
    layers = (LayerSummary("mine", "mine", last.class_name, (8, 8, 1), (4, 7, 32), 160, 160),)
    summary = ModelSummary(layers, 160, 160, output_shape=(4, 7, 32))
    project = Project(model=ModelTree((last,)))
    assert [problem.code for problem in find_problems(project, pictures(), summary)][:1] == ["output_shape"]
    assert "units_against_classes" not in {problem.code for problem in find_problems(project, pictures(), summary)}
    flat = ModelSummary(layers, 160, 160, output_shape=(32,))
    assert "units_against_classes" in {problem.code for problem in find_problems(project, pictures(), flat)}


def test_that_a_dense_network_on_a_series_is_flattened_before_it_and_not_behind_its_rescaling() -> None:
    nodes = (node("first", units=8), node("end", units=1), node("scale", "Rescaling", scale=3.5, offset=1000.0))
    layers = tuple(LayerSummary(each.id, each.id, each.class_name, (24, 4), (24, 1), 9, 9) for each in nodes)
    summary = ModelSummary(layers, 18, 18, output_shape=(24, 1))
    project = Project(model=ModelTree(nodes))
    info = table(task="regression", classes=(), input_shape=(24, 4))
    problem = next(each for each in find_problems(project, info, summary) if each.code == "output_shape")
    changed = problem.repairs[0].edit(project)
    assert next(each.class_name for each in changed.model.nodes if isinstance(each, Layer)) == "Flatten"


def test_that_a_network_too_large_for_memory_is_refused_before_it_is_made() -> None:
    layers = (LayerSummary("end", "dense", "Dense", (4,), (3,), 10**10, 10**10),)
    summary = ModelSummary(layers, 10**10, 10**10, 0, 4 * 10**10, 16 * 10**10, (3,))
    (problem,) = find_problems(Project(model=ModelTree((END,))), IRIS, summary, 8 * 1024**3)
    assert (problem.code, problem.severity) == ("too_large", "error")
    assert "149.0 GB" in problem.message
    assert "8.0 GB" in problem.message


NUMBERS = st.none() | st.integers(-3, 2**62)
SHAPES = st.lists(NUMBERS, max_size=5).map(tuple)


@st.composite
def summaries(draw: st.DrawFn, tree: ModelTree) -> ModelSummary:
    """A summary that may fit the tree or not, as after a quick edit."""
    ids = [node.id for node in walk(tree.nodes)]
    layers = tuple(
        LayerSummary(node_id, "x", "Dense", draw(SHAPES), draw(SHAPES), draw(st.integers(0, 10**12)), 0)
        for node_id in [*ids, "gone"]
        if draw(st.booleans())
    )
    error = None
    if draw(st.booleans()):
        message = draw(st.sampled_from(["would be zero or negative", "odd", ""]))
        error = NodeError(draw(st.sampled_from([*ids, "gone", ""])), message, "", draw(st.none() | SHAPES))
    sizes = st.integers(0, 2**62)
    return ModelSummary(
        layers,
        draw(st.integers(0, 9)),
        draw(st.integers(0, 9)),
        0,
        draw(sizes),
        draw(sizes),
        draw(st.none() | SHAPES),
        error,
    )


INFOS = (
    pictures(),
    pictures(labels="one_hot", target_shape=(10,)),
    table("binary", classes=2),
    table("regression", target_shape=(2, 2)),
    table(scaling="none", integer_input=True, input_high=9999.0, input_shape=()),
    table(classes=1, class_counts={}),
    None,
)


@st.composite
def trainings(draw: st.DrawFn) -> TrainingSpec:
    names = ["Adam", "SGD", "BinaryCrossentropy", "MeanSquaredError", "CategoricalCrossentropy", "AUC", "x"]
    params = st.dictionaries(st.sampled_from(["learning_rate", "from_logits", "name"]), VALUES, max_size=2)
    specs = st.builds(ObjectSpec, st.sampled_from(names), params)
    return TrainingSpec(
        optimizer=draw(st.none() | specs),
        loss=draw(st.none() | specs),
        metrics=draw(st.none() | st.lists(specs, max_size=2).map(tuple)),
        batch_size=draw(st.none() | st.integers(-1, 10**6)),
        epochs=draw(st.integers(-1, 5)),
        early_stopping=draw(st.none() | st.just(EarlyStopping())),
    )


@given(st.data(), trees(), trainings(), st.sampled_from(INFOS))
def test_that_no_project_breaks_the_checks_or_their_repairs(
    data: st.DataObject, tree: ModelTree, training: TrainingSpec, info: DatasetInfo | None
) -> None:
    project = Project(model=tree, training=training)
    summary = data.draw(st.none() | summaries(tree))
    for problem in find_problems(project, info, summary, data.draw(st.none() | st.just(2**33))):
        assert problem.message.strip().endswith((".", "…"))
        assert problem.node_id is None or problem.node_id in {node.id for node in walk(tree.nodes)}
        for repair in problem.repairs:
            assert repair.title
            assert repair.preview
            try:
                repair.edit(project)
            except EditError as error:
                pytest.fail(f"{problem.code}: {error}")


def test_that_twenty_layers_in_order_have_no_problem() -> None:
    nodes = tuple(node(str(number), units=64, activation="relu") for number in range(19))
    project = Project(model=ModelTree((*nodes, END)))
    layers = tuple(LayerSummary(each.id, each.id, "Dense", (64,), (64,), 4160, 4160) for each in nodes)
    summary = ModelSummary(layers, 80_000, 80_000, 0, 320_000, 2_000_000, (3,))
    assert find_problems(project, IRIS, summary, 2**33) == ()


def test_that_the_digits_sample_broken_by_hand_is_understood() -> None:
    project = sample("digits").project
    changed = find_problems(project, pictures(classes=12))
    assert [problem.code for problem in changed] == ["units_against_classes"]
    assert changed[0].repairs[0].preview.endswith("10 → 12")


def test_that_a_base_asks_for_pictures_of_its_shape_and_scale_and_repairs_bring_them() -> None:
    info = msgspec.structs.replace(
        IRIS, form="pictures", input_shape=(28, 28, 1), scaling="min_max", input_low=0.0, input_high=1.0
    )
    inside = (node("r", "Rescaling", scale=1 / 128), node("c", "Conv2D", filters=4, kernel_size=3))
    base = Base(id="b", source="x", children=inside, shape=(96, 96, 3), pixels=True)
    project = Project(model=ModelTree((base, node("f", "Flatten"), END)))
    (problem,) = [each for each in find_problems(project, info) if each.code.startswith("base_")]
    assert (problem.code, problem.severity, problem.node_id) == ("base_shape", "error", "b")
    assert "was made for 96×96×3, but gets 28×28×1" in problem.message
    mended = problem.repairs[0].edit(project)
    assert [each.class_name for each in mended.model.nodes[:2] if isinstance(each, Layer)] == ["Resizing", "Conv2D"]
    free = Project(model=ModelTree((msgspec.structs.replace(base, shape=(None, None, 1)), END)))
    codes = {each.code: each for each in find_problems(free, info)}
    assert "base_scaled" in codes
    assert "scaled_twice" not in codes
    raw = codes["base_scaled"].repairs[0].edit(free)
    assert raw.data.scaling == "none"
    unscaled = msgspec.structs.replace(info, scaling="none", input_high=255.0)
    assert not {"base_scaled", "unscaled_inputs"} & {each.code for each in find_problems(raw, unscaled)}


def test_that_a_rule_of_growth_that_is_none_or_grows_nothing_is_told_and_mended() -> None:
    def project(grow: str) -> Project:
        inside = Repeat(id="r", times=3, grow=grow, children=(node("d", units=8),))
        return Project(model=ModelTree((inside, node("last", units=3, activation="softmax"))))

    problems = find_problems(project("units 2"), IRIS)
    assert [(each.node_id, each.field) for each in problems if each.severity == "error"] == [("r", "grow")]
    assert mended(problems[0], project("units 2")) == project("units *2")
    assert mended(problems[0], project("units 2"), repair=1) == project("")
    (warned,) = [each for each in find_problems(project("unit *2"), IRIS) if each.code == "growth"]
    assert "“unit”" in warned.message
    assert "What is set there: units." in warned.message
    assert mended(warned, project("unit *2")) == project("")
