"""Feeds a training with data that are read piece by piece, ahead of it and never more than two windows of them.

A window is some pieces of the epoch, their samples in random order among one another (the order of the pieces is
random over the whole epoch): what `tf.data` calls a shuffle buffer. All of it depends on seed and epoch alone, so
that a run that goes on meets the same batches. What was made ready in the first epoch is kept on the disk.
"""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from workbench.domain.dataset import Part
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.piece import read_piece
from workbench.engine.training.kept import Kept, Pair

WINDOW_BYTES = 32 << 20
_FEW = 256
_MOST_READERS = 4


class Streamed:
    """One part of streamed data, in the form of `Data`: `x` and `y` are some samples to build a network on, `samples`
    how many an epoch has. `close` it, so that its readers end."""

    compiles: bool = False

    def __init__(self, dataset: Dataset, part: Part, window_bytes: int = WINDOW_BYTES) -> None:
        stream = dataset.source.stream
        assert stream is not None
        self._dataset = dataset
        self._pieces = dataset.pieces[part]
        self._counts = stream.counts
        self._window_bytes = window_bytes
        self.samples = int(stream.counts[self._pieces].sum())
        self.x = tf.constant(dataset.x[part][:_FEW])
        self.y = tf.constant(dataset.y[part][:_FEW])
        self.signature: tuple[Any, Any] | None = (_spec(self.x), _spec(self.y))
        self._readers = ThreadPoolExecutor(min(_MOST_READERS, os.cpu_count() or 1), thread_name_prefix="reading")
        self._kept = Kept(dataset.x[part], dataset.y[part], stream.counts)
        self._waiting: dict[int, list[Future[Pair]]] = {}
        self._ready: dict[int, Pair] = {}
        self.begin(0, 0, shuffle=False)

    def begin(self, seed: int, epoch: int, shuffle: bool) -> None:
        """From now on the samples come in the order of this epoch."""
        self._forget()
        self._seed, self._epoch, self._shuffle = seed, epoch, shuffle
        order = np.random.default_rng([seed, epoch]).permutation(self._pieces) if shuffle else np.sort(self._pieces)
        self._windows = self._cut(order)
        sizes = [int(self._counts[window].sum()) for window in self._windows]
        self._starts = np.concatenate([[0], np.cumsum(sizes)])

    def chunk(self, first: int, count: int) -> tuple[Any, Any, Any, Any]:
        """Inputs and targets of `count` samples of the epoch from `first` on, their order, and where it begins."""
        if not count:
            return self.x, self.y, tf.range(len(self.x)), 0
        last = min(first + count, self.samples)
        place = int(np.searchsorted(self._starts, first, side="right")) - 1
        parts: list[Pair] = []
        while first < last:
            x, y = self._window(place)
            start = first - int(self._starts[place])
            end = min(last - int(self._starts[place]), len(x))
            parts.append((x[start:end], y[start:end]))
            first += end - start
            place += 1
        x, y = parts[0] if len(parts) == 1 else (np.concatenate(each) for each in zip(*parts, strict=True))
        return tf.constant(x), tf.constant(y), tf.range(len(x)), 0

    def close(self) -> None:
        """End the readers."""
        self._forget()
        self._readers.shutdown(cancel_futures=True)
        self._kept.close()

    def _cut(self, order: NDArray[Any]) -> list[NDArray[Any]]:
        """The pieces of each window."""
        sample = self.x[0].numpy().nbytes + self.y[0].numpy().nbytes
        sizes = self._counts[order] * sample
        windows, begin, held = [], 0, 0
        for end, size in enumerate(sizes.tolist()):
            if held and held + size > self._window_bytes:
                windows.append(order[begin:end])
                begin, held = end, 0
            held += size
        return [*windows, order[begin:]]

    def _window(self, place: int) -> Pair:
        """The samples of a window in their order; it and the next one are had ready, all others let go of."""
        for number in [number for number in (*self._ready, *self._waiting) if number not in (place, place + 1)]:
            self._let_go(number)
        for number in (place, place + 1):
            if number < len(self._windows) and number not in self._ready and number not in self._waiting:
                pieces = self._windows[number].tolist()
                self._waiting[number] = [self._readers.submit(self._read, piece) for piece in pieces]
        if place not in self._ready:
            read = [future.result() for future in self._waiting.pop(place)]
            x, y = (np.concatenate(each) for each in zip(*read, strict=True))
            if self._shuffle:
                order = np.random.default_rng([self._seed, self._epoch, place]).permutation(len(x))
                x, y = x[order], y[order]
            self._ready[place] = (x, y)
        return self._ready[place]

    def _read(self, piece: int) -> Pair:
        return self._kept.get(piece, lambda wanted: read_piece(self._dataset, wanted))

    def _let_go(self, number: int) -> None:
        self._ready.pop(number, None)
        for future in self._waiting.pop(number, ()):
            future.cancel()

    def _forget(self) -> None:
        for number in [*self._ready, *self._waiting]:
            self._let_go(number)


def _spec(tensor: Any) -> Any:
    return tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype)
