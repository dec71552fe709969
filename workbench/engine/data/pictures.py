"""Reads picture files without trusting them: only known formats, and none with more dots than can be held."""

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import MAX_DOTS

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm")
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
_GREY_MODES = ("1", "L", "LA", "La")
DAMAGE = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    SyntaxError,
    EOFError,
    OverflowError,
    ZeroDivisionError,
    MemoryError,
    RuntimeError,
    struct.error,
    UnidentifiedImageError,
    Image.DecompressionBombError,
)


class BrokenPictureError(Exception):
    """A picture file cannot be used; the message is why, as the end of a sentence."""


@dataclass(frozen=True)
class PictureHead:
    """What a picture's header says; sizes as height and width, `deep` that its dots have 16 bits, `turned` that it is
    to be shown turned or mirrored."""

    size: tuple[int, int]
    grey: bool
    deep: bool
    turned: bool


def read_head(path: Path) -> PictureHead:
    """Size and colours of a picture. Raises BrokenPictureError."""
    with _opened(path) as (_, head):
        return head


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Image.Image, PictureHead]]:
    """A picture that is not decoded yet, unless its format demands that to tell how it is turned."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd metadata make PIL warn, and are of no use here
        try:
            with Image.open(path, formats=FORMATS) as image:
                head = _head(image)
                yield image, head
        except DAMAGE as error:
            raise BrokenPictureError("it is damaged, or no picture") from error


def _head(image: Image.Image) -> PictureHead:
    width, height = image.size
    if width * height > MAX_DOTS:
        raise BrokenPictureError(f"its {width}×{height} dots are too many")
    if width == 0 or height == 0:
        raise BrokenPictureError("it is empty")
    if image.mode in ("I", "F"):
        raise BrokenPictureError("its dots are 32-bit numbers, which are not read")
    turn = image.getexif().get(0x0112, 1)
    deep = image.mode.startswith("I;16")
    size = (width, height) if turn in (5, 6, 7, 8) else (height, width)
    return PictureHead(size, deep or image.mode in _GREY_MODES, deep, turn != 1)


def read_picture(path: Path, size: tuple[int, int], channels: int) -> NDArray[np.uint8]:
    """A picture as (height, width, channels) of 0 to 255: turned as its file says, grey or RGB, resized to `size`
    (height, width). Raises BrokenPictureError."""
    with _opened(path) as (opened, head):
        image = ImageOps.exif_transpose(opened) if head.turned else opened
        if head.deep:
            image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
        image = image.convert("RGB" if channels == 3 else "L")
        if image.size != (size[1], size[0]):
            image = image.resize((size[1], size[0]), Image.Resampling.BILINEAR)
        return np.asarray(image).reshape(*size, channels)


def read_one(path: Path, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """A picture file as one raw sample of the shape (height, width, 1 or 3). Raises DataError."""
    if len(shape) != 3 or shape[2] not in (1, 3):
        raise DataError(f"{path.name} is a picture, but the network does not take pictures. Choose another file.")
    try:
        return read_picture(path, (shape[0], shape[1]), shape[2])
    except BrokenPictureError as error:
        raise DataError(f"{path.name} cannot be used: {error}. Choose another picture.") from error
