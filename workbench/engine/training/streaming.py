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

    def __init__(self, dataset: Dataset, part: Part, batch: int, window_bytes: int = WINDOW_BYTES) -> None:
        stream = dataset.source.stream
        assert stream is not None
        self._dataset = dataset
        self._pieces = dataset.pieces[part]
        self._counts = stream.counts
        self._window_bytes = window_bytes
        self.samples = int(stream.counts[self._pieces].sum())
        self.x = tf.constant(dataset.x[part][:_FEW])
        self.y = tf.constant(dataset.y[part][:_FEW])
        self._sample_bytes = dataset.x[part][:1].nbytes + dataset.y[part][:1].nbytes
        batches = min(max(1, window_bytes // self._sample_bytes // batch), -(-self.samples // batch))
        self._length = batches * batch
        self.inputs = dataset.info.inputs
        self._order = tf.range(self._length)
        self._readers = ThreadPoolExecutor(min(_MOST_READERS, os.cpu_count() or 1), thread_name_prefix="reading")
        self._kept = Kept(dataset.x[part], dataset.y[part], stream.counts)
        self._waiting: dict[int, list[Future[Pair]]] = {}
        self._ready: dict[int, Pair] = {}
        self.begin(0, 0, shuffle=False)

    def begin(self, seed: int, epoch: int, shuffle: bool) -> None:
        """From now on the samples come in the order of this epoch."""
        self._forget()
        self._slab: tuple[int, Any, Any] | None = None
        self._seed, self._epoch, self._shuffle = seed, epoch, shuffle
        order = np.random.default_rng([seed, epoch]).permutation(self._pieces) if shuffle else np.sort(self._pieces)
        self._windows = self._cut(order)
        sizes = [int(self._counts[window].sum()) for window in self._windows]
        self._starts = np.concatenate([[0], np.cumsum(sizes)])

    def reach(self, first: int) -> int:
        """To the end of the slab that the sample lies in, or of the epoch."""
        return min(self._length - first % self._length, self.samples - first)

    def chunk(self, first: int, count: int) -> tuple[Any, Any, Any, int]:
        """The slab that the samples lie in, and where in it they begin. A slab is always as long, whole batches and
        about a window, so that it is handed to TensorFlow, and to its device, once."""
        if not count:
            shapes = ((self._length, *tensor.shape[1:]) for tensor in (self.x, self.y))
            x, y = (tf.zeros(shape, tensor.dtype) for shape, tensor in zip(shapes, (self.x, self.y), strict=True))
            return x, y, self._order, 0
        number = first // self._length
        if self._slab is None or self._slab[0] != number:
            self._slab = None  # let go of it before the next one is made
            x, y = self._taken(number * self._length, min((number + 1) * self._length, self.samples))
            self._slab = number, tf.constant(x), tf.constant(y)
        return self._slab[1], self._slab[2], self._order, first % self._length

    def _taken(self, first: int, last: int) -> Pair:
        """Samples of the epoch, in as many places as a slab has."""
        place = int(np.searchsorted(self._starts, first, side="right")) - 1
        x, y = (np.zeros((self._length, *each.shape[1:]), each.dtype.as_numpy_dtype) for each in (self.x, self.y))
        done = 0
        while first < last:
            inputs, targets = self._window(place)
            start = first - int(self._starts[place])
            end = min(last - int(self._starts[place]), len(inputs))
            x[done : done + end - start] = inputs[start:end]
            y[done : done + end - start] = targets[start:end]
            done += end - start
            first += end - start
            place += 1
        return x, y

    def close(self) -> None:
        """End the readers."""
        self._forget()
        self._readers.shutdown(cancel_futures=True)
        self._kept.close()

    def _cut(self, order: NDArray[Any]) -> list[NDArray[Any]]:
        """The pieces of each window."""
        sizes = self._counts[order] * self._sample_bytes
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
