"""Loads the data of a project, and keeps what was loaded lately."""

import os
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


_reads: Cache[bytes, _Read] = Cache(4, lambda read: read.raw.bytes)
_datasets: Cache[bytes, Dataset] = Cache(3, lambda dataset: dataset.info.bytes)


def load_dataset(spec: DatasetSpec, folder: Path | None = None, progress: Progress = no_progress) -> Dataset:
    """The data of a project, whose relative paths start from `folder`. What was loaded lately and has not changed comes
    from memory. Raises DataError, and whatever `progress` raises to cancel."""
    plug_in = source(spec.source.kind)
    params = complete(plug_in.ENTRY, spec.source.params)
    given = given_files(spec.split, folder)
    others = {part: params_of_file(params, path) for part, path in given.items()}
    every = [params, *others.values()]
    read_key = b"".join(_read_key(spec.source.kind, each, plug_in.files(each, folder)) for each in every)
    key = read_key + msgspec.json.encode(spec, order="sorted")
    dataset = _datasets.get(key)
    if dataset is not None:
        return dataset
    read = _read(plug_in, params, folder, progress)
    if others:
        found = {part: _read(plug_in, like(each, read.raw), folder, progress) for part, each in others.items()}
        whole = joined(read.raw, {part: each.raw for part, each in found.items()})
        read = _Read(whole, "+".join([read.content, *(f"{part}:{each.content}" for part, each in found.items())]))
    dataset = prepare(spec, read.raw, read.content, progress)
    _datasets.put(key, dataset)
    return dataset


def forget_loaded() -> None:
    """Let go of everything that is kept in memory."""
    _reads.clear()
    _datasets.clear()


def _read(plug_in: Source, params: Params, folder: Path | None, progress: Progress) -> _Read:
    """The raw data of a source, from memory where they were read lately and have not changed."""
    key = _read_key(plug_in.ENTRY.kind, params, plug_in.files(params, folder))
    read = _reads.get(key)
    if read is None:
        raw = plug_in.read(params, folder, progress)
        read = _Read(raw, content_hash(raw))
        _reads.put(key, read)
    return read


def _read_key(kind: str, params: Params, files: tuple[Path, ...]) -> bytes:
    stamps: list[tuple[str, int, int]] = []
    for path in files:
        try:
            stat = path.stat()
        except OSError:
            continue
        stamps.append((os.fsencode(path).decode("latin-1"), stat.st_mtime_ns, stat.st_size))
    return msgspec.json.encode((kind, params, stamps), order="sorted")
