"""Samples on which an exported file is held against the model it was made of: real ones, where the data fit it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import PARTS, Part
from workbench.engine.fitting import fits
from workbench.engine.probes.base import Subject

MOST_SAMPLES = 100
FREE_AXIS = 16
"""What a made-up sample has where the network takes any size."""

Arrays: TypeAlias = list[NDArray[Any]]
Answers: TypeAlias = Callable[[Arrays], Any]


@dataclass(frozen=True)
class Compared:
    """How far the answers of a file lie from those of the model at most, and on how many samples that was seen."""

    difference: float
    samples: int
    made_up: bool = False

    @property
    def sentence(self) -> str:
        """What was found, for a person."""
        samples = f"{self.samples:,} samples" if self.samples != 1 else "1 sample"
        if self.made_up:
            samples = f"{self.samples:,} random samples, as the run has no data that fit its network"
        if not self.difference:
            return f"on {samples}, its answers are those of the model to the bit."
        return f"on {samples}, its answers differ from those of the model by {self.difference:.1g} at most."


def compared(subject: Subject, answers: Answers) -> Compared:
    """Hold a file against the model on samples of the test part, or where there is none of another. `answers` takes
    the arrays of the inputs (n, …) in their order, and gives those of the outputs."""
    import keras

    fed = samples_for(subject)
    expected = keras.tree.flatten(subject.model(fed if len(fed) > 1 else fed[0], training=False))
    apart = (_apart(np.asarray(got), np.asarray(right)) for got, right in zip(answers(fed), expected, strict=True))
    return Compared(max(apart), len(fed[0]), not fits(subject))


def samples_for(subject: Subject, part: Part | None = None) -> Arrays:
    """What the network is fed, an array (n, …) an input, n at most `MOST_SAMPLES`: of a part of the data, of the last
    that they have where none is said, and made up where the data do not fit the network."""
    if not fits(subject):
        return _made_up(subject)
    chosen = part if part is not None else next(each for each in reversed(PARTS) if len(subject.dataset.x[each]))
    taken = subject.fed(subject.dataset.x[chosen][:MOST_SAMPLES])
    arrays = taken if len(subject.model.inputs) > 1 else [taken]
    return [np.asarray(each, entry.dtype) for each, entry in zip(arrays, subject.model.inputs, strict=True)]


def _made_up(subject: Subject) -> Arrays:
    """Numbers from 0 to 1, which are good for pictures, for scaled columns and as numbers of words."""
    draw = np.random.default_rng(0)
    shapes = [(MOST_SAMPLES, *(size or FREE_AXIS for size in entry.shape[1:])) for entry in subject.model.inputs]
    entries = zip(shapes, (np.dtype(entry.dtype) for entry in subject.model.inputs), strict=True)
    return [
        draw.random(shape, np.float32).astype(kind) if kind.kind == "f" else draw.integers(0, 2, shape).astype(kind)
        for shape, kind in entries
    ]


def _apart(got: NDArray[Any], right: NDArray[Any]) -> float:
    """The largest difference; what is not a number in both is the same."""
    told, expected = got.astype(np.float64), right.astype(np.float64)
    with np.errstate(invalid="ignore"):
        differences = np.abs(told - expected)
    same = (told == expected) | (np.isnan(told) & np.isnan(expected))
    return float(np.where(same, 0.0, differences).max(initial=0.0))
