"""Dates in text tables become the numbers that they become from every source of tables."""

import datetime as dt
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_data_scripts import check

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, Split
from workbench.engine.data import DataError, csv_pieces, inspect_path, load_dataset
from workbench.engine.data.dates import Written, find_written
from workbench.engine.data.new_rows import read_new_rows
from workbench.engine.data.piece import read_piece

NAMES = ("day: days", "day: day of year", "day: weekday")


def table(form="%Y-%m-%d", rows=60, first=dt.datetime(2019, 12, 20, 6), step=dt.timedelta(days=1, hours=3)):
    lines = ["day,amount,y"]
    for row in range(rows):
        lines.append(f'"{(first + row * step).strftime(form)}",{row * 0.5},{["no", "yes"][row % 2]}')
    return "\n".join(lines) + "\n"


def write(folder, text, name="table.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def spec_of(path, dates="auto", **fields):
    params = {"path": str(path), "dates": dates, **fields.pop("params", {})}
    return DatasetSpec(SourceSpec("csv", params), **fields)


def numbers_of(dataset, name):
    columns = {column.name: column for column in dataset.selection.table.columns}
    return columns[name].numbers


# --- how dates are written ------------------------------------------------------------------------------------------

moments = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1))
FORMS = {
    "%Y-%m-%d": "year_first",
    "%Y-%m-%dT%H:%M:%S": "year_first",
    "%Y/%m/%d %H:%M": "year_first",
    "%d.%m.%Y %H:%M": "day_first",
    "%m/%d/%Y %I:%M %p": "month_first",
    "%d %b %Y": "named_day_first",
    "%d-%B-%Y": "named_day_first",
    "%b %d, %Y": "named_month_first",
    "%B %d %Y, %H:%M:%S": "named_month_first",
}


@pytest.mark.parametrize("form", FORMS)
@given(moments)
def test_that_a_date_is_read_as_python_reads_it(form, moment):
    text = moment.strftime(form)
    if form.startswith("%Y"):
        text = f"{moment.year:04d}{text[text.index(text[4:5], 4) :]}"
    moment = dt.datetime.strptime(text, form)
    days, day_of_year, weekday = Written(FORMS[form]).parts(text)
    assert days == (np.datetime64(moment, "us") - np.datetime64(0, "us")) / np.timedelta64(1, "D")
    assert (day_of_year, weekday) == (int(moment.strftime("%j")), (int(moment.strftime("%w")) + 6) % 7)


@given(st.text(max_size=30))
def test_that_any_text_is_a_date_or_none(text):
    for name in ("year_first", "day_first", "month_first", "named_day_first", "named_month_first"):
        assert Written(name).holds(text) in (True, False)


@pytest.mark.parametrize(
    "text", ["2013-13-01", "2013-02-30", "31.11.2013", "2013-1", "13 Foo 2013", "1/2/13", "2013-01-01 25:00", "10:30"]
)
def test_that_what_is_no_date_is_told_from_one(text):
    assert find_written([text], "auto") is None


def test_that_the_order_of_day_and_month_is_seen_where_it_can_be():
    assert find_written(["01/02/2020", "13/02/2020"], "auto").written == Written("day_first")
    assert find_written(["01/02/2020", "02/13/2020"], "auto").written == Written("month_first")
    assert find_written(["01.02.2020"], "auto").written == Written("day_first")
    assert find_written(["01/02/2020"], "auto").written is None
    assert find_written(["01/02/2020"], "month_first").written == Written("month_first")
    assert find_written(["01/02/2020", "13/02/2020"], "month_first").written == Written("day_first")


# --- tables ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M:%S", "%m/%d/%Y", "%d %b %Y"])
def test_that_the_script_makes_the_same_numbers_of_dates(tmp_path, form):
    dataset = check(spec_of(write(tmp_path, table(form))))
    assert dataset.info.features == (*NAMES, "amount")
    assert any("The dates of “day”" in note for note in dataset.info.notes)


def test_that_a_csv_has_the_same_numbers_as_a_database(tmp_path):
    text = table("%Y-%m-%d %H:%M:%S")
    rows = [line.replace('"', "").split(",") for line in text.splitlines()[1:]]
    with sqlite3.connect(tmp_path / "shop.db") as base:
        base.execute("create table t (day text, amount real, y text)")
        base.executemany("insert into t values (?, ?, ?)", rows)
    base.close()
    sql = load_dataset(DatasetSpec(SourceSpec("sql", {"path": str(tmp_path / "shop.db"), "table": "t"}), target="y"))
    own = load_dataset(spec_of(write(tmp_path, text), target="y"))
    assert own.info.features == sql.info.features
    for part in PARTS:
        assert np.array_equal(own.x[part], sql.x[part])


def test_that_an_older_project_keeps_its_dates_as_texts(tmp_path):
    path = write(tmp_path, table())
    dataset = load_dataset(DatasetSpec(SourceSpec("csv", {"path": str(path)})))
    assert dataset.info.features == ("amount",)
    assert any("Read dates as numbers" in note for note in dataset.info.notes)


def test_that_a_file_is_opened_with_its_dates_as_numbers(tmp_path):
    path = write(tmp_path, "amount,y,day\n" + "".join(f"{n},{n % 2},2020-01-{n + 1:02d}\n" for n in range(20)))
    found = inspect_path(str(path), 1)
    assert found.source.params["dates"] == "auto"
    assert found.columns == ("amount", "y", *NAMES)
    assert found.suggested_target == "y"
    assert found.preview[0] == ("0", "0", "18262", "1", "2")  # `date -ud 2020-01-01 +%s` / 86,400; a Wednesday
    assert load_dataset(DatasetSpec(found.source)).info.target == "y"
    assert "dates" not in inspect_path(str(write(tmp_path, "a,b\n1,2\n3,4\n", "plain.csv")), 1).source.params


def test_that_rows_in_the_order_of_time_are_told_of_as_a_series(tmp_path):
    rows = [f"{n},{n % 2},2020-{n // 28 + 1:02d}-{n % 28 + 1:02d}" for n in range(80)]

    def told(lines):
        path = write(tmp_path, "amount,y,day\n" + "\n".join(lines) + "\n")
        notes = load_dataset(DatasetSpec(inspect_path(str(path), 1).source)).info.notes
        return any("Time series (CSV, TSV)" in note for note in notes)

    assert told(rows)
    assert not told(rows[40:] + rows[:40])
    assert not told(rows[:20])


def test_that_the_last_column_is_no_target_by_itself_where_it_is_a_date(tmp_path):
    path = write(tmp_path, "amount,size,day\n" + "".join(f"{n},{n * 2},2020-01-{n + 1:02d}\n" for n in range(20)))
    assert load_dataset(spec_of(path)).info.target == "size"


def test_that_dates_with_two_meanings_are_asked_for(tmp_path):
    lines = "day,amount,y\n" + "".join(f"0{n + 1}/0{n + 2}/2020,{n},{n % 2}\n" for n in range(8))
    path = write(tmp_path, lines)
    dataset = load_dataset(spec_of(path))
    assert "day: days" not in dataset.info.features
    assert any("“01/02/2020” in column “day” could have its day or its month first" in n for n in dataset.info.notes)
    days = numbers_of(check(spec_of(path, "day_first")), "day: days")
    months = numbers_of(check(spec_of(path, "month_first")), "day: days")
    assert days[0] == np.datetime64("2020-02-01").astype(int)
    assert months[0] == np.datetime64("2020-01-02").astype(int)


def test_that_a_cell_that_is_no_date_is_told_or_missing(tmp_path):
    text = table() + "never,1,no\n,2,yes\n"
    path = write(tmp_path, text)
    with pytest.raises(DataError, match="“never” in column “day” is no date"):
        load_dataset(spec_of(path))
    dataset = check(spec_of(path, params={"bad_numbers": "missing", "text_columns": ("y",)}, missing="mean"))
    assert np.isnan(numbers_of(dataset, "day: days")).sum() == 2
    assert any("1 text that is no date counts as missing" in note for note in dataset.info.notes)
    kept = load_dataset(spec_of(path, params={"text_columns": ("day",)}, missing="mean"))
    assert "day" in [column.name for column in kept.info.columns]


def test_that_a_column_called_like_a_part_of_a_date_stays(tmp_path):
    path = write(tmp_path, "day: days,day,y\n" + "".join(f"{n},2020-01-{n + 1:02d},{n % 2}\n" for n in range(20)))
    dataset = check(spec_of(path, target="y"))
    assert dataset.info.features == ("day: days", "day: days (2)", "day: day of year", "day: weekday")


def test_that_a_split_by_time_goes_by_the_days(tmp_path):
    path = write(tmp_path, table())
    dataset = check(spec_of(path, split=Split(0.2, 0.2, way="time", column="day: days")))
    days = numbers_of(dataset, "day: days")
    assert days[dataset.indices["train"]].max() < days[dataset.indices["test"]].min()


def test_that_given_files_read_dates_as_the_first_one(tmp_path):
    first = write(tmp_path, table("%m/%d/%Y"))
    other = write(tmp_path, table("%m/%d/%Y", 6, dt.datetime(2020, 1, 2)), "test.csv")
    dataset = check(spec_of(first, split=Split(way="files", test_file=str(other))))
    tested = numbers_of(dataset, "day: days")[dataset.indices["test"]]
    assert tested[0] == np.datetime64("2020-01-02").astype(int)


# --- new rows, and pieces -------------------------------------------------------------------------------------------


def test_that_new_rows_come_with_dates_or_with_their_numbers(tmp_path):
    dataset = load_dataset(spec_of(write(tmp_path, table("%m/%d/%Y"))))
    expected = [np.datetime64("2020-03-01").astype(int), 61, 6, 7]  # a leap year; a Sunday
    for text in (
        "amount,day\n7,03/01/2020\n",
        "03/01/2020,7\n",
        "03/01/2020,7,no\n",
        f"day: weekday,amount,day: day of year,day: days\n6,7,61,{expected[0]}\n",
    ):
        assert read_new_rows(dataset, write(tmp_path, text, "new.csv")).x.tolist() == [expected]
    with pytest.raises(DataError, match="“2020-03-01” in column “day” is no date as those of the training"):
        read_new_rows(dataset, write(tmp_path, "amount,day\n7,2020-03-01\n", "new.csv"))
    with pytest.raises(DataError, match="lacks columns that the network was trained on: “day”"):
        read_new_rows(dataset, write(tmp_path, "amount\n7\n", "new.csv"))


def test_that_the_rows_of_a_database_come_anew_as_csv(tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as base:
        base.execute("create table t (sold text, amount real, y text)")
        rows = [(f"2020-02-{n % 28 + 1:02d}", n, "ab"[n % 2]) for n in range(40)]
        base.executemany("insert into t values (?, ?, ?)", rows)
    base.close()
    spec = DatasetSpec(SourceSpec("sql", {"path": str(tmp_path / "shop.db"), "table": "t"}), target="y")
    x = read_new_rows(load_dataset(spec), write(tmp_path, "sold,amount\n2020-03-01,3\n", "new.csv")).x
    assert x.tolist() == [[18322, 61, 6, 3]]


def test_that_dates_are_read_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_pieces, "_LEAST_PIECE", 512)
    text = table("%d/%m/%Y %H:%M", rows=900).replace('"', "")
    lines = text.splitlines(keepends=True)
    lines[400] = "never" + lines[400][lines[400].index(",") :]
    path = write(tmp_path, "".join(lines))
    split = Split(0.2, 0.2)
    streamed = load_dataset(spec_of(path, params={"reading": "pieces"}, missing="zero", scaling="none", split=split))
    params = {"bad_numbers": "missing", "text_columns": ("y",)}
    held = load_dataset(spec_of(path, params=params, missing="zero", scaling="none", split=split))
    assert streamed.info.features == held.info.features == (*NAMES, "amount")
    found = np.concatenate(
        [read_piece(streamed, piece)[0] for piece in range(len(streamed.source.stream.counts))]  # type: ignore[union-attr]
    )
    assert np.array_equal(found, np.nan_to_num(held.selection.x).astype(np.float32))  # type: ignore[union-attr]
