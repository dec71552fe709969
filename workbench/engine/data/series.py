"""Cuts a table of measurements over time into windows and the numbers that follow them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import memory_budget, readable
from workbench.engine.data.raw import Column, Floats, Indices, RawData, Table, Windows
from workbench.engine.data.series_columns import Picked
from workbench.engine.data.series_time import DAY, YEAR, Grid

Gaps: TypeAlias = Literal["drop", "last", "linear"]
Clock: TypeAlias = Literal["auto", "none", "day", "year", "both"]
_BLOCK = 4096
_BYTES_A_STEP = 32  # of a column, while its gaps are counted and filled


@dataclass(frozen=True)
class Cut:
    """How windows are cut: each has `length` steps and begins `stride` steps after the one before; what is to be
    learned lies `horizon` steps behind its last step."""

    length: int
    stride: int
    horizon: int
    gaps: Gaps
    clock: Clock


@dataclass(frozen=True)
class _Station:
    """One series without a break, that of the station `owner`: `values` (steps, columns) from the place `first` on, NaN
    where missing. `starts` are the windows that can be used, `filled` what they are cut from."""

    owner: int
    first: int
    values: Floats
    filled: Floats
    starts: Indices


@dataclass
class _Count:
    """What the notes tell."""

    repeated: int = 0
    absent: int = 0
    steps: int = 0
    holes: int = 0
    without_target: int = 0
    with_gaps: int = 0


def cut_windows(title: str, table: Table, grid: Grid, picked: Picked, cut: Cut) -> tuple[RawData, tuple[float, ...]]:
    """Windows (n, length, columns) as float32 with their targets (n,) or (n, targets), in the order of time of the
    targets, and the lengths of the cycles of time beside the columns. Raises DataError where no window is left, or
    memory would not hold them."""
    count = _Count()
    columns = [table.columns[position] for position in (*picked.inputs, *picked.targets)]
    stations = _stations(title, columns, grid, picked, cut, count)
    names = tuple(table.columns[position].name for position in picked.inputs)
    cycles, clock_names = clock_columns(grid, cut.clock, stations)
    x, y, ends, owners = _gather(title, stations, grid, picked, cut, cycles)
    targets = ", ".join(table.columns[position].name for position in picked.targets)
    raw = RawData(
        title=title,
        form="series",
        x=x,
        y=y[:, 0] if y.shape[1] == 1 else y,
        names=(*names, *clock_names),
        target=targets,
        task="regression",
        ordered=True,
        windows=Windows(
            horizon=cut.horizon,
            step=grid.step_text,
            ahead=grid.span(cut.horizon),
            targets=tuple(table.columns[position].name for position in picked.targets),
            times=ends,
            caption=grid.caption,
            stations=picked.names,
            owners=owners,
        ),
        notes=(*table.notes, *picked.notes, *_notes(count, grid, cut)),
    )
    return raw, cycles


def _stations(
    title: str, columns: Sequence[Column], grid: Grid, picked: Picked, cut: Cut, count: _Count
) -> list[_Station]:
    return [
        _station(int(picked.owners[rows[0]]), columns, grid.places, rows, len(picked.inputs), cut, count)
        for rows in station_rows(title, grid, picked.owners, len(columns))
    ]


def station_rows(title: str, grid: Grid, owners: Indices, columns: int) -> list[Indices]:
    """The rows of each station in the order of time. Raises DataError where memory would not hold their `columns` on
    the grid."""
    rows = np.flatnonzero(grid.fits & (owners >= 0))
    rows = rows[np.lexsort((rows, grid.places[rows], owners[rows]))]
    cuts = np.flatnonzero(np.diff(owners[rows])) + 1
    pieces = [piece for piece in np.split(rows, cuts) if len(piece)]
    steps = sum(int(grid.places[piece[-1]]) - int(grid.places[piece[0]]) + 1 for piece in pieces)
    needed = steps * columns * _BYTES_A_STEP
    if needed > memory_budget():
        raise DataError(
            f"{title} would have {steps:,} steps of {grid.step_text} from its first to its last row, which would take "
            f"{readable(needed)} of memory. Use a shorter time of it, or rows further apart."
        )
    return pieces


def on_steps(columns: Sequence[Column], places: Indices, rows: Indices) -> tuple[Floats, int]:
    """The values of the rows of a station on all steps from its first to its last (steps, columns), NaN where missing,
    and how many rows were left out because an earlier one has the same time."""
    here, firsts = np.unique(places[rows], return_index=True)
    values = np.full((int(here[-1] - here[0]) + 1, len(columns)), np.nan)
    for number, column in enumerate(columns):
        assert column.numbers is not None
        values[here - here[0], number] = column.numbers[rows[firsts]]
    return values, len(rows) - len(here)


def _station(
    owner: int, columns: Sequence[Column], places: Indices, rows: Indices, inputs: int, cut: Cut, count: _Count
) -> _Station:
    values, repeated = on_steps(columns, places, rows)
    count.repeated += repeated
    count.absent += len(values) - len(rows) + repeated
    count.steps += len(values)
    count.holes += int(np.isnan(values[:, :inputs]).sum())
    filled = last_known(values[:, :inputs]) if cut.gaps == "last" else values[:, :inputs]
    starts = _usable_starts(values[:, inputs:], filled, cut, count)
    return _Station(owner, int(places[rows[0]]), values, filled, starts)


def last_known(values: Floats) -> Floats:
    """Each missing value as the last one known before it; NaN where there is none. It looks at no later step, so a
    window knows nothing of what follows it."""
    steps = np.arange(len(values))[:, None]
    seen = np.maximum.accumulate(np.where(np.isnan(values), 0, steps), axis=0)
    return np.take_along_axis(values, seen, axis=0)


def _usable_starts(targets: Floats, filled: Floats, cut: Cut, count: _Count) -> Indices:
    starts = np.arange(0, len(filled) - cut.length - cut.horizon + 1, cut.stride)
    known_target = ~np.isnan(targets[starts + cut.length - 1 + cut.horizon]).any(axis=1)
    missing = np.isnan(filled)
    sums = np.zeros((len(filled) + 1, filled.shape[1]), np.int64)
    np.cumsum(missing, axis=0, out=sums[1:])
    holes = sums[starts + cut.length] - sums[starts]
    enough = (holes < cut.length).all(axis=1) if cut.gaps == "linear" else (holes == 0).all(axis=1)
    count.without_target += int((~known_target).sum())
    count.with_gaps += int((known_target & ~enough).sum())
    return starts[known_target & enough]


def clock_columns(grid: Grid, wish: Clock, stations: Sequence[_Station]) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """The cycles that are put beside the columns, as their lengths in steps of ticks, and the names of their columns.
    As chosen; else the day where steps are shorter than it, and the year where the data tell of two of them."""
    if not grid.dated:
        return (), ()
    year = 12.0 if grid.months else YEAR
    longest = max((len(station.values) for station in stations), default=0) * grid.step
    has_day = wish in ("day", "both") or (wish == "auto" and grid.step <= DAY // 2)
    has_year = wish in ("year", "both") or (wish == "auto" and longest >= 2 * year and grid.step < year / 2)
    cycles: list[float] = []
    names: list[str] = []
    for is_in, length, name in ((has_day and not grid.months, float(DAY), "day"), (has_year, year, "year")):
        if is_in:
            cycles.append(length)
            names += [f"time of {name} (sine)", f"time of {name} (cosine)"]
    return tuple(cycles), tuple(names)


def clock_values(grid: Grid, cycles: Sequence[float], first: int, steps: int) -> Floats:
    """Sine and cosine of each cycle (steps, 2 × cycles) from the place `first` on."""
    ticks = (first + np.arange(steps)) * grid.step + grid.offset
    angles = [2 * np.pi * (ticks % cycle / cycle) for cycle in cycles]
    return np.column_stack([turn(angle) for angle in angles for turn in (np.sin, np.cos)])


def _gather(
    title: str, stations: Sequence[_Station], grid: Grid, picked: Picked, cut: Cut, cycles: tuple[float, ...]
) -> tuple[NDArray[np.float32], Floats, Indices, Indices]:
    """Inputs, targets, the place of each target, and the station of each window."""
    width = len(picked.inputs) + 2 * len(cycles)
    total = sum(len(station.starts) for station in stations)
    _check_windows(title, total, width, cut)
    inside = np.arange(cut.length)
    x = np.empty((total, cut.length, width), np.float32)
    y = np.empty((total, len(picked.targets)))
    reach = cut.length - 1 + cut.horizon
    ends = np.concatenate([station.first + station.starts + reach for station in stations])
    owners = np.repeat([station.owner for station in stations], [len(station.starts) for station in stations])
    order = np.lexsort((owners, ends))
    rank = np.empty(total, np.int64)
    rank[order] = np.arange(total)
    done = 0
    for station in stations:
        to = rank[done : done + len(station.starts)]
        done += len(station.starts)
        source = station.filled
        if cycles:
            source = np.column_stack([source, clock_values(grid, cycles, station.first, len(source))])
        for begin in range(0, len(to), _BLOCK):
            block = slice(begin, begin + _BLOCK)
            with np.errstate(over="ignore"):  # what overflows is told when the data are prepared
                x[to[block]] = source[station.starts[block, None] + inside]
        y[to] = station.values[station.starts + reach, len(picked.inputs) :]
    if cut.gaps == "linear":
        draw_lines(x)
    return x, y, ends[order], owners[order]


def _check_windows(title: str, total: int, width: int, cut: Cut) -> None:
    if not total:
        raise DataError(
            f"{title} has no window of {cut.length:,} steps with a known value {cut.horizon:,} steps ahead. "
            "Choose a shorter window or horizon, leave out columns with many gaps, or let gaps be filled."
        )
    needed = total * cut.length * width * 4
    if needed > memory_budget():
        raise DataError(
            f"{title} in {total:,} windows of {cut.length:,} steps would take {readable(needed)} of memory, but "
            f"{readable(memory_budget())} can be used here. Choose a larger stride or a shorter window."
        )


def draw_lines(x: NDArray[np.float32]) -> None:
    """Fills what is missing in each window (n, length, columns) on a straight line between its known neighbours, and
    towards the edges with the nearest of them. Nothing outside of the window is looked at."""
    steps = np.arange(x.shape[1])
    windows: list[int] = []
    columns: list[int] = []
    for start in range(0, len(x), _BLOCK):
        found, place = np.nonzero(np.isnan(x[start : start + _BLOCK]).any(axis=1))
        windows += (found + start).tolist()
        columns += place.tolist()
    for window, column in zip(windows, columns, strict=True):
        line = x[window, :, column]
        known = ~np.isnan(line)
        x[window, :, column] = np.interp(steps, steps[known], line[known])


def _notes(count: _Count, grid: Grid, cut: Cut) -> tuple[str, ...]:
    notes: list[str] = []
    left_out = int((~grid.fits).sum())
    if left_out:
        notes.append(_left_out(left_out, "row", f"without a time on the even grid of {grid.step_text}"))
    if count.repeated:
        notes.append(_left_out(count.repeated, "row", "with the same time as an earlier one"))
    if count.absent:
        steps = "1 step of time has" if count.absent == 1 else f"{count.absent:,} steps of time have"
        notes.append(f"{steps} no row (of {count.steps:,}); there all values are missing.")
    if count.holes and cut.gaps != "drop":
        how = "with the last known value" if cut.gaps == "last" else "on a straight line inside of each window"
        notes.append(f"{count.holes:,} missing values of the inputs were filled {how}.")
    if count.with_gaps:
        why = {"drop": "with missing values", "last": "before the first value", "linear": "without any value"}[cut.gaps]
        notes.append(_left_out(count.with_gaps, "window", f"{why} of a column"))
    if count.without_target:
        notes.append(_left_out(count.without_target, "window", "without a value to be learned"))
    return tuple(notes)


def _left_out(count: int, noun: str, which: str) -> str:
    return f"1 {noun} {which} was left out." if count == 1 else f"{count:,} {noun}s {which} were left out."
