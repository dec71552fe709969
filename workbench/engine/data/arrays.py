"""Reads NPY and NPZ files without trusting them: sizes are checked before anything is allocated, nothing is
unpickled."""

import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import check_memory, readable
from workbench.engine.data.raw import AnyArray, Progress

_KINDS = "biufUS"
_MAX_ARRAYS = 1000
_DAMAGE = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    SyntaxError,
    OverflowError,
    RecursionError,
    MemoryError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    UnicodeError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class ArrayHead:
    """What the header of an array says. `problem` is why it cannot be read, as the end of a sentence."""

    shape: tuple[int, ...]
    dtype: "np.dtype[Any] | None"
    column_major: bool = False
    problem: str = ""

    @property
    def bytes(self) -> int:
        """Memory that the array takes."""
        size = self.dtype.itemsize if self.dtype is not None else 0
        for length in self.shape:
            size *= length
        return size


def npz_heads(path: Path) -> dict[str, ArrayHead]:
    """The arrays of an NPZ file by name, from their headers alone. Raises DataError when it is no such file."""
    with _opened_zip(path) as archive:
        members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
        if not members:
            raise DataError(f"{path.name} has no arrays in it. Choose a file that numpy.savez made.")
        if len(members) > _MAX_ARRAYS:
            raise DataError(f"{path.name} has {len(members)} arrays; at most {_MAX_ARRAYS} can be read. Use fewer.")
        heads: dict[str, ArrayHead] = {}
        for info in members:
            with archive.open(info) as stream:
                heads[info.filename.removesuffix(".npy")] = _head(stream)
        return heads


def npy_head(path: Path) -> ArrayHead:
    """The header of an NPY file. Raises DataError when it is no such file."""
    with _damage_told(path), path.open("rb") as stream:
        return _head(stream)


def read_npz(path: Path, names: tuple[str, ...], progress: Progress) -> dict[str, AnyArray]:
    """Some arrays of an NPZ file. Raises DataError when one is missing, too large, damaged or of a type not usable."""
    arrays: dict[str, AnyArray] = {}
    with _opened_zip(path) as archive:
        infos = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
        total = 0
        for name in names:
            if name not in infos:
                raise DataError(f"{path.name} has no array “{name}”. Choose one of: {', '.join(sorted(infos)[:20])}.")
            with archive.open(infos[name]) as stream:
                head = _head(stream)
                total += head.bytes
                _check(f"Array “{name}” of {path.name}", head, total)
                if head.bytes > infos[name].file_size:
                    raise _damaged(path, f"{name}: {head.bytes} bytes announced, {infos[name].file_size} there")
                arrays[name] = _body(path, stream, head, progress)
    return arrays


def read_npy(path: Path, progress: Progress) -> AnyArray:
    """The array of an NPY file. Raises DataError as `read_npz`."""
    with _damage_told(path), path.open("rb") as stream:
        head = _head(stream)
        _check(path.name, head, head.bytes)
        if head.bytes > path.stat().st_size:
            raise _damaged(path, f"{head.bytes} bytes announced, {path.stat().st_size} there")
        return _body(path, stream, head, progress)


def _head(stream: IO[bytes]) -> ArrayHead:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an old header makes numpy warn, and is read all the same
        version = np.lib.format.read_magic(stream)
        if version == (1, 0):
            shape, column_major, dtype = np.lib.format.read_array_header_1_0(stream)
        else:
            shape, column_major, dtype = np.lib.format.read_array_header_2_0(stream)
    problem = ""
    if dtype.hasobject:
        problem = "holds Python objects, which are not opened since they could run code; save it as numbers"
    elif dtype.kind not in _KINDS or dtype.itemsize == 0:
        problem = f"has values of the type {dtype}; only numbers and texts can be read, so convert it"
    if any(length < 0 for length in shape):
        raise ValueError("negative length")
    return ArrayHead(tuple(int(length) for length in shape), dtype, column_major, problem)


def _check(what: str, head: ArrayHead, total: int) -> None:
    if head.problem:
        raise DataError(f"{what} {head.problem}.")
    check_memory(total, what)


def _body(path: Path, stream: IO[bytes], head: ArrayHead, progress: Progress) -> AnyArray:
    wanted = head.bytes
    data = bytearray(wanted)
    view = memoryview(data)
    read = 0
    while read < wanted:
        progress(f"Reading {path.name}", read / wanted)
        piece = stream.read(min(1 << 24, wanted - read))
        if not piece:
            raise _damaged(path, f"{wanted} bytes announced, {read} there")
        view[read : read + len(piece)] = piece
        read += len(piece)
    assert head.dtype is not None
    array = np.frombuffer(data, dtype=head.dtype)
    shaped = array.reshape(head.shape, order="F" if head.column_major else "C")
    return _plain(shaped)


def _plain(array: AnyArray) -> AnyArray:
    """The array in the machine's byte order and row-major, with double precision at most."""
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))


@contextmanager
def _opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    with _damage_told(path), zipfile.ZipFile(path) as archive:
        yield archive


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}. Check the file.", str(path)) from error


def _damaged(path: Path, detail: str) -> DataError:
    size = readable(path.stat().st_size) if path.exists() else "nothing"
    return DataError(
        f"{path.name} ({size}) is damaged, or is no NPY or NPZ file. Choose another, or save it again.", detail
    )
