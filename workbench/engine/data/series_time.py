"""Finds out when the rows of a table were measured, and puts them on an even grid of time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import Column, Indices, Table

How: TypeAlias = Literal["text", "parts", "number", "order"]

SECOND = 1_000_000
DAY = 86_400 * SECOND
YEAR = 365.2425 * DAY
PARTS_OF_TIME = ("year", "month", "day", "hour", "minute", "second")
LOOKED_AT = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 1 << 62


@dataclass(frozen=True)
class TimeColumns:
    """Which columns tell the time: one of texts, those of `PARTS_OF_TIME` in their order, one of numbers, or none."""

    how: How
    positions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Grid:
    """When the rows were measured, in steps of an even grid: `places` (rows,), of which only those that `fits` marks
    stand on it. Step and offset count millionths of a second, or months where `months`, or rows without a time."""

    columns: TimeColumns
    places: Indices
    fits: NDArray[np.bool_]
    step: int
    offset: int
    months: bool

    @staticmethod
    def of_order(rows: int) -> "Grid":
        """Rows that stand in the order of time, a step each."""
        return Grid(TimeColumns("order"), np.arange(rows), np.ones(rows, bool), 1, 0, False)

    @property
    def dated(self) -> bool:
        """Whether the places are dates and not mere numbers."""
        return self.columns.how in ("text", "parts")

    def caption(self, place: int) -> str:
        """The time of a place for a person."""
        ticks = int(place) * self.step + self.offset
        if self.columns.how == "order":
            return f"row {place + 1}"
        if self.columns.how == "number":
            return f"{ticks / SECOND:.10g}"
        if self.months:
            return f"{ticks // 12:04d}-{ticks % 12 + 1:02d}"
        try:
            moment = _EPOCH + timedelta(microseconds=ticks)
        except OverflowError:  # what is predicted may lie behind the year 9999
            return f"step {place + 1}"
        return _without_noughts(f"{moment:%Y-%m-%d %H:%M:%S.%f}")

    @property
    def step_text(self) -> str:
        """How long a step is, for a person: "1 hour"."""
        return duration(self.step, self.months) if self.dated else "1 step"

    def span(self, steps: int) -> str:
        """How long a number of steps lasts, for a person: "24 steps (1 day)"."""
        count = "1 step" if steps == 1 else f"{steps:,} steps"
        return f"{count} ({duration(steps * self.step, self.months)})" if self.dated else count


def _without_noughts(text: str) -> str:
    for empty in (".000000", ":00"):
        text = text.removesuffix(empty)
    return text


def duration(ticks: int, months: bool) -> str:
    """A length of time for a person: "3 days", "10 minutes"."""
    units = (("year", 12), ("month", 1)) if months else _UNITS
    for name, size in units:
        if ticks % size == 0 and ticks >= size:
            count = ticks // size
            return f"1 {name}" if count == 1 else f"{count:,} {name}s"
    return f"{ticks / SECOND:g} seconds"


_UNITS = (("day", DAY), ("hour", 3600 * SECOND), ("minute", 60 * SECOND), ("second", SECOND))


def find_time(table: Table, wanted: Sequence[str]) -> TimeColumns:
    """The columns that tell the time: those named, else the first of dates, else year, month, day … by name, else
    none. Raises DataError on an unknown column or one that tells no time."""
    names = [column.name for column in table.columns]
    for name in wanted:
        if name not in names:
            raise DataError(f"{table.path.name} has no column “{name}” to tell the time. Choose another.")
    if len(wanted) == 1:
        position = names.index(wanted[0])
        column = table.columns[position]
        if column.numbers is not None and column.name.lower() != "year":
            return TimeColumns("number", (position,))
        if column.numbers is None:
            return TimeColumns("text", (position,))
    for position, column in enumerate(table.columns if not wanted else ()):
        if column.categories and all(ticks_of(text) is not None for text in column.categories[:LOOKED_AT]):
            return TimeColumns("text", (position,))
    numbers = {column.name.lower(): p for p, column in enumerate(table.columns) if column.numbers is not None}
    found = [
        numbers[name] for name in PARTS_OF_TIME if name in numbers and (not wanted or names[numbers[name]] in wanted)
    ]
    if wanted and len(found) < len(wanted):
        raise DataError(
            f"Several columns tell the time only where they are called {', '.join(PARTS_OF_TIME)}. "
            "Choose such columns, or a single one."
        )
    if "year" not in numbers:
        if wanted:
            raise DataError("The time needs a column “year” among those chosen. Choose it too.")
        return TimeColumns("order")
    return TimeColumns("parts", tuple(found))


_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)", re.DOTALL)
_MONTH = re.compile(r"\d{4}-\d{2}")


def ticks_of(text: str) -> int | None:
    """Millionths of a second from 1970 to a date as ISO 8601, 2013-12 or 24.12.2013 10:00; None for what is none."""
    text = text.replace("/", "-") if text[:4].isdigit() else text
    day_first = _DAY_FIRST.fullmatch(text)
    if day_first:
        day, month, year, rest = day_first.groups()
        text = f"{year}-{month:0>2}-{day:0>2}{rest}"
    if _MONTH.fullmatch(text):
        text += "-01"
    if not text[:4].isdigit() or "-" not in text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(microseconds=1)


def read_times(table: Table, found: TimeColumns) -> tuple[Indices, NDArray[np.bool_]]:
    """Ticks of all rows and which of them are known. Raises DataError on what is no time."""
    columns = [table.columns[position] for position in found.positions]
    if found.how == "order":
        return np.arange(table.rows), np.ones(table.rows, bool)
    known = ~np.any([column.missing for column in columns], axis=0)
    if not known.any():
        raise DataError(f"Column “{columns[0].name}” is empty, so it tells no time. Choose another.")
    ticks = np.zeros(table.rows, np.int64)
    if found.how == "text":
        ticks[known] = _text_ticks(columns[0])[_codes(columns[0])[known]]
    elif found.how == "number":
        numbers = _numbers(columns[0])[known] * SECOND
        if not np.all(np.abs(numbers) < _LATEST):
            raise DataError(f"Column “{columns[0].name}” has numbers too large to be a time. Choose another.")
        ticks[known] = np.rint(numbers).astype(np.int64)
    else:
        ticks[known] = _part_ticks(columns, known)
    return ticks, known


def _codes(column: Column) -> NDArray[np.int32]:
    assert column.codes is not None
    return column.codes


def _numbers(column: Column) -> NDArray[np.float64]:
    assert column.numbers is not None
    return column.numbers


def _text_ticks(column: Column) -> Indices:
    ticks: list[int] = []
    for text in column.categories:
        found = ticks_of(text)
        if found is None:
            raise DataError(
                f"“{text[:40]}” in column “{column.name}” is no date that can be read for sure. "
                "Write dates as 2013-12-24 10:00, or choose another column."
            )
        ticks.append(found)
    return np.array(ticks, np.int64)


def _part_ticks(columns: Sequence[Column], known: NDArray[np.bool_]) -> Indices:
    names = [column.name.lower() for column in columns]
    parts = np.column_stack([_numbers(column)[known] for column in columns])
    different, places = np.unique(parts, axis=0, return_inverse=True)
    ticks: list[int] = []
    for row in different.tolist():
        try:
            if not all(float(value).is_integer() for value in row):
                raise ValueError("a part of a time is no whole number")
            values = {"month": 1, "day": 1, **{name: int(value) for name, value in zip(names, row, strict=True)}}
            moment = datetime(**values, tzinfo=UTC)
        except (ValueError, OverflowError) as error:
            raise DataError(
                f"There is no time with {', '.join(f'{n} {v:g}' for n, v in zip(names, row, strict=True))}. "
                "Correct these rows, or choose another column.",
                str(error),
            ) from error
        ticks.append((moment - _EPOCH) // timedelta(microseconds=1))
    return np.array(ticks, np.int64)[places.reshape(-1)]


def on_grid(found: TimeColumns, ticks: Indices, known: NDArray[np.bool_], group: NDArray[np.int64]) -> Grid:
    """Even steps of time, as most rows have them. Raises DataError where the rows have no common step."""
    if found.how == "order":
        return Grid.of_order(len(ticks))
    months = found.how in ("text", "parts") and _is_monthly(ticks, known, group)
    if months:
        moments = ticks.astype("datetime64[us]").astype("datetime64[M]")
        ticks = moments.astype(np.int64) + 1970 * 12
    step = _common_step(ticks, known, group)
    offsets, counts = np.unique(ticks[known] % step, return_counts=True)
    offset = int(offsets[counts.argmax()])
    fits = known & (ticks % step == offset)
    if fits.sum() * 10 < known.sum() * 9:
        raise DataError(
            f"The times are not evenly spaced: most often {duration(step, months)} lie between two rows, but "
            f"{int(known.sum() - fits.sum()):,} rows do not fit that. Bring the table to an even step first."
        )
    return Grid(found, (ticks - offset) // step, fits, step, offset, months)


def _differences(ticks: Indices, known: NDArray[np.bool_], group: NDArray[np.int64]) -> Indices:
    """The steps of time above 0 between neighbours of the same group."""
    rows = np.flatnonzero(known)
    rows = rows[np.lexsort((ticks[rows], group[rows]))]
    steps: Indices = np.diff(ticks[rows])[np.diff(group[rows]) == 0]
    return steps[steps > 0]


def _common_step(ticks: Indices, known: NDArray[np.bool_], group: NDArray[np.int64]) -> int:
    steps, counts = np.unique(_differences(ticks, known, group), return_counts=True)
    if not len(steps):
        raise DataError("No two rows lie at different times, so there is no series. Choose another column of time.")
    return int(steps[counts.argmax()])


def _is_monthly(ticks: Indices, known: NDArray[np.bool_], group: NDArray[np.int64]) -> bool:
    """Whether all rows lie at the same day and time of a month, and mostly a month or more apart."""
    steps = _differences(ticks, known, group)
    if not len(steps) or np.sort(steps)[len(steps) // 2] < 28 * DAY:
        return False
    moments = ticks[known].astype("datetime64[us]")
    inside = moments - moments.astype("datetime64[M]")
    return bool((inside == inside[0]).all())
