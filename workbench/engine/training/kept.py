"""Keeps on the disk what was made ready of each piece, so that from the second epoch on nothing is decoded anew.

What `tf.data` calls a cache in a file. The file has no name on systems that allow it, so that it goes with the process,
also with one that is killed.
"""

import logging
import shutil
import tempfile
import threading
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.domain.places import cache_folder
from workbench.engine.data.raw import Indices

MOST_BYTES = 8 << 30
_SHARE_OF_DISK = 4

Pair: TypeAlias = tuple[NDArray[Any], NDArray[Any]]
_log = logging.getLogger(__name__)


class Kept:
    """Pieces of inputs and targets shaped like `x` and `y` without their first axis; `counts` says how many samples
    each piece has. It keeps nothing where the disk is too full. Safe to use from several threads; `close` it."""

    def __init__(self, x: NDArray[Any], y: NDArray[Any], counts: Indices) -> None:
        self._heads = tuple((array.dtype, array.shape[1:]) for array in (x, y))
        sizes = [array.dtype.itemsize * int(np.prod(array.shape[1:])) for array in (x, y)]
        self._starts = np.concatenate([[0], np.cumsum(counts)]) * sum(sizes)
        self._counts = counts
        self._have: set[int] = set()
        self._lock = threading.Lock()
        self._file = self._opened(int(self._starts[-1]))

    def get(self, piece: int, read: Callable[[int], Pair]) -> Pair:
        """The piece: from the disk, or as `read` gives it, which is kept then."""
        found = self._find(piece)
        if found is not None:
            return found
        pair = read(piece)
        self._keep(piece, pair)
        return pair

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file = None

    def _find(self, piece: int) -> Pair | None:
        count = int(self._counts[piece])
        with self._lock:
            if self._file is None or piece not in self._have:
                return None
            self._file.seek(int(self._starts[piece]))
            content = self._file.read(int(self._starts[piece + 1] - self._starts[piece]))
        arrays: list[NDArray[Any]] = []
        place = 0
        for dtype, shape in self._heads:
            size = count * int(np.prod(shape))
            arrays.append(np.frombuffer(content, dtype, size, place).reshape(count, *shape))
            place += size * dtype.itemsize
        return arrays[0], arrays[1]

    def _keep(self, piece: int, pair: Pair) -> None:
        content = b"".join(np.ascontiguousarray(array).tobytes() for array in pair)
        with self._lock:
            if self._file is None:
                return
            try:
                self._file.seek(int(self._starts[piece]))
                self._file.write(content)
                self._file.flush()
            except OSError as error:
                _log.warning("Pieces are not kept any more: %s", error)
                self._file.close()
                self._file = None
                return
            self._have.add(piece)

    @staticmethod
    def _opened(size: int) -> Any:
        try:
            folder = cache_folder()
            free = shutil.disk_usage(folder).free
            if size > min(MOST_BYTES, free // _SHARE_OF_DISK):
                _log.info("Pieces of %d bytes in all are not kept on the disk, which has %d free", size, free)
                return None
            return tempfile.TemporaryFile(dir=folder, prefix="pieces-")
        except OSError as error:
            _log.warning("Pieces cannot be kept on the disk: %s", error)
            return None
