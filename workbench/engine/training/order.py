"""The order in which the samples of an epoch are trained."""

import numpy as np
from numpy.typing import NDArray


def epoch_order(seed: int, epoch: int, samples: int, shuffle: bool) -> NDArray[np.int32]:
    """Sample positions in training order, shape (samples,).

    It depends on nothing but seed and epoch, so that a resumed run and the exported script meet the same batches.
    """
    if not shuffle:
        return np.arange(samples, dtype=np.int32)
    return np.random.default_rng([seed, epoch]).permutation(samples).astype(np.int32)
