"""Looks at paths that a person gave."""

from pathlib import Path
from typing import TypeAlias

from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import MAX_FILE, readable

Stamp: TypeAlias = tuple[int, int]


def stamp_of(path: Path) -> Stamp:
    """Size and time of the last change of a file. Raises DataError."""
    try:
        status = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return status.st_size, status.st_mtime_ns


def check_unchanged(path: Path, stamp: Stamp) -> None:
    """Raises DataError when the file is not as it was when `stamp` was taken."""
    if stamp_of(path) != stamp:
        raise DataError(f"{path.name} was changed while it was in use. Load the data again.")


def read_unchanged(path: Path, stamp: Stamp, place: int, count: int) -> bytes:
    """Bytes of a file from a place on. Raises DataError, also when it is not as it was when `stamp` was taken."""
    try:
        with path.open("rb") as file:
            check_unchanged(path, stamp)
            file.seek(place)
            return file.read(count)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> DataError:
    return DataError(f"{path.name} cannot be read: {error.strerror or error}. Check the file.", str(path))


def check_file(path: Path) -> None:
    """Raises DataError when there is no ordinary file at the path."""
    try:
        if path.is_dir():
            raise DataError(f"{path.name} is a folder, but a file is needed. Choose a file.")
        if not path.exists():
            raise DataError(f"There is no file {path}. Choose the file again.")
        if not path.is_file():
            raise DataError(f"{path.name} is no ordinary file. Choose another.")
    except OSError as error:
        raise _unreadable(path, error) from error


def check_size(path: Path) -> None:
    """Raises DataError when the file is too large to be held."""
    size = path.stat().st_size
    if size > MAX_FILE:
        raise DataError(
            f"{path.name} has {readable(size)}; at most {readable(MAX_FILE)} can be held in memory. "
            "Read it piece by piece, or use a part of it."
        )


def check_folder(path: Path) -> None:
    """Raises DataError when there is no folder at the path."""
    try:
        if not path.exists():
            raise DataError(f"There is no folder {path}. Choose the folder again.")
        if not path.is_dir():
            raise DataError(f"{path.name} is a file, but a folder with pictures is needed. Choose a folder.")
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}. Check it.", str(path)) from error
