"""The last window of each series in a new table, to predict what follows it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.csv_format import Wishes, detect
from workbench.engine.data.csv_table import read_table
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file
from workbench.engine.data.raw import Indices, Table, no_progress
from workbench.engine.data.series import Cut, clock_values, draw_lines, last_known, on_steps, station_rows
from workbench.engine.data.series_columns import owners_of
from workbench.engine.data.series_time import Grid, find_time, on_grid, read_times


@dataclass(frozen=True)
class Recipe:
    """How windows were cut for training: by the names of the columns, so that a new table may have others beside them.
    `cycles` are those of `clock_columns`; `missing` are the cells that mean that there is no value."""

    time: tuple[str, ...]
    group: str | None
    inputs: tuple[str, ...]
    cut: Cut
    step: int
    months: bool
    cycles: tuple[float, ...]
    missing: tuple[str, ...]


def last_windows(recipe: Recipe, path: Path) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """The last window of each series of a file (n, length, columns), and for each its station and the time that is
    predicted. Raises DataError on columns or a step of time other than in training, and on too few rows."""
    check_file(path)
    table = read_table(path, detect(path, Wishes(missing=recipe.missing)), no_progress)
    found = {column.name: place for place, column in enumerate(table.columns)}
    _check_columns(recipe, table, found)
    owners: Indices = np.zeros(table.rows, np.int64)
    names: tuple[str, ...] = ("",)
    if recipe.group is not None:
        owners, names = owners_of(table.columns[found[recipe.group]])
    grid = _grid(recipe, table, owners)
    columns = [table.columns[found[name]] for name in recipe.inputs]
    windows: list[NDArray[np.float32]] = []
    captions: list[str] = []
    stations = station_rows(path.name, grid, owners, len(columns))
    if not stations:
        raise DataError(f"{path.name} has no row that belongs to a series. Fill in column “{recipe.group}”.")
    for rows in stations:
        name = names[int(owners[rows[0]])]
        values = on_steps(columns, grid.places, rows)[0]
        last = int(grid.places[rows[-1]])
        if len(values) < recipe.cut.length:
            raise DataError(
                f"{path.name} has {len(values):,} steps{_of(name)}, but the network looks at {recipe.cut.length:,}. "
                "Add earlier rows."
            )
        windows.append(_window(recipe, grid, values, last, f"{path.name}{_of(name)}"))
        captions.append(f"{name}, {grid.caption(last + recipe.cut.horizon)}".removeprefix(", "))
    return np.stack(windows), tuple(captions)


def _of(name: str) -> str:
    return f" of {name}" if name else ""


def _check_columns(recipe: Recipe, table: Table, found: dict[str, int]) -> None:
    wanted = (*recipe.time, *(() if recipe.group is None else (recipe.group,)), *recipe.inputs)
    lacking = [name for name in wanted if name not in found]
    if lacking:
        shown = ", ".join(f"“{name}”" for name in lacking[:8]) + (" …" if len(lacking) > 8 else "")
        raise DataError(
            f"{table.path.name} lacks columns that the network was trained on: {shown}. Add them with these names."
        )
    for name in recipe.inputs:
        numbers = table.columns[found[name]].numbers
        if numbers is None or np.isinf(numbers).any():
            raise DataError(f"{table.path.name}: column “{name}” must hold numbers. Correct it.")


def _grid(recipe: Recipe, table: Table, owners: Indices) -> Grid:
    if not recipe.time:
        return Grid.of_order(table.rows)
    time = find_time(table, recipe.time)
    ticks, known = read_times(table, time)
    grid = on_grid(time, ticks, known, owners)
    if (grid.step, grid.months) != (recipe.step, recipe.months):
        raise DataError(
            f"The rows of {table.path.name} lie {grid.step_text} apart, other than those that the network was trained "
            "on. Give it rows with the same step of time."
        )
    return grid


def _window(recipe: Recipe, grid: Grid, values: NDArray[np.float64], last: int, where: str) -> NDArray[np.float32]:
    length = recipe.cut.length
    filled = last_known(values) if recipe.cut.gaps == "last" else values
    window = filled[-length:]
    unknown = np.isnan(window).all(axis=0) if recipe.cut.gaps == "linear" else np.isnan(window).any(axis=0)
    if unknown.any():
        raise DataError(
            f"{where}: column “{recipe.inputs[int(unknown.argmax())]}” has missing values in the last {length:,} "
            "steps. Fill them in."
        )
    if recipe.cycles:
        window = np.column_stack([window, clock_values(grid, recipe.cycles, last - length + 1, length)])
    ready: NDArray[np.float32] = window.astype(np.float32)
    if recipe.cut.gaps == "linear":
        draw_lines(ready[None])
    return ready
