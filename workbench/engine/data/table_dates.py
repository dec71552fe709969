"""Columns of a text table that hold dates, as the numbers that they become from every source of tables."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from workbench.domain.catalogue import ParamEntry
from workbench.engine.data.csv_format import MISSING
from workbench.engine.data.dates import IMPORTS, SCRIPT, TIME_LINES, Found, Order, Written, find_written
from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import check_memory
from workbench.engine.data.params import text
from workbench.engine.data.raw import DATE_PARTS, Column, DateColumn, Params, Table
from workbench.engine.data.source_text import list_literal
from workbench.engine.data.table_script import opening_of
from workbench.engine.data.typed_table import different

DATES = ParamEntry(
    "dates",
    "choice",
    "text",
    choices=("text", "auto", "day_first", "month_first"),
    choice_titles=("As texts", "As numbers", "Day first", "Month first"),
    title="Dates",
    help="Columns of dates become three numbers: days since 1970, day of the year, and day of the week (Monday is 0). "
    "Where day and month could each be the other, as in 03/04/2021, say which stands first.",
)

LEAST_TIMES = 50  # fewer make no series
_SERIES_NOTE = (
    "The rows are in the order of time. To learn from windows of it, choose “Time series (CSV, TSV)” among the data."
)


@dataclass(frozen=True)
class Wanted:
    """Which columns of texts are to become numbers: the position of each, and how its dates are written."""

    columns: tuple[tuple[int, Written], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[int, ...]:
        """The positions."""
        return tuple(place for place, _ in self.columns)


def find_dates(table: Table, params: Params, kept: Sequence[str] = ()) -> Wanted:
    """The columns of dates as a person wants them, but for those `kept` as texts. The notes tell of such as day and
    month cannot be told apart in, and, where all dates stay texts, of those that could become numbers."""
    wish = text(params, "dates")
    columns: list[tuple[int, Written]] = []
    notes: list[str] = []
    for place, column in enumerate(table.columns):
        if not column.categories or column.name in kept:
            continue
        found = find_written(column.categories, order_of(wish))
        if found is None:
            continue
        if wish == "text":
            notes.append(f"Column “{column.name}” holds dates. Read dates as numbers to learn from them.")
        elif found.written is None:
            notes.append(_either(column.name, found))
        else:
            columns.append((place, found.written))
    return Wanted(tuple(columns), tuple(notes))


def order_of(wish: str) -> Order:
    """Which of day and month a person wants to stand first, by the parameter DATES."""
    return "day_first" if wish == "day_first" else "month_first" if wish == "month_first" else "auto"


def _either(name: str, found: Found) -> str:
    return (
        f"“{found.either[:30]}” in column “{name}” could have its day or its month first, so its dates stay texts. "
        "Say under Dates which stands first."
    )


def with_dates(table: Table, wanted: Wanted, bad_is_missing: bool) -> Table:
    """The table with three columns of numbers for each of dates. Raises DataError on a cell that is no date, where such
    cells are not to count as missing."""
    if not wanted.columns:
        return replace(table, notes=(*table.notes, *wanted.notes))
    check_memory(table.rows * len(wanted.columns) * 24, f"{table.path.name} with its dates as numbers")
    written = dict(wanted.columns)
    names = dict(zip(written, date_names([column.name for column in table.columns], wanted.places), strict=True))
    columns: list[Column] = []
    dates: list[DateColumn] = []
    notes: list[str] = []
    for place, column in enumerate(table.columns):
        if place not in written:
            columns.append(column)
            continue
        dates.append(DateColumn(column.name, len(columns), written[place].name))
        parts, bad = date_columns(column, written[place], names[place])
        if bad and not bad_is_missing:
            raise DataError(
                f"{table.path.name}: “{bad[0][:40]}” in column “{column.name}” is no date. "
                "Correct the cell, or let such cells count as missing, or read the column as text."
            )
        notes.append(_note(column.name, written[place], len(bad)))
        if parts[0].numbers is not None and _is_order_of_time(parts[0].numbers):
            notes.append(_SERIES_NOTE)
        columns += parts
    return replace(
        table,
        columns=tuple(columns),
        notes=(*table.notes, *notes, *wanted.notes),
        opening=_opening(table, written, bad_is_missing),
        dates=tuple(dates),
    )


def date_names(names: Sequence[str], places: Sequence[int]) -> list[tuple[str, ...]]:
    """What the numbers of the dates at these places are called, each different from all other columns."""
    taken = [name for place, name in enumerate(names) if place not in places]
    found: list[tuple[str, ...]] = []
    for place in places:
        parts = tuple(f"{names[place]}: {part}" for part in DATE_PARTS)
        if set(parts) & set(taken):
            parts = different([*taken, *parts])[-len(parts) :]
        taken += parts
        found.append(parts)
    return found


def date_columns(column: Column, written: Written, names: Sequence[str]) -> tuple[list[Column], list[str]]:
    """The three columns of numbers from one of dates, NaN where missing or no date, and the texts that are none."""
    if column.codes is None:  # not one cell was filled
        return [Column(name, numbers=np.full(len(column.missing), np.nan)) for name in names], []
    parts = np.full((len(column.categories) + 1, len(names)), np.nan)
    bad: list[str] = []
    for place, cell in enumerate(column.categories):
        try:
            parts[place] = written.parts(cell)
        except ValueError:
            bad.append(cell)
    found = parts[column.codes]  # −1 takes the last row, which has no numbers
    return [_numbers(name, found[:, place].copy()) for place, name in enumerate(names)], bad


def _numbers(name: str, numbers: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Column:
    known = numbers[~np.isnan(numbers)]
    return Column(name, numbers=numbers, whole=bool(len(known)) and bool(np.all(known == np.floor(known))))


def _is_order_of_time(days: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> bool:
    """Whether rows stand in the order of time, as they do where something is measured again and again."""
    different = len(np.unique(days))
    return different >= LEAST_TIMES and bool(np.all(np.diff(days) >= 0))


def _note(name: str, written: Written, bad: int) -> str:
    order = {"day_first": ", read with the day first,", "month_first": ", read with the month first,"}
    told = (
        f"The dates of “{name}”{order.get(written.name, '')} became three numbers: days since 1970, day of the year, "
        "and day of the week (Monday is 0)."
    )
    texts = "1 text that is no date counts" if bad == 1 else f"{bad:,} texts that are no dates count"
    return f"{told} {texts} as missing." if bad else told


def _opening(table: Table, written: dict[int, Written], bad_is_missing: bool) -> str:
    """Source that defines `rows` with the numbers of the dates in their places."""
    missing = sorted({token.strip().lower() for token in table.format.missing or MISSING})
    change = ["            cells += date_cells(cell, DATES[place])"]
    if bad_is_missing:
        change = [
            "            try:",
            f"    {change[0]}",
            "            except ValueError:",
            '                cells += ["", "", ""]',
        ]
    lines = [
        *IMPORTS,
        opening_of(table),
        "TIME = (",
        *(f'    r"{line}"' for line in TIME_LINES),
        ")",
        "DATES = {  # how they are written, by the number of their column",
        *(f'    {place}: r"{each.date}" + TIME,' for place, each in written.items()),
        "}",
        f"NO_DATE = {list_literal(missing)}",
        SCRIPT,
        "",
        "def dated(row):",
        "    cells = []",
        "    for place, cell in enumerate(row):",
        "        if place not in DATES:",
        "            cells.append(cell)",
        "        elif cell.strip().lower() in NO_DATE:",
        '            cells += ["", "", ""]',
        "        else:",
        *change,
        "    return cells",
        "",
        "",
        "rows = [dated(row) for row in rows]",
    ]
    return "\n".join(lines) + "\n"
