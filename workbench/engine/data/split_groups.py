"""Gives whole groups to the parts of a split. An exported script repeats these few lines."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.raw import Indices

MOST_COUNTS = 10_000_000


def can_stratify(group: Indices, labels: NDArray[Any]) -> bool:
    """Whether the samples of each class in each group can be counted in the memory there is."""
    return (int(group.max()) + 1) * (int(labels.max()) + 1) <= MOST_COUNTS


def assign_groups(
    group: Indices, labels: NDArray[Any] | None, shares: Sequence[float], seed: int | Sequence[int]
) -> Indices:
    """The part (groups,) that each group is for, of as many parts as there are `shares`, all above 0. About the largest
    group first, each goes where it is lacking most, in samples and, with `labels` (n,), in those of each class; every
    part gets one. `group` (n,) counts the groups from 0; there must be no fewer groups than parts."""
    counts = np.bincount(group).astype(float).reshape(-1, 1)
    if labels is not None:
        classes = np.zeros((len(counts), int(labels.max()) + 1))
        np.add.at(classes, (group, labels), 1)
        counts = np.column_stack([counts, classes])
    counts = counts[:, counts.any(axis=0)]
    weights = counts / counts.sum(axis=0)
    wanted = np.outer(shares, counts.sum(axis=0))
    have = np.zeros_like(wanted)
    order = np.random.default_rng(seed).permutation(len(counts))
    order = order[np.argsort(-np.frexp(counts[order, 0])[1], kind="stable")]
    part = np.empty(len(counts), np.int64)
    for done, one in enumerate(order):
        lead = ((have - wanted) * weights[one]).sum(axis=1)
        empty = have[:, 0] == 0
        if len(order) - done <= empty.sum():
            lead[~empty] = np.inf
        part[one] = lead.argmin()
        have[part[one]] += counts[one]
    return part


ASSIGN_LINES = '''

def assigned(group, labels, shares, seed):
    """The part that each group is for: about the largest first, each goes where it is lacking most."""
    counts = np.bincount(group).astype(float).reshape(-1, 1)
    if labels is not None:
        classes = np.zeros((len(counts), labels.max() + 1))
        np.add.at(classes, (group, labels), 1)
        counts = np.column_stack([counts, classes])
    counts = counts[:, counts.any(axis=0)]
    weights = counts / counts.sum(axis=0)
    wanted = np.outer(shares, counts.sum(axis=0))
    have = np.zeros_like(wanted)
    order = np.random.default_rng(seed).permutation(len(counts))
    order = order[np.argsort(-np.frexp(counts[order, 0])[1], kind="stable")]
    part = np.empty(len(counts), int)
    for done, one in enumerate(order):
        lead = ((have - wanted) * weights[one]).sum(axis=1)
        empty = have[:, 0] == 0
        if len(order) - done <= empty.sum():
            lead[~empty] = np.inf
        part[one] = lead.argmin()
        have[part[one]] += counts[one]
    return part

'''
