"""Reads TFRecord files, plain or GZIP, of `tf.train.Example`: features of a fixed number of values become arrays.

Framing: length (8 bytes), its masked CRC-32C (4), the record, its masked CRC-32C (4), all little-endian, as
`tensorflow/core/lib/io/record_writer.h` says. Wire format: protobuf's encoding guide.
"""

import gzip
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.engine.data.crc import crc, crc_of_few
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file
from workbench.engine.data.limits import MAX_COLUMNS, check_memory
from workbench.engine.data.protobuf import fields
from workbench.engine.data.raw import AnyArray, Progress

Kind: TypeAlias = Literal["bytes", "float", "int64"]
Values: TypeAlias = "list[bytes] | NDArray[np.float32] | NDArray[np.int64]"

_KINDS: dict[int, Kind] = {1: "bytes", 2: "float", 3: "int64"}
SUFFIXES = (".tfrecord", ".tfrecords", ".tfrec", ".tfrecord.gz", ".tfrecords.gz")
_TARGETS = ("label", "target", "y", "class", "labels", "targets")
_BLOCK = 2_000
LONGEST = 64 << 20
_BLOCK_BYTES = 8 << 20
_MASK = 0xA282EAD8


@dataclass(frozen=True)
class FeatureHead:
    """What a feature is made of in all records: its kind and how many values; `count` 0 where that changes."""

    kind: Kind
    count: int


def read_features(path: Path, progress: Progress, most: int | None = None) -> dict[str, AnyArray]:
    """The features that all records have, each with as many values: (n,) or (n, count), numbers or bytes, by name.
    `most` bounds the records that are read. Raises DataError on damage."""
    return gather(path, islice(_records(path, progress), most))


def gather(path: Path, records: Iterable[bytes]) -> dict[str, AnyArray]:
    """The features that these records all have. Raises DataError."""
    gathered: dict[str, list[Values]] = {}
    heads: dict[str, FeatureHead] = {}
    rows = size = 0
    for record in records:
        example = _example(path, rows, record)
        size += len(record)
        check_memory(size * 4, path.name)
        if rows == 0:
            heads = {name: FeatureHead(kind, len(values)) for name, (kind, values) in example.items()}
            gathered = {name: [] for name in heads}
        for name in list(heads):
            found = example.get(name)
            if found is None or heads[name] != FeatureHead(found[0], len(found[1])) or not len(found[1]):
                del heads[name], gathered[name]  # not in every record alike
            else:
                gathered[name].append(found[1])
        rows += 1
    if not rows:
        raise DataError(f"{path.name} has no records. Choose another file.")
    return {name: _stacked(heads[name], gathered[name]) for name in sorted(heads)}


def find_target(features: dict[str, AnyArray]) -> str:
    """The feature that is most likely to be learned: a single value with a telling name, else the last single whole
    number, else the last single value; empty where there is none."""
    single = [name for name, array in features.items() if array.ndim == 1]
    for name in single:
        if name.rsplit("/", 1)[-1].lower() in _TARGETS:
            return name
    whole = [name for name in single if features[name].dtype.kind == "i"]
    return (whole or single or [""])[-1]


def is_packed(path: Path) -> bool:
    """Whether the file is GZIP."""
    with path.open("rb") as raw:
        return raw.read(2) == b"\x1f\x8b"


def _stacked(head: FeatureHead, values: Sequence[Values]) -> AnyArray:
    if head.kind == "bytes":
        stacked = np.array([list(each) for each in values], dtype=object)
    else:
        stacked = np.stack([np.asarray(each) for each in values])
    return stacked[:, 0] if head.count == 1 else stacked


def _records(path: Path, progress: Progress) -> Iterator[bytes]:
    block: list[bytes] = []
    sums: list[int] = []
    start = size = 0
    for record, expected in _frames(path, progress):
        block.append(record)
        sums.append(expected)
        size += len(record)
        if len(block) == _BLOCK or size > _BLOCK_BYTES:
            check_sums(path, start, block, sums)
            yield from block
            start += len(block)
            block, sums, size = [], [], 0
    check_sums(path, start, block, sums)
    yield from block


def _frames(path: Path, progress: Progress) -> Iterator[tuple[bytes, int]]:
    """The records with the sums that they should have."""
    with _opened(path) as (file, raw):
        total, number = max(1, path.stat().st_size), 0
        while head := file.read(12):
            if number % 500 == 0:
                progress(f"Reading {path.name}", min(1.0, raw.tell() / total))
            if len(head) < 12:
                raise damaged(path, number, "it is cut off")
            length, expected = struct.unpack("<QI", head)
            if _masked(crc_of_few(head[:8])) != expected:
                raise damaged(path, number, "its length has another checksum")
            if length > LONGEST:
                raise damaged(path, number, f"it has {length} bytes")
            body = file.read(length + 4)
            if len(body) < length + 4:
                raise damaged(path, number, "it is cut off")
            yield body[:length], int.from_bytes(body[length:], "little")
            number += 1


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes] | gzip.GzipFile, IO[bytes]]]:
    check_file(path)
    try:
        with path.open("rb") as raw:
            if is_packed(path):
                with gzip.GzipFile(fileobj=raw) as file:
                    yield file, raw
            else:
                yield raw, raw
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"{path.name} cannot be unpacked: it is damaged. Get it again.", str(error)) from error
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}. Check the file.", str(path)) from error


def check_sums(path: Path, start: int, block: list[bytes], sums: list[int]) -> None:
    """Raises DataError where a record, the first of them number `start`, has another sum than it should."""
    if block:
        wrong = np.flatnonzero(masked_crc(block) != np.array(sums, np.uint32))
        if len(wrong):
            raise damaged(path, start + int(wrong[0]), "its checksum is wrong")


def damaged(path: Path, number: int, why: str) -> DataError:
    """What is said of a file whose record `number`, counted from 0, is damaged."""
    return DataError(f"{path.name} is damaged, or is no TFRecord file: record {number + 1}: {why}. Get it again.")


def masked_crc(records: Sequence[bytes]) -> NDArray[np.uint32]:
    """The masked CRC-32C of each record. See `crc`."""
    return np.array([_masked(value) for value in crc(records).tolist()], np.uint32)


def _masked(value: int) -> int:
    return ((value >> 15 | value << 17) + _MASK) & 0xFFFFFFFF


def _example(path: Path, row: int, record: bytes) -> dict[str, tuple[Kind, Values]]:
    try:
        found: dict[str, tuple[Kind, Values]] = {}
        for number, features in fields(record):
            for entry in [part for tag, part in fields(features) if tag == 1] if number == 1 else []:
                pair = dict(fields(entry))
                found[pair[1].decode()] = _feature(pair.get(2, b""))
                if len(found) > MAX_COLUMNS:
                    raise DataError(f"{path.name} has more than {MAX_COLUMNS} features. Use fewer.")
        return found
    except (ValueError, KeyError, IndexError, struct.error) as error:
        raise DataError(
            f"{path.name}, record {row + 1} is no tf.train.Example. Choose another file.", str(error)
        ) from error


def _feature(data: bytes) -> tuple[Kind, Values]:
    kind: Kind = "bytes"
    items: list[bytes] = []
    for number, part in fields(data):
        kind = _KINDS[number]
        items = [item for tag, item in fields(part) if tag == 1]
    match kind:
        case "float":
            return kind, np.frombuffer(b"".join(items), "<f4").astype(np.float32)
        case "int64":
            return kind, _varints(b"".join(items))
    return kind, items


def _varints(data: bytes) -> NDArray[np.int64]:
    """Whole numbers one behind the other, worked out side by side where there are several."""
    if 0 < len(data) < 3 and data[-1] < 128 and (len(data) == 1 or data[0] >= 128):
        return np.array([data[0] if len(data) == 1 else data[0] & 127 | data[1] << 7], np.int64)
    raw = np.frombuffer(data, np.uint8)
    if not len(raw):
        return np.empty(0, np.int64)
    ends = np.flatnonzero(raw < 128)
    if not len(ends) or ends[-1] != len(raw) - 1:
        raise ValueError("a number is cut off")
    starts = np.concatenate([[0], ends[:-1] + 1])
    if (ends - starts).max() > 9:
        raise ValueError("a number is too long")
    place = np.arange(len(raw)) - np.repeat(starts, ends - starts + 1)
    parts = (raw & 127).astype(np.uint64) << (7 * place).astype(np.uint64)
    return np.bitwise_or.reduceat(parts, starts).view(np.int64)
