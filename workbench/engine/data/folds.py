"""Cuts what is not for testing into folds. An exported script repeats these few lines."""

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import FoldInfo, Split
from workbench.domain.folds import MOST_FOLDS, MOST_REPEATS, has_folds
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import Indices
from workbench.engine.data.split_groups import assign_groups


@dataclass(frozen=True)
class Pool:
    """What is cut: the samples `rest` in their order. `labels` (all samples,) are class numbers where the classes are
    to be kept in proportion, `group` (all samples,) the groups that are kept whole; `timed` says that `rest` stands in
    the order of time, `shuffles` that its order means nothing."""

    rest: Indices
    labels: NDArray[Any] | None
    group: Indices | None
    timed: bool
    shuffles: bool


def before_folds(split: Split) -> Split:
    """How the test part is set aside before what is left is cut into folds."""
    return msgspec.structs.replace(split, validation=0.0) if has_folds(split) else split


def fold_count(split: Split, timed: bool) -> int:
    """How many folds there are through all repeats; time can be cut in one way only."""
    return split.folds * (1 if timed else split.repeats)


def check_folds(split: Split, pool: Pool) -> None:
    """Raises DataError where there are too many folds, or no such one as is looked at."""
    if not 2 <= split.folds <= MOST_FOLDS or not 1 <= split.repeats <= MOST_REPEATS:
        raise DataError(
            f"{split.folds} folds in {split.repeats} repeats are not possible. "
            f"Choose from 2 to {MOST_FOLDS} folds and from 1 to {MOST_REPEATS} repeats."
        )
    count = fold_count(split, pool.timed)
    if not 0 <= split.fold <= count:
        raise DataError(f"There is no fold {split.fold}. Choose one from 1 to {count}.")
    if len(pool.rest) < split.folds + pool.timed:
        raise DataError(f"{len(pool.rest)} samples are too few for {split.folds} folds. Choose fewer folds.")
    groups = len(np.unique(pool.group[pool.rest])) if pool.group is not None else split.folds
    if groups < split.folds:
        raise DataError(
            f"{groups} groups are left for {split.folds} folds, and each needs one. "
            "Choose fewer folds, or a smaller test part."
        )


def cut(split: Split, pool: Pool, repeat: int) -> tuple[Indices, Indices]:
    """The samples of the pool in the order of this repeat (counted from 0), and the fold of each, counted from 0; −1
    for those at the beginning of time, which are for training in all."""
    rest = pool.rest
    if pool.timed:
        pieces = np.array_split(rest, split.folds + 1)
        return rest, np.repeat(np.arange(-1, split.folds), [len(piece) for piece in pieces])
    seed = [split.seed, repeat]
    if pool.shuffles:
        rest = np.random.default_rng(seed).permutation(rest)
    if pool.group is not None:
        numbered = np.unique(pool.group[rest], return_inverse=True)[1]
        labels = None if pool.labels is None else pool.labels[rest]
        shares = [1 / split.folds] * split.folds
        return rest, assign_groups(numbered, labels, shares, seed)[numbered]
    dealt = np.arange(len(rest)) if pool.labels is None else np.argsort(pool.labels[rest], kind="stable")
    fold = np.empty(len(rest), np.int64)
    fold[dealt] = np.arange(len(rest)) % split.folds
    return rest, fold


def fold_parts(split: Split, pool: Pool) -> tuple[Indices, Indices]:
    """What trains and what validates in the fold that is looked at."""
    repeat, number = divmod(max(1, split.fold) - 1, split.folds)
    rest, fold = cut(split, pool, repeat)
    trains = fold < number if pool.timed else fold != number
    return rest[trains], rest[fold == number]


def describe_folds(split: Split, pool: Pool, labels: NDArray[Any] | None, classes: int) -> tuple[FoldInfo, ...]:
    """All folds in the order of their numbers; `labels` (all samples,) are class numbers where there are classes."""
    found: list[FoldInfo] = []
    width = max(1, classes)
    for repeat in range(fold_count(split, pool.timed) // split.folds):
        rest, fold = cut(split, pool, repeat)
        label = np.zeros(len(rest), np.int64) if labels is None else labels[rest]
        counts = np.bincount((fold + 1) * width + label, minlength=(split.folds + 1) * width)
        table = counts.reshape(split.folds + 1, width)
        for number in range(split.folds):
            validation = table[number + 1]
            train = table[: number + 1].sum(axis=0) if pool.timed else table.sum(axis=0) - validation
            shown = (tuple(train.tolist()), tuple(validation.tolist())) if classes else ((), ())
            found.append(FoldInfo(int(train.sum()), int(validation.sum()), *shown))
    return tuple(found)
