"""Splits samples into training, validation and test part. An exported script repeats these few lines, so that it gets
the very same parts."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import Part, Split
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import Indices


@dataclass(frozen=True)
class Sizes:
    """How many samples each part gets."""

    train: int
    validation: int
    test: int


def part_sizes(count: int, split: Split, own_test: bool) -> Sizes:
    """Sizes of the parts of `count` samples: fractions rounded half up, at least one sample where a fraction is
    above 0, the rest for training. With a test set of its own (`own_test`) the source needs no test part here.
    Raises DataError when the fractions or the samples do not suffice."""
    test_fraction = 0.0 if own_test else split.test
    for name, fraction in (("validation", split.validation), ("test", test_fraction)):
        if not 0 <= fraction < 1:
            raise DataError(f"The {name} part is set to {fraction:.0%} of the samples. Choose between 0 % and 99 %.")
    validation = _rounded(count, split.validation)
    test = _rounded(count, test_fraction)
    if split.validation + test_fraction >= 1 or validation + test >= count:
        raise DataError(
            f"With {split.validation:.0%} for validation and {test_fraction:.0%} for testing, {count} samples "
            f"leave none "
            "for training. Choose smaller fractions, or add samples."
        )
    return Sizes(count - validation - test, validation, test)


def _rounded(count: int, fraction: float) -> int:
    return max(1, int(count * fraction + 0.5)) if fraction > 0 else 0


def shuffled(count: int, seed: int) -> Indices:
    """All indices in a random order that the seed decides."""
    return np.random.default_rng(seed).permutation(count)


def spread_classes(order: Indices, labels: NDArray[Any]) -> Indices:
    """`order`, of some or all samples, sorted anew so that each class is spread evenly along it: however it is cut,
    each piece has the classes in proportion. A class with a single sample stands in the middle. `labels` (n,) are the
    class numbers of all samples."""
    place = np.empty(len(labels))
    for label in np.unique(labels):
        members = order[labels[order] == label]
        place[members] = (np.arange(len(members)) + 0.5) / len(members)
    return order[np.argsort(place[order], kind="stable")]


def split_indices(
    count: int, labels: NDArray[Any] | None, split: Split, own_test: bool, ordered: bool = False
) -> dict[Part, Indices]:
    """The indices of each part; stratified by `labels` where these are given and the split says so. Samples `ordered`
    by time are cut as they stand. Raises DataError when there are too few samples."""
    sizes = part_sizes(count, split, own_test)
    order = np.arange(count) if ordered else shuffled(count, split.seed)
    if not ordered and labels is not None and split.stratify:
        order = spread_classes(order, labels)
    train, validation, test = np.split(order, [sizes.train, sizes.train + sizes.validation])
    return {"train": train, "validation": validation, "test": test}
