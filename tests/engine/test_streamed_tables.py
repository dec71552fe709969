"""Databases and Parquet files that are read piece by piece: the same rows as in memory."""

import datetime as dt
import os
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from workbench.domain.dataset import DatasetSpec, SourceSpec, Split
from workbench.engine.data import DataError, load_dataset, parquet_file, spool, sqlite_file, typed_stream
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import Cancelled
from workbench.engine.data.piece import read_piece

ROWS = 600
TOWNS = ("Ulm", "Köln", "东京", "")


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "_PIECE", 40)
    monkeypatch.setattr(typed_stream, "_ASIDE_ROWS", 35)
    monkeypatch.setattr(parquet_file, "_LEAST_ROWS", 16)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A table with gaps among the numbers of its rows, one without such numbers, and a view."""
    rng = np.random.default_rng(0)
    path = tmp_path / "shop.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE houses (rooms INTEGER, area REAL, town TEXT, sold TEXT, photo BLOB, dear TEXT)")
    rows = [
        (
            int(rng.integers(1, 9)),
            float(area),
            TOWNS[row % 4] or None,
            f"2020-0{1 + row % 9}-11",
            b"\0",
            "yn"[int(area > 80)],
        )
        for row, area in enumerate(rng.normal(80, 20, ROWS + 200))
    ]
    connection.executemany("INSERT INTO houses VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.execute("DELETE FROM houses WHERE rowid % 4 = 2")
    connection.execute("CREATE TABLE keyed (code TEXT PRIMARY KEY, a REAL, b REAL) WITHOUT ROWID")
    connection.executemany("INSERT INTO keyed VALUES (?, ?, ?)", [(f"{n:05}", n / 7, n % 5) for n in range(ROWS)])
    connection.execute("CREATE TABLE hiding (rowid TEXT, _rowid_ TEXT, a REAL, b REAL)")
    connection.executemany("INSERT INTO hiding VALUES ('x', 'y', ?, ?)", [(n / 7, n % 5) for n in range(ROWS)])
    connection.execute("CREATE VIEW large AS SELECT area, rooms FROM houses WHERE rooms > 1")
    connection.commit()
    connection.close()
    return path


def load(kind: str, reading: str = "pieces", **params: object) -> Dataset:
    source = SourceSpec(kind, {**params, "reading": reading})  # type: ignore[dict-item]
    return load_dataset(DatasetSpec(source, scaling="none", missing="zero", split=Split(0.0, 0.0)))


def everything(dataset: Dataset) -> tuple[np.ndarray, np.ndarray]:
    pairs = [read_piece(dataset, int(piece)) for piece in np.sort(dataset.pieces["train"])]
    x, y = (np.concatenate(each) for each in zip(*pairs, strict=True))
    return x, y


def check_as_in_memory(kind: str, **params: object) -> Dataset:
    whole, pieces = load(kind, "memory", **params), load(kind, **params)
    order = np.argsort(whole.indices["train"])
    x, y = everything(pieces)
    np.testing.assert_array_equal(x, whole.x["train"][order])
    np.testing.assert_array_equal(y, whole.y["train"][order])
    assert pieces.info.features == whole.info.features
    assert pieces.info.classes == whole.info.classes
    assert pieces.info.detected == whole.info.detected
    return pieces


@pytest.mark.parametrize("table", ["houses", "keyed", "hiding", "large"])
def test_that_the_pieces_of_a_table_are_its_rows_as_in_memory(base, table):
    dataset = check_as_in_memory("sql", path=str(base), table=table)
    assert dataset.info.stream is not None
    assert dataset.info.stream.pieces >= 12


def test_that_the_pieces_of_a_query_are_its_rows_as_in_memory(base):
    query = "SELECT town, area, rooms FROM houses WHERE rooms > 1 ORDER BY area DESC"
    check_as_in_memory("sql", path=str(base), query=query)


@pytest.mark.parametrize("params", [{"table": "houses"}, {"query": "SELECT area, rooms FROM houses"}])
def test_that_no_more_rows_are_read_than_wanted(base, params):
    dataset = check_as_in_memory("sql", path=str(base), rows=523, **params)
    assert dataset.info.stream is not None
    assert sum(dataset.info.stream.sizes.values()) == 523
    assert "Only the first 523 rows are read." in dataset.info.notes


def test_that_a_database_reached_by_its_address_is_read_in_pieces_too(base):
    pytest.importorskip("sqlalchemy")
    check_as_in_memory("sql_server", url=f"sqlite:///{base}", table="houses")


def test_that_a_text_among_the_numbers_is_missing_in_a_piece(base):
    connection = sqlite3.connect(base)
    connection.execute("UPDATE houses SET area = 'none' WHERE rowid = 161")
    connection.commit()
    connection.close()
    dataset = load("sql", path=str(base), table="houses")
    place = dataset.info.features.index("area")
    assert (everything(dataset)[0][:, place] == 0).sum() == 1


@pytest.mark.parametrize("table", ["houses", "keyed"])
def test_that_a_database_changed_in_the_meantime_is_told_unless_it_was_put_aside(base, table):
    dataset = load("sql", path=str(base), table=table)
    connection = sqlite3.connect(base)
    connection.execute("DELETE FROM houses")
    connection.commit()
    connection.close()
    if table == "keyed":
        assert len(everything(dataset)[0]) == ROWS
    else:
        with pytest.raises(DataError, match="was changed while it was in use"):
            everything(dataset)


def test_that_many_rows_are_read_in_pieces_unasked(base, monkeypatch):
    assert load("sql", "auto", path=str(base), table="houses").info.stream is None
    monkeypatch.setattr("workbench.engine.data.sources.sql.memory_budget", lambda: 599 * 6 * 8)
    os.utime(base, ns=(1, 1))
    assert load("sql", "auto", path=str(base), table="houses").info.stream is not None
    assert load("sql", "auto", path=str(base), table="houses", rows=599).info.stream is None


def test_that_a_query_is_given_up_while_it_is_put_aside(base):
    told: list[str] = []

    def progress(text: str, fraction: float | None) -> None:
        told.append(text)
        if text.startswith("Going through"):
            raise Cancelled

    query = {"path": str(base), "query": "SELECT area, rooms FROM houses", "reading": "pieces"}
    with pytest.raises(Cancelled):
        load_dataset(DatasetSpec(SourceSpec("sql", query)), None, progress)
    assert told[-1] == "Going through shop.db: 35 rows"


def test_that_no_more_is_put_aside_than_the_disk_has_room_for(base, monkeypatch):
    monkeypatch.setattr(spool, "_SHARE_OF_DISK", 1 << 40)
    with pytest.raises(DataError, match="on the disk while it is in use, but"):
        load("sql", path=str(base), table="large")


@pytest.mark.parametrize(
    ("query", "words"), [("SELECT area FROM houses LIMIT 9", "too small"), ("DROP TABLE a", "SELECT")]
)
def test_that_what_cannot_be_streamed_is_told(base, query, words):
    with pytest.raises(DataError, match=words):
        load("sql", path=str(base), query=query)


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    rng = np.random.default_rng(1)
    columns = {
        "small": pa.array(rng.integers(-5, 5, ROWS), pa.int8()),
        "real": pa.array(rng.normal(size=ROWS), pa.float32()),
        "town": pa.array([TOWNS[row % 4] for row in range(ROWS)]).dictionary_encode(),
        "day": pa.array([(dt.datetime(2022, 3, 1) + dt.timedelta(days=row)).date() for row in range(ROWS)]),
        "list": pa.array([[row] for row in range(ROWS)]),
        "good": pa.array([row % 2 == 0 for row in range(ROWS)]),
    }
    pq.write_table(pa.table(columns), tmp_path / "t.parquet", row_group_size=250)
    return tmp_path / "t.parquet"


def test_that_the_pieces_of_a_parquet_file_are_its_rows_as_in_memory(parquet):
    dataset = check_as_in_memory("parquet", path=str(parquet))
    assert dataset.info.stream is not None
    assert dataset.info.stream.pieces == 2 * 16 + 7


def test_that_a_large_parquet_file_is_read_in_pieces_unasked_and_a_changed_one_told(parquet, monkeypatch):
    assert load("parquet", "auto", path=str(parquet)).info.stream is None
    monkeypatch.setattr("workbench.engine.data.sources.parquet.memory_budget", lambda: 1_000)
    os.utime(parquet, ns=(1, 1))
    dataset = load("parquet", "auto", path=str(parquet))
    assert dataset.info.stream is not None
    os.utime(parquet, ns=(2, 2))
    with pytest.raises(DataError, match="was changed while it was in use"):
        everything(dataset)
