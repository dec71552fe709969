"""A person's own texts in a column of a table."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.csv_format import Wishes, counted, describe, detect
from workbench.engine.data.csv_table import column_names, read_table
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file
from workbench.engine.data.limits import MAX_CLASSES
from workbench.engine.data.params import path_of, text
from workbench.engine.data.raw import AnyArray, Column, Params, Progress, RawData, SplitKey, Table
from workbench.engine.data.source_text import list_literal, text_literal
from workbench.engine.data.split_keys import key_lines
from workbench.engine.data.text_columns import TextColumns, find_columns

_LONG_NAME = 500
ENTRY = SourceEntry(
    kind="text_table",
    title="Texts in a table (CSV, TSV)",
    group="own",
    summary="A table of yours with a column of texts and one of classes or numbers to learn from them.",
    params=(
        ParamEntry("path", "text", required=True, help="The file, absolute or from the project's folder."),
        ParamEntry(
            "text",
            "text",
            optional=True,
            title="Column of texts",
            help="The column to read; the one with the longest texts when left empty.",
        ),
        ParamEntry(
            "target",
            "text",
            optional=True,
            title="Column to learn",
            help="The column with the classes or numbers to learn; found by its name when left empty.",
        ),
    ),
    suffixes=(".csv", ".tsv", ".tab", ".txt"),
)

_SCRIPT = """\
import csv

import numpy as np

DATA = {path}
MISSING = {missing}

with open(DATA, encoding="{encoding}", newline="") as file:
    rows = [row for row in csv.reader(file, delimiter={delimiter}, skipinitialspace=True) if row]
rows = [row for row in rows{header} if not {{row[{text}].strip().lower(), row[{target}].strip().lower()}} & MISSING]
x = np.array([row[{text}].strip() for row in rows], dtype=object)
y = np.array([{value} for row in rows])
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """The texts with their classes or numbers; rows without one of them are left out."""
    path = path_of(text(params, "path"), folder)
    check_file(path)
    written = detect(path, Wishes())
    names, _ = column_names(path, written)
    found = find_columns(path, written, names, _name(params, "text"), _name(params, "target"))
    others = tuple(name for place, name in enumerate(names) if place != found.target)
    table = read_table(path, written, progress, others)
    texts, target = table.columns[found.text], table.columns[found.target]
    complete = ~texts.missing & ~target.missing
    if not complete.any():
        raise DataError(f"{path.name} has no row with both “{texts.name}” and “{target.name}”. Choose other columns.")
    assert texts.codes is not None
    x = np.array([*texts.categories, None], dtype=object)[texts.codes][complete]
    dropped = int(len(complete) - complete.sum())
    notes = (f"{counted(dropped, 'row')} without a text or a target left out.",) if dropped else ()
    return RawData(
        title=path.stem,
        form="text",
        x=x,
        y=_values(target)[complete],
        target=target.name,
        detected={"Texts": f"“{texts.name}”", **describe(written, int(target.numbers is not None), len(names) - 1)},
        notes=(*table.notes, *notes),
        keys=_keys(table, found, complete),
        script=_script(table, found),
    )


def _keys(table: Table, found: TextColumns, complete: NDArray[np.bool_]) -> tuple[SplitKey, ...]:
    """The samples can be split by each of the other columns."""
    keys: list[SplitKey] = []
    for place, column in enumerate(table.columns):
        if place not in (found.text, found.target) and column.codes is not None:
            kept = Column(column.name, codes=column.codes[complete], categories=column.categories)
            keys.append(SplitKey(kept, tuple(key_lines(table, column, place, bad_is_missing=False))))
    return tuple(keys)


def _name(params: Params, name: str) -> str | None:
    value = params[name]
    return str(value) if value else None


def _values(target: Column) -> AnyArray:
    if target.numbers is not None:
        return target.numbers
    assert target.codes is not None
    if len(target.categories) > MAX_CLASSES:
        raise DataError(
            f"“{target.name}” has {len(target.categories):,} different values; at most {MAX_CLASSES} can be classes. "
            "Choose another column to learn."
        )
    if any(len(name) > _LONG_NAME for name in target.categories):
        raise DataError(f"“{target.name}” holds long texts, which are no classes. Choose another column to learn.")
    return np.array([*target.categories, ""])[target.codes]


def _script(table: Table, found: TextColumns) -> str:
    written, target = table.format, table.columns[found.target]
    cell = f"row[{found.target}]"
    number = f'float({cell}.replace(",", "."))' if written.decimal == "," else f"float({cell})"
    missing = sorted({token.strip().lower() for token in written.missing})
    return _SCRIPT.format(
        path=text_literal(str(table.path)),
        missing="{" + list_literal(missing)[1:-1] + "}",
        encoding=written.encoding,
        delimiter=text_literal(written.delimiter),
        header="[1:]" if written.header else "",
        text=found.text,
        target=found.target,
        value=f"{cell}.strip()" if target.numbers is None else number,
    )


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The file."""
    return (path_of(text(params, "path"), folder),)
