"""Arrays of the protocol as numpy arrays."""

import numpy as np
import numpy.typing as npt

from workbench.protocol.arrays import Array

DTYPES = frozenset({"uint8", "int8", "int16", "int32", "int64", "float32", "float64", "bool"})


def to_numpy(array: Array) -> npt.NDArray[np.generic]:
    """The array, read-only, without a copy. Raises ValueError when shape and bytes do not agree."""
    if array.dtype not in DTYPES:
        raise ValueError(f"Arrays of the type {array.dtype!r} are not sent.")
    return np.frombuffer(array.data, dtype=array.dtype).reshape(array.shape)
