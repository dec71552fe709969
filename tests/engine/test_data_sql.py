"""Tables and queries of a database as data."""

import sqlite3
import sys

import numpy as np
import pytest

from workbench.domain.catalogue import load_catalogue
from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, Split
from workbench.domain.trust import allow, demand_of
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import Cancelled, DataError
from workbench.engine.data.inspect import inspect_path

PLAIN = {"split": Split(0, 0, False, 0), "scaling": "none"}


@pytest.fixture
def shop(tmp_path):
    """A database with houses, a table of orders and a view."""
    path = tmp_path / "shop 50%#1?.db"
    base = sqlite3.connect(path)
    base.execute('CREATE TABLE houses (rooms INTEGER, area REAL, town TEXT, sold TEXT, "price ""€" REAL)')
    rng = np.random.default_rng(0)
    rows = [
        (int(rooms), float(area), town, f"2020-0{month}-1{day}", float(rooms) * 1.1)
        for rooms, area, town, month, day in zip(
            rng.integers(1, 9, 40),
            rng.normal(80, 20, 40),
            ["Ulm", "Köln", "东京", "NA"] * 10,
            [1, 2, 3, 4] * 10,
            [0, 1, 2, 3, 4] * 8,
            strict=True,
        )
    ]
    base.executemany("INSERT INTO houses VALUES (?, ?, ?, ?, ?)", rows)
    base.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, code TEXT, photo BLOB, paid INTEGER)")
    base.executemany(
        "INSERT INTO orders (code, photo, paid) VALUES (?, ?, ?)", [(f"0{n}", b"\0", n % 2) for n in range(30)]
    )
    base.execute("CREATE VIEW dear AS SELECT rooms, area FROM houses WHERE rooms > 3")
    base.commit()
    base.close()
    return path


def spec(path, fields=None, **params):
    return DatasetSpec(SourceSpec("sql", {"path": str(path), **params}), **(fields or {}))


def check_script(dataset):
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        assert np.array_equal(variables[f"x_{part}"], dataset.x[part])
        assert np.array_equal(variables[f"y_{part}"], dataset.y[part])


def test_that_a_table_of_a_database_is_prepared_like_any_table(shop):
    dataset = load_dataset(spec(shop, table="houses"))
    assert dataset.info.target == 'price "€'
    assert dataset.info.task == "regression"
    assert [column.name for column in dataset.info.columns] == [
        "rooms",
        "area",
        "town",
        "sold: days",
        "sold: day of year",
        "sold: weekday",
        'price "€',
    ]
    assert "town = NA" in dataset.info.features, "a text that says NA is a text in a database"
    assert any("dates of “sold”" in note for note in dataset.info.notes)
    check_script(dataset)


def test_that_a_date_becomes_days_since_1970_the_day_of_the_year_and_of_the_week(shop):
    dataset = load_dataset(
        spec(shop, PLAIN, query="SELECT '2024-02-29 12:00' AS day, rooms FROM houses", text_columns=())
    )
    # 2024-02-29 is day 19,782 since 1970 (`date -d 2024-02-29 +%s` / 86,400), day 60 of its year, and a Thursday.
    assert dataset.x["train"][0].tolist() == [19782.5, 60.0, 3.0]
    check_script(dataset)


def test_that_numbers_come_out_exactly_as_the_database_has_them(shop):
    dataset = load_dataset(spec(shop, {**PLAIN, "target": "rooms"}, query="SELECT area, rooms FROM houses"))
    base = sqlite3.connect(shop)
    areas = [row[0] for row in base.execute("SELECT area FROM houses")]
    base.close()
    assert dataset.source.table.columns[0].numbers.tolist() == areas


@pytest.mark.parametrize("missing", ["drop_rows", "mean", "median", "most_frequent", "zero"])
def test_that_holes_are_treated_as_chosen(shop, missing):
    query = "SELECT CASE WHEN rooms > 6 THEN NULL ELSE area END a, CASE WHEN rooms = 2 THEN NULL ELSE town END t, rooms"
    dataset = load_dataset(spec(shop, {"missing": missing, "task": "regression"}, query=query + " FROM houses"))
    assert (sum(dataset.info.sizes.values()) < 40) == (missing == "drop_rows")
    check_script(dataset)


def test_that_what_is_no_number_text_or_date_is_left_out(shop):
    dataset = load_dataset(spec(shop, table="orders", text_columns=("code",)))
    assert any("“photo”" in note for note in dataset.info.notes)
    assert dataset.info.target == "paid"
    assert dataset.info.columns[1].kind == "category"
    check_script(dataset)


def test_that_views_and_queries_work_and_rows_can_be_bounded(shop):
    assert load_dataset(spec(shop, table="dear")).info.target == "area"
    query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS a, i * 2 AS b FROM n;"
    dataset = load_dataset(spec(shop, query=query, rows=500))
    assert sum(dataset.info.sizes.values()) == 500
    assert "Only the first 500 rows were read." in dataset.info.notes
    check_script(dataset)


def test_that_a_file_is_looked_into_before_it_is_opened(shop):
    found = inspect_path(shop)
    assert found.source == SourceSpec("sql", {"path": str(shop), "table": "houses"})
    assert found.choices == {"table": ("houses", "orders", "dear")}
    other = inspect_path(shop, params={"table": "orders"})
    assert other.columns == ("id", "code", "paid")
    assert other.preview[0] == ("1", "00", "0")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("DELETE FROM houses", "must be a SELECT"),
        ("SELECT 1; DROP TABLE houses", "more than one statement"),
        ("WITH a AS (SELECT 1) DELETE FROM houses", "DELETE"),
        ("PRAGMA journal_mode", "must be a SELECT"),
        ("SELECT load_extension('x')", "more than read"),
        ("SELECT * FROM nowhere", "no such table"),
        ("SELECT * FROM pragma_database_list", "more than read"),
        ("", "has 3 tables"),
        ("SELECT 'a\\'' INTO OUTFILE 'x' -- '", "backslash"),
        ("SELECT 1 /*! INTO OUTFILE 'x' */", "backslash"),
    ],
)
def test_that_a_query_can_only_read(shop, query, words):
    before = shop.read_bytes()
    with pytest.raises(DataError, match=words):
        load_dataset(spec(shop, query=query))
    assert shop.read_bytes() == before
    assert not shop.with_name(shop.name + "-journal").exists()


def test_that_an_endless_query_can_be_cancelled(shop):
    calls = 0

    def progress(text, fraction):
        nonlocal calls
        calls += 1
        if calls > 20:
            raise Cancelled

    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*), 1 FROM n"
    with pytest.raises(Cancelled):
        load_dataset(spec(shop, query=endless), progress=progress)


@pytest.mark.parametrize("size", [0, 16, 100, 5000])
def test_that_a_damaged_file_is_told(shop, size):
    shop.write_bytes(shop.read_bytes()[:size])
    with pytest.raises(DataError, match=r"damaged|no tables"):
        load_dataset(spec(shop, table="houses" if size > 100 else ""))


def test_that_a_column_of_numbers_with_a_word_names_row_and_column(shop):
    query = "SELECT CASE WHEN rowid = 7 THEN 'many' ELSE area END AS area, rooms FROM houses"
    with pytest.raises(DataError, match=r"row 7: “many” in column “area” is not a number"):
        load_dataset(spec(shop, query=query))
    dataset = load_dataset(spec(shop, query=query, bad_numbers="missing"))
    assert sum(dataset.info.sizes.values()) == 39
    check_script(dataset)


@pytest.fixture
def address(shop, tmp_path):
    pytest.importorskip("sqlalchemy")
    plain = tmp_path / "plain.db"
    plain.write_bytes(shop.read_bytes())
    return f"sqlite:///{plain}"


def server(url, **params):
    return DatasetSpec(SourceSpec("sql_server", {"url": url, **params}))


def test_that_a_database_at_an_address_gives_the_same_table_as_its_file(shop, address):
    here = load_dataset(spec(shop, table="houses"))
    there = load_dataset(server(address, table="houses"))
    for part in PARTS:
        assert np.array_equal(here.x[part], there.x[part])
    assert there.info.columns == here.info.columns
    check_script(there)
    found = inspect_path(address)
    assert found.choices == {"table": ("dear", "houses", "orders")}
    assert found.source == SourceSpec("sql_server", {"url": address, "table": "dear"})
    check_script(load_dataset(server(address, query="SELECT rooms, area FROM houses WHERE town LIKE '%l%'", rows=9)))


def test_that_a_project_asks_an_address_only_once_that_is_allowed(address, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    asked = server(address, table="houses")
    with pytest.raises(DataError, match="another machine, which is asked only once you allow it"):
        load_dataset(asked, tmp_path)
    allow(demand_of(load_catalogue().source("sql_server"), asked.source.params, tmp_path))
    assert load_dataset(asked, tmp_path).info.sizes
    with pytest.raises(DataError, match="once you allow it"):
        load_dataset(server(address, table="orders"), tmp_path)


@pytest.mark.parametrize("query", ["DROP TABLE houses", "SELECT 1; SELECT 2", "SELECT * FROM nowhere"])
def test_that_a_database_at_an_address_is_only_read(address, query):
    with pytest.raises(DataError):
        load_dataset(server(address, query=query))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:hunter2@host/sales",
        "postgresql://ada@host/sales?password=hunter2",
        "mssql+pyodbc:///?odbc_connect=PWD%3Dhunter2",
        "postgresql://ada:hunter2@host:port/sales",
        "hunter2",
    ],
)
def test_that_a_password_in_an_address_is_refused_and_never_repeated(url):
    pytest.importorskip("sqlalchemy")
    with pytest.raises(DataError, match="address of the database") as caught:
        load_dataset(server(url, table="t"))
    assert "hunter2" not in caught.value.message + caught.value.detail


def test_that_the_password_comes_from_the_environment_and_stays_there(monkeypatch):
    sqlalchemy = pytest.importorskip("sqlalchemy")
    url = "postgresql+psycopg2://ada:${WORKBENCH_PASSWORD_DB_SHOP}@db.shop/sales"
    with pytest.raises(DataError, match="variable WORKBENCH_PASSWORD_DB_SHOP, which is not set"):
        load_dataset(server(url, table="t"))
    monkeypatch.setenv("WORKBENCH_PASSWORD_DB_SHOP", "hunter2")
    asked = []

    def engine(url, **_):
        asked.append(url.password)
        raise sqlalchemy.exc.OperationalError("connect", {}, Exception("password hunter2 is wrong"))

    monkeypatch.setattr(sqlalchemy, "create_engine", engine)
    with pytest.raises(DataError, match="password … is wrong") as caught:
        load_dataset(server(url, table="t"))
    assert asked == ["hunter2"]
    assert "hunter2" not in caught.value.message + caught.value.detail
    assert caught.value.__suppress_context__


def test_that_without_the_library_the_command_that_brings_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(DataError, match=r'pip install "workbench\[sql\]"'):
        load_dataset(server("sqlite:///x.db", table="t"))


def test_that_an_address_of_a_file_that_is_not_there_makes_none(tmp_path):
    pytest.importorskip("sqlalchemy")
    with pytest.raises(DataError, match="no file"):
        load_dataset(server(f"sqlite:///{tmp_path}/new.db", table="t"))
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:${HOME}@evil/sales",
        "postgresql://ada:${WORKBENCH_PASSWORD_DB_SHOP}@evil/sales",
        "postgresql://ada:${WORKBENCH_PASSWORD_DB_SHOP}@db.shop/sales?host=evil",
        "mysql://ada@host/sales?init_command=DROP",
        "sqlite:///x.db?plugin=evil",
        "mssql+pyodbc://host/sales?driver=/home/evil.so",
    ],
)
def test_that_the_address_in_a_strangers_project_sends_no_variable_elsewhere(url, monkeypatch):
    sqlalchemy = pytest.importorskip("sqlalchemy")
    monkeypatch.setenv("WORKBENCH_PASSWORD_DB_SHOP", "hunter2")
    monkeypatch.setattr(sqlalchemy, "create_engine", lambda *_, **__: pytest.fail("a connection was made"))
    with pytest.raises(DataError, match=r"named after its host|known to be safe"):
        load_dataset(server(url, table="t"))


def test_that_a_view_without_end_does_not_hold_up_a_look_into_the_file(shop, monkeypatch):
    base = sqlite3.connect(shop)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS a, 1 AS b FROM n"
    base.execute(f"CREATE VIEW a AS {endless}")
    base.commit()
    base.close()
    monkeypatch.setattr("workbench.engine.data.inspect_tables._PATIENCE", 0.1)
    assert "a" in inspect_path(shop).choices["table"]
    with pytest.raises(DataError, match="too long to look into"):
        inspect_path(shop, params={"table": "a"})
