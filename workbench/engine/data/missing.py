"""Fills missing values with what the training part suggests. An exported script repeats these few lines."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.domain.dataset import Missing
from workbench.engine.data.raw import Floats


@dataclass(frozen=True)
class Filling:
    """Takes the place of missing values: one of `values` a column (columns,). For each of the columns `masked` another
    one behind all of them says, with 0 and 1, where it was missing."""

    values: Floats
    masked: tuple[int, ...] = ()

    def __call__(self, x: Floats) -> Floats:
        """Inputs (n, columns) without holes, and the masks: (n, columns + masked)."""
        holes = np.isnan(x)
        whole = np.where(holes, self.values, x)
        return np.column_stack([whole, holes[:, self.masked]]) if self.masked else whole


def holed(x_train: Floats, starts: Sequence[int]) -> tuple[int, ...]:
    """Those of the columns `starts`, the first of each feature, in which the training part (n, columns) has holes."""
    return tuple(start for start in starts if np.isnan(x_train[:, start]).any())


def fill_values(how: Missing, x_train: Floats, groups: Sequence[tuple[int, int]]) -> Floats:
    """One value a column (n, columns) that takes the place of a missing one; 0 where the training part knows none.

    `groups` are the ranges of columns that stand for the categories of one text: they take the most frequent category,
    or none at all where `how` is "zero".
    """
    fill = np.array([_fill(how, column[~np.isnan(column)]) for column in x_train.T])
    if how != "zero":
        for start, end in groups:
            fill[start:end] = np.eye(end - start)[np.nansum(x_train[:, start:end], axis=0).argmax()]
    return fill


def _fill(how: Missing, known: Floats) -> float:
    if not len(known) or how == "zero":
        return 0.0
    if how == "mean":
        return float(known.mean())
    if how == "median":
        return float(np.median(known))
    values, counts = np.unique(known, return_counts=True)
    return float(values[counts.argmax()])
