"""All samples on a plane, near to one another where they are alike."""

import numpy as np

from workbench.domain.catalogue import AnalysisEntry
from workbench.engine.data.analysis import Analysis
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.projection import principal, samples_on_map
from workbench.engine.data.raw import Progress

MOST = 3_000
ENTRY = AnalysisEntry(
    kind="map",
    title="Map",
    summary="Every sample as a point, by the two directions in which the training part spreads most (principal "
    "components). Classes that lie apart are easily told; those that lie on one another need more.",
    forms=("pictures", "table", "points", "arrays", "series", "volumes"),
    order=3,
)


def look(dataset: Dataset, progress: Progress) -> Analysis:
    """Principal components of the inputs as the network gets them, fitted on the training part. `points` (n, 2) with
    `labels` (n,) class numbers or numbers to learn, `parts` (n,) positions in PARTS, and `indices` (n,) in the part;
    the fact `shares` says how much of the variance the two directions hold."""
    progress("Finding the directions of most variance", None)
    along = principal(dataset.x["train"], 2, dataset.info.token_places)
    places, arrays = samples_on_map(dataset, MOST)
    points = np.concatenate([along(dataset.x[part][indices]) for part, indices in places]).astype(np.float32)
    total = sum(len(each) for each in dataset.x.values())
    return Analysis({"points": points, **arrays}, {"shares": along.shares, "total": total})
