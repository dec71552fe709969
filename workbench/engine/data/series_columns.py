"""Chooses the columns of a series: what goes in, what is to be learned, and what tells the stations apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import MAX_CLASSES
from workbench.engine.data.raw import Column, Indices, Table
from workbench.engine.data.series_time import PARTS_OF_TIME, TimeColumns
from workbench.engine.data.table import suggest_target

MOST_MISSING = 0.5


@dataclass(frozen=True)
class Picked:
    """Positions of the `inputs` and `targets`. `owners` (rows,) say which station a row belongs to, −1 for none;
    `group` is the column that says it, None where there is a single series; `names` are what stations are called."""

    inputs: tuple[int, ...]
    targets: tuple[int, ...]
    group: int | None
    owners: Indices
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()


def pick_columns(
    table: Table,
    time: TimeColumns,
    ticks: Indices,
    *,
    inputs: Sequence[str],
    targets: Sequence[str],
    group: str,
) -> Picked:
    """The columns as named; where none is named: all useful numbers go in, a likely one is learned, and a column of
    texts tells stations apart where times occur more than once. Raises DataError on unknown or unfit ones."""
    place, notes = _group(table, time, ticks, group)
    owners, names = owners_of(table.columns[place]) if place is not None else (np.zeros(table.rows, np.int64), ())
    taken = {*time.positions, *(() if place is None else (place,))}
    if inputs:
        chosen = tuple(_number_column(table, name, "an input") for name in dict.fromkeys(inputs))
    else:
        chosen, more = _useful(table, taken, set(targets))
        notes += more
    if targets:
        learned = tuple(_number_column(table, name, "a target") for name in dict.fromkeys(targets))
    else:
        learned = (_likely_target(table, chosen),)
    return Picked(chosen, learned, place, owners, names, notes)


def _group(table: Table, time: TimeColumns, ticks: Indices, wanted: str) -> tuple[int | None, tuple[str, ...]]:
    names = [column.name for column in table.columns]
    if wanted:
        if wanted not in names:
            raise DataError(f"{table.path.name} has no column “{wanted}” to tell series apart. Choose another.")
        return names.index(wanted), ()
    if time.how == "order" or len(np.unique(ticks)) == len(ticks):
        return None, ()
    for place, column in enumerate(table.columns):
        if place not in time.positions and column.codes is not None and len(column.categories) <= MAX_CLASSES:
            pairs = np.unique(np.column_stack([ticks, column.codes]), axis=0)
            if len(pairs) * 100 >= len(ticks) * 99:
                return place, (f"Times occur more than once; column “{column.name}” tells the series apart.",)
    return None, ()


def owners_of(column: Column) -> tuple[Indices, tuple[str, ...]]:
    """Which station each row belongs to, −1 for none, and what stations are called. Raises DataError on too many."""
    if column.codes is not None:
        owners, names = column.codes.astype(np.int64), column.categories
    else:
        assert column.numbers is not None
        different = np.unique(column.numbers[~column.missing])
        owners = np.where(column.missing, -1, np.searchsorted(different, column.numbers))
        names = tuple(f"{number:g}" for number in different[: MAX_CLASSES + 1].tolist())
    if len(names) > MAX_CLASSES:
        raise DataError(
            f"Column “{column.name}” tells more than {MAX_CLASSES:,} series apart, which is too many. Choose another."
        )
    return owners, names


def _number_column(table: Table, name: str, role: str) -> int:
    names = [column.name for column in table.columns]
    if name not in names:
        numbers = [column.name for column in table.columns if column.numbers is not None]
        shown = ", ".join(f"“{known}”" for known in numbers[:12]) + (" …" if len(numbers) > 12 else "")
        raise DataError(f"{table.path.name} has no column “{name}” to use as {role}. Choose from: {shown}.")
    column = table.columns[names.index(name)]
    if column.numbers is None:
        raise DataError(f"Column “{name}” holds text, so it cannot be {role} of a series. Choose a column of numbers.")
    if column.missing.all():
        raise DataError(f"Column “{name}” is empty, so it cannot be {role}. Choose another.")
    _refuse_infinite(table, column)
    return names.index(name)


def _refuse_infinite(table: Table, column: Column) -> None:
    assert column.numbers is not None
    infinite = np.isinf(column.numbers)
    if infinite.any():
        raise DataError(
            f"{table.path.name}: column “{column.name}” has an infinite number in data row {infinite.argmax() + 1}. "
            "Correct it, or leave the column out."
        )


def _useful(table: Table, taken: set[int], targets: set[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """All columns of numbers that tell something, without those that are mostly missing."""
    found: list[int] = []
    notes: list[str] = []
    for place, column in enumerate(table.columns):
        if place in taken or column.numbers is None or column.name.lower() in PARTS_OF_TIME:
            continue
        missing = float(column.missing.mean())
        if missing > MOST_MISSING and column.name not in targets:
            notes.append(f"Column “{column.name}” is missing in {missing:.0%} of the rows and was left out.")
            continue
        if missing < 1:
            _refuse_infinite(table, column)
            found.append(place)
    texts = [c.name for p, c in enumerate(table.columns) if c.numbers is None and p not in taken]
    if texts:
        notes.append(f"Columns of text were left out: {', '.join(texts[:8])}{' …' if len(texts) > 8 else ''}.")
    if not found:
        raise DataError(f"{table.path.name} has no column of numbers that can go in. Choose another file.")
    return tuple(found), tuple(notes)


def _likely_target(table: Table, inputs: Sequence[int]) -> int:
    names = tuple(table.columns[place].name for place in inputs)
    return inputs[names.index(suggest_target(names))]
