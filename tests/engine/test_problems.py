"""Problems as the window finds them: with Keras' own summary. Each is told, and each repair mends what it says."""

from pathlib import Path

import pytest

from workbench.domain.checks import find_problems
from workbench.domain.dataset import DatasetInfo
from workbench.domain.first_network import first_network
from workbench.domain.problem import Problem
from workbench.domain.project import Project
from workbench.domain.samples import SampleEntry, samples
from workbench.domain.training import EarlyStopping, TrainingSpec
from workbench.domain.tree import AnyNode, Block, Branches, Input, Layer, ModelTree, Residual, Wrapper
from workbench.domain.values import ObjectSpec, Value
from workbench.engine.data import load_dataset
from workbench.engine.describe import describe

GIGABYTES_8 = 8 * 1024**3


def info(task: str, shape: tuple[int, ...], classes: int = 0, **more: object) -> DatasetInfo:
    fields: dict[str, object] = {
        "title": "Data",
        "form": "pictures" if len(shape) == 3 else "table",
        "task": task,
        "input_shape": shape,
        "target_shape": () if classes else (1,),
        "labels": "integer" if classes else "number",
        "sizes": {"train": 700, "validation": 100, "test": 100},
        "classes": tuple(f"class {number}" for number in range(classes)),
        "class_counts": {"train": (700 // classes,) * classes} if classes else {},
        "scaling": "standardize",
    }
    return DatasetInfo(**(fields | more))  # type: ignore[arg-type]


DIGITS = info("multiclass", (8, 8, 1), 10)
ONE_HOT = info("multiclass", (8, 8, 1), 10, labels="one_hot", target_shape=(10,))
IRIS = info("multiclass", (4,), 3)
TUMOURS = info("binary", (30,), 2)
NUMBERS = info("regression", (10,))
SERIES = info("multiclass", (20, 3), 3)
TEXTS = info("multiclass", (40,), 3, integer_input=True, input_low=0, input_high=999, scaling="none", form="arrays")
TOKENS = info("binary", (40,), 2, integer_input=True, input_high=150, scaling="none", form="text", vocabulary_size=200)
SECONDS = info("regression", (10,), target_shape=(3,))

count = 0


def node(class_name: str, **params: Value) -> Layer:
    global count
    count += 1
    return Layer(id=f"{class_name}{count}", class_name=class_name, params=params)


def dense(units: int, activation: str | None = None) -> Layer:
    return node("Dense", units=units) if activation is None else node("Dense", units=units, activation=activation)


def conv(filters: int = 4, size: int = 3) -> Layer:
    return node("Conv2D", filters=filters, kernel_size=size, activation="relu")


def flat() -> Layer:
    return node("Flatten")


SPARSE = ObjectSpec("SparseCategoricalCrossentropy")
CATEGORICAL = ObjectSpec("CategoricalCrossentropy")

# What is wrong, the data, the network, the training, and a word of the message.
CASES: dict[str, tuple[str, DatasetInfo, tuple[AnyNode, ...], TrainingSpec, str]] = {
    name: (code, data, tuple(nodes), training, word)
    for name, code, data, nodes, training, word in [
        ("no layers", "no_weights", DIGITS, (), TrainingSpec(), "no layers yet"),
        ("no weights", "no_weights", DIGITS, (flat(),), TrainingSpec(), "weights"),
        ("no weights on a table", "no_weights", IRIS, (node("Dropout", rate=0.1),), TrainingSpec(), "weights"),
        (
            "all frozen",
            "all_frozen",
            IRIS,
            (Layer(id="f", class_name="Dense", params={"units": 3, "activation": "softmax"}, trainable=False),),
            TrainingSpec(),
            "frozen",
        ),
        (
            "a frozen layer that nothing has trained",
            "frozen_untrained",
            IRIS,
            (
                Layer(id="f", class_name="Dense", params={"units": 4, "activation": "relu"}, trainable=False),
                dense(3, "softmax"),
            ),
            TrainingSpec(),
            "nothing has trained",
        ),
        (
            "convolution on flat input",
            "input_rank",
            info("multiclass", (64,), 10),
            (conv(), flat(), dense(10, "softmax")),
            TrainingSpec(),
            "needs pictures",
        ),
        (
            "convolution on a table",
            "input_rank",
            info("multiclass", (13,), 3),
            (conv(),),
            TrainingSpec(),
            "13 numbers",
        ),
        ("convolution behind Flatten", "input_rank", DIGITS, (flat(), conv()), TrainingSpec(), "64 numbers"),
        ("pooling on a table", "input_rank", IRIS, (node("MaxPooling2D"), dense(3, "softmax")), TrainingSpec(), "pict"),
        (
            "one-dimensional convolution on pictures",
            "input_rank",
            DIGITS,
            (node("Conv1D", filters=3, kernel_size=(3,)), flat(), dense(10, "softmax")),
            TrainingSpec(),
            "sequence",
        ),
        (
            "picture convolution on a series",
            "input_rank",
            SERIES,
            (conv(), flat(), dense(3, "softmax")),
            TrainingSpec(),
            "a sequence of 20×3",
        ),
        (
            "LSTM on a table",
            "input_rank",
            IRIS,
            (node("LSTM", units=4), dense(3, "softmax")),
            TrainingSpec(),
            "sequence",
        ),
        (
            "LSTM on pictures",
            "input_rank",
            DIGITS,
            (node("LSTM", units=4), dense(10, "softmax")),
            TrainingSpec(),
            "8×8",
        ),
        (
            "LSTM behind LSTM",
            "input_rank",
            SERIES,
            (node("LSTM", units=4), node("LSTM", units=4), dense(3, "softmax")),
            TrainingSpec(),
            "sequence",
        ),
        (
            "wrapped LSTM on a table",
            "input_rank",
            IRIS,
            (
                Wrapper(id="w", class_name="Bidirectional", child=node("LSTM", units=4)),
                dense(3, "softmax"),
            ),
            TrainingSpec(),
            "sequence",
        ),
        (
            "RepeatVector on a series",
            "input_rank",
            SERIES,
            (node("RepeatVector", n=2), node("LSTM", units=3), dense(3, "softmax")),
            TrainingSpec(),
            "flat",
        ),
        (
            "too much pooling",
            "too_much_pooling",
            DIGITS,
            (*(node("MaxPooling2D") for _ in range(4)), flat(), dense(10, "softmax")),
            TrainingSpec(),
            "only 1×1×1",
        ),
        (
            "convolution on what pooling left",
            "too_much_pooling",
            DIGITS,
            (node("MaxPooling2D"), node("MaxPooling2D"), conv(), flat(), dense(10, "softmax")),
            TrainingSpec(),
            "only 2×2×1",
        ),
        ("no Flatten", "output_shape", DIGITS, (conv(), dense(10, "softmax")), TrainingSpec(), "6×6×10"),
        (
            "no Flatten before several layers",
            "output_shape",
            ONE_HOT,
            (conv(), dense(16, "relu"), node("Dropout", rate=0.2), dense(10, "softmax")),
            TrainingSpec(),
            "Flatten or pool before",
        ),
        ("convolutions only", "output_shape", DIGITS, (conv(), conv()), TrainingSpec(), "4×4×4"),
        (
            "LSTM that gives every step",
            "output_shape",
            SERIES,
            (node("LSTM", units=8, return_sequences=True), dense(3, "softmax")),
            TrainingSpec(),
            "20×3",
        ),
        ("mse with a wrong rank", "output_shape", info("regression", (8, 8, 1)), (dense(1),), TrainingSpec(), "8×8×1"),
        (
            "mse against more axes",
            "output_form",
            info("regression", (4, 3), target_shape=(4, 2)),
            (flat(), dense(4)),
            TrainingSpec(),
            "4×2",
        ),
        ("too few units", "units_against_classes", DIGITS, (flat(), dense(9, "softmax")), TrainingSpec(), "9 outputs"),
        ("too many units", "units_against_classes", IRIS, (dense(5, "softmax"),), TrainingSpec(), "5 outputs"),
        (
            "too few one-hot",
            "units_against_classes",
            ONE_HOT,
            (flat(), dense(9, "softmax")),
            TrainingSpec(),
            "10 class",
        ),
        ("too many one-hot", "units_against_classes", ONE_HOT, (flat(), dense(11, "softmax")), TrainingSpec(), "11"),
        (
            "three units for two classes",
            "units_against_classes",
            TUMOURS,
            (dense(3, "softmax"),),
            TrainingSpec(),
            "One",
        ),
        ("hidden layer at the end", "units_against_classes", IRIS, (dense(64, "relu"),), TrainingSpec(), "64"),
        ("three numbers for one", "outputs_against_target", NUMBERS, (dense(3),), TrainingSpec(), "one number"),
        ("one number for three", "outputs_against_target", SECONDS, (dense(1),), TrainingSpec(), "3 numbers"),
        ("softmax of one unit", "softmax_of_one_unit", TUMOURS, (dense(1, "softmax"),), TrainingSpec(), "always 1"),
        ("softmax of a number", "softmax_of_one_unit", NUMBERS, (dense(1, "softmax"),), TrainingSpec(), "linear"),
        (
            "softmax layer of one unit",
            "softmax_of_one_unit",
            TUMOURS,
            (dense(1), node("Softmax")),
            TrainingSpec(),
            "sigmoid",
        ),
        ("sigmoid of many", "sigmoid_of_many_classes", IRIS, (dense(3, "sigmoid"),), TrainingSpec(), "softmax"),
        ("relu at the end", "last_activation", IRIS, (dense(3, "relu"),), TrainingSpec(), "relu"),
        ("relu for two classes", "last_activation", TUMOURS, (dense(1, "relu"),), TrainingSpec(), "sigmoid"),
        ("relu for numbers", "last_activation", NUMBERS, (dense(1, "relu"),), TrainingSpec(), "at least 0"),
        ("tanh for numbers", "last_activation", NUMBERS, (dense(1, "tanh"),), TrainingSpec(), "between -1 and 1"),
        (
            "sparse against one-hot",
            "loss_against_labels",
            ONE_HOT,
            (flat(), dense(10, "softmax")),
            TrainingSpec(loss=SPARSE),
            "one-hot",
        ),
        (
            "one-hot against sparse",
            "loss_against_labels",
            DIGITS,
            (flat(), dense(10, "softmax")),
            TrainingSpec(loss=CATEGORICAL),
            "class numbers",
        ),
        (
            "binary against many",
            "loss_against_labels",
            IRIS,
            (dense(3, "softmax"),),
            TrainingSpec(loss=ObjectSpec("BinaryCrossentropy")),
            "one output",
        ),
        (
            "mse against classes",
            "loss_against_labels",
            IRIS,
            (dense(3, "softmax"),),
            TrainingSpec(loss=ObjectSpec("MeanSquaredError")),
            "for numbers",
        ),
        (
            "classes for numbers",
            "loss_against_labels",
            NUMBERS,
            (dense(1),),
            TrainingSpec(loss=ObjectSpec("BinaryCrossentropy")),
            "for classes",
        ),
        (
            "sparse with one unit",
            "loss_against_labels",
            TUMOURS,
            (dense(1, "sigmoid"),),
            TrainingSpec(loss=SPARSE),
            "only one",
        ),
        (
            "logits without from_logits",
            "logits_against_loss",
            IRIS,
            (dense(3),),
            TrainingSpec(loss=SPARSE),
            "gives logits",
        ),
        (
            "softmax twice",
            "logits_against_loss",
            IRIS,
            (dense(3, "softmax"),),
            TrainingSpec(loss=ObjectSpec("SparseCategoricalCrossentropy", {"from_logits": True})),
            "again",
        ),
        (
            "metric against labels",
            "metric_against_labels",
            IRIS,
            (dense(3, "softmax"),),
            TrainingSpec(metrics=(ObjectSpec("CategoricalAccuracy"),)),
            "one-hot",
        ),
        (
            "metric of one output",
            "metric_against_labels",
            IRIS,
            (dense(3, "softmax"),),
            TrainingSpec(metrics=(ObjectSpec("Precision"), ObjectSpec("SparseCategoricalAccuracy"))),
            "Precision",
        ),
        (
            "embedding range",
            "embedding_range",
            TEXTS,
            (node("Embedding", input_dim=500, output_dim=4), node("GlobalAveragePooling1D"), dense(3, "softmax")),
            TrainingSpec(),
            "0 to 499",
        ),
        (
            "embedding of fractions",
            "embedding_of_fractions",
            IRIS,
            (node("Embedding", input_dim=9, output_dim=4), flat(), dense(3, "softmax")),
            TrainingSpec(),
            "whole numbers",
        ),
        (
            "too large weights",
            "too_large",
            IRIS,
            (dense(200_000, "relu"), dense(100_000, "relu"), dense(3, "softmax")),
            TrainingSpec(),
            "most parameters",
        ),
        (
            "too large activations",
            "too_large",
            info("multiclass", (1024, 1024, 3), 3),
            (conv(512), node("GlobalAveragePooling2D"), dense(3, "softmax")),
            TrainingSpec(),
            "largest output",
        ),
        (
            "reshape into another size",
            "reshape_size",
            info("multiclass", (12,), 3),
            (node("Reshape", target_shape=(3, 5)), flat(), dense(3, "softmax")),
            TrainingSpec(),
            "3×5",
        ),
        (
            "shapes that cannot be added",
            "merge_shapes",
            IRIS,
            (
                Layer(id="p", class_name="Dense", params={"units": 3, "activation": "relu"}),
                Layer(id="q", class_name="Dense", params={"units": 5, "activation": "relu"}),
                Layer(id="r", class_name="Add", inputs=("p", "q")),
                dense(3, "softmax"),
            ),
            TrainingSpec(),
            "3 numbers and 5 numbers",
        ),
        (
            "a skip past lost edges",
            "merge_shapes",
            DIGITS,
            (
                Residual(id="r", children=(node("Conv2D", filters=6, kernel_size=3), node("BatchNormalization"))),
                flat(),
                dense(10, "softmax"),
            ),
            TrainingSpec(),
            "8×8×1 and 6×6×6",
        ),
        (
            "a skip past lost edges and a layer that is off",
            "merge_shapes",
            DIGITS,
            (
                Residual(
                    id="r",
                    children=(
                        node("Conv2D", filters=6, kernel_size=3),
                        Layer(id="off", class_name="Conv2D", params={"filters": 6, "kernel_size": 3}, enabled=False),
                    ),
                ),
                flat(),
                dense(10, "softmax"),
            ),
            TrainingSpec(),
            "8×8×1 and 6×6×6",
        ),
        (
            "branches of which one loses edges",
            "merge_shapes",
            DIGITS,
            (
                Branches(id="b", branches=(Block(id="left", children=(conv(),)), Block(id="right"))),
                flat(),
                dense(10, "softmax"),
            ),
            TrainingSpec(),
            "6×6×4 and 8×8×1",
        ),
        (
            "a crop that only training has",
            "random_crop",
            DIGITS,
            (node("RandomCrop", height=6, width=6), flat(), dense(10, "softmax")),
            TrainingSpec(),
            "in validation they stay 8×8×1",
        ),
        (
            "too few axes for what Keras builds all the same",
            "input_rank",
            IRIS,
            (node("MultiHeadAttention", num_heads=2, key_dim=4), dense(3, "softmax")),
            TrainingSpec(),
            "a flat list of 4 numbers",
        ),
        (
            "one input to merge",
            "merge_of_one",
            IRIS,
            (dense(8, "relu"), dense(8, "relu"), node("Add"), dense(3, "softmax")),
            TrainingSpec(),
            "only one",
        ),
        (
            "another input shape",
            "input_shape",
            IRIS,
            (Input(id="i", shape=(5,)), dense(3, "softmax")),
            TrainingSpec(),
            "5 numbers",
        ),
        (
            "nothing watched",
            "early_stopping_monitor",
            IRIS,
            (dense(3, "softmax"),),
            TrainingSpec(early_stopping=EarlyStopping(monitor="val_acc")),
            "val_acc",
        ),
        (
            "a metric that Keras refuses",
            "training_error",
            IRIS,
            (dense(3, "softmax"),),
            TrainingSpec(metrics=(ObjectSpec("SparseTopKCategoricalAccuracy", {"k": -1}), ObjectSpec("MeanIoU"))),
            "set up",
        ),
        (
            "an optimizer that Keras refuses",
            "training_error",
            IRIS,
            (dense(3, "softmax"),),
            TrainingSpec(optimizer=ObjectSpec("SGD", {"momentum": 7.0})),
            "momentum",
        ),
        (
            "a value that Keras refuses",
            "build",
            IRIS,
            (node("Dense", units=-2), dense(3, "softmax")),
            TrainingSpec(),
            "cannot be built",
        ),
    ]
}


def problems(project: Project, data: DatasetInfo, folder: Path | None = None) -> tuple[Problem, ...]:
    return find_problems(project, data, describe(project, data, folder), GIGABYTES_8)


@pytest.mark.parametrize("name", CASES)
def test_that_a_problem_is_told_and_each_repair_mends_it(name: str) -> None:
    code, data, nodes, training, word = CASES[name]
    project = Project(model=ModelTree(nodes), training=training)
    found = problems(project, data)
    errors = [problem.code for problem in found if problem.severity == "error"]
    told = next((problem for problem in found if problem.code == code), None)
    assert told is not None, [problem.message for problem in found]
    assert word in told.message
    assert told.message.endswith(".")
    assert told.detail
    assert told.repairs
    for repair in told.repairs:
        changed = repair.edit(project)
        assert changed != project
        assert repair.preview
        if changed.data is not project.data:
            continue  # What other data would be like, only the engine knows.
        left = [(problem.code, problem.node_id) for problem in problems(changed, data)]
        # What is left may come to light only now, but this problem is gone from this place.
        assert (told.code, told.node_id) not in left, repair.title
    if told.severity == "error":
        first = problems(told.repairs[0].edit(project), data)
        assert len([problem for problem in first if problem.severity == "error"]) <= len(errors)


HERE = [entry for entry in samples() if not entry.id.startswith("keras_")]  # the others: test_quick_starts.py


@pytest.mark.parametrize("entry", HERE, ids=lambda entry: entry.id)
def test_that_the_samples_have_no_problem(entry: SampleEntry, tmp_path: Path) -> None:
    project = entry.project
    entry.unpack(tmp_path)
    data = load_dataset(project.data, tmp_path, lambda _text, _fraction: None).info
    assert problems(project, data, tmp_path) == ()
    if entry.id != "features":  # its base scales pictures itself, as a first network does not
        assert problems(Project(data=project.data, model=first_network(data)), data) == ()


@pytest.mark.parametrize("data", [DIGITS, ONE_HOT, IRIS, TUMOURS, NUMBERS, SERIES, TEXTS, TOKENS, SECONDS])
def test_that_a_first_network_has_no_problem(data: DatasetInfo) -> None:
    assert problems(Project(model=first_network(data)), data) == ()
