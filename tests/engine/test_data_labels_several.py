"""Several labels a sample: columns of 0 and 1, cells such as “red;round”, and arrays (n, k)."""

import csv

import numpy as np
import pytest

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec
from workbench.engine.data import DataError, load_dataset
from workbench.engine.data.analyses import all_analyses, look_at
from workbench.engine.data.show import show_samples
from workbench.protocol.commands import ShowSamples

RNG = np.random.default_rng(3)
COLOURS = ("blue", "red")
FORMS = ("long", "round")


def check_script(dataset):
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        for name, arrays in (("x", dataset.x), ("y", dataset.y)):
            found = variables[f"{name}_{part}"]
            assert found.dtype == arrays[part].dtype, (name, part)
            assert np.array_equal(found, arrays[part]), (name, part)
    return dataset


@pytest.fixture
def things(tmp_path):
    """Rows whose labels follow from their numbers: red where a > 0, round where b > 0; one has none, one a hole."""
    path = tmp_path / "things.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "b", "labels", "is red", "is round", "price"])
        for row in range(80):
            a, b = RNG.normal(size=2)
            names = [name for name, has in (("red", a > 0), ("round", b > 0)) if has]
            hole = "" if row == 11 else f"{b:.3f}"
            writer.writerow([f"{a:.3f}", hole, "; ".join(names), int(a > 0), int(b > 0), f"{a + b:.2f}"])
    return path


def load(path, **more):
    return load_dataset(DatasetSpec(SourceSpec("csv", {"path": str(path)}), **more))


@pytest.mark.parametrize("missing", ["drop_rows", "mean"])
def test_that_separated_labels_become_a_number_for_each(things, missing):
    more = {"task": "multilabel", "target": "labels", "features": ("a", "b"), "missing": missing}
    dataset = check_script(load(things, **more))
    info = dataset.info
    assert (info.task, info.labels, info.classes) == ("multilabel", "multi_hot", ("red", "round"))
    assert (info.target_shape, dataset.y["train"].dtype) == ((2,), np.float32)
    assert sum(info.sizes.values()) == (79 if missing == "drop_rows" else 80)
    red = dataset.inputs("train", range(info.sizes["train"]))[:, 0] > 0
    assert np.array_equal(dataset.values["train"][:, 0], red)
    assert info.class_counts["train"] == tuple(dataset.values["train"].sum(axis=0))


@pytest.mark.parametrize("task", ["multilabel", "auto"])
def test_that_columns_of_zero_and_one_are_labels(things, task):
    dataset = check_script(load(things, task=task, target="is red", more_targets=("is round",), features=("a", "b")))
    assert (dataset.info.task, dataset.info.classes) == ("multilabel", ("is red", "is round"))
    roles = {column.name: column.role for column in dataset.info.columns}
    assert (roles["is red"], roles["is round"], roles["a"]) == ("target", "target", "feature")


def test_that_further_targets_are_no_features(things):
    dataset = check_script(load(things, target="is red", more_targets=("is round",), task="multilabel"))
    assert not {"is red", "is round"} & set(dataset.info.features)


def test_that_several_columns_of_numbers_are_learned_as_numbers(things):
    dataset = check_script(load(things, target="price", more_targets=("b",), features=("a",)))
    assert (dataset.info.task, dataset.info.target_shape, dataset.info.classes) == ("regression", (2,), ())


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"target": "price", "more_targets": ("is red",)}, "has other values than 0 and 1"),
        ({"target": "labels", "more_targets": ("is red",)}, "several targets must be numbers, or 0 and 1"),
        ({"target": "is red", "more_targets": ("gone",)}, "no column “gone” to use as target"),
        ({"target": "is red"}, "has other values than 0 and 1|does not tell several labels"),
    ],
)
def test_that_what_tells_no_labels_is_told(things, more, sentence):
    with pytest.raises(DataError, match=sentence):
        load(things, task="multilabel", features=("a", "b"), **more)


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32", "bool"])
def test_that_arrays_of_zero_and_one_are_labels(tmp_path, dtype):
    y = RNG.integers(0, 2, (40, 3)).astype(dtype)
    y[:2] = [[1, 1, 0], [0, 0, 0]]
    np.savez(tmp_path / "a.npz", x=RNG.random((40, 4)), y=y)
    dataset = check_script(load_dataset(DatasetSpec(SourceSpec("npz", {"path": str(tmp_path / "a.npz")}))))
    assert dataset.info.task == "multilabel"
    assert dataset.info.classes == ("label 0", "label 1", "label 2")
    whole = np.concatenate([dataset.values[part] for part in PARTS])
    order = np.concatenate([dataset.indices[part] for part in PARTS])
    assert np.array_equal(whole, y[order].astype(np.uint8))


def test_that_numbers_and_one_hot_classes_stay_what_they_were(tmp_path):
    for y, task in ((RNG.normal(size=(40, 3)), "regression"), (np.eye(3)[np.arange(40) % 3], "multiclass")):
        np.savez(tmp_path / f"{task}.npz", x=RNG.random((40, 4)), y=y)
        spec = DatasetSpec(SourceSpec("npz", {"path": str(tmp_path / f"{task}.npz")}))
        assert load_dataset(spec).info.task == task


def test_that_samples_are_shown_and_filtered_by_label(things):
    dataset = load(things, task="multilabel", target="labels", features=("a", "b"))
    shown = show_samples(dataset, ShowSamples(1, dataset.spec, "train", 0, 500, label=1))
    assert shown.total == dataset.values["train"][:, 1].sum()
    assert all(1 in labels for labels in shown.label_sets)
    assert (shown.labels, shown.targets) == ((), ())
    for entry in all_analyses():
        if dataset.info.form in entry.forms:
            found = look_at(dataset, entry.kind, lambda text, fraction: None)
            assert found.arrays or found.findings
