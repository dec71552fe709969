"""Sentences about the rows and columns of a table."""

from collections.abc import Sequence

from workbench.domain.dataset import DatasetSpec
from workbench.engine.data.csv_format import is_prose
from workbench.engine.data.dates import find_written
from workbench.engine.data.hashing import bins_for
from workbench.engine.data.raw import Column, Table

_LOOKED_AT = 200


def with_holes(columns: Sequence[Column]) -> str:
    """Those of some columns that miss values, by name."""
    return " or ".join(f"“{column.name}”" for column in columns if column.missing.any())


def rows_left_out(count: int, which: str) -> str:
    """How many rows of a kind were left out."""
    return f"1 row {which} was left out." if count == 1 else f"{count:,} rows {which} were left out."


def too_many_texts(table: Table, column: Column, spec: DatasetSpec) -> str:
    """What to do with a column of many texts that was left out."""
    told = f"Column “{column.name}” has {len(column.categories)} different texts and was left out"
    if find_written(column.categories, "auto") is not None:
        return f"Column “{column.name}” was left out, as its dates are texts so far."
    if is_prose(column.categories[:_LOOKED_AT], table.format):
        return f"{told}; to learn from its words, add it under “Texts as words”."
    if bins_for(column, spec.hashing):
        return f"{told}, as hardly any comes twice; add it to the columns to use it."
    return f"{told}; hash its texts, or add it to the columns, to use it."
