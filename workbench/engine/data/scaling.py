"""Scaling of inputs, fitted on the training part only. An exported script repeats these few lines."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.raw import AnyArray, Floats

Kind: TypeAlias = Literal["none", "standardize", "min_max", "divide_255", "divide_max"]
_BLOCK = 1 << 22


@dataclass(frozen=True)
class Scaler:
    """`(x − shift) / divisor`, where `shift` is None for kinds that only divide. Both count along the last axis."""

    kind: Kind
    shift: Floats | None
    divisor: Floats | float

    @property
    def usable(self) -> bool:
        """Whether shift and divisor are numbers, which they are not where the data overflow."""
        return bool(np.isfinite(self.divisor).all()) and (self.shift is None or bool(np.isfinite(self.shift).all()))

    def beside(self, width: int) -> "Scaler":
        """The same for inputs (n, columns) with so many more columns behind, which stay as they are."""
        if self.shift is None:
            return self
        return Scaler(self.kind, np.append(self.shift, np.zeros(width)), np.append(self.divisor, np.ones(width)))

    def __call__(self, x: AnyArray) -> NDArray[np.float32]:
        """Scaled values of raw ones, any number of samples."""
        scaled = np.empty(x.shape, np.float32)
        step = max(1, _BLOCK // max(1, int(np.prod(x.shape[1:]))))
        for start in range(0, len(x), step):
            block = x[start : start + step]
            shifted = block if self.shift is None else block - self.shift
            scaled[start : start + step] = shifted if self.kind == "none" else shifted / self.divisor
        return scaled


def fit(kind: Kind, x_train: AnyArray) -> Scaler:
    """The scaler that the training part (n, …) calls for. Mean, deviation, least and largest value are taken for each
    place along the last axis; constant columns are only shifted."""
    axes = tuple(range(x_train.ndim - 1))
    if kind == "standardize":
        mean = x_train.mean(axis=axes, dtype=np.float64)
        std = x_train.std(axis=axes, dtype=np.float64)
        return Scaler(kind, mean, np.where(std > 0, std, 1.0))
    if kind == "min_max":
        low = x_train.min(axis=axes).astype(np.float64)
        span = x_train.max(axis=axes).astype(np.float64) - low
        return Scaler(kind, low, np.where(span > 0, span, 1.0))
    if kind == "divide_255":
        return Scaler(kind, None, 255.0)
    if kind == "divide_max":
        return Scaler(kind, None, float(np.abs(x_train).max()) or 1.0)
    return Scaler("none", None, 1.0)
