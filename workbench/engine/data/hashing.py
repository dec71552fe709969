"""Categories of a table hashed into bins, as keras.layers.Hashing(bins, salt=133, output_mode="one_hot") does."""

from collections.abc import Sequence

import numpy as np

from workbench.domain.dataset import Hashing
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import Column, Floats, Indices
from workbench.engine.data.siphash import siphash_all

MOST_BINS = 10_000
_DIFFERENT = 0.5


def check_hashing(hashing: Hashing | None) -> None:
    """Raises DataError on numbers that cannot be."""
    if hashing is not None and not (2 <= hashing.bins <= MOST_BINS and hashing.above >= 1):
        raise DataError(
            f"Texts cannot be hashed into {hashing.bins:,} bins from {hashing.above:,} texts on. "
            f"Choose from 2 to {MOST_BINS:,} bins, and at least 1 text."
        )


def bins_for(column: Column, hashing: Hashing | None) -> int:
    """Into how many bins the texts of a column are hashed; 0 where they are not."""
    return hashing.bins if hashing is not None and len(column.categories) > hashing.above else 0


def repeats(column: Column) -> bool:
    """Whether the texts of a column come again and again, so that something can be learned of each."""
    known = len(column.missing) - int(column.missing.sum())
    return len(column.categories) <= _DIFFERENT * known


def bins_of(texts: Sequence[str], bins: int) -> Indices:
    """The bin of each text."""
    return (siphash_all(texts) % np.uint64(bins)).astype(np.int64)


def hashed(column: Column, bins: int) -> Floats:
    """The inputs from a column of texts: (rows, bins) of 0 and 1, NaN where missing."""
    places = np.append(bins_of(column.categories, bins), -1)
    numbers = places[column.codes] if column.codes is not None else np.full(len(column.missing), -1)
    inputs: Floats = np.equal(numbers[:, None], np.arange(bins)).astype(np.float64)
    inputs[numbers < 0] = np.nan
    return inputs
