"""What all maps of the samples have in common: which samples are on it, and the directions of most variance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.domain.dataset import PARTS, Part
from workbench.engine.data.analysis import chosen
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray, Floats, Indices

MOST_FITTED = 1_500


@dataclass(frozen=True)
class Directions:
    """The `mean` (d,) of the training part and `directions` (k, d) from there, the one of most variance first; `shares`
    says how much of the variance each holds."""

    mean: Floats
    directions: Floats
    shares: tuple[float, ...]

    def __call__(self, x: AnyArray) -> Floats:
        """Samples (n, …) along the directions: (n, k)."""
        along: Floats = (flat(x) - self.mean) @ self.directions.T
        return along


def principal(train: AnyArray, count: int, without: Sequence[int] = ()) -> Directions:
    """At most so many principal components of the training inputs (n, …), fitted on some of them; those `without`, such
    as numbers of tokens, count for nothing where there are others. Raises DataError on inputs of a single number, which
    need no map."""
    rows = flat(train)
    if rows.shape[1] < 2:
        raise DataError("A single input needs no map. Look at the samples.")
    fitted = rows[np.sort(np.random.default_rng(0).permutation(len(rows))[:MOST_FITTED])].astype(np.float64)
    mean = fitted.mean(axis=0)
    apart = fitted - mean
    if len(without) < rows.shape[1]:
        apart[:, list(without)] = 0
    _, sizes, directions = np.linalg.svd(apart, full_matrices=False)
    variance = sizes**2
    shares = tuple(float(share) for share in (variance / (variance.sum() or 1.0))[:count])
    return Directions(mean, _upright(directions[:count]), shares)


def samples_on_map(dataset: Dataset, most: int) -> tuple[list[tuple[Part, Indices]], dict[str, AnyArray]]:
    """The samples that a map of at most so many has, and the arrays that tell what its points are: `labels` (n,) class
    numbers or numbers to learn, `parts` (n,) positions in PARTS, and `indices` (n,) in the part."""
    places = chosen(dataset, most)
    labels = [_labels(dataset, part, indices) for part, indices in places]
    parts = [np.full(len(indices), PARTS.index(part), np.int32) for part, indices in places]
    return places, {
        "labels": np.concatenate(labels).astype(np.float32),
        "parts": np.concatenate(parts),
        "indices": np.concatenate([indices for _, indices in places]).astype(np.int32),
    }


def _labels(dataset: Dataset, part: Part, indices: Indices) -> AnyArray:
    """What colours the points; all alike where something is learned for each place, or the inputs themselves."""
    if dataset.info.learns_places or dataset.info.task == "reconstruction":
        return np.zeros(len(indices))
    values: AnyArray = dataset.values[part][indices].reshape(len(indices), -1)
    if dataset.info.task == "multilabel":
        first: AnyArray = values.argmax(axis=1)  # the first label that a sample has
        return first
    return values[:, 0]


def flat(x: AnyArray) -> AnyArray:
    """Samples as rows of numbers."""
    return x.reshape(len(x), -1)


def _upright(directions: Floats) -> Floats:
    """The largest part of each direction points up, so that the map is the same on every machine."""
    largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, None], axis=1)
    turned: Floats = directions * np.where(largest < 0, -1.0, 1.0)
    return turned
