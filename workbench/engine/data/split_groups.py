"""Gives whole groups to the parts of a split. An exported script repeats these few lines."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.raw import Floats, Indices

MOST_COUNTS = 10_000_000
_FEW = 200
_PASSES = 10


def can_stratify(group: Indices, labels: NDArray[Any]) -> bool:
    """Whether the samples of each class in each group can be counted in the memory there is."""
    return (int(group.max()) + 1) * (int(labels.max()) + 1) <= MOST_COUNTS


def assign_groups(
    group: Indices, labels: NDArray[Any] | None, shares: Sequence[float], seed: int | Sequence[int]
) -> Indices:
    """The part (groups,) that each group is for, of as many parts as there are `shares`, all above 0. About the largest
    group first, each goes where it is lacking most, in samples and, with `labels` (n,), in those of each class; a few
    groups then change places where that brings the parts nearer to their shares. Every part gets one. `group` (n,)
    counts the groups from 0; there must be no fewer groups than parts."""
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
    if len(counts) <= _FEW:
        _improve(counts, wanted, have, part)
    return part


def _improve(counts: Floats, wanted: Floats, have: Floats, part: Indices) -> None:
    """Let each group go to another part, or change places with a group of it, where that fits better. The distance to
    the shares is the sum of the squares of what each part has too much, of each class by the number of its samples."""
    total = counts.sum(axis=0)
    others = np.vstack([counts, np.zeros_like(wanted)])
    for one in np.tile(np.arange(len(counts)), _PASSES):
        here, to = part[one], np.append(part, np.arange(len(wanted)))
        given = counts[one] - others
        lead = have - wanted
        change = (given / total * (lead[to] - lead[here] + given)).sum(axis=1)
        if (part == here).sum() == 1:
            change[len(part) :] = 0
        change[to == here] = 0
        best = change.argmin()
        if change[best] < -1e-9:
            have[here] -= given[best]
            have[to[best]] += given[best]
            part[one] = to[best]
            if best < len(part):
                part[best] = here


ASSIGN_LINES = '''# Samples of one group stay together.


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
    part = np.empty(len(counts), np.int64)
    for done, one in enumerate(order):
        lead = ((have - wanted) * weights[one]).sum(axis=1)
        empty = have[:, 0] == 0
        if len(order) - done <= empty.sum():
            lead[~empty] = np.inf
        part[one] = lead.argmin()
        have[part[one]] += counts[one]
    if len(counts) <= 200:  # each once more, into the place of another or beside the others, where that fits better
        total = counts.sum(axis=0)
        others = np.vstack([counts, np.zeros_like(wanted)])
        for one in np.tile(np.arange(len(counts)), 10):
            here, to = part[one], np.append(part, np.arange(len(wanted)))
            given = counts[one] - others
            lead = have - wanted
            change = (given / total * (lead[to] - lead[here] + given)).sum(axis=1)
            if (part == here).sum() == 1:
                change[len(part) :] = 0
            change[to == here] = 0
            best = change.argmin()
            if change[best] < -1e-9:
                have[here] -= given[best]
                have[to[best]] += given[best]
                part[one] = to[best]
                if best < len(part):
                    part[best] = here
    return part

'''
