"""All samples on a plane, near to one another where they are alike."""

import numpy as np

from workbench.domain.catalogue import AnalysisEntry
from workbench.domain.dataset import PARTS, Part
from workbench.engine.data.analysis import Analysis, chosen
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray, Floats, Indices, Progress

MOST = 3_000
MOST_FITTED = 1_500
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
    train = _flat(dataset.x["train"])
    if train.shape[1] < 2:
        raise DataError("A single input needs no map. Look at the samples.")
    progress("Finding the directions of most variance", None)
    fitted = train[np.sort(np.random.default_rng(0).permutation(len(train))[:MOST_FITTED])].astype(np.float64)
    mean = fitted.mean(axis=0)
    _, sizes, directions = np.linalg.svd(fitted - mean, full_matrices=False)
    two = _upright(directions[:2])
    places = chosen(dataset, MOST)
    points = [(_flat(dataset.x[part])[indices] - mean) @ two.T for part, indices in places]
    labels = [_labels(dataset, part, indices) for part, indices in places]
    parts = [np.full(len(indices), PARTS.index(part), np.int32) for part, indices in places]
    variance = sizes**2
    shares = tuple(float(share) for share in (variance / (variance.sum() or 1.0))[:2])
    arrays = {
        "points": np.concatenate(points).astype(np.float32),
        "labels": np.concatenate(labels).astype(np.float32),
        "parts": np.concatenate(parts),
        "indices": np.concatenate([indices for _, indices in places]).astype(np.int32),
    }
    return Analysis(arrays, {"shares": shares, "total": sum(len(dataset.x[part]) for part in PARTS)})


def _labels(dataset: Dataset, part: Part, indices: Indices) -> AnyArray:
    """What colours the points; all alike where something is learned for each place, or the inputs themselves."""
    if dataset.info.learns_places or dataset.info.task == "reconstruction":
        return np.zeros(len(indices))
    values: AnyArray = dataset.values[part][indices].reshape(len(indices), -1)
    if dataset.info.task == "multilabel":
        first: AnyArray = values.argmax(axis=1)  # the first label that a sample has
        return first
    return values[:, 0]


def _upright(directions: Floats) -> Floats:
    """The largest part of each direction points up, so that the map is the same on every machine."""
    largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, None], axis=1)
    turned: Floats = directions * np.where(largest < 0, -1.0, 1.0)
    return turned


def _flat(x: AnyArray) -> AnyArray:
    return x.reshape(len(x), -1)
