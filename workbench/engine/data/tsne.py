"""Places samples on a plane so that near ones stay near: t-distributed stochastic neighbour embedding.

L. van der Maaten, G. Hinton: Visualizing Data using t-SNE, Journal of Machine Learning Research 9 (2008) 2579-2605. All
pairs are reckoned with, in single precision. The step of the descent and the beginning on the principal components are
those of A. Belkina et al., Nature Communications 10 (2019) 5415, and D. Kobak, P. Berens, ibid. 5416.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.raw import Floats, Progress

PERPLEXITY = 30.0
EXAGGERATION, EXAGGERATED, ITERATIONS = 12.0, 200, 600
_SPREAD, _NOISE = 1e-4, 1e-6
_HALVINGS, _CLOSE = 60, 1e-5
_ROWS = 250  # of distances at a time
_PAIRS = 80_000
_LEAST = 1e-12
_EVERY = 10  # steps between two words on how it goes, where it can be cancelled
_NEIGHBOURS = "Looking for the neighbours of each sample"
_PLACING = "Placing the samples"

Floats32 = NDArray[np.float32]


def embed(x: Floats, progress: Progress, seed: int = 0) -> tuple[Floats32, float]:
    """Points (n, 2) for samples (n, d), at least three of them and best along their principal components, the first of
    which begin the search; and the Kullback-Leibler divergence that is left between near in `x` and near on the plane.
    The same seed gives the same points on the same machine. It takes 24 n² bytes."""
    near = affinities(x, min(PERPLEXITY, (len(x) - 1) / 3), progress).astype(np.float32)
    random = np.random.default_rng(seed)
    y = np.zeros((len(x), 2))
    y[:, : x.shape[1]] = x[:, :2] - x[:, :2].mean(axis=0)
    y *= _SPREAD / (y[:, 0].std() or 1.0)
    y += random.normal(size=y.shape) * _NOISE  # what begins in the same place would stay there
    points = _descend(near, y.astype(np.float32), progress)
    return points, divergence(near, points)


def affinities(x: Floats, perplexity: float, progress: Progress) -> Floats:
    """How near the samples (n, d) are to one another: (n, n), symmetric, with the sum 1. A Gaussian around each sample
    is made so wide that it has `perplexity` neighbours."""
    size = len(x)
    joint = np.zeros((size, size))
    squares = np.einsum("ij,ij->i", x, x)
    for start in range(0, size, _ROWS):
        progress(_NEIGHBOURS, start / size)
        rows = np.arange(start, min(start + _ROWS, size))
        distances = np.maximum(squares[rows, None] + squares - 2 * x[rows] @ x.T, 0)
        distances[np.arange(len(rows)), rows] = np.inf
        joint[rows] = _conditional(distances, np.log(perplexity))
    joint += joint.T
    joint /= 2 * size
    return joint


def _conditional(distances: Floats, wanted: float) -> Floats:
    """Each row of squared distances as probabilities of the `wanted` entropy, by halving the interval of the width."""
    distances -= distances.min(axis=1, keepdims=True)
    known = np.where(np.isfinite(distances), distances, 0.0)
    scale = known.mean(axis=1, keepdims=True)
    precision = 1.0 / np.where(scale > 0, scale, 1.0)
    low, high = np.zeros_like(precision), np.full_like(precision, np.inf)
    for _ in range(_HALVINGS):
        near = np.exp(-distances * precision)
        total = near.sum(axis=1, keepdims=True)
        entropy = np.log(total) + precision * (near * known).sum(axis=1, keepdims=True) / total
        if np.abs(entropy - wanted).max() < _CLOSE:
            break
        wide = entropy > wanted
        low, high = np.where(wide, precision, low), np.where(wide, high, precision)
        precision = np.where(np.isinf(high), precision * 2, (low + high) / 2)
    probabilities: Floats = near / total
    return probabilities


def _descend(near: Floats32, y: Floats32, progress: Progress) -> Floats32:
    """Follow the gradient with momentum; at first with what is near drawn together the more, so that groups form."""
    step = max(len(y) / EXAGGERATION / 4, 50.0)
    velocity, gains = np.zeros_like(y), np.ones_like(y)
    for iteration in range(ITERATIONS):
        if iteration % _EVERY == 0:
            progress(_PLACING, iteration / ITERATIONS)
        early = iteration < EXAGGERATED
        slope = gradient(near, y, EXAGGERATION if early else 1.0)
        turned = slope * velocity > 0
        gains = np.maximum(np.where(turned, gains * 0.8, gains + 0.2), 0.01)
        velocity = (0.5 if early else 0.8) * velocity - step * gains * slope
        y = (y + velocity).astype(np.float32)
        y -= y.mean(axis=0)
    return y


def gradient(near: Floats32, y: Floats32, exaggeration: float = 1.0) -> Floats32:
    """The slope (n, 2) of the divergence at the points `y` (n, 2)."""
    sides = np.column_stack([y, np.ones(len(y), y.dtype)])
    drawn, pushed = np.empty_like(sides), np.empty_like(sides)
    total = 0.0
    for rows, kernel in _kernels(y):
        total += float(kernel.sum(dtype=np.float64))
        np.matmul(near[rows] * kernel, sides, out=drawn[rows])
        kernel *= kernel
        np.matmul(kernel, sides, out=pushed[rows])
    slope = exaggeration * (drawn[:, 2:] * y - drawn[:, :2]) - (pushed[:, 2:] * y - pushed[:, :2]) / total
    result: Floats32 = (4 * slope).astype(y.dtype)
    return result


def divergence(near: Floats32, y: Floats32) -> float:
    """The Kullback-Leibler divergence of near on the plane from near among the samples."""
    total = sum(float(kernel.sum(dtype=np.float64)) for _, kernel in _kernels(y))
    found = 0.0
    for rows, kernel in _kernels(y):
        ratio = np.maximum(near[rows], _LEAST) / np.maximum(kernel / total, _LEAST)
        found += float((near[rows] * np.log(ratio)).sum(dtype=np.float64))
    return found


def _kernels(y: Floats32) -> Iterator[tuple[slice, Floats32]]:
    """Student's t, 1 / (1 + squared distance) of each pair and 0 of a point with itself, some rows at a time: so few
    that they stay in the processor's cache, and that no other thread is called to help."""
    height = max(1, _PAIRS // len(y))
    for start in range(0, len(y), height):
        rows = slice(start, min(start + height, len(y)))
        kernel = y[rows, 0, None] - y[:, 0]
        kernel *= kernel
        across = y[rows, 1, None] - y[:, 1]
        across *= across
        kernel += across
        kernel += 1
        np.reciprocal(kernel, out=kernel)
        kernel[np.arange(len(kernel)), np.arange(rows.start, rows.stop)] = 0
        yield rows, kernel
