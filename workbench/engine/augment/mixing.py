"""MixUp and CutMix: each picture of a batch mixed with another one, and their one-hot labels in the same proportion.

They take the parameters of Keras' layers, but are ours for two reasons. Keras makes its Beta distribution of two Gammas
that both vanish where the parameter is small, and then blends by one half what should stay nearly whole; CutMix draws
such parameters by default. And its CutMix weighs labels by a box with broken sides, not by the dots that were pasted.

What is drawn comes from numpy, so that an exported script, which has the same lines, draws the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from workbench.domain.values import ObjectSpec
from workbench.engine.errors import EngineError

Draw: TypeAlias = tuple[NDArray[Any], ...]
"""For each sample of a batch its partner's place in the batch and its own weight, and of CutMix the box."""
_SMALLEST = 1e-6


class Mix(Protocol):
    """A way of mixing."""

    def draw(self, random: np.random.Generator, size: int, shape: Sequence[int]) -> Draw:
        """What is drawn for a batch of `size` pictures (height, width, channels): arrays with the samples first."""
        ...

    def __call__(self, x: Any, y: Any, draw: Sequence[Any]) -> tuple[Any, Any]:
        """Mixed pictures (n, height, width, channels) and labels (n, classes), or such for each dot (n, height, width,
        classes), all float32 tensors."""
        ...


@dataclass(frozen=True)
class MixUp:
    """Blends two pictures. Zhang et al., "mixup: Beyond Empirical Risk Minimization" (2018)."""

    alpha: float

    def draw(self, random: np.random.Generator, size: int, shape: Sequence[int]) -> Draw:
        """(partner (n,) int32, weight (n,) float32)."""
        partner = random.permutation(size)
        weight = random.beta(self.alpha, self.alpha, size)
        return partner.astype(np.int32), weight.astype(np.float32)

    def __call__(self, x: Any, y: Any, draw: Sequence[Any]) -> tuple[Any, Any]:
        partner, weight = draw
        return _blended(x, tf.gather(x, partner), weight), _blended(y, tf.gather(y, partner), weight)


@dataclass(frozen=True)
class CutMix:
    """Pastes a piece of another picture. Yun et al., "CutMix: Regularization Strategy to Train Strong Classifiers with
    Localizable Features" (2019). The parameter of the Beta distribution lies between `low` and `high`."""

    low: float
    high: float

    def draw(self, random: np.random.Generator, size: int, shape: Sequence[int]) -> Draw:
        """(partner (n,) int32, weight (n,) float32, box (n, 4) int32 of top, bottom, left and right)."""
        height, width = shape[0], shape[1]
        partner = random.permutation(size)
        alpha = random.uniform(self.low, self.high) + _SMALLEST
        side = np.sqrt(1 - random.beta(alpha, alpha, size))
        tall, wide = np.rint(side * height).astype(int), np.rint(side * width).astype(int)
        top, left = random.integers(height - tall + 1), random.integers(width - wide + 1)
        weight = (1 - tall * wide / (height * width)).astype(np.float32)
        box = np.column_stack([top, top + tall, left, left + wide])
        return partner.astype(np.int32), weight, box.astype(np.int32)

    def __call__(self, x: Any, y: Any, draw: Sequence[Any]) -> tuple[Any, Any]:
        partner, weight, box = draw
        top, bottom, left, right = (box[:, side, tf.newaxis, tf.newaxis] for side in range(4))
        rows, columns = tf.range(tf.shape(x)[1])[:, tf.newaxis], tf.range(tf.shape(x)[2])
        inside = (rows >= top) & (rows < bottom) & (columns >= left) & (columns < right)
        pasted = tf.where(inside[..., tf.newaxis], tf.gather(x, partner), x)
        if len(y.shape) > 2:  # each dot keeps its own label
            return pasted, tf.where(inside[..., tf.newaxis], tf.gather(y, partner), y)
        return pasted, _blended(y, tf.gather(y, partner), weight)


def _blended(first: Any, second: Any, weight: Any) -> Any:
    share = tf.reshape(weight, [-1] + [1] * (len(first.shape) - 1))
    return share * first + (1.0 - share) * second


def mix_of(spec: ObjectSpec) -> Mix:
    """The way of mixing that a project describes. Raises EngineError on parameters that cannot be."""
    if spec.class_name == "MixUp":
        alpha = spec.params.get("alpha", 0.2)
        if not _is_number(alpha) or not 0 < float(alpha) <= 100:  # type: ignore[arg-type]
            raise EngineError("alpha of MixUp must be a number above 0. Correct it in the augmentation.")
        return MixUp(float(alpha))  # type: ignore[arg-type]
    factor = spec.params.get("factor", 1.0)
    bounds = factor if isinstance(factor, tuple) else (0.0, factor)
    if len(bounds) != 2 or not all(_is_number(bound) and 0 <= float(bound) <= 1 for bound in bounds):  # type: ignore[arg-type]
        raise EngineError("factor of CutMix must lie between 0 and 1. Correct it in the augmentation.")
    low, high = sorted(float(bound) for bound in bounds)  # type: ignore[arg-type]
    return CutMix(low, high)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
