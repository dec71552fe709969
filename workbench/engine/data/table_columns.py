"""What a single column of a table is fit for: to be found by its name, to be learned, or to be left out."""

import numpy as np

from workbench.domain.dataset import DatasetSpec
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray, Column, Indices, Table

_INDEX_NAMES = ("column 1", "index", "id", "unnamed: 0")


def check_target(target: Column, spec: DatasetSpec) -> None:
    """Raises DataError where a column cannot be learned as the project wants it."""
    if target.missing.all():
        raise DataError(f"Column “{target.name}” is empty, so it cannot be the target. Choose another target.")
    if spec.task == "regression" and target.codes is not None:
        raise DataError(
            f"“{target.name}” holds text, so it cannot be learned as a number. Choose another target or task."
        )


def position_of(table: Table, names: tuple[str, ...], name: str, role: str) -> int:
    """Where a column stands. Raises DataError on an unknown one, which tells what it was to be used as."""
    if name in names:
        return names.index(name)
    shown = ", ".join(f"“{known}”" for known in names[:12]) + (" …" if len(names) > 12 else "")
    raise DataError(f"{table.path.name} has no column “{name}” to use as {role}. Choose one of: {shown}.")


def is_index(column: Column) -> bool:
    """Rows numbered from 0 or 1 under a name that says so."""
    if column.numbers is None or column.name.lower() not in _INDEX_NAMES:
        return False
    start = column.numbers[0]
    return bool(start in (0, 1) and np.array_equal(column.numbers, start + np.arange(len(column.numbers))))


def target_values(column: Column, rows: Indices) -> tuple[AnyArray, tuple[str, ...]]:
    """The raw target of some rows, and the names of its classes, sorted, where it is text."""
    if column.codes is not None:
        present, y = np.unique(column.codes[rows], return_inverse=True)
        return y.astype(np.int64), tuple(column.categories[code] for code in present.tolist())
    assert column.numbers is not None
    numbers = column.numbers[rows]
    if np.isinf(numbers).any():
        raise DataError(f"Column “{column.name}” has infinite numbers, so it cannot be the target. Correct the file.")
    return (numbers.astype(np.int64) if column.whole and np.abs(numbers).max() < 2**53 else numbers), ()
