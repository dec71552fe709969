"""Splits by group, by a column, by time and by files; the exported script makes the same parts, bit for bit."""

import csv
import itertools
import sqlite3
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, Split
from workbench.engine.data import DataError, load_dataset
from workbench.engine.data.inspect import inspect_path
from workbench.engine.data.split_groups import assign_groups

GROUPS = Split(0.2, 0.2, way="group", column="person")


def write(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(rows)
    return str(path)


def visits(path, count=120, people=12, column="person", values=None):
    """Several visits of each person: two measurements, who it was, and what was found."""
    rng = np.random.default_rng(3)
    rows = []
    for row in range(count):
        person = f"P{row % people:02d}" if values is None else values[row]
        rows.append([f"{rng.normal():.3f}", f"{rng.normal():.3f}", person, "ill" if row % 3 == 0 else "well"])
    return write(path / "visits.csv", ["pulse", "weight", column, "found"], rows)


def spec(path, split, **more):
    return DatasetSpec(SourceSpec("csv", {"path": path}), split=split, **more)


def check(wanted, folder=None):
    """The parts hold each sample once, and the script gives the same arrays, bit for bit."""
    dataset = load_dataset(wanted, folder)
    together = np.concatenate([dataset.indices[part] for part in PARTS])
    if dataset.source.x_test is None and (not wanted.split.folds or not dataset.source.ordered):
        assert len(np.unique(together)) == len(together)
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        for name, arrays in (("x", dataset.x), ("y", dataset.y)):
            found = variables[f"{name}_{part}"]
            assert found.dtype == arrays[part].dtype, (name, part)
            assert np.array_equal(found, arrays[part]), (name, part)
    return dataset


def values_of(dataset, part, column):
    """The cells of a column in the rows of a part."""
    names = [each.name for each in dataset.info.columns]
    rows = dataset.raw(part, range(dataset.info.sizes[part]))
    return [row[names.index(column)] for row in rows]


# Whole groups


def test_that_no_person_is_in_two_parts(tmp_path):
    dataset = check(spec(visits(tmp_path), GROUPS))
    people = [set(values_of(dataset, part, "person")) for part in PARTS]
    assert sum(map(len, people)) == 12
    assert not people[0] & people[1]
    assert not people[0] & people[2]
    assert not people[1] & people[2]
    assert dataset.info.sizes == {"train": 70, "validation": 30, "test": 20}
    assert dataset.info.features == ("pulse", "weight"), "who it was is no feature"
    assert any("Each of the 12 values of “person” is in one part only." in note for note in dataset.info.notes)


def test_that_groups_may_be_numbers_and_have_holes(tmp_path):
    values = [["", "1", "2.0", "2", "3", "4", "5", "-7.5"][row % 8] for row in range(120)]
    dataset = check(spec(visits(tmp_path, values=values), GROUPS))
    people = [set(values_of(dataset, part, "person")) for part in PARTS]
    assert sum(map(len, people)) == 7
    assert any("15 samples without a value of “person” are kept together" in note for note in dataset.info.notes)


def test_that_groups_of_text_may_have_holes(tmp_path):
    values = [["", "NA", "Ann ", "Ann", "?", "Bob", "Zoë", "cat", "dog"][row % 9] for row in range(120)]
    dataset = check(spec(visits(tmp_path, values=values), GROUPS))
    people = [set(values_of(dataset, part, "person")) for part in PARTS]
    assert sum(map(len, people)) == 6, "Ann, Bob, Zoë, cat, dog and those without a name"


@pytest.mark.parametrize("stratify", [False, True])
def test_that_rows_that_are_left_out_belong_to_no_group(tmp_path, stratify):
    rows = [[f"{i}" if i % 5 else "", f"{i % 7}", f"g{i % 9}", "yes" if i % 4 else "no"] for i in range(90)]
    path = write(tmp_path / "holes.csv", ["a", "b", "who", "y"], rows)
    dataset = check(spec(path, Split(0.2, 0.2, stratify, 5, way="group", column="who")))
    assert sum(dataset.info.sizes.values()) == 72
    check(spec(path, Split(0.2, 0.2, stratify, 5, way="group", column="who"), missing="mean"))


@st.composite
def grouped(draw):
    sizes = draw(st.lists(st.integers(1, 30), min_size=4, max_size=25))
    group = np.repeat(np.arange(len(sizes)), sizes)
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    return rng.permutation(group), draw(st.integers(0, 1000))


@given(grouped(), st.sampled_from([(0.7, 0.15, 0.15), (0.5, 0.5), (0.9, 0.1), (0.25,) * 4]))
def test_that_parts_of_whole_groups_are_no_further_from_the_fractions_than_the_largest_group(case, shares):
    group, seed = case
    part = assign_groups(group, None, shares, seed)
    sizes = np.bincount(part[group], minlength=len(shares))
    assert (sizes > 0).all()
    assert (np.abs(sizes - len(group) * np.array(shares)) <= np.bincount(group).max() + 1).all()


def test_that_a_few_groups_are_put_where_they_fit_best():
    sizes = [40, 30, 15, 9, 3, 2, 1]
    group = np.repeat(np.arange(len(sizes)), sizes)
    best = min(
        sum(
            abs(sum(s for s, p in zip(sizes, parts, strict=True) if p == number) - share * 100)
            for number, share in enumerate((0.7, 0.15, 0.15))
        )
        for parts in itertools.product(range(3), repeat=len(sizes))
    )
    for seed in range(20):
        found = np.bincount(assign_groups(group, None, (0.7, 0.15, 0.15), seed)[group], minlength=3)
        assert np.abs(found - [70, 15, 15]).sum() <= best + 2


@given(st.integers(0, 10_000))
@settings(max_examples=30)
def test_that_classes_stay_in_proportion_as_far_as_whole_groups_allow(seed):
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 60, 900)
    group = np.unique(group, return_inverse=True)[1]
    labels = (rng.random(900) < np.where(group % 3 == 0, 0.8, 0.1)).astype(int)
    part = assign_groups(group, labels, (0.6, 0.2, 0.2), seed)[group]
    share = labels.mean()
    for number in range(3):
        assert abs(labels[part == number].mean() - share) < 0.06


def test_that_too_few_groups_get_a_sentence(tmp_path):
    path = visits(tmp_path, values=["left", "right"] * 60)
    with pytest.raises(DataError, match="has 2 different values, which is too few for 3 parts"):
        load_dataset(spec(path, GROUPS))
    assert check(spec(path, Split(0.3, 0, way="group", column="person"))).info.sizes["validation"] == 60


@pytest.mark.parametrize(
    ("column", "sentence"),
    [(None, "needs to know by which column"), ("nobody", "no column “nobody” to split by"), ("found", "is the target")],
)
@pytest.mark.parametrize("way", ["group", "column", "time"])
def test_that_a_column_that_does_not_fit_gets_a_sentence(tmp_path, way, column, sentence):
    with pytest.raises(DataError, match=sentence):
        load_dataset(spec(visits(tmp_path), Split(way=way, column=column), target="found"))


def test_that_data_without_columns_are_split_by_fractions_only():
    with pytest.raises(DataError, match="Split by fractions"):
        load_dataset(DatasetSpec(SourceSpec("digits"), split=Split(way="group", column="writer")))


@pytest.mark.parametrize("folds", [0, 3])
def test_that_windows_of_a_station_are_in_one_part(folds):
    params = {"stride": 240, "length": 24}
    split = Split(0.34, 0.33 if not folds else 0, way="group", column="origin", folds=folds)
    dataset = check(DatasetSpec(SourceSpec("weather", params), split=split))
    owners = [set(dataset.source.windows.owners[dataset.indices[part]].tolist()) for part in PARTS]
    assert sum(map(len, owners)) == 3
    assert dataset.info.split_keys == ("origin",)
    for part in PARTS:
        assert (np.diff(dataset.indices[part]) > 0).all(), "in the order of time"


def test_that_pictures_of_one_person_are_in_one_part(tmp_path):
    rng = np.random.default_rng(4)
    for label in ("smiles", "frowns"):
        for person in ("ann", "bob", "cem", "dee/first", "dee/later", ".hidden", "."):
            folder = tmp_path / label / person
            folder.mkdir(parents=True, exist_ok=True)
            for number in range(4):
                picture = Image.fromarray(rng.integers(0, 256, (6, 6), dtype=np.uint8))
                picture.save(folder / f"{number}.png")
        (tmp_path / label / "ann" / "9.png").write_bytes(b"no picture")
        (tmp_path / label / "round").symlink_to(tmp_path / label)
    flat = SourceSpec("images", {"path": str(tmp_path)})
    assert sum(check(DatasetSpec(flat)).info.sizes.values()) == 8, "without the option as ever"
    source = SourceSpec("images", {"path": str(tmp_path), "nested": True})
    dataset = check(DatasetSpec(source, split=Split(0.2, 0.2, way="group", column="folder")))
    assert sum(dataset.info.sizes.values()) == 48
    column = dataset.source.keys[0].column
    assert column.categories == ("ann", "bob", "cem", "dee/first", "dee/later")
    people = [set(column.codes[dataset.indices[part]].tolist()) for part in PARTS]
    assert sum(map(len, people)) == 6, "a person is one in both classes; those in no sub-folder are one group"
    check(DatasetSpec(source, split=Split(0.2, 0, way="group", column="folder", folds=3, fold=2)))


def test_that_a_folder_with_pictures_in_sub_folders_only_is_opened_with_these(tmp_path):
    for place in ("cats/ann", "dogs/bob"):
        (tmp_path / place).mkdir(parents=True)
        Image.new("L", (4, 4)).save(tmp_path / place / "1.png")
    found = inspect_path(str(tmp_path), 1, {})
    assert found.source == SourceSpec("images", {"path": str(tmp_path), "nested": True})
    Image.new("L", (4, 4)).save(tmp_path / "cats" / "1.png")
    Image.new("L", (4, 4)).save(tmp_path / "dogs" / "1.png")
    assert inspect_path(str(tmp_path), 1, {}).source == SourceSpec("images", {"path": str(tmp_path)})
    for place in ("train/cats", "train/dogs", "test/cats", "test/dogs"):
        (tmp_path / "parts" / place).mkdir(parents=True)
        Image.new("L", (4, 4)).save(tmp_path / "parts" / place / "1.png")
    assert "nested" not in inspect_path(str(tmp_path / "parts"), 1, {}).source.params


def test_that_texts_of_one_writer_are_in_one_part(tmp_path):
    words = ["good", "bad", "fine", "poor", "dull"]
    rows = [
        [
            f"{words[row % 5]} film number {row} that I saw",
            f"W{row % 11}" if row % 13 else "",
            "up" if row % 3 else "down",
        ]
        for row in range(150)
    ]
    path = write(tmp_path / "films.csv", ["text", "writer", "label"], rows)
    split = Split(0.2, 0.2, way="group", column="writer")
    dataset = check(DatasetSpec(SourceSpec("text_table", {"path": path}), split=split))
    assert dataset.info.split_keys == ("writer",)
    column = dataset.source.keys[0].column
    writers = [set(column.codes[dataset.indices[part]].tolist()) for part in PARTS]
    assert sum(map(len, writers)) == 12


# As a column says


def test_that_a_column_names_the_part_of_each_row(tmp_path):
    names = ["train", "Training", " train", "VAL", "validation", "dev", "test", "testing"]
    dataset = check(spec(visits(tmp_path, column="part", values=names * 15), Split(way="column", column="part")))
    assert dataset.info.sizes == {"train": 45, "validation": 45, "test": 30}
    assert {cell.lower() for cell in values_of(dataset, "validation", "part")} == {"val", "validation", "dev"}
    assert dataset.info.features == ("pulse", "weight")


def test_that_the_column_of_parts_is_no_feature_even_where_it_was_chosen(tmp_path):
    path = visits(tmp_path, column="part", values=["train", "val", "test"] * 40)
    dataset = check(spec(path, Split(way="column", column="part"), features=("pulse", "part")))
    assert dataset.info.features == ("pulse",)


@pytest.mark.parametrize("stratify", [False, True])
@pytest.mark.parametrize("names", [["train", "test"], ["train", "val"], ["train"]])
def test_that_parts_that_no_row_names_are_taken_from_the_training_rows(tmp_path, names, stratify):
    path = visits(tmp_path, column="part", values=[names[row % len(names)] for row in range(120)])
    dataset = check(spec(path, Split(0.25, 0.25, stratify, way="column", column="part")))
    sizes = {("train", "test"): (45, 15, 60), ("train", "val"): (45, 60, 15), ("train",): (60, 30, 30)}
    assert tuple(dataset.info.sizes.values()) == sizes[tuple(names)]
    assert any("25 % of the training samples were taken" in note for note in dataset.info.notes)


def test_that_a_value_that_names_no_part_is_named(tmp_path):
    path = visits(tmp_path, column="part", values=["train", "val", "holdout"] * 40)
    with pytest.raises(DataError, match="“holdout” in column “part” names no part"):
        load_dataset(spec(path, Split(way="column", column="part")))
    with pytest.raises(DataError, match="names no part"):
        load_dataset(spec(path, Split(way="column", column="pulse")))
    path = visits(tmp_path, column="part", values=["train", "val", ""] * 40)
    with pytest.raises(DataError, match="40 rows have no value of “part”"):
        load_dataset(spec(path, Split(way="column", column="part")))
    path = visits(tmp_path, column="part", values=["val", "test"] * 60)
    with pytest.raises(DataError, match="no sample for training"):
        load_dataset(spec(path, Split(way="column", column="part")))


# By time


@pytest.mark.parametrize(
    "when",
    [
        lambda day: f"2024-{day // 28 + 1:02d}-{day % 28 + 1:02d}",
        lambda day: f"{day % 28 + 1}.{day // 28 + 1}.2024 10:30",
        lambda day: f"{day / 8 - 3:.3f}",
    ],
    ids=["iso", "day first", "number"],
)
def test_that_the_first_train_and_the_last_test(tmp_path, when):
    days = np.random.default_rng(0).permutation(100)
    rows = [[f"{day * 0.5}", when(int(day)), "up" if day % 2 else "down"] for day in days]
    path = write(tmp_path / "days.csv", ["value", "when", "went"], rows)
    dataset = check(spec(path, Split(0.2, 0.1, way="time", column="when")))
    parts = [values_of(dataset, part, "value") for part in PARTS]
    assert parts[0] + parts[1] + parts[2] == [day * 0.5 for day in range(100)]
    assert list(map(len, parts)) == [70, 20, 10]
    assert dataset.info.features == ("value",)


def test_that_what_is_no_time_gets_a_sentence(tmp_path):
    with pytest.raises(DataError, match="“P00” in column “person” is no date"):
        load_dataset(spec(visits(tmp_path), Split(way="time", column="person")))
    path = visits(tmp_path, column="when", values=["1", ""] * 60)
    with pytest.raises(DataError, match="60 rows have no value of “when”"):
        load_dataset(spec(path, Split(way="time", column="when")))


def test_that_series_are_split_by_time_without_a_column():
    source = SourceSpec("weather", {"stride": 240, "length": 24})
    plain, timed = (load_dataset(DatasetSpec(source, split=split)) for split in (Split(), Split(way="time")))
    for part in PARTS:
        assert np.array_equal(plain.x[part], timed.x[part])
    assert plain.info.preparation == timed.info.preparation


# Files of their own


def test_that_validation_and_test_come_from_files_of_their_own(tmp_path):
    visits(tmp_path)
    more = [["0.5", "1.5", "X", "ill"], ["0.25", "", "P00", "well"], ["1", "2", "Y", "well"]]
    write(tmp_path / "later.csv", ["pulse", "weight", "person", "found"], more)
    turned = [["ill", "7.5", "8.5", "Z"], ["dead", "1", "2", "Z"]]
    (tmp_path / "last.csv").write_text(
        "\n".join(";".join(r) for r in [["found", "pulse", "weight", "person"], *turned])
    )
    source = SourceSpec("csv", {"path": "visits.csv"})
    split = Split(way="files", validation_file="later.csv", test_file="last.csv")
    dataset = check(DatasetSpec(source, split=split, missing="mean"), tmp_path)
    assert dataset.info.sizes == {"train": 120, "validation": 3, "test": 2}
    assert dataset.info.classes == ("dead", "ill", "well")
    assert values_of(dataset, "test", "pulse") == [7.5, 1.0]
    assert values_of(dataset, "validation", "person") == ["X", "P00", "Y"]
    dropped = check(DatasetSpec(source, split=split), tmp_path)
    assert dropped.info.sizes == {"train": 120, "validation": 2, "test": 2}
    only_test = Split(0.25, 0.25, way="files", test_file="last.csv")
    assert check(DatasetSpec(source, split=only_test), tmp_path).info.sizes == {
        "train": 90,
        "validation": 30,
        "test": 2,
    }


def test_that_a_file_of_its_own_is_read_with_the_same_decimal_sign(tmp_path):
    (tmp_path / "a.csv").write_text("a;b;y\n" + "".join(f"{i},5;{i};{i % 2}\n" for i in range(40)))
    (tmp_path / "b.csv").write_text("a;b;y\n" + "".join(f"{i};{i};{i % 2}\n" for i in range(9)))
    split = Split(way="files", test_file=str(tmp_path / "b.csv"))
    dataset = check(spec(str(tmp_path / "a.csv"), split, scaling="none"))
    assert dataset.x["test"][:, 0].tolist() == list(range(9))


def test_that_files_that_do_not_fit_get_a_sentence(tmp_path):
    path = visits(tmp_path)
    write(tmp_path / "few.csv", ["pulse", "found"], [["1", "ill"]])
    write(tmp_path / "words.csv", ["pulse", "weight", "person", "found"], [["low", "high", "A", "ill"]] * 9)

    def load(**files):
        load_dataset(spec(path, Split(way="files", **files)), tmp_path)

    with pytest.raises(DataError, match="lacks the column “weight” of visits"):
        load(test_file="few.csv")
    with pytest.raises(DataError, match="“pulse” holds text in words"):
        load(validation_file="words.csv")
    with pytest.raises(DataError, match="Choose a validation file or a test file"):
        load()
    with pytest.raises(DataError, match="nowhere"):
        load(test_file="nowhere.csv")
    with pytest.raises(DataError, match="do not come from a file"):
        load_dataset(DatasetSpec(SourceSpec("iris"), split=Split(way="files", test_file="few.csv")), tmp_path)


def test_that_arrays_come_from_files_of_their_own(tmp_path):
    rng = np.random.default_rng(2)
    for name, count in (("a", 40), ("b", 10), ("c", 12)):
        labels = np.array(["cat", "dog", "eel"])[rng.integers(0, 2 if name == "a" else 3, count)]
        np.savez(tmp_path / f"{name}.npz", x=rng.random((count, 6, 6)), y=labels)
    np.savez(tmp_path / "small.npz", x=rng.random((9, 5, 5)), y=np.array(["cat", "dog", "eel"] * 3))
    np.savez(tmp_path / "numbers.npz", x=rng.random((9, 6, 6)), y=np.arange(9))
    tested = {"x_test": rng.random((9, 6, 6)), "y_test": np.array(["cat", "dog", "eel"] * 3)}
    np.savez(tmp_path / "own.npz", x_train=rng.random((9, 6, 6)), y_train=tested["y_test"], **tested)

    def wanted(first="a.npz", **files):
        return DatasetSpec(SourceSpec("npz", {"path": first}), split=Split(0.25, way="files", **files))

    dataset = check(wanted(validation_file="b.npz", test_file="c.npz"), tmp_path)
    assert dataset.info.sizes == {"train": 40, "validation": 10, "test": 12}
    assert dataset.info.classes == ("cat", "dog", "eel")
    assert dataset.raw("test", [0]).shape == (1, 6, 6, 1)
    assert check(wanted(test_file="b.npz"), tmp_path).info.sizes == {"train": 30, "validation": 10, "test": 10}
    kept = check(wanted("own.npz", validation_file="b.npz"), tmp_path)
    assert kept.info.sizes == {"train": 9, "validation": 10, "test": 9}
    for files, sentence in (
        ({"test_file": "small.npz"}, "shape 5×5×1 .float64., those of a 6×6×1"),
        ({"test_file": "numbers.npz"}, "targets of the test file are not like"),
        ({"validation_file": "own.npz"}, "validation file has a test set of its own"),
        ({"first": "own.npz", "test_file": "b.npz"}, "has a test set of its own. Leave the test file out"),
    ):
        with pytest.raises(DataError, match=sentence):
            load_dataset(wanted(**files), tmp_path)


def test_that_folders_of_pictures_stand_beside_one_another(tmp_path):
    rng = np.random.default_rng(2)
    for name in ("first", "later"):
        for label in ("cats", "dogs"):
            (tmp_path / name / label).mkdir(parents=True)
            for number in range(6):
                picture = Image.fromarray(rng.integers(0, 256, (8, 9, 3), dtype=np.uint8))
                picture.save(tmp_path / name / label / f"{number}.png")
    split = Split(0.25, way="files", test_file="later")
    dataset = check(DatasetSpec(SourceSpec("images", {"path": "first"}), split=split), tmp_path)
    assert dataset.info.sizes == {"train": 9, "validation": 3, "test": 12}
    (tmp_path / "later" / "dogs").rename(tmp_path / "later" / "wolves")
    with pytest.raises(DataError, match="has other classes than first"):
        load_dataset(DatasetSpec(SourceSpec("images", {"path": "first"}), split=split), tmp_path)


def test_that_databases_stand_beside_one_another(tmp_path):
    for name, count in (("a", 40), ("b", 7)):
        rows = [(f"2024-01-{row % 28 + 1:02d}", row / 3, "xy"[row % 2]) for row in range(count)]
        with closing(sqlite3.connect(tmp_path / f"{name}.sqlite")) as base, base:
            order = ("day", "size", "kind") if name == "a" else ("kind", "size", "day")
            base.execute(f"create table things ({', '.join(order)})")
            base.executemany("insert into things (day, size, kind) values (?, ?, ?)", rows)
    split = Split(0.25, way="files", test_file="b.sqlite")
    wanted = DatasetSpec(SourceSpec("sql", {"path": "a.sqlite"}), target="kind", split=split)
    dataset = check(wanted, tmp_path)
    assert dataset.info.sizes == {"train": 30, "validation": 10, "test": 7}
    assert dataset.info.features == ("day: days", "day: day of year", "day: weekday", "size")


def test_that_a_series_takes_no_files():
    split = Split(way="files", test_file="later.csv")
    with pytest.raises(DataError, match="do not come from a file"):
        load_dataset(DatasetSpec(SourceSpec("weather"), split=split))


def test_that_where_given_files_lie_does_not_count(tmp_path):
    prints = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        path = visits(folder)
        test = write(folder / f"{name}.csv", ["pulse", "weight", "person", "found"], [["1", "2", "A", "ill"]])
        prints.append(load_dataset(spec(path, Split(way="files", test_file=test))).info.fingerprint)
    assert prints[0] == prints[1]


def test_that_a_changed_test_file_is_noticed(tmp_path):
    path, header = visits(tmp_path), ["pulse", "weight", "person", "found"]
    wanted = spec(path, Split(way="files", test_file="test.csv"))
    write(tmp_path / "test.csv", header, [["1", "2", "A", "ill"]])
    first = load_dataset(wanted, tmp_path).info
    write(tmp_path / "test.csv", header, [["1", "2", "A", "ill"]] * 4)
    second = load_dataset(wanted, tmp_path).info
    assert (first.sizes["test"], second.sizes["test"]) == (1, 4)
    assert first.fingerprint != second.fingerprint
