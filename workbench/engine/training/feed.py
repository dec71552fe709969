"""Where a training or an evaluation takes the samples of a part from."""

import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import Part
from workbench.engine.data.dataset import Dataset
from workbench.engine.training.plans import Data, Feed
from workbench.engine.training.streaming import Streamed


def feed(dataset: Dataset, part: Part, batch: int, positions: NDArray[np.int32] | None = None) -> Feed | None:
    """The samples of a part: held as tensors, or read piece by piece; None where the part is empty. `positions` say
    which of those that are held an epoch has, None each once."""
    if not len(dataset.x[part]):
        return None
    if dataset.source.stream is not None:
        return Streamed(dataset, part, batch)
    info = dataset.info
    return Data.of(dataset.x[part], dataset.y[part], positions, info.inputs, info.heads)
