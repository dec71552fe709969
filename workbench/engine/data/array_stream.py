"""Arrays too large to be held, read piece by piece."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from workbench.engine.data.array_data import (
    Shaped,
    check_inputs,
    check_length,
    check_targets,
    shape_alike,
    shape_data,
)
from workbench.engine.data.arrays import ArrayHead
from workbench.engine.data.disk_arrays import DiskArray
from workbench.engine.data.limits import check_memory, memory_budget
from workbench.engine.data.raw import AnyArray, Indices, Progress, RawData
from workbench.engine.data.stream import Stream, choose_sampled, refuse_few

_LEAST_PIECE = 256 << 10
_MOST_PIECE = 4 << 20
_WANTED_PIECES = 4_000
_MOST_SAMPLED = 50_000
_SAMPLE_BYTES = 256 << 20
_FLOAT = 4

Begin: TypeAlias = Callable[[dict[str, AnyArray]], Shaped]


@dataclass(frozen=True)
class ArrayPieces:
    """Samples one behind the other, those of a test set last: `arrays` are by "x", "y", "x_test" and "y_test". The
    piece `p` is from `bounds[p]` to `bounds[p + 1]`; `first_test` is the first one of the test set."""

    arrays: Mapping[str, DiskArray]
    bounds: Indices
    first_test: int

    def read(self, piece: int) -> dict[str, AnyArray]:
        """Inputs "x", and targets "y" where there are some. Raises DataError on what no network can learn from."""
        begin, end = self.bounds[piece : piece + 2].tolist()
        suffix, behind = ("_test", self.arrays["x"].samples) if piece >= self.first_test else ("", 0)
        found = {
            name: self.arrays[name + suffix].read(begin - behind, end - behind)
            for name in ("x", "y")
            if name + suffix in self.arrays
        }
        check_inputs(found["x"], self.arrays[f"x{suffix}"].title, begin - behind)
        if "y" in found:
            check_targets(found["y"], end - begin, self.arrays[f"y{suffix}"].title, begin - behind)
        return found

    def read_several(self, pieces: Sequence[int]) -> dict[str, AnyArray]:
        """The samples of several pieces."""
        found = [self.read(piece) for piece in pieces]
        return {name: np.concatenate([each[name] for each in found]) for name in found[0]}


def too_large_to_hold(heads: Sequence[ArrayHead], x: ArrayHead) -> bool:
    """Whether arrays, of which `x` are the inputs, must be read piece by piece, and can be as they lie in the file."""
    numbers = x.bytes // (x.dtype.itemsize or 1) if x.dtype is not None else 0
    size = max(sum(head.bytes for head in heads), numbers * _FLOAT)
    return size > memory_budget() and all(
        head.bytes <= head.there and not (head.column_major and len(head.shape) > 1) for head in heads
    )


def read_array_stream(
    title: str, arrays: Mapping[str, DiskArray], begin: Begin, wish: str, progress: Progress
) -> RawData:
    """A sample of the arrays, and the stream of all of them. `begin` makes inputs and targets of "x" and "y", `wish` is
    as in `shape_data`. Raises DataError."""
    pieces = _cut(arrays)
    counts = np.diff(pieces.bounds)
    refuse_few(title, len(counts))
    sampled = choose_sampled(counts, _wanted_samples(arrays["x"]))
    check_memory(int(counts[sampled].sum()) * _sample_bytes(arrays), f"A sample of {title}")
    progress(f"Reading a sample of {title}", None)
    shaped = shape_data(begin(pieces.read_several(sampled.tolist())), wish)
    changes = tuple(shaped.changes)
    wide = shaped.x.shape[1] if shaped.x.ndim == 2 else 0
    raw = RawData(
        title=title,
        form=shaped.form,
        classes=shaped.classes,
        names=tuple(f"x{place + 1}" for place in range(wide)),
        target=shaped.target if shaped.y is not None else "",
        detected=shaped.detected | {"Samples": f"{int(counts.sum()):,}"},
    )

    def piece(number: int) -> RawData:
        found = shape_alike(begin(pieces.read(number)), changes)
        return replace(raw, x=found.x, y=found.y)

    stream = Stream(
        counts=counts,
        read=piece,
        sampled=sampled,
        owners=np.repeat(sampled, counts[sampled]),
        own_test=np.arange(pieces.first_test, len(counts)),
    )
    return replace(raw, x=shaped.x, y=shaped.y, stream=stream)


def _sample_bytes(arrays: Mapping[str, DiskArray]) -> int:
    return sum(arrays[name].sample_bytes for name in ("x", "y") if name in arrays)


def _wanted_samples(x: DiskArray) -> int:
    """How many samples to take, so that prepared they take a few hundred megabytes."""
    numbers = max(1, x.sample_bytes // (x.head.dtype.itemsize if x.head.dtype is not None else 1))
    return max(1, min(_MOST_SAMPLED, _SAMPLE_BYTES // (numbers * _FLOAT)))


def _cut(arrays: Mapping[str, DiskArray]) -> ArrayPieces:
    for suffix in ("", "_test"):
        if f"y{suffix}" in arrays:
            targets = arrays[f"y{suffix}"]
            check_length(targets.samples, arrays[f"x{suffix}"].samples, targets.title)
    count = arrays["x"].samples
    tested = arrays["x_test"].samples if "x_test" in arrays else 0
    size = _sample_bytes(arrays)
    step = max(1, min(max(size * (count + tested) // _WANTED_PIECES, _LEAST_PIECE), _MOST_PIECE) // size)
    train = range(0, count, step)
    bounds = [*train, *range(count, count + tested, step), count + tested]
    return ArrayPieces(arrays, np.array(bounds, np.int64), len(train))
