"""Which columns of a table are read for their words, and the texts that stand in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workbench.domain.dataset import DatasetSpec, TextColumn
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray, Column, Indices, Table


@dataclass(frozen=True)
class TextFeature:
    """A column whose texts become words, and how."""

    position: int
    column: Column
    wish: TextColumn

    def texts(self, rows: Indices) -> AnyArray:
        """The texts of some rows of the table (rows,), an array of objects."""
        codes = self.column.codes
        assert codes is not None
        texts: AnyArray = self._different[codes[rows]]
        return texts

    @cached_property
    def _different(self) -> AnyArray:
        return _with_none(self.column)


def texts_in(column: Column) -> AnyArray:
    """The texts of a column (rows,), an array of objects: an empty text where it is missing."""
    if column.codes is None:
        return np.full(len(column.missing), "", object)
    texts: AnyArray = _with_none(column)[column.codes]
    return texts


def _with_none(column: Column) -> AnyArray:
    """All different texts, and last, where the code of a missing one points, an empty one."""
    return np.array([*column.categories, ""], dtype=object)


def split_column(spec: DatasetSpec) -> str | None:
    """The column that the split goes by, which is no feature unless the person wants it so."""
    return spec.split.column if spec.split.way in ("group", "column", "time") else None


def find_texts(table: Table, spec: DatasetSpec, others: Sequence[int | None]) -> tuple[TextFeature, ...]:
    """The columns that a project wants to be read so, in its order, but for those at `others`, which are learned, and
    for those that it does not use. Raises DataError on an unknown column, one that is named twice, and one without
    texts."""
    names = [column.name for column in table.columns]
    used, splits = spec.used_columns, split_column(spec)
    found: list[TextFeature] = []
    seen: set[str] = set()
    for wish in spec.texts:
        if wish.column not in names:
            shown = ", ".join(f"“{name}”" for name in names[:12]) + (" …" if len(names) > 12 else "")
            raise DataError(f"{table.path.name} has no column “{wish.column}” to read for its words. Choose: {shown}.")
        if wish.column in seen:
            raise DataError(f"“{wish.column}” is read for its words twice. Remove one of them.")
        seen.add(wish.column)
        position = names.index(wish.column)
        left_open = used is None and wish.column != splits
        if position in others or not (left_open or (used is not None and wish.column in used)):
            continue
        _check_texts(table.columns[position])
        found.append(TextFeature(position, table.columns[position], wish))
    return tuple(found)


def _check_texts(column: Column) -> None:
    if column.missing.all():
        raise DataError(f"Column “{column.name}” is empty, so it has no words. Do not read it for its words.")
    if column.codes is None:
        raise DataError(
            f"Column “{column.name}” holds numbers, so it has no words. Do not read it for its words, or read it as "
            "text."
        )
