"""Rows of a new table come in the form that the data set takes."""

import numpy as np
import pytest

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.engine.data import DataError, load_dataset
from workbench.engine.data.new_rows import read_new_rows

TABLE = "age,harbour,y\n" + "".join(f"{20 + i},{['Cork', 'Pool'][i % 2]},{['no', 'yes'][i % 2]}\n" for i in range(30))
GAPS = TABLE + ",Cork,no\n44,-,yes\n"


def load(tmp_path, text, **fields):
    (tmp_path / "train.csv").write_text(text)
    source = SourceSpec("csv", {"path": str(tmp_path / "train.csv"), "missing_values": ("", "-")})
    return load_dataset(DatasetSpec(source, **fields))


def write(tmp_path, text, name="new.csv"):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_that_rows_are_read_by_the_names_of_their_columns(tmp_path):
    dataset = load(tmp_path, TABLE)
    found = read_new_rows(dataset, write(tmp_path, "y;harbour;other;age\nyes;Pool;1;33,5\nno;Cork;2;20\n"))
    x, truths = found.x, found.truths
    assert x.tolist() == [[33.5, 0, 1], [20, 1, 0]]
    assert [truth.item() for truth in truths] == [1, 0]


def test_that_a_single_row_without_header_is_read_in_order(tmp_path):
    found = read_new_rows(load(tmp_path, TABLE), write(tmp_path, "33,Pool\n"))
    x, truths = found.x, found.truths
    assert x.tolist() == [[33, 0, 1]]
    assert truths == (None,)


@pytest.mark.parametrize("missing", ["median", "mean", "zero"])
def test_that_the_data_themselves_are_read_as_they_were_trained_on(tmp_path, missing):
    dataset = load(tmp_path, GAPS, missing=missing)
    found = read_new_rows(dataset, tmp_path / "train.csv")
    x, truths = found.x, found.truths
    prepared = dataset.prepare(x)
    for part in ("train", "validation", "test"):
        rows = dataset.selection.rows[dataset.indices[part]]
        assert np.array_equal(prepared[rows], dataset.x[part])
        assert [truths[row].item() for row in rows] == dataset.y[part].tolist()


def test_that_points_are_read_without_header(tmp_path):
    dataset = load_dataset(DatasetSpec(SourceSpec("moons")))
    x = read_new_rows(dataset, write(tmp_path, "0.5,1\n-1,2\n")).x
    assert x.tolist() == [[0.5, 1], [-1, 2]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("age\n1\n", "lacks columns that the network was trained on: “harbour”"),
        ("", "is empty"),
        ("age,harbour\nold,Pool\nyoung,Cork\n", "column “age” must hold numbers"),
        ("age,harbour\ninf,Pool\n", "data row 1 has an infinite number"),
        ("age,harbour\n30,Dover\n", "“Dover” in column “harbour” did not occur in training. Known are: Cork, Pool"),
        ("age,harbour\n-,Pool\n-,Pool\n", "data row 1 has no value for “age”"),
    ],
)
def test_that_rows_that_do_not_fit_are_told(tmp_path, text, sentence):
    with pytest.raises(DataError, match=sentence):
        read_new_rows(load(tmp_path, TABLE), write(tmp_path, text))


def test_that_an_unknown_category_counts_as_missing_where_holes_are_filled(tmp_path):
    dataset = load(tmp_path, GAPS + "50,,no\n", missing="most_frequent")
    found = read_new_rows(dataset, write(tmp_path, "age,harbour\n30,Dover\n31,Ghent\n32,-\n33,Pool\n"))
    assert np.isnan(found.x).any(axis=1).tolist() == [True, True, True, False]
    assert found.notes == (
        "new.csv: “Dover”, “Ghent” in column “harbour” did not occur in training: taken as missing.",
    )
    prepared = dataset.prepare(found.x)
    assert np.array_equal(prepared[0, 1:], prepared[2, 1:])


def test_that_a_table_is_nothing_for_pictures(tmp_path):
    dataset = load_dataset(DatasetSpec(SourceSpec("digits")))
    with pytest.raises(DataError, match="does not take rows of a table"):
        read_new_rows(dataset, write(tmp_path, TABLE))
    with pytest.raises(DataError, match="There is no file"):
        read_new_rows(load(tmp_path, TABLE), tmp_path / "nowhere.csv")


def test_that_incomplete_rows_are_left_out_as_in_training_and_counted(tmp_path):
    found = read_new_rows(load(tmp_path, TABLE), write(tmp_path, "age,harbour\n30,Pool\n-,Pool\n41,Cork\n"))
    assert found.numbers == (1, 3)
    assert found.left_out == 1
    assert len(found.x) == len(found.truths) == 2
