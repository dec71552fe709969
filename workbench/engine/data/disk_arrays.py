"""Arrays that stay on the disk, read some samples at a time: NPY files, and the members of NPZ files.

Files are read at places rather than mapped into memory: one that is cut off while it is in use then costs a sentence,
not the process. What an NPZ file holds packed is unpacked once, and put aside on the disk.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.engine.data.arrays import (
    ArrayHead,
    damage_told,
    damaged_array,
    opened_zip,
    plain_array,
    read_array_head,
)
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import Stamp, read_unchanged, stamp_of
from workbench.engine.data.limits import readable
from workbench.engine.data.raw import AnyArray, Progress
from workbench.engine.data.spool import Spool

_BLOCK = 4 << 20
_LOCAL_HEAD = 30  # bytes before the name of a member, which is followed by more (APPNOTE.TXT of the ZIP format, 4.3.7)

BytesAt = Callable[[int, int], bytes]


@dataclass(frozen=True)
class DiskArray:
    """An array of numbers or texts; `title` begins sentences on it. `bytes_at(place, count)` reads from its values."""

    title: str
    head: ArrayHead
    bytes_at: BytesAt

    @property
    def samples(self) -> int:
        """The length of the first axis."""
        return self.head.shape[0]

    @property
    def sample_bytes(self) -> int:
        """What one sample takes."""
        return self.head.bytes // self.samples

    def read(self, first: int, last: int) -> AnyArray:
        """The samples from `first` up to but without `last`, as `read_npy` would give them. Raises DataError."""
        size = self.sample_bytes
        content = self.bytes_at(first * size, (last - first) * size)
        if len(content) < (last - first) * size:
            raise DataError(f"{self.title} was changed while it was in use. Load the data again.")
        assert self.head.dtype is not None
        return plain_array(np.frombuffer(content, self.head.dtype).reshape(last - first, *self.head.shape[1:]))


def open_npy(path: Path) -> DiskArray:
    """The array of an NPY file. Raises DataError when it cannot be read in pieces."""
    stamp = stamp_of(path)
    with damage_told(path), path.open("rb") as stream:
        head = read_array_head(stream)
        begin = stream.tell()
    _check(path.name, head)
    if begin + head.bytes > stamp[0]:
        raise damaged_array(path, f"{head.bytes} bytes announced, {stamp[0] - begin} there")
    return DiskArray(path.name, head, _in_file(path, stamp, begin))


def open_npz(path: Path, names: tuple[str, ...], progress: Progress) -> dict[str, DiskArray]:
    """Some arrays of an NPZ file by name, all of which it has. Raises DataError when one cannot be read in pieces."""
    stamp = stamp_of(path)
    spool: Spool | None = None
    found: dict[str, DiskArray] = {}
    with opened_zip(path) as archive:
        for name in names:
            info, title = archive.getinfo(f"{name}.npy"), f"{path.name}: array “{name}”"
            with archive.open(info) as stream:
                head = read_array_head(stream)
                begin = stream.tell()
                _check(title, head)
                if begin + head.bytes > info.file_size:
                    raise damaged_array(path, f"{name}: {head.bytes} bytes announced, {info.file_size} there")
                if info.compress_type == zipfile.ZIP_STORED:
                    bytes_at = _in_file(path, stamp, _begin_of(path, info) + begin)
                else:
                    spool = spool or Spool(path.name, "Save it with numpy.savez, which does not pack it.")
                    spool.check(head.bytes)
                    bytes_at = _unpacked(path, stream.read, head.bytes, spool, progress)
            found[name] = DiskArray(title, head, bytes_at)
    return found


def _check(title: str, head: ArrayHead) -> None:
    """Raises DataError where samples cannot be read one by one."""
    if head.problem:
        raise DataError(f"{title} {head.problem}.")
    if not head.shape or not head.bytes:
        raise DataError(f"{title} is empty. Choose an array with samples.")
    if head.column_major and len(head.shape) > 1:
        raise DataError(
            f"{title} is saved column by column, so it cannot be read piece by piece. "
            "Save it again as numpy.ascontiguousarray gives it, or read it all in memory."
        )


def _in_file(path: Path, stamp: Stamp, begin: int) -> BytesAt:
    return lambda place, count: read_unchanged(path, stamp, begin + place, count)


def _begin_of(path: Path, info: zipfile.ZipInfo) -> int:
    """Where the content of a member begins."""
    with path.open("rb") as file:
        file.seek(info.header_offset)
        head = file.read(_LOCAL_HEAD)
    return info.header_offset + _LOCAL_HEAD + sum(int.from_bytes(head[at : at + 2], "little") for at in (26, 28))


def _unpacked(path: Path, read: Callable[[int], bytes], size: int, spool: Spool, progress: Progress) -> BytesAt:
    begin, done = -1, 0
    while done < size:
        progress(f"Unpacking {path.name}, {readable(size)}", done / size)
        content = read(min(_BLOCK, size - done))
        if not content:
            raise damaged_array(path, f"{size} bytes announced, {done} there")
        place = spool.write(content)
        begin = place if begin < 0 else begin
        done += len(content)
    return lambda place, count: spool.read(begin + place, count)
