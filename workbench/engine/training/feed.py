"""Where a training or an evaluation takes the samples of a part from."""

from workbench.domain.dataset import Part
from workbench.engine.data.dataset import Dataset
from workbench.engine.training.plans import Data, Feed
from workbench.engine.training.streaming import Streamed


def feed(dataset: Dataset, part: Part, batch: int) -> Feed | None:
    """The samples of a part: held as tensors, or read piece by piece; None where the part is empty."""
    if not len(dataset.x[part]):
        return None
    if dataset.source.stream is not None:
        return Streamed(dataset, part, batch)
    return Data.of(dataset.x[part], dataset.y[part])
