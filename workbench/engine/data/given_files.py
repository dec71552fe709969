"""Validation and test data that come from files of their own, of the same shape as the file they stand beside."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from workbench.domain.dataset import Part, Split
from workbench.domain.values import Value
from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import check_memory
from workbench.engine.data.params import path_of
from workbench.engine.data.raw import Column, Params, RawData, Table
from workbench.engine.data.table_script import opening_of

_NUMBERS: dict[Part, int] = {"validation": 1, "test": 2}
_DECIMALS = {".": "point", ",": "comma"}

Read = Callable[[Params], RawData]


def given_files(split: Split, folder: Path | None) -> dict[Part, Path]:
    """The files of a split that goes by files. Raises DataError where it names none."""
    if split.way != "files":
        return {}
    named: dict[Part, str | None] = {"validation": split.validation_file, "test": split.test_file}
    files = {part: path_of(name, folder) for part, name in named.items() if name}
    if not files:
        raise DataError("The split goes by files, but none is chosen. Choose a validation file or a test file.")
    return files


def params_of_file(params: Params, path: Path) -> dict[str, Value]:
    """The parameters of a source, with another file. Raises DataError where the source has no file."""
    if not isinstance(params.get("path"), str):
        raise DataError("These data do not come from a file, so no file can stand beside it. Split them otherwise.")
    return {**params, "path": str(path)}


def like(params: Params, first: RawData) -> Params:
    """The parameters by which a further file is read as the first one was: with the same decimal sign, and days and
    months in the same order."""
    if first.table is None:
        return params
    found: dict[str, Value] = dict(params)
    if params.get("decimal") == "auto":
        found["decimal"] = _DECIMALS[first.table.format.decimal]
    orders = {each.written for each in first.table.dates} & {"day_first", "month_first"}
    if params.get("dates") == "auto" and len(orders) == 1:
        found["dates"] = orders.pop()
    return found


def joined(first: RawData, others: dict[Part, RawData]) -> RawData:
    """The samples of all files together, with the part that each is for. Raises DataError where the files are not of
    the same shape, or where time or a test set of its own parts the data already."""
    if first.ordered or first.continuation:
        raise DataError(f"{first.title} is split in the order of time, so no files can be given. Split otherwise.")
    if first.x_test is not None and "test" in others:
        raise DataError(f"{first.title} has a test set of its own. Leave the test file out, or split otherwise.")
    for part, raw in others.items():
        if raw.x_test is not None:
            raise DataError(f"The {part} file has a test set of its own. Choose one with a single set of samples.")
    return _joined_arrays(first, others) if first.table is None else _joined_tables(first, first.table, others)


def _joined_arrays(first: RawData, others: dict[Part, RawData]) -> RawData:
    assert first.x is not None
    assert first.y is not None
    xs, ys, script = [first.x], [first.y], [first.script.rstrip(), "all_x, all_y = [x], [y]"]
    detected = dict(first.detected)
    for part, raw in others.items():
        assert raw.x is not None
        assert raw.y is not None
        _check_alike(first, raw, part)
        xs.append(raw.x)
        ys.append(raw.y)
        script += [raw.script.rstrip(), "all_x.append(x)", "all_y.append(y)"]
        detected[f"{part.capitalize()} file"] = f"{raw.title}, {len(raw.x):,} samples"
    check_memory(sum(x.nbytes for x in xs), f"{first.title} with its further files")
    numbers = [0, *(_NUMBERS[part] for part in others)]
    script += [
        f"part = np.repeat({numbers}, [len(each) for each in all_x])",
        "x, y = np.concatenate(all_x), np.concatenate(all_y)",
    ]
    return replace(
        first,
        x=np.concatenate(xs),
        y=np.concatenate(ys),
        parts=np.repeat(np.array(numbers, np.int64), [len(x) for x in xs]),
        keys=(),
        detected=detected,
        script="\n".join(script) + "\n",
    )


def _check_alike(first: RawData, other: RawData, part: Part) -> None:
    """Raises DataError where the samples of two files cannot stand beside one another."""
    assert first.x is not None
    assert other.x is not None
    if other.x.shape[1:] != first.x.shape[1:] or other.x.dtype != first.x.dtype:
        raise DataError(
            f"The samples of the {part} file have the shape {_shape(other)}, those of {first.title} {_shape(first)}. "
            "Choose a file with samples of the same shape and type."
        )
    if other.classes != first.classes:
        raise DataError(
            f"The {part} file has other classes than {first.title}. Choose a file or folder with the same classes."
        )
    assert first.y is not None
    assert other.y is not None
    if other.y.shape[1:] != first.y.shape[1:] or (other.y.dtype.kind in "US") != (first.y.dtype.kind in "US"):
        raise DataError(f"The targets of the {part} file are not like those of {first.title}. Choose another file.")


def _shape(raw: RawData) -> str:
    assert raw.x is not None
    sizes = "×".join(map(str, raw.x.shape[1:])) or "a single value"
    return f"{sizes} ({raw.x.dtype.name})"


def _joined_tables(first: RawData, table: Table, others: dict[Part, RawData]) -> RawData:
    tables = [table]
    for raw in others.values():
        assert raw.table is not None
        tables.append(_with_columns_of(table, raw.table))
    rows = sum(each.rows for each in tables)
    check_memory(rows * len(table.columns) * 8, f"{first.title} with its further files")
    columns = tuple(_joined(tables, position) for position in range(len(table.columns)))
    numbers = [0, *(_NUMBERS[part] for part in others)]
    whole = Table(
        columns,
        rows,
        table.path,
        table.format,
        notes=table.notes,
        opening=_opening(table, [raw.table for raw in others.values() if raw.table is not None], numbers),
        dates=table.dates,
    )
    parts = np.repeat(np.array(numbers, np.int64), [each.rows for each in tables])
    detected = dict(first.detected)
    for part, raw in others.items():
        assert raw.table is not None
        detected[f"{part.capitalize()} file"] = f"{raw.table.path.name}, {raw.table.rows:,} rows"
    return replace(first, table=whole, parts=parts, detected=detected)


def _with_columns_of(first: Table, other: Table) -> Table:
    """The other table with its columns in the order of the first."""
    by_name = {column.name: column for column in other.columns}
    for column in first.columns:
        if column.name not in by_name:
            raise DataError(
                f"{other.path.name} lacks the column “{column.name}” of {first.path.name}. "
                "Add it, or choose a file with the same columns."
            )
    return replace(other, columns=tuple(by_name[column.name] for column in first.columns))


def _joined(tables: Sequence[Table], position: int) -> Column:
    columns = [table.columns[position] for table in tables]
    filled = [column for column in columns if not column.missing.all()]
    texts = [column for column in filled if column.codes is not None]
    if texts and len(texts) < len(filled):
        named = {column.codes is None: table.path.name for table, column in zip(tables, columns, strict=True)}
        raise DataError(
            f"Column “{columns[0].name}” holds text in {named[False]}, but numbers in {named[True]}. "
            "Correct the file, or read the column as text."
        )
    name = columns[0].name
    if not texts:
        numbers = np.concatenate([_numbers(column) for column in columns])
        return Column(name, numbers=numbers, whole=bool(filled) and all(column.whole for column in filled))
    categories = tuple(sorted({name for column in columns for name in column.categories}))
    place = {name: number for number, name in enumerate(categories)}
    codes = [np.array([*(place[name] for name in c.categories), -1], np.int32)[_codes(c)] for c in columns]
    return Column(name, codes=np.concatenate(codes), categories=categories)


def _numbers(column: Column) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    return column.numbers if column.numbers is not None else np.full(len(column.missing), np.nan)


def _codes(column: Column) -> "np.ndarray[tuple[int, ...], np.dtype[np.int32]]":
    return column.codes if column.codes is not None else np.full(len(column.missing), -1, np.int32)


def _opening(first: Table, others: Sequence[Table], numbers: Sequence[int]) -> str:
    """Source that defines `rows` of all files, and `part` with the number of each row's part."""
    names = [column.name for column in first.columns]
    pieces = [opening_of(first), "all_rows = [rows]"]
    for other in others:
        places = [[column.name for column in other.columns].index(name) for name in names]
        pieces.append(opening_of(other))
        in_order = places == list(range(len(other.columns)))
        taken = "rows" if in_order else f"[[row[place] for place in {places}] for row in rows]"
        pieces.append(f"all_rows.append({taken})")
    pieces += [
        f"part = np.repeat({list(numbers)}, [len(rows) for rows in all_rows])",
        "rows = [row for rows in all_rows for row in rows]\n",
    ]
    return "\n".join(pieces)
