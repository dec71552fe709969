"""What is inferred from data, how they are scaled, and that nothing leaks from one part into another."""

import os

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from workbench.domain.dataset import PARTS, DatasetInfo, DatasetSpec, SourceSpec, Split
from workbench.engine.data import Cancelled, DataError, forget_loaded, load, load_dataset, missing, scaling
from workbench.engine.data.labels import infer

finite = st.floats(-1e6, 1e6, width=32)
matrices = arrays.arrays(np.float64, st.tuples(st.integers(2, 30), st.integers(1, 5)), elements=finite)


# --- scaling --------------------------------------------------------------------------------------------------------


@given(matrices)
def test_that_standardized_columns_have_mean_0_and_deviation_1(x):
    scaled = scaling.fit("standardize", x)(x).astype(np.float64)
    assert np.isfinite(scaled).all()
    spread = x.std(axis=0) > 1e-3 * (1 + np.abs(x).max(axis=0))
    assert scaled[:, spread].mean(axis=0) == pytest.approx(np.zeros(spread.sum()), abs=1e-3)
    assert scaled[:, spread].std(axis=0) == pytest.approx(np.ones(spread.sum()), abs=1e-3)


@given(matrices)
def test_that_min_max_reaches_from_0_to_1(x):
    scaled = scaling.fit("min_max", x)(x)
    assert scaled.min() >= 0
    assert scaled.max() <= 1
    changing = x.max(axis=0) > x.min(axis=0)
    assert np.all(scaled[:, changing].max(axis=0) == 1)
    assert np.all(scaled[:, changing].min(axis=0) == 0)


@pytest.mark.parametrize("kind", ["standardize", "min_max", "divide_max", "none"])
def test_that_constant_columns_are_safe(kind):
    x = np.zeros((9, 3))
    assert np.array_equal(scaling.fit(kind, x)(x), x)


@pytest.mark.parametrize("kind", ["standardize", "min_max", "divide_255", "divide_max", "none"])
def test_that_blocks_make_no_difference(kind, monkeypatch):
    x = np.random.default_rng(0).integers(0, 255, (50, 4, 4, 3), dtype=np.uint8)
    whole = scaling.fit(kind, x)(x)
    monkeypatch.setattr(scaling, "_BLOCK", 100)
    assert np.array_equal(scaling.fit(kind, x)(x), whole)
    assert whole.dtype == np.float32


@pytest.mark.parametrize("kind", ["iris", "wine", "breast_cancer", "diabetes", "moons", "digits"])
@pytest.mark.parametrize("how", ["standardize", "min_max"])
def test_that_scaling_knows_the_training_part_only(kind, how):
    dataset = load_dataset(DatasetSpec(SourceSpec(kind), scaling=how))
    train = dataset.inputs("train", range(dataset.info.sizes["train"])).astype(np.float64)
    axes = tuple(range(train.ndim - 1))
    if how == "standardize":
        assert np.array_equal(dataset.scaler.shift, train.mean(axis=axes))
        deviation = train.std(axis=axes)
        assert np.array_equal(dataset.scaler.divisor, np.where(deviation > 0, deviation, 1))
    else:
        assert np.array_equal(dataset.scaler.shift, train.min(axis=axes))
        assert dataset.x["train"].min() == 0
        assert dataset.x["train"].max() == 1
    for part in PARTS:
        raw = dataset.inputs(part, range(dataset.info.sizes[part]))
        assert np.array_equal(dataset.x[part], dataset.prepare(raw))


# --- missing values -------------------------------------------------------------------------------------------------


def test_that_missing_values_take_what_the_training_part_knows():
    x = np.array([[1, 5, np.nan], [2, np.nan, np.nan], [2, 5, np.nan], [9, 6, np.nan]])
    assert missing.fill_values("mean", x, ()).tolist() == [3.5, 16 / 3, 0]
    assert missing.fill_values("median", x, ()).tolist() == [2, 5, 0]
    assert missing.fill_values("most_frequent", x, ()).tolist() == [2, 5, 0]
    assert missing.fill_values("zero", x, ()).tolist() == [0, 0, 0]


@pytest.mark.parametrize("how", ["mean", "median", "most_frequent"])
def test_that_missing_texts_take_the_most_frequent_category(how):
    x = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [np.nan] * 3])
    assert missing.fill_values(how, x, [(0, 3)]).tolist() == [0, 1, 0]
    assert missing.fill_values("zero", x, [(0, 3)]).tolist() == [0, 0, 0]


# --- inference ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("y", "task"),
    [
        (np.array(["a", "b"] * 5), "binary"),
        (np.array(["a", "b", "c"] * 5), "multiclass"),
        (np.array([0, 1] * 5), "binary"),
        (np.array([0.0, 1.0] * 5), "binary"),
        (np.array([True, False]), "binary"),
        (np.arange(30) % 10, "multiclass"),
        (np.arange(30) % 10 + 3, "multiclass"),
        (np.arange(2000) % 100, "multiclass"),
        (np.arange(30), "regression"),
        (np.arange(30) * 0.5, "regression"),
        (np.arange(300) % 100 + 7, "regression"),
        (np.array([1, 2, 3, 4]), "regression"),
    ],
)
def test_that_the_task_follows_from_the_target(y, task):
    assert infer(y, (), "auto", "y").task == task


def test_that_classes_are_sorted_and_numbered():
    target = infer(np.array([10, 9, 9, 30, 30, 30, 10, 9]), (), "auto", "y")
    assert target.classes == ("9", "10", "30")
    assert target.values.tolist() == [1, 0, 0, 2, 2, 2, 1, 0]


def test_that_the_task_can_be_chosen():
    assert infer(np.arange(30) % 10, (), "regression", "y").task == "regression"
    assert infer(np.arange(30), (), "multiclass", "y").task == "multiclass"
    info = load_dataset(DatasetSpec(SourceSpec("digits"), task="regression")).info
    assert (info.task, info.target_shape, info.classes) == ("regression", (1,), ())


@pytest.mark.parametrize(
    ("y", "wish", "sentence"),
    [
        (np.array(["a", "b"] * 5), "regression", "holds text"),
        (np.arange(30) % 3, "binary", "has 3 classes, but a binary task has two"),
        (np.arange(2000), "multiclass", "at most 1000 can be classes"),
        (np.zeros((9, 2)), "binary", "2 numbers a sample"),
        (np.zeros(9, int), "auto", "in every sample"),
        (np.array(["x" * 600, "y"]), "auto", "long texts"),
    ],
)
def test_that_a_target_that_does_not_fit_is_told(y, wish, sentence):
    with pytest.raises(DataError, match=sentence):
        infer(y, (), wish, "y")


def test_that_the_spread_of_the_target_is_that_of_the_training_part():
    dataset = load_dataset(DatasetSpec(SourceSpec("diabetes")))
    trained, info = dataset.values["train"], dataset.info
    assert (info.target_mean, info.target_std) == (np.mean(trained), np.std(trained))
    every = np.concatenate(list(dataset.values.values()))
    assert info.target_mean != np.mean(every)
    classes = load_dataset(DatasetSpec(SourceSpec("iris"))).info
    assert (classes.target_mean, classes.target_std) == (None, None)


def test_that_class_numbers_cannot_be_numbers_of_a_regression_by_labels_alone():
    info = load_dataset(DatasetSpec(SourceSpec("diabetes"), labels="one_hot")).info
    assert info.labels == "number"
    assert any("its encoding as classes was left out" in note for note in info.notes)


# --- what is told of the data ---------------------------------------------------------------------------------------


def test_that_the_range_and_the_counts_are_those_of_the_arrays():
    dataset = load_dataset(DatasetSpec(SourceSpec("wine")))
    together = np.concatenate([dataset.x[part] for part in PARTS])
    assert (dataset.info.input_low, dataset.info.input_high) == (together.min(), together.max())
    for part in PARTS:
        assert dataset.info.class_counts[part] == tuple(np.bincount(dataset.y[part], minlength=3))
        assert dataset.info.sizes[part] == len(dataset.y[part])
    assert dataset.info.bytes == sum(array.nbytes for part in PARTS for array in (dataset.x[part], dataset.y[part]))


def test_that_columns_have_histograms():
    info = load_dataset(DatasetSpec(SourceSpec("iris"))).info
    for column in info.columns[:4]:
        assert sum(column.histogram) == 150
        assert column.role == "feature"
    assert info.columns[4].categories == ("setosa", "versicolor", "virginica")
    assert info.columns[4].histogram == (50, 50, 50)
    assert info.columns[4].role == "target"
    points = load_dataset(DatasetSpec(SourceSpec("moons"))).info
    assert [column.name for column in points.columns] == ["x1", "x2"]


def test_that_whole_numbers_are_told_only_where_they_stay_whole():
    assert load_dataset(DatasetSpec(SourceSpec("digits"), scaling="none")).info.integer_input
    assert not load_dataset(DatasetSpec(SourceSpec("digits"))).info.integer_input


def test_that_the_info_travels():
    info = load_dataset(DatasetSpec(SourceSpec("iris"))).info
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(info), type=DatasetInfo) == info


def test_that_a_part_left_out_is_said_so():
    info = load_dataset(DatasetSpec(SourceSpec("iris"), split=Split(0, 0.2))).info
    assert info.sizes == {"train": 120, "validation": 0, "test": 30}
    assert "There is no validation part, because its share is set to 0 %." in info.notes


def test_that_arrays_cannot_be_changed():
    dataset = load_dataset(DatasetSpec(SourceSpec("iris")))
    with pytest.raises(ValueError, match="read-only"):
        dataset.x["train"][0] = 1


def test_that_a_wrong_sample_is_told():
    dataset = load_dataset(DatasetSpec(SourceSpec("digits")))
    with pytest.raises(DataError, match="A sample has the shape 7×8×1, but the network takes 8×8×1"):
        dataset.prepare(np.zeros((1, 7, 8, 1)))
    with pytest.raises(DataError, match="has 270 samples, counted from 0"):
        dataset.raw("test", [270])


# --- cache and fingerprint ------------------------------------------------------------------------------------------


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("a,y\n" + "".join(f"{i},{i % 2}\n" for i in range(40)))
    forget_loaded()
    return path


def spec_of(path, **fields):
    return DatasetSpec(SourceSpec("csv", {"path": str(path)}), **fields)


def test_that_only_a_changed_file_is_read_again(mine):
    said = []
    load_dataset(spec_of(mine), None, lambda text, fraction: said.append(text))
    assert "Reading mine.csv" in said
    said.clear()
    first = load_dataset(spec_of(mine), None, lambda text, fraction: said.append(text))
    assert said == []
    load_dataset(spec_of(mine, split=Split(seed=9)), None, lambda text, fraction: said.append(text))
    assert said == ["Preparing the data"]
    mine.write_text(mine.read_text() + "99,1\n")
    assert sum(load_dataset(spec_of(mine)).info.sizes.values()) == sum(first.info.sizes.values()) + 1


def test_that_loading_can_be_cancelled_at_once(mine):
    def cancel(text, fraction):
        raise Cancelled

    with pytest.raises(Cancelled):
        load_dataset(spec_of(mine), None, cancel)
    assert sum(load_dataset(spec_of(mine)).info.sizes.values()) == 40


def test_that_the_fingerprint_follows_content_and_preparation(mine, tmp_path):
    first = load_dataset(spec_of(mine)).info.fingerprint
    moved = tmp_path / "moved" / "mine.csv"
    moved.parent.mkdir()
    moved.write_bytes(mine.read_bytes())
    assert load_dataset(spec_of(moved)).info.fingerprint == first
    assert load_dataset(spec_of(mine, split=Split(seed=1))).info.fingerprint != first
    mine.write_text(mine.read_text().replace("\n7,", "\n8,"))
    assert load_dataset(spec_of(mine)).info.fingerprint != first


def test_that_bundled_data_have_the_same_fingerprint_everywhere():
    info = load_dataset(DatasetSpec(SourceSpec("digits"))).info
    assert info.fingerprint == "f5a4c52e88d925fc1de4df46ee34cf14"


def test_that_very_many_files_are_not_looked_at_again_for_every_question(tmp_path, monkeypatch):
    monkeypatch.setattr(load, "_MANY_FILES", 0)
    monkeypatch.setattr(load, "_PATIENCE", 1e9)
    path = tmp_path / "t.csv"
    path.write_text("a,b,y\n" + "".join(f"{n},{n % 7},{n % 2}\n" for n in range(40)))
    spec = DatasetSpec(SourceSpec("csv", {"path": str(path)}))
    first = load_dataset(spec)
    os.utime(path, ns=(1, 1))
    assert load_dataset(spec) is first
    forget_loaded()
    assert load_dataset(spec) is not first
