"""Loads the data of a project, and keeps what was loaded lately."""

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from workbench.domain.dataset import DatasetSpec
from workbench.engine.data.cache import Cache
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.fingerprint import content_hash
from workbench.engine.data.given_files import given_files, joined, like, params_of_file
from workbench.engine.data.params import complete
from workbench.engine.data.prepare import prepare
from workbench.engine.data.raw import Params, Progress, RawData, Source, no_progress
from workbench.engine.data.sources import source


@dataclass(frozen=True)
class _Read:
    """Raw data with the name of their content."""

    raw: RawData
    content: str


@dataclass(frozen=True)
class _Look:
    """What files were like; it holds `until` then, as the clock of `time.monotonic` has it."""

    key: bytes
    until: float


_MANY_FILES = 10_000
_PATIENCE = 10  # very many files are looked at again after so many times as long as that takes
_reads: Cache[bytes, _Read] = Cache(4, lambda read: read.raw.bytes)
_datasets: Cache[bytes, Dataset] = Cache(3, lambda dataset: dataset.info.bytes)
_looks: Cache[bytes, _Look] = Cache(3, lambda look: len(look.key))


def load_dataset(spec: DatasetSpec, folder: Path | None = None, progress: Progress = no_progress) -> Dataset:
    """The data of a project, whose relative paths start from `folder`. What was loaded lately and has not changed comes
    from memory. Raises DataError, and whatever `progress` raises to cancel."""
    spec = spec.arrays  # changes that are for training only need no other arrays
    plug_in = source(spec.source.kind)
    params = complete(plug_in.ENTRY, spec.source.params)
    given = given_files(spec.split, folder)
    others = {part: params_of_file(params, path) for part, path in given.items()}
    read_key = _read_key(plug_in, params, folder)
    other_keys = {part: _read_key(plug_in, each, folder) for part, each in others.items()}
    key = b"".join((read_key, *other_keys.values(), msgspec.json.encode(spec, order="sorted")))
    dataset = _datasets.get(key)
    if dataset is not None:
        return dataset
    read = _read(plug_in, params, folder, read_key, progress)
    if others:
        likes = {part: like(each, read.raw) for part, each in others.items()}
        found = {
            part: _read(plug_in, each, folder, _read_key(plug_in, each, folder), progress)
            for part, each in likes.items()
        }
        whole = joined(read.raw, {part: each.raw for part, each in found.items()})
        read = _Read(whole, "+".join([read.content, *(f"{part}:{each.content}" for part, each in found.items())]))
    dataset = prepare(spec, read.raw, read.content, progress)
    _datasets.put(key, dataset)
    return dataset


def forget_loaded() -> None:
    """Let go of everything that is kept in memory."""
    _reads.clear()
    _datasets.clear()
    _looks.clear()


def _read(plug_in: Source, params: Params, folder: Path | None, key: bytes, progress: Progress) -> _Read:
    """The raw data of a source, from memory where they were read lately and have not changed since `key`."""
    read = _reads.get(key)
    if read is None:
        raw = plug_in.read(params, folder, progress)
        read = _Read(raw, content_hash(raw))
        _reads.put(key, read)
    return read


def _read_key(plug_in: Source, params: Params, folder: Path | None) -> bytes:
    """What a source would read, as it lies there now, or has lain there a moment ago where it is very many files."""
    asked = msgspec.json.encode((plug_in.ENTRY.kind, params, str(folder)), order="sorted")
    before = _looks.get(asked)
    begin = time.monotonic()
    if before is not None and begin < before.until:
        return before.key
    stamps = list(_stamps(plug_in.files(params, folder)))
    key = msgspec.json.encode((plug_in.ENTRY.kind, params, stamps), order="sorted")
    look = _Look(hashlib.blake2b(key).digest(), time.monotonic() + _PATIENCE * (time.monotonic() - begin))
    if len(stamps) > _MANY_FILES:
        _looks.put(asked, look)
    return look.key


def _stamps(files: Iterable[Path]) -> Iterator[tuple[str, int, int]]:
    for path in files:
        try:
            stat = os.stat(path)
        except OSError:
            continue
        yield os.fsencode(path).decode("latin-1"), stat.st_mtime_ns, stat.st_size
