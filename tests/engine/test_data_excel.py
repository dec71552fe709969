"""Sheets of an Excel workbook as data."""

import datetime as dt
import sys
import zipfile

import numpy as np
import pytest

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, Split
from workbench.engine.data import limits, load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.inspect import inspect_path

openpyxl = pytest.importorskip("openpyxl")


@pytest.fixture
def book(tmp_path):
    """A workbook of two sheets, one with dates, texts, truth values, holes and a formula that failed."""
    path = tmp_path / "Häuser 东京.xlsx"
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Häuser"
    sheet.append(["rooms", "town", "sold", "garden", None, "price"])
    rng = np.random.default_rng(1)
    for row in range(60):
        rooms = None if row == 5 else int(rng.integers(1, 9))
        area = "#DIV/0!" if row == 9 else float(rng.normal(80, 20))
        day = dt.datetime(2021, 1 + row % 12, 1 + row % 28, 6)
        sheet.append([rooms, ["Ulm", "Köln"][row % 2], day, row % 3 == 0, area, row * 1.1])
    second = made.create_sheet("plain")
    for row in range(30):
        second.append([row, row * 0.5])
    made.create_sheet("empty")
    made.save(path)
    return path


def load(path, **fields):
    params = {name: fields.pop(name) for name in ("sheet", "header", "bad_numbers", "text_columns") if name in fields}
    return load_dataset(DatasetSpec(SourceSpec("excel", {"path": str(path), **params}), **fields))


def check_script(dataset):
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        assert np.array_equal(variables[f"x_{part}"], dataset.x[part])
        assert np.array_equal(variables[f"y_{part}"], dataset.y[part])


@pytest.mark.parametrize("missing", ["drop_rows", "median"])
def test_that_a_sheet_is_prepared_like_any_table(book, missing):
    dataset = load(book, missing=missing)
    assert dataset.info.target == "price"
    assert dataset.info.features[:6] == (
        "rooms",
        "town = Köln",
        "town = Ulm",
        "sold: days",
        "sold: day of year",
        "sold: weekday",
    )
    assert [column.missing for column in dataset.info.columns if column.name in ("rooms", "column 5")] == [1, 1]
    assert sum(dataset.info.sizes.values()) == (58 if missing == "drop_rows" else 60)
    check_script(dataset)


def test_that_a_sheet_without_a_header_keeps_its_first_row(book):
    dataset = load(book, sheet="plain", split=Split(0, 0, False, 0), scaling="none")
    assert dataset.info.features == ("column 1",)
    assert sorted(dataset.x["train"][:, 0].tolist()) == list(range(30))
    check_script(dataset)


def test_that_the_sheets_of_a_workbook_can_be_chosen(book):
    found = inspect_path(book)
    assert found.choices == {"sheet": ("Häuser", "plain", "empty")}
    assert found.source == SourceSpec("excel", {"path": str(book), "sheet": "Häuser"})
    assert found.suggested_target == "price"
    assert inspect_path(book, params={"sheet": "plain"}).columns == ("column 1", "column 2")
    with pytest.raises(DataError, match="is empty"):
        load(book, sheet="empty")
    with pytest.raises(DataError, match="Choose one of: “Häuser”"):
        load(book, sheet="gone")


def test_that_a_word_among_numbers_names_its_row(book):
    made = openpyxl.load_workbook(book)
    made["plain"]["A8"] = "many"
    made.save(book)
    with pytest.raises(DataError, match=r"plain, row 8: “many”"):
        load(book, sheet="plain")
    check_script(load(book, sheet="plain", bad_numbers="missing"))


def test_that_cells_beside_the_table_are_left_out(book):
    made = openpyxl.load_workbook(book)
    made["plain"]["F4"] = "a remark"
    made.save(book)
    dataset = load(book, sheet="plain")
    assert any("to the right" in note for note in dataset.info.notes)
    check_script(dataset)


def test_that_a_workbook_that_unpacks_to_too_much_is_refused(book, monkeypatch):
    monkeypatch.setattr("workbench.engine.data.excel_book.MAX_FILE", 50_000)
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(200_000))
    with pytest.raises(DataError, match="would unpack to"):
        load(book)
    assert limits.MAX_FILE > 50_000


@pytest.mark.parametrize("size", ["A1", "A1:XFD1048576"])
def test_that_a_wrong_size_in_the_file_is_not_believed(book, size):
    expected = load(book, sheet="plain")
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet2.xml"
    changed = parts[name].replace(b'ref="A1:B30"', f'ref="{size}"'.encode())
    assert changed != parts[name]
    with zipfile.ZipFile(book, "w") as archive:
        for part, data in {**parts, name: changed}.items():
            archive.writestr(part, data)
    dataset = load(book, sheet="plain")
    assert np.array_equal(dataset.x["train"], expected.x["train"])
    check_script(dataset)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_that_entities_that_grow_are_refused(book, encoding):
    laughs = '<?xml version="1.0"?><!-- ' + "x" * 5000 + ' --><!DOCTYPE a [<!ENTITY a "ha">]><a>&a;</a>'
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("xl/worksheets/sheet9.xml", laughs.encode(encoding))
    with pytest.raises(DataError, match="declarations"):
        load(book)


def test_that_a_damaged_workbook_is_told(book, tmp_path):
    whole = book.read_bytes()
    for size in (0, 10, len(whole) // 2, len(whole) - 30):
        book.write_bytes(whole[:size])
        with pytest.raises(DataError, match="damaged"):
            load(book)
    empty = tmp_path / "other.xlsx"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("a.txt", "no workbook")
    with pytest.raises(DataError, match="damaged"):
        inspect_path(empty)
    with pytest.raises(DataError, match="no file"):
        load(tmp_path / "gone.xlsx")


def test_that_without_the_library_the_command_that_brings_it_is_told(book, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    for action in (load, inspect_path):
        with pytest.raises(DataError, match=r'pip install "workbench\[excel\]"'):
            action(book)
