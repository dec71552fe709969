"""Reads Excel workbooks without trusting them: what is packed in them is bounded, links are not followed."""

import datetime as dt
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file
from workbench.engine.data.limits import MAX_COLUMNS, MAX_FILE, memory_budget, readable
from workbench.engine.data.optional import library
from workbench.engine.data.raw import Params, Progress
from workbench.engine.data.source_text import text_literal
from workbench.engine.data.typed_table import Record, Records, different

# What a cell shows where its formula could not be worked out.
ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA")
_MOST_PARTS = 10_000
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_DAMAGE = (ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError, RuntimeError, NotImplementedError,
           SyntaxError, OverflowError, zipfile.BadZipFile, zlib.error)  # fmt: skip


def sheet_names(path: Path) -> tuple[str, ...]:
    """The sheets with cells in them, in their order. Raises DataError when it is no workbook."""
    with _opened(path) as book:
        return tuple(sheet.title for sheet in book.worksheets)


def excel_records(path: Path, params: Params, progress: Progress) -> Records:
    """The rows of a sheet, the first of which names the columns unless `params["header"]` says otherwise."""
    names = sheet_names(path)
    sheet = str(params["sheet"]) if params["sheet"] else next(iter(names), "")
    if sheet not in names:
        shown = ", ".join(f"“{name}”" for name in names[:12]) or "none"
        raise DataError(f"{path.name} has no sheet “{sheet}”. Choose one of: {shown}.")
    title = f"{path.name}: {sheet}"
    first = next(_cells(path, sheet), ())
    width = _width(title, first)
    header = _has_header(first) if params["header"] == "auto" else params["header"] == "yes"
    width = width if header else max(width, 1)

    def rows() -> Iterator[Record]:
        source = _cells(path, sheet)
        if header:
            next(source, None)
        for row in source:
            yield (*row[:width], *[None] * (width - len(row)))

    return Records(
        title,
        path,
        different(first[:width] if header else [None] * width),
        rows,
        imports=("import openpyxl",),
        lines=_lines(path, sheet, width, header),
        missing=("", *ERRORS),
        notes=_beside(path, sheet, width),
    )


def _lines(path: Path, sheet: str, width: int, header: bool) -> tuple[str, ...]:
    return (
        f"DATA = {text_literal(str(path))}",
        "",
        "book = openpyxl.load_workbook(DATA, read_only=True, data_only=True, keep_links=False)",
        f"sheet = book[{text_literal(sheet)}]",
        "sheet.reset_dimensions()  # what a file says of its size may be wrong",
        "records = [row for row in sheet.values if any(cell is not None for cell in row)]",
        "book.close()",
        f"records = [(*row[:{width}], *[None] * ({width} - len(row))) for row in records"
        + ("[1:]]  # the first row names the columns" if header else "]"),
    )


def _width(title: str, first: Sequence[object]) -> int:
    """The columns up to the last one that is named."""
    if not first:
        raise DataError(f"{title} is empty. Choose another sheet.")
    width = max(place + 1 for place, value in enumerate(first) if value is not None)
    if width > MAX_COLUMNS:
        raise DataError(f"{title} has {width} columns; at most {MAX_COLUMNS} can be read. Remove some.")
    return width


def _has_header(first: Sequence[object]) -> bool:
    return not any(isinstance(value, int | float | dt.date) for value in first)


def _beside(path: Path, sheet: str, width: int) -> tuple[str, ...]:
    for row in _cells(path, sheet):
        if any(value is not None for value in row[width:]):
            return ("Cells to the right of the first row's last one were left out.",)
    return ()


def _cells(path: Path, sheet: str) -> Iterator[tuple[object, ...]]:
    """The rows with anything in them."""
    with _opened(path) as book:
        page = book[sheet]
        page.reset_dimensions()  # what a file says of its size may be wrong, and then cells are missed or made up
        for row in page.values:
            if any(value is not None for value in row):
                yield row


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    check_file(path)
    openpyxl = library("openpyxl", "excel", f"{path.name} is an Excel workbook, which")
    try:
        _check_parts(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of charts and checks of cells, which no table needs
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except _DAMAGE as error:
        raise DataError(
            f"{path.name} is damaged, or is no Excel workbook. Save it again as .xlsx.",
            f"{type(error).__name__}: {error}",
        ) from error
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}. Check the file.", str(path)) from error


def _check_parts(path: Path) -> None:
    """Refuses what would grow too large when unpacked, also by entities that stand for one another."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        size = sum(part.file_size for part in parts)
        most = min(MAX_FILE, memory_budget())
        if size > most or len(parts) > _MOST_PARTS:
            raise DataError(
                f"{path.name} would unpack to {readable(size)} in {len(parts)} parts; at most {readable(most)} can be "
                "read. Save the sheet alone, or as CSV."
            )
        for part in parts:
            with archive.open(part) as stream:
                end = b""
                while piece := stream.read(1 << 20):
                    text = (end + piece).replace(b"\0", b"")  # UTF-16 has a zero beside each of these letters
                    if any(word in text for word in _DECLARATIONS):
                        raise DataError(
                            f"{path.name} holds declarations that no workbook needs. Save it again as .xlsx."
                        )
                    end = piece[-32:]
