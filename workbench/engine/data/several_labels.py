"""Several labels a sample, each a yes or a no: of columns of 0 and 1, or of cells such as “red;round”."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.errors import DataError
from workbench.engine.data.labels import Target, class_name
from workbench.engine.data.limits import MAX_CLASSES
from workbench.engine.data.raw import AnyArray, Column, Indices

SEPARATORS = (";", "|", ",", " ")
_LONG_NAME = 500


def are_labels(y: AnyArray) -> bool:
    """Whether all numbers (n, k) are 0 or 1, as they are where each column says yes or no."""
    return y.ndim == 2 and y.shape[1] > 1 and y.dtype.kind in "biuf" and bool(np.isin(y, (0, 1)).all())


def infer_labels(y: AnyArray, names: tuple[str, ...], name: str) -> Target:
    """The target of all samples from numbers (n, k); `names` are those of the labels where they are known. Raises
    DataError when there is something else than 0 and 1."""
    if not are_labels(y):
        raise DataError(
            f"“{name}” has other values than 0 and 1, so it does not tell several labels. Choose another target."
        )
    if y.shape[1] > MAX_CLASSES:
        raise DataError(f"“{name}” has {y.shape[1]} labels; at most {MAX_CLASSES} are possible. Use fewer.")
    classes = names or tuple(f"label {class_name(place)}" for place in range(y.shape[1]))
    return Target("multilabel", classes, y.astype(np.uint8))


def separator_of(categories: Sequence[str]) -> str:
    """What stands between the labels of a cell: the first of the usual signs that occurs."""
    return next((sign for sign in SEPARATORS if any(sign in text for text in categories)), SEPARATORS[0])


def cut_labels(column: Column, rows: Indices) -> tuple[NDArray[np.uint8], tuple[str, ...], str]:
    """Which labels each of some rows has (n, labels), their sorted names, and what separates them. A cell without text
    has none. Raises DataError where there are fewer than two labels, or too many."""
    assert column.codes is not None
    sign = separator_of(column.categories)
    parts = [[part.strip() for part in text.split(sign) if part.strip()] for text in column.categories]
    names = tuple(sorted({part for each in parts for part in each}))
    if not 2 <= len(names) <= MAX_CLASSES or any(len(name) > _LONG_NAME for name in names):
        raise DataError(
            f"“{column.name}” has {len(names)} different labels, separated by “{sign}”; from 2 to {MAX_CLASSES} "
            "are possible. Choose another target or task."
        )
    index = {name: place for place, name in enumerate(names)}
    has = np.zeros((len(parts) + 1, len(names)), np.uint8)  # the last row is that of empty cells
    for place, each in enumerate(parts):
        has[place, [index[part] for part in each]] = 1
    return has[column.codes[rows]], names, sign
