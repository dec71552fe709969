"""Data too large to be held: known by a sample, read piece by piece while they are trained on.

A source cuts its data into pieces of a few thousand samples that can be read alone, and reads some of them, spread
evenly, as the sample. Whole pieces go to the training, validation and test part, those of the sample and the others
each for themselves; so the sample tells of every part, and what is fitted is fitted on training samples alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import PARTS, Part, Split
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray, Column, Indices, RawData
from workbench.engine.data.split import part_sizes, shuffled

FEWEST_PIECES = 12
_MOST_SAMPLED = 40
_WANTED_SAMPLES = 50_000


@dataclass(frozen=True, kw_only=True)
class Stream:
    """The pieces: `counts` (pieces,) of samples that each holds; `read(piece)` gives them raw, as the sample is.
    `sampled` are the pieces of the sample, `owners` (samples,) says which piece each of its samples is of. `own_test`
    are pieces of a test set that the source has. `read` raises DataError when the data have changed or vanished."""

    counts: Indices
    read: Callable[[int], RawData]
    sampled: Indices
    owners: Indices
    own_test: Indices

    @property
    def samples(self) -> int:
        """How many samples there are in all."""
        return int(self.counts.sum())


def choose_sampled(counts: Indices, samples: int = _WANTED_SAMPLES) -> Indices:
    """The pieces to take as a sample of all, spread evenly from the first to the last: about so many samples."""
    wanted = int(np.clip(samples / max(1.0, float(counts.mean())), FEWEST_PIECES, _MOST_SAMPLED))
    return np.unique(np.linspace(0, len(counts) - 1, min(wanted, len(counts))).round().astype(np.int64))


def pieces_of_parts(stream: Stream, split: Split) -> dict[Part, Indices]:
    """The pieces of each part, in a random order that the seed decides. Raises DataError when there are too few."""
    found: dict[Part, list[Indices]] = {part: [] for part in PARTS}
    own = len(stream.own_test) > 0
    others = np.setdiff1d(np.arange(len(stream.counts)), stream.sampled)
    for group in (stream.sampled, others):
        free = np.setdiff1d(group, stream.own_test)
        found["test"].append(np.intersect1d(group, stream.own_test))
        if not len(free):
            continue
        sizes = part_sizes(len(free), split, own)
        order = free[shuffled(len(free), split.seed)]
        train, validation, test = np.split(order, [sizes.train, sizes.train + sizes.validation])
        for part, pieces in zip(PARTS, (train, validation, test), strict=True):
            found[part].append(pieces)
    return {part: np.concatenate(pieces) for part, pieces in found.items()}


def sample_indices(parts: dict[Part, Indices], owners: Indices) -> dict[Part, Indices]:
    """The samples of each part among those of the sample; `owners` says which piece each of them is of."""
    return {part: np.flatnonzero(np.isin(owners, pieces)) for part, pieces in parts.items()}


def fitted_to(count: int, *arrays: AnyArray) -> tuple[AnyArray, ...]:
    """The arrays with `count` samples: where some could not be used, others of the piece take their places."""
    found = len(arrays[0])
    if found == count:
        return arrays
    places = np.arange(count) % found
    return tuple(array[places] for array in arrays)


def class_numbers(names: NDArray[np.str_] | list[str], classes: tuple[str, ...]) -> Indices:
    """The number of each name among the classes, −1 for one that is none."""
    known = {name: number for number, name in enumerate(classes)}
    return np.array([known.get(name, -1) for name in names], np.int64)


def codes_as(column: Column, categories: tuple[str, ...]) -> Indices:
    """The codes of a text column into other categories, −1 where the text is none of them or missing."""
    if column.codes is None:
        return np.full(len(column.missing), -1, np.int64)
    known = {name: number for number, name in enumerate(categories)}
    numbers = np.array([*(known.get(name, -1) for name in column.categories), -1], np.int64)
    return numbers[column.codes]


def refuse_few(title: str, pieces: int) -> None:
    """Raises DataError where there is too little to be read in pieces."""
    if pieces < FEWEST_PIECES:
        raise DataError(f"{title} is too small to be read piece by piece. Read it as a whole.")
