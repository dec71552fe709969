"""Numbers as colours: viridis for maps, grey for pictures."""

from functools import cache
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QImage

Bytes = NDArray[np.uint8]


@cache
def viridis() -> Bytes:
    """256 colours as (256, 4) red, green, blue, alpha."""
    return np.asarray(pg.colormap.get("viridis").getLookupTable(nPts=256, alpha=True), dtype=np.uint8)


def colored(values: NDArray[Any], low: float, high: float) -> Bytes:
    """Values as viridis, (…) → (…, 4). What is not finite is left transparent."""
    span = high - low if high > low else 1.0
    numbers = np.asarray(values, dtype=np.float32)
    finite = np.isfinite(numbers)
    places = np.clip((np.where(finite, numbers, low) - low) * (255.0 / span), 0, 255).astype(np.uint8)
    colors = viridis()[places]
    if not finite.all():
        colors[~finite] = 0
    return colors


def as_pixels(pictures: NDArray[Any]) -> Bytes:
    """Pictures (n, h, w), (n, h, w, 1), (n, h, w, 3) or (n, h, w, 4) as (n, h, w, 4); of other channels the first.

    Bytes are taken as they are. Other numbers are stretched from their smallest to their largest, each picture by
    itself, unless all lie between 0 and 1.
    """
    array = np.asarray(pictures)
    if array.dtype != np.uint8:
        array = _stretched(array.astype(np.float32))
    if array.ndim == 3:
        array = array[..., np.newaxis]
    if array.shape[-1] not in (1, 3, 4):
        array = array[..., :1]
    channels = array.shape[-1]
    result = np.full((*array.shape[:-1], 4), 255, dtype=np.uint8)
    result[..., : max(3, channels)] = array
    return result


def image_of(pixels: Bytes) -> QImage:
    """A picture of (h, w, 4) bytes with data of its own."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def _stretched(array: NDArray[np.float32]) -> Bytes:
    array = np.nan_to_num(array)
    if array.size and (array.min() < 0 or array.max() > 1):
        axes = tuple(range(1, array.ndim))
        low = array.min(axis=axes, keepdims=True)
        span = array.max(axis=axes, keepdims=True) - low
        array = (array - low) / np.where(span > 0, span, 1)
    return (array * 255).round().astype(np.uint8)
