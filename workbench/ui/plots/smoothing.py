"""Smoothing of noisy curves: an exponential moving average without the bias of its start.

A constant stays constant, and what is drawn does not change when more values arrive.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
STRONGEST = 0.999
LARGEST_WEIGHT = 1e10  # weights within a block stay below it, so that nothing overflows or loses its digits


class Smoother:
    """Smooths values as they arrive; `strength` 0 leaves them alone, at most 0.999 is taken.

    With w the strength and n values so far: s = (1−w) Σ w^(n−i) x_i / (1−w^n). Values that are not finite give NaN and
    count for nothing. Blocks begin at fixed places, so that the result does not depend on how values were portioned.
    """

    def __init__(self, strength: float) -> None:
        self.strength = min(max(float(strength), 0.0), STRONGEST)
        self._count = 0
        self._carry = 0.0  # Σ w^(−i) x_i of all blocks before, seen from the end of the last of them
        self._sum = 0.0  # the same sum within the block that is being filled
        if self.strength > 0:
            self._block = max(int(-math.log(LARGEST_WEIGHT) / math.log(self.strength)), 1)
            self._powers = self.strength ** np.arange(1, self._block + 1, dtype=np.float64)

    def extend(self, values: ArrayLike) -> Floats:
        """The smoothed values for these, which follow those given before."""
        array = np.asarray(values, dtype=np.float64)
        if self.strength == 0:
            return np.where(np.isfinite(array), array, np.nan)
        finite = np.isfinite(array)
        result = np.full(len(array), np.nan)
        result[finite] = self._smooth(array[finite])
        return result

    def _smooth(self, values: Floats) -> Floats:
        parts: list[Floats] = []
        start = 0
        while start < len(values):
            place = self._count % self._block
            if place == 0 and self._count:
                self._carry = (self._carry + self._sum) * float(self._powers[-1])
                self._sum = 0.0
            piece = values[start : start + self._block - place]
            parts.append(self._within_block(piece, place))
            start += len(piece)
        return np.concatenate(parts) if parts else values

    def _within_block(self, piece: Floats, place: int) -> Floats:
        powers = self._powers[place : place + len(piece)]
        sums = np.cumsum(np.concatenate(([self._sum], piece / powers)))[1:]
        self._sum = float(sums[-1])
        counts = np.arange(self._count + 1, self._count + 1 + len(piece), dtype=np.float64)
        self._count += len(piece)
        weight = -np.expm1(counts * math.log(self.strength))
        smoothed: Floats = (1 - self.strength) * powers * (self._carry + sums) / weight
        return smoothed


def smooth(values: ArrayLike, strength: float) -> Floats:
    """All values smoothed at once; the same numbers as from a `Smoother` that got them in portions."""
    return Smoother(strength).extend(values)
