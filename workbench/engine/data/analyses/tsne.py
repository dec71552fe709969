"""All samples on a plane, so placed that near ones stay near."""

import numpy as np

from workbench.domain.catalogue import AnalysisEntry
from workbench.engine.data.analysis import Analysis
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.projection import principal, samples_on_map
from workbench.engine.data.raw import Progress
from workbench.engine.data.tsne import embed

MOST = 1_500
COMPONENTS = 50
ENTRY = AnalysisEntry(
    kind="tsne",
    title="t-SNE",
    summary="Every sample as a point, so placed that those which are alike lie side by side (t-SNE). Look at which "
    "classes form groups of their own; how large the groups are and how far apart says nothing.",
    forms=("pictures", "table", "points", "arrays", "series", "volumes"),
    order=3,
    slow=True,
)


def look(dataset: Dataset, progress: Progress) -> Analysis:
    """The same arrays as those of the map of principal components, of which at most 50 are looked at, fitted on the
    training part; the fact `divergence` says how much was lost."""
    progress("Finding the directions of most variance", None)
    along = principal(dataset.x["train"], COMPONENTS, dataset.info.token_places)
    places, arrays = samples_on_map(dataset, MOST)
    samples = np.concatenate([along(dataset.x[part][indices]) for part, indices in places])
    points, lost = embed(samples, progress)
    total = sum(len(each) for each in dataset.x.values())
    return Analysis({"points": points, **arrays}, {"divergence": lost, "total": total})
