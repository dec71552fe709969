"""Files written whole or not at all, and read only as far as they are sane."""

import contextlib
import os
import secrets
import stat
import time
from pathlib import Path

import msgspec

# All that msgspec raises on bytes that are not what they should be: text that is no UTF-8 and deep nesting, too.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class StoreError(Exception):
    """Something on disk cannot be read or written as asked; the message is a sentence for a person."""


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that at any moment either the old or the new content is there. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _replace(temporary, path)
    except BaseException as error:
        if isinstance(error, OSError) and error.filename == str(temporary):
            error.filename = str(path)  # the name that a person knows
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _replace(source: Path, target: Path) -> None:
    for _attempt in range(10):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            # Windows refuses while another process reads the target, which takes a moment only.
            if os.name != "nt":
                raise
            time.sleep(0.02)
    os.replace(source, target)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows has no such thing.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        return  # Some network file systems cannot sync a folder; the file itself is safe.
    finally:
        os.close(descriptor)


def read_bounded(path: Path, limit: int) -> bytes:
    """A file's bytes. Raises StoreError when there are more than `limit` or when it cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for, a device never ends
            raise StoreError(f"{path} is not a file. Move what stands there out of the way.")
        with path.open("rb") as file:
            # Asking for no more than there is spares room for `limit` bytes each time: lists read thousands of files.
            size = os.fstat(file.fileno()).st_size
            data = file.read(min(size, limit) + 1)
    except FileNotFoundError:
        raise StoreError(f"{path} is not there. Check the path.") from None
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(data) > limit:
        raise StoreError(f"{path} is larger than {limit // 1024:,} KB, so it is not what it should be.")
    return data
