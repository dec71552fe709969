"""A TFRecord file too large to be held, read piece by piece."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from workbench.engine.data.errors import DataError
from workbench.engine.data.files import Stamp, read_unchanged, stamp_of
from workbench.engine.data.raw import AnyArray, Indices, Progress, RawData
from workbench.engine.data.stream import Stream, choose_sampled, refuse_few
from workbench.engine.data.tfrecord_file import LONGEST, check_sums, damaged, gather, is_packed

_LEAST_PIECE = 256 << 10
_MOST_PIECE = 4 << 20
_WANTED_PIECES = 4_000
_LOOK = 256 << 10
_LENGTH = struct.Struct("<Q")
_FRAME = 16  # length, its sum, and the sum of the record

Made = Callable[[dict[str, AnyArray]], RawData]


@dataclass(frozen=True)
class RecordPieces:
    """Where the pieces begin and end in the file (pieces + 1,), and how many records each has (pieces,)."""

    path: Path
    bounds: Indices
    counts: Indices
    stamp: Stamp

    def records(self, piece: int) -> Iterator[bytes]:
        """The records of a piece, their sums checked. Raises DataError on damage and when the file has changed."""
        begin, end = self.bounds[piece : piece + 2].tolist()
        content = read_unchanged(self.path, self.stamp, begin, end - begin)
        records, sums, place = list[bytes](), list[int](), 0
        while place < len(content):
            (length,) = struct.unpack_from("<Q", content, place)
            records.append(content[place + 12 : place + 12 + length])
            sums.append(int.from_bytes(content[place + 12 + length : place + _FRAME + length], "little"))
            place += _FRAME + length
        check_sums(self.path, int(self.counts[:piece].sum()), records, sums)
        yield from records


def read_record_stream(path: Path, choose: Callable[[dict[str, AnyArray]], Made], progress: Progress) -> RawData:
    """A sample of the records, and the stream of all of them. `choose` settles by the features of the sample what is
    made of those of any piece. Raises DataError."""
    if is_packed(path):
        raise DataError(f"{path.name} is packed, so it cannot be read piece by piece. Unpack it.")
    pieces = _cut(path, progress)
    refuse_few(path.name, len(pieces.counts))
    sampled = choose_sampled(pieces.counts)
    progress(f"Reading a sample of {path.name}", None)
    found = gather(path, (record for piece in sampled.tolist() for record in pieces.records(piece)))
    made = choose(found)
    raw = made(found)
    stream = Stream(
        counts=pieces.counts,
        read=lambda piece: made(gather(path, pieces.records(piece))),
        sampled=sampled,
        owners=np.repeat(sampled, pieces.counts[sampled]),
        own_test=np.empty(0, np.int64),
    )
    return replace(raw, stream=stream, detected=raw.detected | {"Records": f"{stream.samples:,}"}, script="")


def _cut(path: Path, progress: Progress) -> RecordPieces:
    """Hop from record to record by their lengths alone."""
    stamp = stamp_of(path)
    size = stamp[0]
    wanted = min(max(size // _WANTED_PIECES, _LEAST_PIECE), _MOST_PIECE)
    bounds, counts, place, held, number = [0], list[int](), 0, 0, 0
    with path.open("rb", buffering=0) as file:
        while place < size:
            progress(f"Looking through {path.name}", place / size)
            file.seek(place)
            block = file.read(_LOOK) or b""
            at = 0
            while at + 8 <= len(block):
                (length,) = _LENGTH.unpack_from(block, at)
                at += _FRAME + length
                if length > LONGEST or place + at > size:
                    raise damaged(path, number, "it is cut off")
                held += 1
                number += 1
                if place + at - bounds[-1] >= wanted:
                    bounds.append(place + at)
                    counts.append(held)
                    held = 0
            if not at:
                raise damaged(path, number, "it is cut off")
            place += at
    if held:
        bounds.append(place)
        counts.append(held)
    return RecordPieces(path, np.array(bounds, np.int64), np.array(counts, np.int64), stamp)
