"""Chooses how inputs are scaled where the project leaves it open."""

import numpy as np

from workbench.domain.dataset import Form, Scaling
from workbench.engine.data.raw import AnyArray
from workbench.engine.data.scaling import Kind

_BYTE = 255
_DARK = 64


def choose_scaling(wish: Scaling, form: Form, x_train: AnyArray, full_scale: float | None) -> Kind:
    """The kind of scaling: as wished; else pictures are divided by their largest possible value, whole numbers from
    0 on in plain arrays are kept (they may be numbers of words), as are texts, and all else is standardized."""
    if x_train.ndim == 2 and not x_train.shape[1]:
        return "none"  # there are only words, which nothing scales
    if wish != "auto":
        return wish
    if form == "text":
        return "none"
    if form in ("pictures", "volumes"):
        return _for_pictures(x_train, full_scale)
    if form == "arrays" and x_train.dtype.kind in "biu" and x_train.min() >= 0:
        return "none"
    return "standardize"


def _for_pictures(x_train: AnyArray, full_scale: float | None) -> Kind:
    if full_scale is not None:
        return "divide_255" if full_scale == _BYTE else "divide_max"
    low, high = float(x_train.min()), float(x_train.max())
    if low >= -1 and high <= 1:
        return "none"
    if low < 0:
        return "standardize"
    return "divide_255" if _DARK < high <= _BYTE else "divide_max"


def keeps_whole_numbers(x: AnyArray) -> bool:
    """Whether all values are whole numbers from 0 on, as an Embedding needs them."""
    if x.dtype.kind in "bu":
        return True
    if not x.size or x.dtype.kind == "i":
        return bool(x.size) and bool(x.min() >= 0)
    first = x[:1]
    if not np.array_equal(first, np.floor(first)):
        return False
    return bool(x.min() >= 0) and bool(np.array_equal(x, np.floor(x)))
