"""Trainings of one network on several folds of its data: which are left to train, and what they say together."""

import math
import secrets
from collections.abc import Iterable, Sequence
from statistics import fmean, stdev

import msgspec

from workbench.domain.dataset import Split
from workbench.domain.project import Project
from workbench.domain.run import RunRecord

MOST_FOLDS = 100
MOST_REPEATS = 100


class Spread(msgspec.Struct, frozen=True):
    """A metric over the folds of a series: its mean, its standard deviation (n − 1; None for a single value), and of
    how many folds these are."""

    mean: float
    deviation: float | None
    folds: int


def has_folds(split: Split) -> bool:
    """Whether what is not for testing is cut into folds."""
    return split.folds > 1


def trains_all_folds(project: Project) -> bool:
    """Whether training this project means to train each of its folds."""
    return has_folds(project.data.split) and project.data.split.fold == 0


def with_fold(project: Project, fold: int) -> Project:
    """The project on one of its folds, counted from 1."""
    split = msgspec.structs.replace(project.data.split, fold=fold)
    return msgspec.structs.replace(project, data=msgspec.structs.replace(project.data, split=split))


def new_series() -> str:
    """A name that no other series has."""
    return secrets.token_hex(8)


def series_of(records: Iterable[RunRecord], series: str) -> list[RunRecord]:
    """The runs of a series in the order of their folds; of several runs on one fold the newest."""
    newest: dict[int, RunRecord] = {}
    for record in sorted(records, key=lambda record: record.id):
        if series and record.series == series:
            newest[record.fold] = record
    return [newest[fold] for fold in sorted(newest)]


def finished(records: Iterable[RunRecord]) -> list[RunRecord]:
    """Those that were trained to their end, so that their values can be compared."""
    return [record for record in records if record.reason in ("completed", "early_stopping")]


def next_fold(records: Iterable[RunRecord], record: RunRecord) -> int | None:
    """The first fold of the series of this run that nobody trained yet, None when none is left."""
    if not record.series:
        return None
    begun = {record.fold, *(each.fold for each in series_of(records, record.series))}
    return next((fold for fold in range(1, record.folds + 1) if fold not in begun), None)


def spreads(metrics: Sequence[dict[str, float]]) -> dict[str, Spread]:
    """Each metric over several runs, in the order in which they name them. A run that lacks it is left out."""
    names = dict.fromkeys(name for values in metrics for name in values)
    return {name: _spread([values[name] for values in metrics if name in values]) for name in names}


def _spread(values: Sequence[float]) -> Spread:
    if not all(map(math.isfinite, values)):
        return Spread(math.nan, math.nan if len(values) > 1 else None, len(values))
    return Spread(fmean(values), stdev(values) if len(values) > 1 else None, len(values))
