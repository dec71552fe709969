"""K folds and repeated K folds: every sample validates once, groups stay whole, classes in proportion, the test part
stays out; the exported script makes the same fold, bit for bit."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, Split
from workbench.engine.data import DataError, load_dataset
from workbench.engine.data.folds import Pool, cut, describe_folds, fold_parts


def check(wanted, folder=None):
    """The script gives the same arrays as the data set, bit for bit."""
    dataset = load_dataset(wanted, folder)
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        for name, arrays in (("x", dataset.x), ("y", dataset.y)):
            found = variables[f"{name}_{part}"]
            assert found.dtype == arrays[part].dtype, (name, part)
            assert np.array_equal(found, arrays[part]), (name, part)
    return dataset


def every_fold(source, split, folder=None, **more):
    """The data set of each fold."""
    count = len(load_dataset(DatasetSpec(source, split=split, **more), folder).info.folds)
    kinds = {name: getattr(split, name) for name in split.__struct_fields__}
    return [check(DatasetSpec(source, split=Split(**kinds | {"fold": n + 1}), **more), folder) for n in range(count)]


@st.composite
def pools(draw):
    count = draw(st.integers(20, 200))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    labels = rng.integers(0, draw(st.integers(1, 5)), count) if draw(st.booleans()) else None
    group = np.unique(rng.integers(0, 30, count), return_inverse=True)[1] if draw(st.booleans()) else None
    rest = rng.permutation(count)[: draw(st.integers(15, count))]
    return Pool(rest, labels, group, timed=False, shuffles=draw(st.booleans()))


@given(pools(), st.integers(2, 6), st.integers(1, 3), st.integers(0, 2**31 - 1))
def test_that_every_sample_validates_once_in_each_repeat(pool, folds, repeats, seed):
    if pool.group is not None and len(np.unique(pool.group[pool.rest])) < folds:
        return
    for repeat in range(repeats):
        validated = []
        for number in range(1, folds + 1):
            split = Split(seed=seed, folds=folds, repeats=repeats, fold=repeat * folds + number)
            train, validation = fold_parts(split, pool)
            assert len(validation)
            assert not set(train.tolist()) & set(validation.tolist())
            assert sorted([*train.tolist(), *validation.tolist()]) == sorted(pool.rest.tolist())
            if pool.group is not None:
                assert not set(pool.group[train].tolist()) & set(pool.group[validation].tolist())
            validated += validation.tolist()
        assert sorted(validated) == sorted(pool.rest.tolist())


@given(st.lists(st.integers(0, 4), min_size=20, max_size=300), st.integers(2, 10), st.integers(0, 1000))
def test_that_folds_have_each_class_in_proportion_to_one_sample(labels, folds, seed):
    labels = np.array(labels)
    pool = Pool(np.arange(len(labels)), labels, None, timed=False, shuffles=True)
    rest, fold = cut(Split(seed=seed, folds=folds), pool, 0)
    sizes = np.bincount(fold, minlength=folds)
    assert sizes.max() - sizes.min() <= 1
    for label in np.unique(labels):
        counts = np.bincount(fold[labels[rest] == label], minlength=folds)
        assert counts.max() - counts.min() <= 1


@given(pools(), st.integers(2, 5), st.integers(1, 3))
@settings(max_examples=40)
def test_that_what_is_told_of_the_folds_is_so(pool, folds, repeats):
    if pool.group is not None and len(np.unique(pool.group[pool.rest])) < folds:
        return
    labels = pool.labels if pool.labels is not None else np.zeros(int(pool.rest.max()) + 1, int)
    classes = int(labels.max()) + 1
    split = Split(folds=folds, repeats=repeats)
    told = describe_folds(split, pool, labels, classes)
    assert len(told) == folds * repeats
    for number, info in enumerate(told, 1):
        train, validation = fold_parts(Split(folds=folds, repeats=repeats, fold=number), pool)
        assert (info.train, info.validation) == (len(train), len(validation))
        assert info.train_counts == tuple(np.bincount(labels[train], minlength=classes).tolist())
        assert info.validation_counts == tuple(np.bincount(labels[validation], minlength=classes).tolist())


def test_that_the_test_part_stays_out_of_the_folds():
    source = SourceSpec("iris")
    alone = load_dataset(DatasetSpec(source, split=Split(seed=4)))
    sets = every_fold(source, Split(seed=4, folds=5, repeats=2))
    assert len(sets) == 10
    test = set(alone.indices["test"].tolist())
    for dataset in sets:
        assert set(dataset.indices["test"].tolist()) == test, "the test part is the same as without folds"
        assert not test & {*dataset.indices["train"].tolist(), *dataset.indices["validation"].tolist()}
    for repeat in (sets[:5], sets[5:]):
        validated = np.concatenate([dataset.indices["validation"] for dataset in repeat])
        assert sorted([*validated.tolist(), *test]) == list(range(150))
    first, second = (set(sets[place].indices["validation"].tolist()) for place in (0, 5))
    assert first != second, "another repeat cuts otherwise"


def test_that_without_a_fold_the_first_is_looked_at():
    shown, first = (load_dataset(DatasetSpec(SourceSpec("iris"), split=Split(folds=4, fold=fold))) for fold in (0, 1))
    for part in PARTS:
        assert np.array_equal(shown.x[part], first.x[part])
    assert len(shown.info.folds) == 4
    assert shown.info.sizes["validation"] == shown.info.folds[0].validation
    assert shown.info.class_counts["validation"] == shown.info.folds[0].validation_counts
    assert "Fold 1 of 4" in shown.info.preparation


@pytest.mark.parametrize(
    ("kind", "split"),
    [
        ("iris", Split(0, 0, folds=3)),
        ("iris", Split(stratify=False, folds=3, repeats=2)),
        ("diabetes", Split(0.15, 0.2, folds=2)),
        ("digits", Split(folds=2)),
        ("reviews", Split(folds=2)),
    ],
)
def test_that_the_script_makes_each_fold(kind, split):
    every_fold(SourceSpec(kind), split)


def test_that_time_is_cut_forwards():
    source = SourceSpec("weather", {"stride": 240, "length": 24})
    sets = every_fold(source, Split(0.15, 0.2, folds=4, repeats=3))
    assert len(sets) == 4, "time can be cut in one way only"
    for before, dataset in zip([None, *sets[:-1]], sets, strict=True):
        ends = [dataset.indices[part] for part in PARTS]
        assert ends[0].max() < ends[1].min()
        assert ends[1].max() < ends[2].min(), "the last are for testing"
        if before is not None:
            trained = [*before.indices["train"].tolist(), *before.indices["validation"].tolist()]
            assert dataset.indices["train"].tolist() == trained
    assert sets[-1].info.series.bounds["train"][1] <= sets[-1].info.series.bounds["validation"][0]


def table(path, count=96):
    rng = np.random.default_rng(5)
    header = ["a", "who", "when", "part", "y"]
    with (path / "table.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(header)
        for row in range(count):
            part = ["train", "val", "test"][(row * 7) % 3 if row % 2 else 0]
            out.writerow([f"{rng.normal():.3f}", f"P{row % 16}", row * 37 % 101, part, "no" if row % 5 else "yes"])
    return SourceSpec("csv", {"path": str(path / "table.csv")})


@pytest.mark.parametrize("stratify", [False, True])
@pytest.mark.parametrize(("way", "column"), [("group", "who"), ("column", "part"), ("time", "when")])
def test_that_the_further_ways_are_cut_into_folds(tmp_path, way, column, stratify):
    sets = every_fold(table(tmp_path), Split(0.15, 0.2, stratify, 3, way=way, column=column, folds=3, repeats=2))
    assert len(sets) == (3 if way == "time" else 6)
    tests = {tuple(sorted(dataset.indices["test"].tolist())) for dataset in sets}
    assert len(tests) == 1
    if way == "group":
        people = {part: set() for part in PARTS}
        for part in PARTS:
            rows = sets[2].raw(part, range(sets[2].info.sizes[part]))
            people[part] = {row[1] for row in rows}
        assert sum(map(len, people.values())) == 16
    if way == "column":
        assert len(sets[0].indices["test"]) == 16, "as the column says"


def test_that_given_files_are_cut_into_folds(tmp_path):
    source = table(tmp_path)
    (tmp_path / "test.csv").write_text("a,who,when,part,y\n1,Q,3,train,yes\n2,Q,4,val,no\n")
    (tmp_path / "more.csv").write_text("a,who,when,part,y\n7,R,3,train,yes\n8,R,4,val,no\n9,R,4,val,no\n")
    split = Split(way="files", test_file="test.csv", validation_file="more.csv", folds=3)
    sets = every_fold(source, split, tmp_path)
    assert [dataset.info.sizes["test"] for dataset in sets] == [2, 2, 2]
    assert sum(dataset.info.sizes["validation"] for dataset in sets) == 99


def test_that_an_own_test_set_stays_out(tmp_path):
    rng = np.random.default_rng(1)
    arrays = {"x_train": rng.random((50, 4)), "y_train": np.arange(50) % 3}
    np.savez(tmp_path / "own.npz", **arrays, x_test=rng.random((10, 4)), y_test=np.arange(10) % 3)
    sets = every_fold(SourceSpec("npz", {"path": str(tmp_path / "own.npz")}), Split(folds=4))
    assert [dataset.info.sizes["test"] for dataset in sets] == [10] * 4
    assert sum(dataset.info.sizes["validation"] for dataset in sets) == 50


@pytest.mark.parametrize(
    ("split", "sentence"),
    [
        (Split(folds=1000), "Choose from 2 to 100 folds"),
        (Split(folds=5, repeats=0), "from 1 to 100 repeats"),
        (Split(folds=5, fold=6), "There is no fold 6. Choose one from 1 to 5"),
        (Split(folds=5, repeats=2, fold=-1), "There is no fold -1"),
        (Split(0, 0.9, folds=50), "15 samples are too few for 50 folds"),
        (Split(0, 0.2, way="group", column="species", folds=3), "target"),
    ],
)
def test_that_impossible_folds_get_a_sentence(split, sentence):
    with pytest.raises(DataError, match=sentence):
        load_dataset(DatasetSpec(SourceSpec("iris"), split=split))


def test_that_too_few_groups_for_the_folds_get_a_sentence(tmp_path):
    split = Split(0, 0.2, way="group", column="who", folds=15)
    with pytest.raises(DataError, match="groups are left for 15 folds"):
        load_dataset(DatasetSpec(table(tmp_path), split=split))
