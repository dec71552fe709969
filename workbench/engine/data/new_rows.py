"""Rows of a table file as new samples for a network that was trained on a table, on points or on rows of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from workbench.domain.dataset import DatasetInfo
from workbench.domain.heads import head_info
from workbench.engine.data.csv_format import MISSING, Wishes, detect
from workbench.engine.data.csv_table import column_names, read_table
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.dates import Written
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file
from workbench.engine.data.labels import class_name
from workbench.engine.data.raw import (
    DATE_PARTS,
    AnyArray,
    Column,
    CsvFormat,
    DateColumn,
    Floats,
    Indices,
    no_progress,
)
from workbench.engine.data.table import Feature
from workbench.engine.data.table_dates import date_columns
from workbench.engine.data.table_texts import texts_in

SUFFIXES = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class NewRows:
    """Inputs before scaling (n, inputs), the number of each row in the file, counted from 1, and its target where the
    file has that column: a class number or numbers (k,). `left_out` counts rows without a value that is needed; `notes`
    tell of categories that count as missing."""

    x: Floats
    numbers: tuple[int, ...]
    truths: tuple[AnyArray | None, ...]
    left_out: int = 0
    notes: tuple[str, ...] = ()


def read_new_rows(dataset: Dataset, path: Path) -> NewRows:
    """The rows of a file. Columns are found by the names of the features, in any order; a file without a header has
    them in their order. What is missing is filled as in training, and so is a category unknown to it. Where
    training left out rows with holes, so are these, and such a category is an error. Raises DataError that names what
    is missing, unknown or no number."""
    wanted = _features(dataset)
    written, found = _find_columns(dataset, path, [*(feature.column.name for feature in wanted), *_worded(dataset)])
    places, worded = found[: len(wanted)], found[len(wanted) :]
    names, _ = column_names(path, written)
    texts = tuple(names[at.position] for at, known in zip(places, wanted, strict=True) if known.categories or at.dates)
    texts += tuple(names[at.position] for at in worded)
    table = read_table(path, written, no_progress, text_columns=texts)
    columns = [_column(path, table.columns[place.position], place) for place in places]
    notes: list[str] = []
    unknown = notes if dataset.fill is not None else None
    inputs = [_inputs(path, given, known, unknown) for given, known in zip(columns, wanted, strict=True)]
    if dataset.words is not None:
        inputs.append(dataset.words([texts_in(table.columns[at.position]) for at in worded]).astype(np.float64))
    x = np.column_stack(inputs)
    _refuse_infinite(path, x)
    kept = _complete(path, columns) if columns and dataset.fill is None else np.arange(table.rows)
    truths = _targets(dataset, table.columns, table.rows)
    numbers = tuple(int(row) + 1 for row in kept)
    return NewRows(x[kept], numbers, tuple(truths[row] for row in kept), table.rows - len(kept), tuple(notes))


def _features(dataset: Dataset) -> tuple[Feature, ...]:
    """The columns that the network was trained on; those of points and plain rows are numbers with names."""
    if dataset.selection is not None:
        return dataset.selection.features
    shape = dataset.raw_shape
    if len(shape) != 1:
        raise DataError("This network does not take rows of a table. Give a picture, NPY or NPZ.")
    names = dataset.raw_names or tuple(f"column {place + 1}" for place in range(shape[0]))
    return tuple(Feature(place, Column(name, numbers=np.empty(0))) for place, name in enumerate(names))


def _worded(dataset: Dataset) -> list[str]:
    """The columns that are read for their words."""
    return [] if dataset.words is None else [column.name for column in dataset.words.columns]


@dataclass(frozen=True)
class _Place:
    """Where a feature stands in a file, and, where dates stand there, which number of them it is."""

    position: int
    dates: DateColumn | None = None
    part: int = 0


def _date_parts(dataset: Dataset) -> dict[str, tuple[DateColumn, int]]:
    """The columns of the table that are numbers of dates, by name."""
    if dataset.selection is None:
        return {}
    table = dataset.selection.table
    parts = range(len(DATE_PARTS))
    return {table.columns[dates.position + part].name: (dates, part) for dates in table.dates for part in parts}


def _find_columns(dataset: Dataset, path: Path, wanted: list[str]) -> tuple[CsvFormat, list[_Place]]:
    """How the file is written, and where each feature stands in it: the numbers of a date as such, or as the date."""
    check_file(path)
    trained_on = dataset.selection.table.format.missing if dataset.selection is not None else ()
    found = detect(path, Wishes(missing=trained_on or MISSING))
    with_header = replace(found, header=True)
    names, _ = column_names(path, with_header)
    parts = _date_parts(dataset)
    asked = [name if name in names or name not in parts else parts[name][0].name for name in wanted]
    if set(asked) <= set(names):
        return with_header, _placed(names, wanted, parts)
    if not found.header:
        for order in _orders(dataset, wanted, parts):
            if len(order) == len(names):
                return found, _placed(order, wanted, parts)
    missing = list(dict.fromkeys(name for name in asked if name not in names))
    shown = ", ".join(f"“{name}”" for name in missing[:8]) + (" …" if len(missing) > 8 else "")
    raise DataError(f"{path.name} lacks columns that the network was trained on: {shown}. Add them with these names.")


def _orders(dataset: Dataset, wanted: list[str], parts: dict[str, tuple[DateColumn, int]]) -> list[list[str]]:
    """What the columns of a file without a header can be: the features, or all columns of the table; with the numbers
    of dates, or with the dates themselves."""
    orders = [wanted]
    if dataset.selection is not None:
        orders.append([column.name for column in dataset.selection.table.columns])
    plain = [list(dict.fromkeys(parts[name][0].name if name in parts else name for name in each)) for each in orders]
    return [*orders[:1], *plain[:1], *orders[1:], *plain[1:]]


def _placed(names: list[str], wanted: list[str], parts: dict[str, tuple[DateColumn, int]]) -> list[_Place]:
    return [
        _Place(names.index(name)) if name in names else _Place(names.index(parts[name][0].name), *parts[name])
        for name in wanted
    ]


def _column(path: Path, given: Column, place: _Place) -> Column:
    """The column of a file, or the numbers of its dates. Raises DataError on what is no date."""
    if place.dates is None:
        return given
    columns, bad = date_columns(given, Written(place.dates.written), DATE_PARTS)
    if bad:
        raise DataError(
            f"{path.name}: “{bad[0][:40]}” in column “{given.name}” is no date as those of the training. Correct it."
        )
    return replace(columns[place.part], name=given.name)


def _inputs(path: Path, given: Column, known: Feature, unknown: list[str] | None) -> Floats:
    """One column for a number, one for each category of a text, or for each bin; NaN where missing. Categories that
    training did not know are told in `unknown`; they are an error where that is None. Hashed ones are all known."""
    if not known.categories:
        if given.numbers is None:
            raise DataError(f"{path.name}: column “{given.name}” must hold numbers. Correct it.")
        return given.numbers.reshape(-1, 1)
    assert given.codes is not None or given.missing.all()
    strange = [] if known.bins else [name for name in given.categories if name not in known.categories]
    if strange and unknown is None:
        raise DataError(
            f"{path.name}: “{strange[0][:40]}” in column “{given.name}” did not occur in training. "
            f"Known are: {', '.join(known.categories[:12])}."
        )
    if strange and unknown is not None:
        shown = ", ".join(f"“{name[:40]}”" for name in strange[:3]) + (" …" if len(strange) > 3 else "")
        unknown.append(f"{path.name}: {shown} in column “{given.name}” did not occur in training: taken as missing.")
    return known.inputs(given)


def _complete(path: Path, columns: Sequence[Column]) -> Indices:
    """The rows that have all values. Raises DataError when there is none."""
    is_missing = np.any([column.missing for column in columns], axis=0)
    if is_missing.all():
        first = next(column for column in columns if column.missing[0])
        raise DataError(f"{path.name}: data row 1 has no value for “{first.name}”, and no row is complete. Fill it in.")
    return np.flatnonzero(~is_missing)


def _refuse_infinite(path: Path, x: Floats) -> None:
    if np.isinf(x).any():
        row = int(np.isinf(x).any(axis=1).argmax()) + 1
        raise DataError(f"{path.name}: data row {row} has an infinite number. Correct it.")


def _targets(dataset: Dataset, columns: Sequence[Column], rows: int) -> tuple[AnyArray | None, ...]:
    info = dataset.info
    known = {column.name: column for column in columns}
    if info.heads:
        return tuple(_of_heads(info, known, row) for row in range(rows))
    names = [each.name for each in info.targets] or [info.target]
    if info.task == "multilabel" or any(name not in known for name in names):
        return (None,) * rows
    return tuple(_together([_target(info, known[name], row) for name in names]) for row in range(rows))


def _of_heads(info: DatasetInfo, known: Mapping[str, Column], row: int) -> AnyArray | None:
    """The true answers (heads,) of a row, NaN where one is not known; None where none is."""
    answers = np.full(len(info.heads), np.nan)
    for head in info.heads:
        answer = _target(head_info(info, head), known[head.target], row) if head.target in known else None
        if answer is not None:
            answers[head.place] = answer.item()
    return None if np.isnan(answers).all() else answers


def _together(answers: list[AnyArray | None]) -> AnyArray | None:
    if len(answers) == 1:
        return answers[0]
    known = [answer for answer in answers if answer is not None]
    return np.concatenate(known) if len(known) == len(answers) else None


def _target(info: DatasetInfo, column: Column, row: int) -> AnyArray | None:
    """The true answer of a row, None where it is missing or unknown."""
    if column.missing[row]:
        return None
    if info.task == "regression":
        return None if column.numbers is None else np.array([column.numbers[row]])
    if column.codes is not None:
        name = column.categories[column.codes[row]]
    else:
        assert column.numbers is not None
        name = class_name(float(column.numbers[row]))
    return np.array(info.classes.index(name)) if name in info.classes else None
