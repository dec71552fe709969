"""Reads a text table into columns of numbers and of text."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from gzip import GzipFile
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from workbench.engine.data.csv_columns import ColumnReader
from workbench.engine.data.csv_format import counted
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_size
from workbench.engine.data.limits import MAX_COLUMNS, check_memory
from workbench.engine.data.raw import CsvFormat, Progress, Table

if TYPE_CHECKING:
    from _csv import Reader

_BLOCK = 2_000


def read_table(
    path: Path,
    written: CsvFormat,
    progress: Progress,
    text_columns: tuple[str, ...] = (),
    bad_is_missing: bool = False,
) -> Table:
    """All columns of a file. `text_columns` are read as text whatever they hold; with `bad_is_missing` a cell that
    is no number in a number column counts as missing. Raises DataError that names file, line and column."""
    check_size(path)
    names, notes = column_names(path, written)
    as_text = {names.index(name) for name in text_columns if name in names}
    while True:
        readers = [
            ColumnReader(name, written, position in as_text, bad_is_missing) for position, name in enumerate(names)
        ]
        rows = _read(path, written, readers, progress)
        again = {position for position, reader in enumerate(readers) if reader.must_be_text}
        if not again:
            break
        as_text |= again
    if not rows:
        raise DataError(f"{path.name} has a header but no rows. Choose a file with data.")
    for position, reader in enumerate(readers):
        if reader.mixed and reader.first_bad:
            raise _bad_cell(path, written, reader.name, position, reader.first_bad)
        if reader.bad and bad_is_missing:
            cells = "1 cell that is no number" if reader.bad == 1 else f"{reader.bad} cells that are no numbers"
            notes += (f"Column “{reader.name}” has {cells}, counted as missing.",)
    return Table(tuple(reader.column() for reader in readers), rows, path, written, notes=notes)


def _read(path: Path, written: CsvFormat, readers: list[ColumnReader], progress: Progress) -> int:
    rows = 0
    with _opened(path, written) as (file, reader):
        size = max(1, path.stat().st_size)
        if written.header:
            _skip_header(reader)
        while True:
            progress(f"Reading {path.name}", min(1.0, file.tell() / size))
            first_line = reader.line_num + 1
            block = list(islice(reader, _BLOCK))
            if not block:
                return rows
            block = [row for row in block if row]
            if set(map(len, block)) - {len(readers)}:
                block = [_fitted(path, written, row, len(readers), first_line) for row in block]
            rows += len(block)
            check_memory(rows * len(readers) * 8, path.name)
            for column, cells in zip(readers, zip(*block, strict=True), strict=False):
                column.add(cells)


def _fitted(path: Path, written: CsvFormat, row: list[str], width: int, first_line: int) -> list[str]:
    """The row without empty cells behind its end. Raises DataError when it still has another length."""
    if len(row) > width and not any(cell.strip() for cell in row[width:]):
        return row[:width]
    if len(row) == width:
        return row
    line = _line_of(path, written, lambda number, cells: number >= first_line and cells == row)
    raise DataError(
        f"{path.name}, line {line}: {counted(len(row), 'cell')} where {width} were expected. "
        "Correct the line, or choose another delimiter."
    )


def column_names(path: Path, written: CsvFormat) -> tuple[list[str], tuple[str, ...]]:
    """The names of the columns, made different from one another, and notes on what was changed."""
    with _opened(path, written) as (_, reader):
        first = next((row for row in reader if row), [])
    if len(first) > MAX_COLUMNS:
        raise DataError(
            f"{path.name} has {len(first)} columns; at most {MAX_COLUMNS} can be read. Remove some, or save it as NPZ."
        )
    if not written.header:
        return [f"column {position + 1}" for position in range(len(first))], ()
    names: list[str] = []
    notes: list[str] = []
    for position, cell in enumerate(first):
        plain = cell.strip().lstrip("#").strip() or f"column {position + 1}"
        name, count = plain, 1
        while name in names:
            count += 1
            name = f"{plain} ({count})"
        if name != plain:
            notes.append(f"The header names “{plain}” more than once; column {position + 1} is called “{name}”.")
        names.append(name)
    return names, tuple(notes)


@contextmanager
def rows_of(path: Path, written: CsvFormat) -> Iterator[Iterator[list[str]]]:
    """The rows of data one after the other, without the header. Raises DataError on damage."""
    with _opened(path, written) as (_, reader):
        if written.header:
            _skip_header(reader)
        yield (row for row in reader if row)


def _skip_header(reader: "Reader") -> None:
    for row in reader:
        if row:
            return


def _bad_cell(path: Path, written: CsvFormat, name: str, position: int, bad: tuple[int, str]) -> DataError:
    row, cell = bad
    count = -1 - written.header

    def is_row(number: int, cells: list[str]) -> bool:
        nonlocal count
        count += bool(cells)
        return count == row

    line = _line_of(path, written, is_row)
    plain = " ".join(cell.split())
    shown = plain if len(plain) <= 40 else plain[:39] + "…"
    return DataError(
        f"{path.name}, line {line}: “{shown}” in column “{name}” is not a number. "
        "Correct the cell, or let such cells count as missing, or read the column as text."
    )


def _line_of(path: Path, written: CsvFormat, wanted: Callable[[int, list[str]], bool]) -> int:
    """The line where the first row begins for which `wanted(line, cells)` holds; the last line when there is none."""
    line = 1
    with _opened(path, written) as (_, reader):
        for row in reader:
            if wanted(line, row):
                return line
            line = reader.line_num + 1
    return line


@contextmanager
def _opened(path: Path, written: CsvFormat) -> "Iterator[tuple[BinaryIO, Reader]]":
    """The file, to ask for its position, and a reader of its rows; whatever goes wrong inside becomes a DataError
    that names the line."""
    reader = None
    try:
        with (
            path.open("rb") as raw,
            GzipFile(fileobj=raw) if path.suffix == ".gz" else nullcontext(raw) as content,
            TextIOWrapper(content, encoding=written.encoding, newline="") as file,
        ):
            reader = csv.reader(file, delimiter=written.delimiter, skipinitialspace=True, strict=True)
            yield raw, reader
    except csv.Error as error:
        line = reader.line_num if reader else 1
        raise DataError(
            f"{path.name}, line {line}: a quoted cell is not closed properly, or is too long. Correct the line.",
            str(error),
        ) from error
    except UnicodeError as error:
        raise DataError(
            f"{path.name} is not written in {written.encoding} all through. Choose another encoding.", str(error)
        ) from error
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}. Check the file.", str(path)) from error
