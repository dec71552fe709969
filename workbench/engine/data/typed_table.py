"""Reads rows of values that know their type, as databases, workbooks and Parquet files hold them, into a table.

A number is led through its text, which is exact, so that columns are told apart and written into scripts in the one
way that text tables are.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain, islice
from pathlib import Path

from workbench.domain.catalogue import ParamEntry
from workbench.engine.data.csv_columns import ColumnReader
from workbench.engine.data.csv_format import counted
from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import MAX_COLUMNS, MAX_FILE, check_memory, readable
from workbench.engine.data.raw import DATE_PARTS, CsvFormat, DateColumn, Params, Progress, RawData, Table

Record = Sequence[object]

TABLE_PARAMS = (
    ParamEntry(
        "text_columns", "texts", (), title="Read as text", help="Columns to read as text even if they hold numbers."
    ),
    ParamEntry(
        "bad_numbers",
        "choice",
        "error",
        choices=("error", "missing"),
        choice_titles=("Is an error", "Is missing"),
        title="Text among numbers",
        help="What to do with text in a column of numbers: stop with an error, or take it as missing.",
    ),
)
BLOCK = 2_000
PIECE_ADVICE = "Read it piece by piece, or use a part of it."
_LOOKED_AT = 200
_DATE = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?")
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True)
class Records:
    """Where rows come from. `opened` gives them anew, from the first one on; `names` is what their values are called;
    `lines` is Python source that defines `records`, the same rows, and `imports` what it needs beside numpy. `left_out`
    are positions that hold nothing a table can use, `dates` those known to hold dates. Rows behind the first `most` are
    left out, also by the source; `expected` is how many there are, where that is known. `advice` is what to do when
    they are too many."""

    title: str
    path: Path
    names: tuple[str, ...]
    opened: Callable[[], Iterator[Record]]
    imports: tuple[str, ...]
    lines: tuple[str, ...]
    missing: tuple[str, ...] = ("",)
    left_out: frozenset[int] = frozenset()
    dates: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    expected: int | None = None
    most: int | None = None
    advice: str = "Use a part of it."


@dataclass
class Layout:
    """Which columns of the table come from which values: the position of a value, and whether it is a date."""

    sources: list[tuple[int, bool]]
    names: list[str]
    notes: list[str] = field(default_factory=list)
    dates: list[DateColumn] = field(default_factory=list)


def read_records(records: Records, params: Params, progress: Progress) -> RawData:
    """The rows as a table. `params` hold those of TABLE_PARAMS. Raises DataError that names row and column."""
    layout = lay_out(records)
    as_text = {place for place, name in enumerate(layout.names) if name in texts_of(params)}
    bad_is_missing = params["bad_numbers"] == "missing"
    written = CsvFormat(encoding="utf-8", missing=records.missing)
    while True:
        readers = [
            ColumnReader(name, written, place in as_text, bad_is_missing) for place, name in enumerate(layout.names)
        ]
        rows, more = _read(records, layout, readers, progress)
        again = {place for place, reader in enumerate(readers) if reader.must_be_text}
        if not again:
            break
        as_text |= again
    _refuse_bad(records.title, rows, readers)
    if more:
        layout.notes.append(f"Only the first {rows:,} rows were read.")
    bad = [(reader.name, counted(reader.bad, "cell")) for reader in readers if reader.bad and bad_is_missing]
    notes = tuple(f"Column “{name}” has {cells} that hold no number, counted as missing." for name, cells in bad)
    table = Table(
        tuple(reader.column() for reader in readers),
        rows,
        records.path,
        written,
        notes=(*records.notes, *layout.notes, *notes),
        opening=_opening(records, layout),
        dates=tuple(layout.dates),
    )
    detected = describe_table(table, rows)
    return RawData(title=records.title, form="table", table=table, detected=detected, notes=table.notes)


def describe_table(table: Table, rows: int) -> dict[str, str]:
    """What was found in a table that has so many rows."""
    numbers = sum(column.numbers is not None for column in table.columns)
    kinds = ((numbers, "number"), (len(table.columns) - numbers, "text"))
    types = ", ".join(counted(count, word) for count, word in kinds if count)
    return {"Rows": f"{rows:,}", "Types": types}


def different(names: Iterable[object]) -> tuple[str, ...]:
    """Names of columns, made different from one another; one without a name is called by its number."""
    found: list[str] = []
    for place, given in enumerate(names):
        plain = " ".join(str(given).split()) if given is not None else ""
        name, count = plain or f"column {place + 1}", 1
        while name in found:
            count += 1
            name = f"{plain or 'column'} ({count})"
        found.append(name)
    return tuple(found)


def cell(value: object) -> str:
    """A value as the text that a text table would have for it; nothing where it is missing."""
    return "" if value is None or value != value else str(int(value) if isinstance(value, bool) else value)


def date_cells(value: object) -> list[str]:
    """A date as days since 1970, day of the year and day of the week (Monday is 0). Raises ValueError on others."""
    if value is None or value == "":
        return ["", "", ""]
    moment = datetime.fromisoformat(str(value)).replace(tzinfo=None)
    days = (moment - _EPOCH) / timedelta(days=1)
    return [str(days), str(moment.timetuple().tm_yday), str(moment.weekday())]


_CELL = """

def cell(value):
    return "" if value is None or value != value else str(int(value) if isinstance(value, bool) else value)
"""
_DATE_CELLS = '''
def date_cells(value):
    """Days since 1970, day of the year, day of the week (Monday is 0)."""
    if value is None or value == "":
        return ["", "", ""]
    moment = datetime.fromisoformat(str(value)).replace(tzinfo=None)
    days = (moment - datetime(1970, 1, 1)) / timedelta(days=1)
    return [str(days), str(moment.timetuple().tm_yday), str(moment.weekday())]
'''


def preview(records: Records, count: int) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The names of the columns and the cells of the first rows, for a person to see before the table is opened."""
    layout = lay_out(records)
    rows = islice(records.opened(), count)
    return tuple(layout.names), tuple(tuple(text[:80] for text in _cells(record, layout)) for record in rows)


def texts_of(params: Params) -> tuple[str, ...]:
    """The columns that the person wants read as text."""
    names = params["text_columns"]
    return tuple(str(name) for name in names) if isinstance(names, tuple) else ()


def lay_out(records: Records) -> Layout:
    """Which columns the table has, as the first rows tell. Raises DataError when they are too many."""
    if len(records.names) > MAX_COLUMNS:
        raise DataError(f"{records.title} has {len(records.names)} columns; at most {MAX_COLUMNS} can be read.")
    shown = list(islice(records.opened(), _LOOKED_AT))
    layout = Layout([], [])
    taken = set(records.names)
    for place, name in enumerate(records.names):
        values = [record[place] for record in shown if record[place] is not None]
        if place in records.left_out or any(isinstance(value, bytes) for value in values):
            layout.notes.append(f"Column “{name}” holds neither numbers nor texts and was left out.")
        elif place in records.dates or (values and all(map(_is_date, values))):
            layout.sources.append((place, True))
            layout.dates.append(DateColumn(name, len(layout.names)))
            parts = [f"{name}: {part}" for part in DATE_PARTS]
            if taken & set(parts):
                parts = list(different([*sorted(taken), *parts]))[-len(parts) :]
            layout.names += parts
            layout.notes.append(
                f"The dates of “{name}” became three numbers: days since 1970, day of the year, "
                "and day of the week (Monday is 0)."
            )
        else:
            layout.sources.append((place, False))
            layout.names.append(name)
    return layout


def _is_date(value: object) -> bool:
    if isinstance(value, date):
        return True
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _cells(record: Record, layout: Layout) -> list[str]:
    cells: list[str] = []
    for place, is_date in layout.sources:
        if is_date:
            cells += date_cells(record[place])
        else:
            cells.append(cell(record[place]))
    return cells


def _read(records: Records, layout: Layout, readers: list[ColumnReader], progress: Progress) -> tuple[int, bool]:
    """How many rows were read, and whether there are more."""
    rows = size = 0
    source = records.opened()
    while True:
        progress(f"Reading {records.title}", min(1.0, rows / records.expected) if records.expected else None)
        block = list(islice(source, BLOCK if records.most is None else min(BLOCK, records.most - rows)))
        if not block:
            return rows, next(source, None) is not None
        lines = [cells_of(records, layout, record, rows + place) for place, record in enumerate(block)]
        rows += len(lines)
        check_memory(rows * len(readers) * 8, records.title, records.advice)
        size += sum(map(len, chain.from_iterable(lines)))
        if size > MAX_FILE:
            raise DataError(f"{records.title} holds more than {readable(MAX_FILE)} of cells. {records.advice}")
        for reader, cells in zip(readers, zip(*lines, strict=True), strict=True):
            reader.add(cells)


def cells_of(records: Records, layout: Layout, record: Record, row: int) -> list[str]:
    """The texts of a row, which has this number. Raises DataError where a date is none."""
    try:
        return _cells(record, layout)
    except (ValueError, OverflowError) as error:
        names = ", ".join(f"“{records.names[place]}”" for place, is_date in layout.sources if is_date)
        raise DataError(
            f"{records.title}, row {row + 1}: there is no date where one was expected, in {names}. Correct the cell.",
            str(error),
        ) from error


def _refuse_bad(title: str, rows: int, readers: Sequence[ColumnReader]) -> None:
    if not readers:
        raise DataError(f"{title} has no columns of numbers or texts. Choose another table.")
    if not rows:
        raise DataError(f"{title} has no rows. Choose another table.")
    for reader in readers:
        if reader.mixed and reader.first_bad:
            row, text = reader.first_bad
            shown = " ".join(text.split())[:40]
            raise DataError(
                f"{title}, row {row + 1}: “{shown}” in column “{reader.name}” is not a number. "
                "Correct the cell, or let such cells count as missing, or read the column as text."
            )


def _opening(records: Records, layout: Layout) -> str:
    """Source that defines `rows`, lists of texts, from the rows of values."""
    dates = any(is_date for _, is_date in layout.sources)
    plain = not dates and [place for place, _ in layout.sources] == list(range(len(records.names)))
    imports = sorted([*records.imports, *(["from datetime import datetime, timedelta"] if dates else [])])
    parts = ["\n".join([*imports, "", "import numpy as np", "", *records.lines]), _CELL, *([_DATE_CELLS] * dates)]
    if plain:
        parts.append("\nrows = [[cell(value) for value in record] for record in records]\n")
    else:
        items = [
            f"*date_cells(record[{place}])" if is_date else f"cell(record[{place}])"
            for place, is_date in layout.sources
        ]
        listed = "".join(f"        {item},\n" for item in items)
        parts.append(f"\nrows = [\n    [\n{listed}    ]\n    for record in records\n]\n")
    return "\n".join(parts)
