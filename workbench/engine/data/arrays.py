"""Reads NPY and NPZ files without trusting them: sizes are checked before anything is allocated, nothing is
unpickled."""

import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
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
    """What the header of an array says. `problem` is why it cannot be read, as the end of a sentence; `there` is how
    many bytes the file has for it, 0 where it is packed or that was not looked at."""

    shape: tuple[int, ...]
    dtype: "np.dtype[Any] | None"
    column_major: bool = False
    problem: str = ""
    there: int = 0

    @property
    def bytes(self) -> int:
        """Memory that the array takes."""
        size = self.dtype.itemsize if self.dtype is not None else 0
        for length in self.shape:
            size *= length
        return size


def npz_heads(path: Path) -> dict[str, ArrayHead]:
    """The arrays of an NPZ file by name, from their headers alone. Raises DataError when it is no such file."""
    with opened_zip(path) as archive:
        members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
        if not members:
            raise DataError(f"{path.name} has no arrays in it. Choose a file that numpy.savez made.")
        if len(members) > _MAX_ARRAYS:
            raise DataError(f"{path.name} has {len(members)} arrays; at most {_MAX_ARRAYS} can be read. Use fewer.")
        heads: dict[str, ArrayHead] = {}
        for info in members:
            with archive.open(info) as stream:
                there = info.file_size if info.compress_type == zipfile.ZIP_STORED else 0
                heads[info.filename.removesuffix(".npy")] = replace(read_array_head(stream), there=there)
        return heads


def npy_head(path: Path) -> ArrayHead:
    """The header of an NPY file. Raises DataError when it is no such file."""
    with damage_told(path), path.open("rb") as stream:
        return replace(read_array_head(stream), there=path.stat().st_size)


def read_npz(path: Path, names: tuple[str, ...], progress: Progress) -> dict[str, AnyArray]:
    """Some arrays of an NPZ file. Raises DataError when one is missing, too large, damaged or of a type not usable."""
    arrays: dict[str, AnyArray] = {}
    with opened_zip(path) as archive:
        infos = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
        total = 0
        for name in names:
            if name not in infos:
                raise DataError(f"{path.name} has no array “{name}”. Choose one of: {', '.join(sorted(infos)[:20])}.")
            with archive.open(infos[name]) as stream:
                head = read_array_head(stream)
                total += head.bytes
                _check(f"Array “{name}” of {path.name}", head, total)
                if head.bytes > infos[name].file_size:
                    raise damaged_array(path, f"{name}: {head.bytes} bytes announced, {infos[name].file_size} there")
                arrays[name] = _body(path, stream, head, progress)
    return arrays


def read_npy(path: Path, progress: Progress) -> AnyArray:
    """The array of an NPY file. Raises DataError as `read_npz`."""
    with damage_told(path), path.open("rb") as stream:
        head = read_array_head(stream)
        _check(path.name, head, head.bytes)
        if head.bytes > path.stat().st_size:
            raise damaged_array(path, f"{head.bytes} bytes announced, {path.stat().st_size} there")
        return _body(path, stream, head, progress)


def read_array_head(stream: IO[bytes]) -> ArrayHead:
    """The header of an NPY file, which a stream begins with; the stream is then where the numbers begin. Raises what
    `damage_told` makes a DataError of."""
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
    check_memory(total, what, "Read it piece by piece, or use a smaller part of it.")


def _body(path: Path, stream: IO[bytes], head: ArrayHead, progress: Progress) -> AnyArray:
    wanted = head.bytes
    data = bytearray(wanted)
    view = memoryview(data)
    read = 0
    while read < wanted:
        progress(f"Reading {path.name}", read / wanted)
        piece = stream.read(min(1 << 24, wanted - read))
        if not piece:
            raise damaged_array(path, f"{wanted} bytes announced, {read} there")
        view[read : read + len(piece)] = piece
        read += len(piece)
    assert head.dtype is not None
    array = np.frombuffer(data, dtype=head.dtype)
    shaped = array.reshape(head.shape, order="F" if head.column_major else "C")
    return plain_array(shaped)


def plain_array(array: AnyArray) -> AnyArray:
    """The array in the machine's byte order and row-major, with double precision at most."""
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))


@contextmanager
def opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive that an NPZ file is; what goes wrong with it becomes a DataError."""
    with damage_told(path), zipfile.ZipFile(path) as archive:
        yield archive


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """Whatever a damaged file leads to becomes a DataError."""
    try:
        yield
    except _DAMAGE as error:
        raise damaged_array(path, f"{type(error).__name__}: {error}") from error
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}. Check the file.", str(path)) from error


def damaged_array(path: Path, detail: str) -> DataError:
    """What is said of a file that is no array."""
    size = readable(path.stat().st_size) if path.exists() else "nothing"
    return DataError(
        f"{path.name} ({size}) is damaged, or is no NPY or NPZ file. Choose another, or save it again.", detail
    )
