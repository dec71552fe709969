"""Samples that a person points at, as a batch for the network."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import PARTS, Part
from workbench.engine.data import new_rows, texts
from workbench.engine.data.arrays import npz_heads, read_npy, read_npz
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.pictures import SUFFIXES, read_one
from workbench.engine.data.raw import no_progress
from workbench.protocol.arrays import Array, Sample

MOST_ROWS = 10_000
_DTYPES = ("float32", "float64", "uint8", "int8", "int16", "uint16", "int32", "int64", "bool")


@dataclass(frozen=True)
class Batch:
    """Inputs ready for the network (n, *input_shape), with a name and, where it is known, the target of each: a class
    number, or numbers. `notes` say what of a file was left out, or
    counts as missing."""

    x: NDArray[np.float32]
    names: tuple[str, ...]
    truths: tuple[NDArray[Any] | None, ...]
    notes: tuple[str, ...] = ()


def load_samples(dataset: Dataset, samples: Sequence[Sample]) -> Batch:
    """All samples in one batch; a file of arrays gives all its rows. Raises DataError, with what to do, on a sample
    that is not there or does not fit the network."""
    batches = [_load(dataset, sample, number) for number, sample in enumerate(samples)]
    if not batches:
        raise DataError("There is nothing to predict. Name at least one sample.")
    x = np.concatenate([batch.x for batch in batches])
    names = tuple(name for batch in batches for name in batch.names)
    truths = tuple(truth for batch in batches for truth in batch.truths)
    return Batch(x, names, truths, tuple(note for batch in batches for note in batch.notes))


def as_learned(truth: NDArray[Any]) -> NDArray[np.float32]:
    """The numbers to learn for each place of one sample as the network learns them, from what `Batch` has."""
    divisor = 255.0 if truth.dtype == np.uint8 else 1.0
    return truth.astype(np.float32) / np.float32(divisor)


def _load(dataset: Dataset, sample: Sample, number: int) -> Batch:
    if sample.array is not None and dataset.source.form == "text":
        raise DataError("The network reads texts, not drawings or numbers. Give a text.")
    if sample.array is not None:
        raw = from_array(sample.array).reshape(1, *_checked_shape(sample.array.shape, dataset))
        return _raw_batch(dataset, raw, (f"drawing {number + 1}",))
    if sample.text is not None and dataset.source.form != "text":
        raise DataError("The network reads no texts. Choose another sample.")
    if sample.text is not None:
        return _raw_batch(dataset, texts.as_array([sample.text]), (f"text {number + 1}",))
    if sample.path is not None:
        return _from_file(dataset, Path(sample.path).expanduser())
    part = _part(sample.part)
    if not 0 <= sample.index < len(dataset.x[part]):
        raise DataError(f"The {part} part has {len(dataset.x[part])} samples, counted from 0. Choose one of those.")
    truth = np.asarray(dataset.values[part][sample.index])
    return Batch(dataset.x[part][sample.index : sample.index + 1], (f"{part} {sample.index}",), (truth,))


def _part(name: str) -> Part:
    for part in PARTS:
        if part == name:
            return part
    raise DataError(f"There is no part named “{name[:40]}”. Choose train, validation or test.")


def from_array(array: Array) -> NDArray[Any]:
    """An array as it travelled. Raises DataError when its bytes do not fit its shape."""
    if array.dtype not in _DTYPES:
        raise DataError(f"Arrays of the type {array.dtype[:40]} cannot be used. Send float32.")
    size = int(np.prod(array.shape, dtype=np.int64)) * np.dtype(array.dtype).itemsize
    if any(length < 0 for length in array.shape) or size != len(array.data):
        raise DataError("The array has another number of values than its shape says. Send it again.")
    return np.frombuffer(array.data, dtype=array.dtype).reshape(array.shape)


def _checked_shape(shape: tuple[int, ...], dataset: Dataset) -> tuple[int, ...]:
    wanted = dataset.raw_shape
    if shape not in (wanted, (1, *wanted)) and (*shape, 1) != wanted:
        given = "×".join(map(str, shape))
        raise DataError(f"A sample of the shape {given} does not fit; the network takes {'×'.join(map(str, wanted))}.")
    return wanted


def _raw_batch(dataset: Dataset, raw: NDArray[Any], names: tuple[str, ...]) -> Batch:
    if raw.dtype.kind == "f" and not np.isfinite(raw).all() and dataset.selection is None:
        raise DataError("A sample has values that are not numbers. Choose another one.")
    return Batch(dataset.prepare(raw), names, (None,) * len(raw))


def _from_file(dataset: Dataset, path: Path) -> Batch:
    if not path.is_file():
        raise DataError(f"{path} is not there. Check the path.")
    suffix = path.suffix.lower()
    if dataset.source.form == "text":
        return _text(dataset, path)
    if suffix in SUFFIXES:
        scale = (dataset.source.full_scale or 255.0) / 255.0
        picture = read_one(path, dataset.raw_shape)
        raw = picture[None] if scale == 1 else picture[None].astype(np.float32) * np.float32(scale)
        return _raw_batch(dataset, raw, (path.name,))
    if suffix in (".npy", ".npz"):
        raw = _rows(dataset, _read_array(path), path)
        return _raw_batch(dataset, raw, tuple(f"{path.name} {row + 1}" for row in range(len(raw))))
    windows = dataset.source.windows
    if suffix in new_rows.SUFFIXES and windows is not None and windows.of_file is not None:
        ends, captions = windows.of_file(path)
        return _raw_batch(dataset, ends, captions)
    if suffix in new_rows.SUFFIXES:
        found = new_rows.read_new_rows(dataset, path)
        _refuse_too_many(path, len(found.x))
        names = tuple(f"{path.name} {number}" for number in found.numbers)
        notes = (*_left_out(path, found.left_out), *found.notes)
        return Batch(dataset.prepare(found.x), names, found.truths, notes)
    raise DataError(f"{path.name} is no picture, table or file of arrays. Give a picture, CSV, NPY or NPZ.")


def _text(dataset: Dataset, path: Path) -> Batch:
    if path.suffix.lower() not in texts.SUFFIXES:
        raise DataError(f"{path.name} is no text file. The network reads texts: save yours as a .txt file.")
    return _raw_batch(dataset, texts.as_array([texts.read_one_text(path)]), (path.name,))


def _read_array(path: Path) -> NDArray[Any]:
    if path.suffix.lower() == ".npy":
        return read_npy(path, no_progress)
    heads = npz_heads(path)
    name = next((name for name in ("x", "x_test", "x_train") if name in heads), next(iter(heads), None))
    if name is None:
        raise DataError(f"{path.name} has no arrays. Choose another file.")
    return read_npz(path, (name,), no_progress)[name]


def _rows(dataset: Dataset, array: NDArray[Any], path: Path) -> NDArray[Any]:
    wanted = dataset.raw_shape
    if array.shape[1:] == wanted:
        rows = array
    elif array.shape == wanted:
        rows = array[None]
    elif (*array.shape[1:], 1) == wanted or (*array.shape, 1) == wanted:
        rows = array.reshape(-1, *wanted)
    else:
        shape, takes = "×".join(map(str, array.shape)), "×".join(map(str, wanted))
        raise DataError(
            f"{path.name} has the shape {shape}; the network takes samples of {takes}. Choose another file."
        )
    _refuse_too_many(path, len(rows))
    return rows


def _left_out(path: Path, count: int) -> tuple[str, ...]:
    if not count:
        return ()
    rows = "1 row" if count == 1 else f"{count:,} rows"
    return (f"{path.name}: {rows} with missing values left out, as in training.",)


def _refuse_too_many(path: Path, count: int) -> None:
    if count > MOST_ROWS:
        raise DataError(f"{path.name} has {count:,} samples; at most {MOST_ROWS:,} can be predicted at once.")
