"""Describes columns for the page: what they hold, and how it is spread."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np

from workbench.domain.dataset import ColumnInfo
from workbench.engine.data.csv_format import is_prose
from workbench.engine.data.raw import AnyArray, Column, CsvFormat

BINS = 20
_SHOWN_CATEGORIES = 30
_LOOKED_AT = 200

Role: TypeAlias = Literal["feature", "target", "ignored"]


def describe_columns(
    columns: Sequence[Column], roles: Sequence[Role], written: CsvFormat | None = None
) -> tuple[ColumnInfo, ...]:
    """What the page shows of each column; those of a table are `written` so."""
    return tuple(_described(column, role, written) for column, role in zip(columns, roles, strict=True))


def columns_of(x: AnyArray, names: Sequence[str]) -> list[Column]:
    """The columns of an array (n, columns)."""
    return [Column(name, numbers=x[:, place].astype(np.float64)) for place, name in enumerate(names)]


def _described(column: Column, role: Role, written: CsvFormat | None) -> ColumnInfo:
    missing = int(column.missing.sum())
    if column.codes is not None:
        return _categories(column, missing, role, written)
    assert column.numbers is not None
    known = column.numbers[np.isfinite(column.numbers)]
    if not len(known):
        return ColumnInfo(column.name, "empty", missing, role=role)
    low, high = float(known.min()), float(known.max())
    with np.errstate(over="ignore", invalid="ignore"):
        mean, std = float(known.mean()), float(known.std())
        span = high - low
    if span > 0 and np.isfinite(span):
        place = np.minimum(((known - low) / span * BINS).astype(np.int64), BINS - 1)
        counts = np.bincount(place, minlength=BINS)
    else:
        counts = np.zeros(BINS, np.int64)
        counts[BINS // 2] = len(known)
    return ColumnInfo(
        column.name,
        "number",
        missing,
        low,
        high,
        mean if np.isfinite(mean) else None,
        std if np.isfinite(std) else None,
        histogram=tuple(counts.tolist()),
        role=role,
    )


def _categories(column: Column, missing: int, role: Role, written: CsvFormat | None) -> ColumnInfo:
    assert column.codes is not None
    different = len(column.categories) * 10 >= (len(column.codes) - missing) * 8
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.categories))
    top = np.sort(np.argsort(-counts, kind="stable")[:_SHOWN_CATEGORIES])
    return ColumnInfo(
        column.name,
        "category",
        missing,
        categories=tuple(column.categories[place][:200] for place in top.tolist()),
        histogram=tuple(counts[top].tolist()),
        role=role,
        prose=different and written is not None and is_prose(column.categories[:_LOOKED_AT], written),
    )
