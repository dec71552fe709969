"""Draws samples of rare classes again, so that all are met equally often. An exported script has the same lines."""

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.limits import check_memory
from workbench.engine.data.raw import Indices


def oversampled(labels: NDArray[np.integer], seed: int) -> Indices:
    """Positions among the training samples, whose class numbers (n,) are given: each sample at least once, and those of
    rare classes so often that each class has as many as the commonest one; in random order. A class without samples
    stays without. Raises DataError where they would be too many to hold."""
    counts = np.bincount(labels)
    check_memory(16 * int((counts > 0).sum() * counts.max()), "The training part with rare classes drawn again")
    random = np.random.default_rng([seed, 1])
    chosen = [np.arange(len(labels))]
    for number, count in enumerate(counts):
        if count:
            chosen.append(random.choice(np.flatnonzero(labels == number), counts.max() - count))
    return random.permutation(np.concatenate(chosen))
