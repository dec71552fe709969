"""Writes prepared data as TFRecord files, one for each part, which `tf.data` and the workbench read again."""

import os
import secrets
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from workbench.domain.dataset import PARTS, Part
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.piece import read_piece
from workbench.engine.data.raw import AnyArray, Progress
from workbench.engine.data.tfrecord_file import masked_crc

_BLOCK = 500


def write_records(dataset: Dataset, folder: Path, progress: Progress) -> tuple[Path, ...]:
    """`train.tfrecord`, `validation.tfrecord` and `test.tfrecord` in a folder; that of a part without samples is
    removed. Each record is a `tf.train.Example` with the feature `x`, all numbers of an input in row order, and `y`,
    its class number or numbers. A file is there whole or not at all. Raises DataError when it cannot be written."""
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in PARTS:
            path = folder / f"{part}.tfrecord"
            if not len(dataset.x[part]):
                path.unlink(missing_ok=True)
            else:
                _write(path, dataset, part, progress)
                written.append(path)
    except OSError as error:
        raise DataError(f"{folder} cannot be written: {error.strerror or error}. Choose another folder.") from error
    return tuple(written)


def _write(path: Path, dataset: Dataset, part: Part, progress: Progress) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            for x, y, done in _blocks(dataset, part):
                progress(f"Writing {path.name}", done)
                records = [example({"x": inputs, "y": target}) for inputs, target in zip(x, y, strict=True)]
                heads = [struct.pack("<Q", len(record)) for record in records]
                for head, record, first, second in zip(
                    heads, records, masked_crc(heads).tolist(), masked_crc(records).tolist(), strict=True
                ):
                    file.write(head + struct.pack("<I", first) + record + struct.pack("<I", second))
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _blocks(dataset: Dataset, part: Part) -> Iterator[tuple[AnyArray, AnyArray, float]]:
    """Inputs and targets of a part, some at a time, and how much was done before; streamed data in pieces."""
    if dataset.source.stream is not None:
        pieces = sorted(dataset.pieces[part].tolist())
        for number, piece in enumerate(pieces):
            yield *read_piece(dataset, piece), number / len(pieces)
        return
    x, y = dataset.x[part], dataset.y[part]
    for start in range(0, len(x), _BLOCK):
        yield x[start : start + _BLOCK], y[start : start + _BLOCK], start / len(x)


def example(features: dict[str, AnyArray]) -> bytes:
    """A `tf.train.Example` as bytes. Whole numbers become an int64 list, others a float list."""
    entries = b"".join(
        _field(1, _field(1, name.encode()) + _field(2, _values(np.asarray(values))))
        for name, values in features.items()
    )
    return _field(1, entries)


def _values(values: AnyArray) -> bytes:
    if values.dtype.kind in "biu":
        return _field(3, _field(1, b"".join(_varint(value & (2**64 - 1)) for value in values.ravel().tolist())))
    return _field(2, _field(1, values.astype("<f4").tobytes()))


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    data = bytearray()
    while value > 127:
        data.append(value & 127 | 128)
        value >>= 7
    data.append(value)
    return bytes(data)
