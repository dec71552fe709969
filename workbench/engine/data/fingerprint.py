"""A stable name for the content of data and how they are prepared, the same on every machine that has the same
files."""

import hashlib

import msgspec
import numpy as np

from workbench.domain.dataset import DatasetSpec
from workbench.engine.data.raw import AnyArray, RawData


def content_hash(raw: RawData) -> str:
    """A hash of all samples, whatever file they came from."""
    digest = hashlib.blake2b(digest_size=16)
    for array in (raw.x, raw.y, raw.x_test, raw.y_test):
        if array is not None:
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            _update(digest, array)
    if raw.stream is not None:
        digest.update(raw.stream.counts.tobytes())
    for column in raw.table.columns if raw.table else ():
        digest.update(repr((column.name, column.categories)).encode())
        for values in (column.numbers, column.codes):
            if values is not None:
                digest.update(np.ascontiguousarray(values).data)
    return digest.hexdigest()


def _update(digest: "hashlib.blake2b", array: AnyArray) -> None:
    if array.dtype.kind != "O":
        digest.update(np.ascontiguousarray(array).data)
        return
    for text in array:
        content = text.encode("utf-8", "surrogatepass")
        digest.update(len(content).to_bytes(8, "little"))
        digest.update(content)


def fingerprint(spec: DatasetSpec, content: str) -> str:
    """The name of prepared data. Where a file lies does not count."""
    params = {name: value for name, value in spec.source.params.items() if name != "path"}
    plain = msgspec.structs.replace(spec, source=msgspec.structs.replace(spec.source, params=params))
    if spec.split.way == "files":
        split = msgspec.structs.replace(spec.split, validation_file=None, test_file=None)
        plain = msgspec.structs.replace(plain, split=split)
    digest = hashlib.blake2b(msgspec.json.encode(plain, order="sorted"), digest_size=16)
    digest.update(content.encode())
    return digest.hexdigest()
