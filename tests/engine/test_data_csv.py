"""Tables of a person's own: any dialect is read, and whatever is wrong is told with file, line or column."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.engine.data import DataError, inspect_path, load_dataset
from workbench.engine.data.csv_format import Wishes, detect
from workbench.engine.data.csv_table import read_table
from workbench.engine.data.raw import no_progress


@pytest.fixture
def write(tmp_path):
    def written(text, name="data.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return written


def load(path, **fields):
    params = fields.pop("params", {})
    return load_dataset(DatasetSpec(SourceSpec("csv", {"path": str(path), **params}), **fields))


def table_of(path, wishes=None, **options):
    return read_table(path, detect(path, wishes or Wishes()), no_progress, **options)


def cells(column):
    if column.numbers is not None:
        return [None if number != number else number for number in column.numbers.tolist()]
    return [column.categories[code] if code >= 0 else None for code in column.codes.tolist()]


GOOD = "a,b,kind\n" + "\n".join(f"{i},{i * 0.5},{'xy'[i % 2]}" for i in range(20))


def test_that_a_plain_table_is_understood(write):
    info = load(write(GOOD)).info
    assert info.title == "data"
    assert info.form == "table"
    assert info.task == "binary"
    assert info.features == ("a", "b")
    assert info.target == "kind"
    assert info.classes == ("x", "y")
    assert info.detected == {
        "Delimiter": "comma",
        "Header": "first row",
        "Encoding": "UTF-8",
        "Decimal sign": "point",
        "Types": "2 numbers, 1 text",
    }


# --- dialects -------------------------------------------------------------------------------------------------------

words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8).filter(
    lambda text: text.lower() not in ("na", "n/a", "nan", "null", "?")
)
texts = st.lists(words, min_size=2, max_size=6, unique=True).filter(
    lambda names: not any(_is_number(name) for name in names)
)
numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)


def _is_number(text):
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


@st.composite
def tables(draw):
    rows = draw(st.integers(3, 30))
    columns = []
    for position in range(draw(st.integers(2, 5))):
        if position and draw(st.booleans()):
            names = draw(texts)
            values = draw(st.lists(st.sampled_from(names), min_size=rows, max_size=rows))
        else:
            values = draw(st.lists(st.none() | numbers, min_size=rows, max_size=rows))
            values[0] = draw(numbers)
        columns.append(values)
    names = draw(st.lists(words, min_size=len(columns), max_size=len(columns), unique=True))
    return [f"name {name}" for name in names], columns


@given(
    tables(),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.booleans(),
)
def test_that_every_table_we_write_is_read_back(tmp_path_factory, table, delimiter, encoding, end, quoting, header):
    names, columns = table
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=quoting)
    if header:
        writer.writerow(names)
    writer.writerows(["" if cell is None else cell for cell in row] for row in zip(*columns, strict=True))
    path = tmp_path_factory.getbasetemp() / "round.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    wishes = Wishes(
        delimiter=delimiter, header=header, decimal=".", encoding=encoding if encoding.startswith("utf-16-") else None
    )
    read = table_of(path, wishes)
    assert read.rows == len(columns[0])
    if header:
        assert [column.name for column in read.columns] == names
    for column, written in zip(read.columns, columns, strict=True):
        assert cells(column) == written


@given(
    st.lists(
        st.lists(st.floats(-1e6, 1e6).map(lambda v: round(v, 3)), min_size=3, max_size=3), min_size=3, max_size=20
    ),
    st.sampled_from([(",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ","), ("|", ".")]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"]),
    st.booleans(),
)
def test_that_dialects_are_detected(tmp_path_factory, rows, dialect, encoding, header):
    delimiter, decimal = dialect
    lines = [["größe", "weight", "last one"]] if header else []
    lines += [[str(value).replace(".", decimal) for value in row] for row in rows]
    path = tmp_path_factory.getbasetemp() / "detect.csv"
    path.write_bytes("\n".join(delimiter.join(line) for line in lines).encode(encoding))
    found = detect(path, Wishes())
    assert (found.delimiter, found.header) == (delimiter, header)
    read = table_of(path)
    assert [cells(column) for column in read.columns] == [list(column) for column in zip(*rows, strict=True)]
    assert read.columns[0].name == ("größe" if header else "column 1")


def told(attempt):
    """What the person is told, None when all went well. Anything but a DataError fails the test."""
    try:
        attempt()
    except DataError as error:
        return error.message
    return None


@given(st.binary(max_size=400))
def test_that_no_bytes_end_in_anything_but_a_sentence(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes(data)
    for message in (told(lambda: load(path)), told(lambda: inspect_path(path))):
        assert message is None or message.endswith((".", '"'))  # a command to type ends with its quotation mark


@given(st.text(alphabet='ab1.,;\t|"\n\r?é \0', max_size=200))
def test_that_no_text_ends_in_anything_but_a_sentence(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "fuzz.txt"
    path.write_bytes(text.encode())
    for missing in ("drop_rows", "median"):
        message = told(lambda missing=missing: load(path, missing=missing))
        assert message is None or message.endswith((".", '"'))  # a command to type ends with its quotation mark


def test_that_quoted_cells_may_hold_delimiters_and_line_ends(write):
    path = write('name,"say, what",n\r\n"Ann","one\r\ntwo",1\r\n"Bob ""B""","a,b",2\r\n')
    first, second, third = table_of(path).columns
    assert second.name == "say, what"
    assert cells(first) == ["Ann", 'Bob "B"']
    assert cells(second) == ["one\r\ntwo", "a,b"]
    assert cells(third) == [1, 2]


def test_that_semicolons_win_over_decimal_commas(write):
    path = write("a;b;c\n1,5;2,25;3\n4,5;5,25;6\n")
    found = detect(path, Wishes())
    assert (found.delimiter, found.decimal) == (";", ",")
    assert cells(table_of(path).columns[1]) == [2.25, 5.25]


def test_that_a_table_of_texts_alone_keeps_its_header(write):
    path = write("colour,taste\nred,sweet\ngreen,sour\nred,sour\n")
    assert [column.name for column in table_of(path).columns] == ["colour", "taste"]


def test_that_latin_1_is_read_where_it_is_no_utf_8(write):
    path = write(b"gr\xf6\xdfe,b\n" + b"1,2\n2,3\n" * 5)
    assert load(path).info.features == ("größe",)
    assert load(path).info.detected["Encoding"] == "Latin-1"


def test_that_bytes_beyond_the_first_block_decide_on_the_encoding_too(write):
    path = write(b"a,b,c\n" + b"1,2,x\n" * 20_000 + b"1,2,\xe4\n")
    assert load(path).info.classes == ("x", "ä")


def test_that_spaces_around_cells_do_not_count(write):
    columns = table_of(write("a, b , kind\n 1, 2 ,red \n3 ,4, green\n 5,6,red\n")).columns
    assert [column.name for column in columns] == ["a", "b", "kind"]
    assert cells(columns[0]) == [1, 3, 5]
    assert cells(columns[2]) == ["red", "green", "red"]


def test_that_all_missing_tokens_are_understood(write):
    path = write("a,b\n" + "".join(f"{token},1\n" for token in ["", "NA", "NaN", "nan", "null", "?", "N/A"]) + "5,2\n")
    column = table_of(path).columns[0]
    assert column.missing.tolist() == [True] * 7 + [False]


def test_that_the_person_says_which_cells_are_missing(write):
    path = write("a,b\n-99,1\n3,2\n4,1\n5,2\n-99,2\n6,1\n")
    info = load(path, params={"missing_values": ("-99",)}).info
    assert info.columns[0].missing == 2
    assert info.columns[0].low == 3


def test_that_same_names_in_a_header_are_told_apart(write):
    info = load(write("a,a,b,a\n" + "1,2,3,4\n2,3,4,5\n" * 10)).info
    assert [column.name for column in info.columns] == ["a", "a (2)", "b", "a (3)"]
    assert any("more than once" in note for note in info.notes)


def test_that_an_empty_column_is_left_out_and_said_so(write):
    info = load(write("a,empty,y\n" + "".join(f"{i},,{i % 2}\n" for i in range(20)))).info
    assert info.features == ("a",)
    assert info.columns[1].kind == "empty"
    assert any("“empty” is empty" in note for note in info.notes)


def test_that_row_numbers_are_no_feature(write):
    info = load(write(",a,y\n" + "".join(f"{i},{i * 7 % 5},{i % 2}\n" for i in range(20)))).info
    assert info.features == ("a",)
    assert info.columns[0].role == "ignored"


def test_that_empty_cells_behind_the_end_of_rows_do_no_harm(write):
    assert load(write("a,b,y\n" + "".join(f"{i},{i},{i % 2},,\n" for i in range(20)))).info.features == ("a", "b")


def test_that_a_column_read_as_text_becomes_categories(write):
    path = write("month,y\n" + "".join(f"{i % 3 + 1},{i % 2}\n" for i in range(30)))
    info = load(path, params={"text_columns": ("month",)}).info
    assert info.features == ("month = 1", "month = 2", "month = 3")


def test_that_a_column_that_turns_to_text_late_is_text(write):
    rows = [f"{i},{i % 2}" for i in range(3000)] + [f"t{i % 5},{i % 2}" for i in range(3000)]
    table = table_of(write("code,y\n" + "\n".join(rows)))
    assert table.columns[0].codes is not None
    assert cells(table.columns[0])[2999:3001] == ["2999", "t0"]


def test_that_rows_are_shown_as_they_are_in_the_file(write):
    dataset = load(write(GOOD))
    rows = dataset.raw("train", range(dataset.info.sizes["train"]))
    for a, b, kind in rows:
        assert isinstance(a, int)
        assert b == a * 0.5
        assert kind == "xy"[a % 2]
    inputs = dataset.inputs("train", [0, 1])
    assert np.array_equal(dataset.prepare(inputs), dataset.x["train"][:2])


# --- what is wrong is told ------------------------------------------------------------------------------------------


def many(line, count=20):
    return "".join(f"{line.format(i=i, odd=i % 2)}\n" for i in range(count))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "data.csv is empty"),
        ("\n \n\n", "data.csv is empty"),
        ("a,b,c\n", "has a header but no rows"),
        ("a,b\n1,2\n3\n4,5\n", "data.csv, line 3: 1 cell where 2 were expected"),
        ("a,b\n\n1,2\n\n3,4,5\n4,5\n", "data.csv, line 5: 3 cells where 2 were expected"),
        ('a,b\n"1\n1",2\n3,4,5\n4,5\n', "data.csv, line 4: 3 cells"),
        (
            "a,y\n" + many("{i},{odd}") + "twelve,1\n" + many("{i},{odd}"),
            "line 22: “twelve” in column “a” is not a number",
        ),
        ("a,y\n1,0\n2,1\n\nx,0\n4,1\n", "line 5: “x” in column “a”"),
        ("a,y\n1_000,0\n2,1\n3,0\n4,1\n", "line 2: “1_000” in column “a”"),
        ("a,y\n" + many("{i},1"), "“y” is “1” in every sample"),
        ("a,y\n" + many("{i},yes"), "“y” is “yes” in every sample"),
        ("a\n1\n2\n3\n", "has only one column"),
        ("a,y\n" + many("{i},"), "Column “y” is empty"),
        ("a,y\n" + many(",{odd}"), "no column that can be a feature"),
        ("a,b,y\n" + many(",{i},{odd}", 5) + many("{i},,{odd}", 6), "No row of data.csv is complete; “b” misses most"),
        ("a,y\n1,0\n2,1\n", "only 2 usable samples"),
        ("a,y\n" + many("{i},{odd}") + "inf,1\n", "column “a” has an infinite number in data row 21"),
        ("a,y\n" + many("{i},{i}.5") + "1,1e999\n", "“y” has infinite numbers"),
        ('a,y\n1,0\n"2,1\n3,0\n', "a quoted cell is not closed properly"),
        ("a,y\n1,0\n2," + "x" * 200_000 + "\n", "line 3: a quoted cell is not closed properly, or is too long"),
    ],
)
def test_that_what_is_wrong_is_told_with_its_place(write, text, sentence):
    with pytest.raises(DataError) as raised:
        load(write(text))
    assert sentence in raised.value.message


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"target": "z"}, "no column “z” to use as target. Choose one of: “a”, “b”, “kind”"),
        ({"features": ("a", "z")}, "no column “z” to use as feature"),
        ({"features": ("a", "kind")}, "“kind” is the target"),
        ({"features": ()}, "no column that can be a feature"),
        ({"task": "regression"}, "“kind” holds text"),
        ({"target": "a", "task": "binary"}, "“a” has 20 classes, but a binary task has two"),
    ],
)
def test_that_impossible_choices_are_told(write, fields, sentence):
    with pytest.raises(DataError) as raised:
        load(write(GOOD), **fields)
    assert sentence in raised.value.message


def test_that_a_missing_file_and_a_folder_are_told(tmp_path):
    with pytest.raises(DataError, match=r"There is no file .*nowhere.csv"):
        load(tmp_path / "nowhere.csv")
    with pytest.raises(DataError, match="is a folder"):
        load(tmp_path)


def test_that_a_binary_file_is_told(write):
    with pytest.raises(DataError, match="is not a text file"):
        load(write(bytes(range(256)) * 20))


def test_that_a_wrongly_chosen_encoding_is_told(write):
    with pytest.raises(DataError, match="Choose another encoding"):
        load(write("größe,b\n1,2\n", encoding="latin-1"), params={"encoding": "utf-8"})


def test_that_a_file_too_large_is_told_before_it_is_read(write, monkeypatch):
    monkeypatch.setattr("workbench.engine.data.files.MAX_FILE", 100)
    with pytest.raises(DataError, match="at most 100 bytes can be held"):
        load(write(GOOD))


def test_that_a_table_too_large_for_memory_is_told(write, monkeypatch):
    monkeypatch.setattr("workbench.engine.data.limits.memory_budget", lambda: 200)
    with pytest.raises(DataError, match="of memory, but 200 bytes can be used here"):
        load(write(GOOD))


def test_that_too_many_columns_are_told(write):
    with pytest.raises(DataError, match="has 10001 columns"):
        load(write(",".join(["1"] * 10_001) + "\n"))


def test_that_a_text_of_many_kinds_is_left_out_unless_chosen(write):
    path = write("name,a,y\n" + "".join(f"n{i},{i},{i % 2}\n" for i in range(100)))
    info = load(path).info
    assert info.features == ("a",)
    assert any("“name” has 100 different texts" in note for note in info.notes)
    assert load(path, features=("name", "a")).info.input_shape == (101,)


def test_that_bad_cells_can_count_as_missing(write):
    path = write("a,y\n" + many("{i},{odd}") + "oops,1\n")
    info = load(path, params={"bad_numbers": "missing"}).info
    assert sum(info.sizes.values()) == 20
    assert any("has 1 cell that is no number" in note for note in info.notes)


def test_that_all_rows_of_a_large_table_are_read(tmp_path):
    path = tmp_path / "large.csv"
    row = ",".join(f"{value:.5f}" for value in np.random.default_rng(0).normal(size=19))
    with path.open("w") as file:
        file.write(",".join(f"c{i}" for i in range(19)) + ",y\n")
        file.writelines(f"{row},{i % 3}\n" for i in range(20_000))
    assert sum(load(path).info.sizes.values()) == 20_000


def test_that_a_path_starts_from_the_project_folder(tmp_path):
    (tmp_path / "mine.csv").write_text(GOOD)
    spec = DatasetSpec(SourceSpec("csv", {"path": "mine.csv"}))
    assert load_dataset(spec, tmp_path).info.title == "mine"
    with pytest.raises(DataError, match="There is no file"):
        load_dataset(spec, Path("/nowhere"))


def test_that_an_empty_cell_is_missing_whatever_else_is(write):
    path = write("a,b,y\n" + ",NA,0\n1,2,1\n" * 5)
    info = load(path, params={"missing_values": ("NA",)}, missing="mean").info
    assert info.columns[0].missing == 5
    assert info.columns[1].missing == 5
