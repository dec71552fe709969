"""Feeds a training with data that are read piece by piece, ahead of it and never more than two windows of them.

A window is some pieces of the epoch, their samples in random order among one another (the order of the pieces is
random over the whole epoch): what `tf.data` calls a shuffle buffer. All of it depends on seed and epoch alone, so
that a run that goes on meets the same batches. What was made ready in the first epoch is kept on the disk.

A training gets slabs, always as long, whole batches and about a window. While it works on one, a thread makes the next
one ready, also that of the epoch to come.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from workbench.domain.dataset import Part
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.piece import read_piece
from workbench.engine.data.raw import Indices
from workbench.engine.entries import Entries
from workbench.engine.training.kept import Kept, Pair

WINDOW_BYTES = 32 << 20
_FEW = 256
_MOST_READERS = 4

Key: TypeAlias = tuple[int, int] | None


@dataclass(frozen=True)
class _Order:
    """In which order an epoch has its samples: the pieces of each window, and the numbers of their first samples."""

    seed: int
    epoch: int
    shuffle: bool
    windows: tuple[Indices, ...]
    starts: Indices

    @property
    def key(self) -> Key:
        """The same for the same order."""
        return (self.seed, self.epoch) if self.shuffle else None

    def within(self, window: int, count: int) -> Indices | None:
        """The order of the samples of a window among one another; None where they stay as they are."""
        if not self.shuffle:
            return None
        return np.random.default_rng([self.seed, self.epoch, window]).permutation(count)


@dataclass(frozen=True)
class _Window:
    """The samples of some pieces, and the order to take them in."""

    x: NDArray[Any]
    y: NDArray[Any]
    order: Indices | None

    def put(self, first: int, last: int, x: NDArray[Any], y: NDArray[Any]) -> None:
        """Put those from `first` up to but without `last` into arrays of as many."""
        for source, target in ((self.x, x), (self.y, y)):
            if self.order is None:
                target[...] = source[first:last]
            else:
                np.take(source, self.order[first:last], axis=0, out=target, mode="clip")  # "raise" would copy


class _Windows:
    """The windows of the epochs: the one in use and the one behind it are had ready. Used by one thread at a time but
    for `give_up`, which is called by another."""

    def __init__(self, dataset: Dataset, part: Part, counts: Indices) -> None:
        self._dataset = dataset
        self._readers = ThreadPoolExecutor(min(_MOST_READERS, os.cpu_count() or 1), thread_name_prefix="reading")
        self._kept = Kept(dataset.x[part], dataset.y[part], counts)
        self._key: Key = (-1, -1)
        self.waiting: dict[int, list[Future[Pair]]] = {}
        self.ready: dict[int, _Window] = {}
        self._given_up = threading.Event()

    def get(self, order: _Order, place: int) -> _Window:
        """A window of an epoch. Raises DataError, and CancelledError when it was given up."""
        if order.key != self._key:
            self.forget()
            self._key = order.key
        for number in [number for number in (*self.ready, *self.waiting) if number not in (place, place + 1)]:
            self._let_go(number)
        for number in (place, place + 1):
            if number < len(order.windows) and number not in self.ready and number not in self.waiting:
                pieces = order.windows[number].tolist()
                self.waiting[number] = [self._readers.submit(self._read, piece) for piece in pieces]
        if self._given_up.is_set():
            raise CancelledError
        if place not in self.ready:
            read = [future.result() for future in self.waiting[place]]
            del self.waiting[place]
            x, y = (np.concatenate(each) for each in zip(*read, strict=True))
            self.ready[place] = _Window(x, y, order.within(place, len(x)))
        return self.ready[place]

    def give_up(self) -> None:
        """Let who waits for a window wait no longer, until `forget` is called."""
        self._given_up.set()
        for futures in list(self.waiting.values()):
            for future in futures:
                future.cancel()

    def forget(self) -> None:
        """Let go of all windows."""
        self._given_up.clear()
        for number in [*self.ready, *self.waiting]:
            self._let_go(number)

    def close(self) -> None:
        """End the readers."""
        self.forget()
        self._readers.shutdown(cancel_futures=True)
        self._kept.close()

    def _read(self, piece: int) -> Pair:
        return self._kept.get(piece, lambda wanted: read_piece(self._dataset, wanted))

    def _let_go(self, number: int) -> None:
        self.ready.pop(number, None)
        for future in self.waiting.pop(number, ()):
            future.cancel()


class Streamed:
    """One part of streamed data, in the form of `Data`: `x` and `y` are some samples to build a network on, `samples`
    how many an epoch has. `close` it, so that its threads end."""

    def __init__(self, dataset: Dataset, part: Part, batch: int, window_bytes: int = WINDOW_BYTES) -> None:
        stream = dataset.source.stream
        assert stream is not None
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
        self.heads = dataset.info.heads
        self._places = tf.range(self._length)
        self._windows = _Windows(dataset, part, stream.counts)
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="slabs")
        self._coming: tuple[Key, int, Future[Pair]] | None = None
        self._slab: tuple[int, Any, Any] | None = None
        self._order = self._ordered(0, 0, shuffle=False)
        self._begun = False

    def entries(self, model: Any) -> Callable[[Any], Any]:
        """Hands each input of a network its part of the samples."""
        return Entries(model, self.inputs)

    def begin(self, seed: int, epoch: int, shuffle: bool) -> None:
        """From now on the samples come in the order of this epoch."""
        self._begun = True
        order = self._ordered(seed, epoch, shuffle)
        if order.key != self._order.key:
            self._slab = None
        self._order = order

    def reach(self, first: int) -> int:
        """To the end of the slab that the sample lies in, or of the epoch."""
        return min(self._length - first % self._length, self.samples - first)

    def chunk(self, first: int, count: int) -> tuple[Any, Any, Any, int]:
        """The slab that the samples lie in, and where in it they begin. A slab is always as long, so that it is handed
        to TensorFlow, and to its device, once."""
        if not count:
            shapes = ((self._length, *tensor.shape[1:]) for tensor in (self.x, self.y))
            x, y = (tf.zeros(shape, tensor.dtype) for shape, tensor in zip(shapes, (self.x, self.y), strict=True))
            return x, y, self._places, 0
        number = first // self._length
        if self._slab is None or self._slab[0] != number:
            self._slab = None  # let go of it before the next one is handed over
            x, y = self._made(number)
            self._slab = number, tf.constant(x), tf.constant(y)
            del x, y
            if self._begun or number:  # nothing runs beside the first samples, by which a plan is timed
                self._make_next(number)
        return self._slab[1], self._slab[2], self._places, first % self._length

    def close(self) -> None:
        """End the threads."""
        self._give_up()
        self._maker.shutdown(cancel_futures=True)
        self._windows.close()

    def _made(self, number: int) -> Pair:
        """A slab of this epoch: the one that was made ahead, if it is that."""
        if self._coming is None or self._coming[:2] != (self._order.key, number):
            self._give_up()
            self._make(self._order, number)
        assert self._coming is not None
        (_, _, future), self._coming = self._coming, None
        return future.result()

    def _make(self, order: _Order, number: int) -> None:
        self._coming = order.key, number, self._maker.submit(self._taken, order, number)

    def _make_next(self, number: int) -> None:
        """Make the slab behind this one, or the first of the next epoch, ahead, unless it is this one again."""
        order = self._order
        if (number + 1) * self._length < self.samples:
            self._make(order, number + 1)
        elif number or order.shuffle:
            self._make(self._ordered(order.seed, order.epoch + 1, order.shuffle), 0)

    def _give_up(self) -> None:
        """Let go of what is made ahead; it is not wanted."""
        if self._coming is not None:
            self._windows.give_up()
            wait([self._coming[2]])
            self._coming = None
            self._windows.forget()

    def _taken(self, order: _Order, number: int) -> Pair:
        """The samples of a slab, in as many places as all slabs have."""
        first, last = number * self._length, min((number + 1) * self._length, self.samples)
        x, y = (np.zeros((self._length, *each.shape[1:]), each.dtype.as_numpy_dtype) for each in (self.x, self.y))
        done = 0
        for place, begin, end in _parts(order.starts, first, last):
            span = slice(done, done + end - begin)
            self._windows.get(order, place).put(begin, end, x[span], y[span])
            done = span.stop
        return x, y

    def _ordered(self, seed: int, epoch: int, shuffle: bool) -> _Order:
        pieces = np.random.default_rng([seed, epoch]).permutation(self._pieces) if shuffle else np.sort(self._pieces)
        windows = tuple(self._cut(pieces))
        sizes = [int(self._counts[window].sum()) for window in windows]
        return _Order(seed, epoch, shuffle, windows, np.concatenate([[0], np.cumsum(sizes)]))

    def _cut(self, pieces: Indices) -> Iterator[Indices]:
        """The pieces of each window."""
        sizes = self._counts[pieces] * self._sample_bytes
        begin, held = 0, 0
        for end, size in enumerate(sizes.tolist()):
            if held and held + size > self._window_bytes:
                yield pieces[begin:end]
                begin, held = end, 0
            held += size
        yield pieces[begin:]


def _parts(starts: Indices, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """The windows that samples of an epoch lie in, each with the first of them in it, and the one behind the last."""
    place = int(np.searchsorted(starts, first, side="right")) - 1
    while first < last:
        begin, behind = starts[place : place + 2].tolist()
        yield place, first - begin, min(last, behind) - begin
        first, place = behind, place + 1
