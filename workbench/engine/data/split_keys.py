"""What samples can be split by: a column of their table, or what their source tells them apart by."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import Part
from workbench.engine.data.choice import Choice
from workbench.engine.data.csv_format import MISSING
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import Column, Indices, RawData, SplitKey, Table
from workbench.engine.data.series_script import EPOCH_LINE, TEXT_TICKS
from workbench.engine.data.series_time import ticks_of
from workbench.engine.data.source_text import comment, list_literal
from workbench.engine.data.table import Selection

PART_NAMES: dict[Part, tuple[str, ...]] = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing"),
}
_NUMBERS = {name: number for number, names in enumerate(PART_NAMES.values()) for name in names}


def find_key(name: str | None, raw: RawData, choice: Choice, bad_is_missing: bool) -> SplitKey:
    """What the samples chosen are split by. Raises DataError where nothing is named so."""
    if choice.selection is not None:
        return _of_table(name, choice.selection, bad_is_missing)
    known = [key.column.name for key in raw.keys]
    if name is None and len(known) == 1:
        return raw.keys[0]
    if name in known:
        return raw.keys[known.index(name)]
    if not known:
        raise DataError(f"{raw.title} has nothing but fractions to split its samples by. Split by fractions.")
    raise DataError(f"{_named(name)} Choose one of: {', '.join(f'“{each}”' for each in known)}.")


def _named(name: str | None) -> str:
    return "The split needs to know by which column." if name is None else f"There is no column “{name}” to split by."


def _of_table(name: str | None, selection: Selection, bad_is_missing: bool) -> SplitKey:
    table = selection.table
    names = [column.name for column in table.columns]
    if name is None or name not in names:
        others = [each for each in names if each not in selection.target_names]
        shown = ", ".join(f"“{each}”" for each in others[:12]) + (" …" if len(others) > 12 else "")
        raise DataError(f"{_named(name)} Choose one of: {shown}.")
    if name in selection.target_names:
        raise DataError(f"“{name}” is the target, so the samples cannot be split by it. Choose another column.")
    position = names.index(name)
    column = table.columns[position]
    lines = key_lines(table, column, position, bad_is_missing)
    if selection.dropped:
        lines.append("key = key[complete]")
    rows = selection.rows
    if column.numbers is not None:
        return SplitKey(Column(name, numbers=column.numbers[rows], whole=column.whole), tuple(lines))
    assert column.codes is not None
    return SplitKey(Column(name, codes=column.codes[rows], categories=column.categories), tuple(lines))


def key_lines(table: Table, column: Column, position: int, bad_is_missing: bool) -> list[str]:
    """Source that defines `key` for all rows of a table: texts, "" where missing, or numbers."""
    name, cell = comment(column.name), f"row[{position}].strip()"
    missing = list_literal(sorted({token.strip().lower() for token in table.format.missing or MISSING}))
    has_holes = bool(column.missing.any())
    if column.codes is not None:
        if not has_holes:
            return [f"key = np.array([{cell} for row in rows])  # {name}"]
        return [f'key = np.array(["" if {cell}.lower() in {missing} else {cell} for row in rows])  # {name}']
    convert = 'float(cell.replace(",", "."))' if table.format.decimal == "," else "float(cell)"
    if not has_holes:
        return [f"key = np.array([{convert.replace('cell', cell)} for row in rows])  # {name}"]
    body = f"return np.nan if cell.lower() in {missing} else {convert}"
    careful = [f"    {body}"]
    if bad_is_missing:
        careful = ["    try:", f"        {body}", "    except ValueError:", "        return np.nan"]
    call = f"key = np.array([key_number({cell}) for row in rows])  # {name}"
    return ["", "", "def key_number(cell):", *careful, "", "", call]


def group_numbers(key: SplitKey) -> tuple[Indices, int]:
    """The group of each sample, counted from 0, and how many have no value; those are one group together."""
    values = key.column.numbers if key.column.numbers is not None else key.column.codes
    assert values is not None
    return np.unique(values, return_inverse=True)[1].astype(np.int64), int(key.column.missing.sum())


def part_numbers(key: SplitKey) -> NDArray[np.int64]:
    """The part of each sample as its number in PARTS. Raises DataError that names what is no part."""
    column = key.column
    if column.missing.any():
        raise DataError(
            f"{int(column.missing.sum()):,} rows have no value of “{column.name}”, which names the part of each row. "
            f"Write {_ALLOWED} into them."
        )
    if column.codes is None:
        assert column.numbers is not None
        raise _no_part(column.name, f"{column.numbers[0]:g}")
    table = np.zeros(len(column.categories), np.int64)
    for code in np.unique(column.codes).tolist():
        name = column.categories[code]
        if name.lower() not in _NUMBERS:
            raise _no_part(column.name, name)
        table[code] = _NUMBERS[name.lower()]
    return table[column.codes]


_ALLOWED = "train, validation (or val) or test"


def _no_part(column: str, value: str) -> DataError:
    return DataError(
        f"“{value[:40]}” in column “{column}” names no part. "
        f"Write {_ALLOWED} there, or choose another column to split by."
    )


def part_lines(key: SplitKey) -> tuple[str, ...]:
    """Source that defines `part`, the number of each sample's part."""
    listed = ", ".join(f'"{name}": {number}' for name, number in _NUMBERS.items())
    return (*key.lines, f"PARTS = {{{listed}}}", "part = np.array([PARTS[name.lower()] for name in key])")


def times_of(key: SplitKey) -> NDArray[Any]:
    """A number for the time of each sample, larger for later ones. Raises DataError on what is no time."""
    column = key.column
    if column.missing.any():
        raise DataError(
            f"{int(column.missing.sum()):,} rows have no value of “{column.name}”, so their place in time is not "
            "known. Fill it in, or choose another column to split by."
        )
    if column.numbers is not None:
        return column.numbers
    assert column.codes is not None
    ticks = np.zeros(len(column.categories), np.int64)
    for code in np.unique(column.codes).tolist():
        ticks[code] = _ticks(column.categories[code], column.name)
    return ticks[column.codes]


def _ticks(text: str, column: str) -> int:
    found = ticks_of(text)
    if found is None:
        raise DataError(
            f"“{text[:40]}” in column “{column}” is no date that can be read for sure. "
            "Write dates as 2013-12-24 10:00, or choose another column to split by."
        )
    return found


def time_lines(key: SplitKey) -> tuple[str, ...]:
    """Source that defines `when`, the time of each sample."""
    if key.column.numbers is not None:
        return (*key.lines, "when = key")
    head = ("import re", "from datetime import datetime, timedelta, timezone", "", EPOCH_LINE + "\n" + TEXT_TICKS, "")
    return (*head, *key.lines, "when = np.array([microseconds(text) for text in key])")


def key_names(raw: RawData, choice: Choice) -> tuple[str, ...]:
    """What the samples chosen can be split by."""
    if choice.selection is None:
        return tuple(key.column.name for key in raw.keys)
    targets = choice.selection.target_names
    return tuple(column.name for column in choice.selection.table.columns if column.name not in targets)
