"""Number arrays as they travel: raw bytes in row-major order."""

import msgspec


class Array(msgspec.Struct, frozen=True):
    """`dtype` is numpy's name in native byte order ("float32", "uint8"); `data` has product(shape) × itemsize bytes."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes


class Sample(msgspec.Struct, frozen=True, omit_defaults=True):
    """One input for a network: a sample of the data set, a file, an array of raw values (before scaling) of the input's
    shape, as from the drawing pad, or a text. The first that is given of `array`, `text`, `path`, `index` counts."""

    part: str = "test"
    index: int = 0
    path: str | None = None
    array: Array | None = None
    text: str | None = None

    @property
    def is_own(self) -> bool:
        """Whether it is none of the data set's."""
        return self.array is not None or self.text is not None or self.path is not None
