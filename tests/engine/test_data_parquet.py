"""Parquet files as data."""

import datetime as dt
import sys
from decimal import Decimal

import numpy as np
import pytest

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, Split
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.inspect import inspect_path

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


@pytest.fixture
def file(tmp_path):
    """A file with every type that a table knows, a dictionary, nanoseconds, and columns that it cannot use."""
    rng = np.random.default_rng(2)
    count = 50
    day = dt.datetime(2022, 3, 1)
    columns = {
        "small": pa.array(rng.integers(-5, 5, count), pa.int8()),
        "real.part": pa.array(rng.normal(size=count), pa.float32()),
        "holes": pa.array(
            [None if place == 3 else float("nan") if place == 4 else place / 7 for place in range(count)]
        ),
        "town": pa.array([["Ulm", "", "NA"][place % 3] for place in range(count)]).dictionary_encode(),
        "cost": pa.array([Decimal(place) / 100 for place in range(count)], pa.decimal128(9, 2)),
        "when": pa.array([place * 10**15 + 123 for place in range(count)], pa.timestamp("ns")),
        "day": pa.array([(day + dt.timedelta(days=place)).date() for place in range(count)]),
        "list": pa.array([[place] for place in range(count)]),
        "bytes": pa.array([b"a"] * count),
        "good": pa.array([place % 2 == 0 for place in range(count)]),
    }
    path = tmp_path / "key=1.parquet"
    pq.write_table(pa.table(columns), path, row_group_size=20)
    return path


def load(path, **fields):
    return load_dataset(DatasetSpec(SourceSpec("parquet", {"path": str(path)}), **fields))


@pytest.mark.parametrize("missing", ["drop_rows", "mean"])
def test_that_a_file_is_prepared_like_any_table(file, missing):
    dataset = load(file, missing=missing)
    assert dataset.info.target == "good"
    assert dataset.info.task == "binary"
    left_out = [note for note in dataset.info.notes if "neither numbers nor texts" in note]
    assert len(left_out) == 2
    assert "town = NA" in dataset.info.features
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        assert np.array_equal(variables[f"x_{part}"], dataset.x[part])
        assert np.array_equal(variables[f"y_{part}"], dataset.y[part])


def test_that_values_are_those_of_the_file(file):
    dataset = load(file, missing="zero", scaling="none", split=Split(0, 0, False, 0))
    expected = pq.ParquetFile(file).read().column("real.part").to_numpy()
    place = dataset.info.features.index("real.part")
    order = dataset.indices["train"]
    assert np.array_equal(dataset.x["train"][:, place], expected[order])
    weekday = dataset.x["train"][:, dataset.info.features.index("day: weekday")]
    first = order.tolist().index(0)
    assert weekday[first] == 1  # 1 March 2022 was a Tuesday


def test_that_a_file_is_looked_into_before_it_is_opened(file):
    found = inspect_path(file)
    assert found.source == SourceSpec("parquet", {"path": str(file)})
    assert found.suggested_target == "good"
    assert found.detected["Rows"] == "50"
    assert len(found.preview) == 8


def test_that_a_damaged_file_is_told(file, tmp_path):
    whole = file.read_bytes()
    for size in (0, 3, 9, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:size])
        with pytest.raises(DataError, match="damaged"):
            load(file)
    with pytest.raises(DataError, match="no file"):
        load(tmp_path / "gone.parquet")


def test_that_damage_inside_is_told(file):
    whole = bytearray(file.read_bytes())
    whole[10:400] = bytes(390)
    file.write_bytes(whole)
    with pytest.raises(DataError, match=r"damaged|no Parquet"):
        load(file)


def test_that_without_the_library_the_command_that_brings_it_is_told(file, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DataError, match=r'pip install "workbench\[parquet\]"'):
        load(file)
