"""Finds the files of the Keras data sets: the one that a person chose, a copy of ours, Keras' own cache, or a download.

A file is used only when its hash is the one that Keras' sources state. What a person chose is copied and the copy
checked; nothing of theirs or of Keras is ever changed or deleted.
"""

import hashlib
import http.client
import os
import secrets
import threading
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workbench.domain.places import cache_folder
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file
from workbench.engine.data.limits import readable
from workbench.engine.data.raw import Progress

STORE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_PATIENCE = 15.0
_PIECE = 1 << 18


@dataclass(frozen=True)
class KerasFile:
    """One file. `digest` is its SHA-256, or its MD5 where only that is published; `most` bounds its bytes; `cached` are
    other names that it has in Keras' cache, in the sub-folder `folder`."""

    name: str
    url: str
    digest: str
    most: int
    cached: tuple[str, ...] = ()
    folder: str = "datasets"
    downloads: bool = True


def keras_home() -> Path:
    """Keras' folder, as Keras itself finds it."""
    home = os.environ.get("KERAS_HOME")
    return Path(home).expanduser() if home else Path.home() / ".keras"


def places(file: KerasFile, given: Path | None) -> tuple[Path, ...]:
    """Where the file may lie, in the order in which it is looked for."""
    cached = keras_home() / file.folder
    found = [given] if given is not None else []
    return (*found, _ours(file), *(cached / name for name in (file.name, *file.cached)))


def obtain(file: KerasFile, given: Path | None, progress: Progress) -> Path:
    """The path of the file, checked. Raises DataError that says which file to get and where to put it, and whatever
    `progress` raises to cancel."""
    ours = _ours(file)
    if given is not None:
        check_file(given)
        if not is_right(file, given, progress):
            raise DataError(
                f"{given.name} is not the {file.name} that Keras gives out: its hash is another. "
                f"Get it again from {file.url}."
            )
        if not is_right(file, ours, progress):
            _keep(file, given, progress)
        return ours
    for path in places(file, None):
        if is_right(file, path, progress):
            return path
    if not file.downloads:
        raise DataError(_how_to_get(file, f"{file.name} is not downloaded by itself."))
    _download(file, progress)
    return ours


def _ours(file: KerasFile) -> Path:
    return cache_folder() / "keras" / file.name


_checked: dict[tuple[str, int, int], str] = {}
_lock = threading.Lock()


def is_right(file: KerasFile, path: Path, progress: Progress) -> bool:
    """Whether the file is there with the right hash; asked again only after it changed."""
    try:
        if not path.is_file():
            return False
        stat = path.stat()
        if stat.st_size > file.most:
            return False
        key = (str(path), stat.st_mtime_ns, stat.st_size)
        with _lock:
            known = _checked.get(key)
        if known is None:
            with path.open("rb") as stream:
                known = _digest(file, stream, stat.st_size, progress)
            with _lock:
                _checked[key] = known
    except OSError:
        return False  # a file that cannot be read counts as none: the next place is tried, then the download
    return known == file.digest


def _hasher(file: KerasFile) -> "hashlib._Hash":
    return hashlib.sha256() if len(file.digest) == 64 else hashlib.md5(usedforsecurity=False)


def _digest(file: KerasFile, stream: BinaryIO, size: int, progress: Progress) -> str:
    digest, read = _hasher(file), 0
    while piece := stream.read(1 << 20):
        digest.update(piece)
        read += len(piece)
        progress(f"Checking {file.name}", min(1.0, read / max(1, size)))
    return digest.hexdigest()


def _keep(file: KerasFile, given: Path, progress: Progress) -> None:
    """Copies what a person chose, and checks the copy."""
    try:
        with given.open("rb") as stream:
            _write(file, iter(lambda: stream.read(_PIECE), b""), given.stat().st_size, f"Copying {file.name}", progress)
    except OSError as error:
        raise DataError(f"{given.name} cannot be copied: {error.strerror or error}. Check the file.") from error


def _download(file: KerasFile, progress: Progress) -> None:
    progress(f"Downloading {file.name}", None)
    try:
        with urllib.request.urlopen(file.url, timeout=_PATIENCE) as answer:
            length = str(answer.headers.get("Content-Length") or "")
            total = int(length) if length.isdigit() else 0
            _write(file, iter(lambda: answer.read(_PIECE), b""), total, f"Downloading {file.name}", progress)
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        reason = getattr(reason, "strerror", None) or reason
        raise DataError(_how_to_get(file, f"{file.name} could not be downloaded ({reason}).")) from error


def _how_to_get(file: KerasFile, problem: str) -> str:
    return (
        f"{problem} Get it from {file.url} on a machine that can, then drop it on the window, or put it "
        f"into {keras_home() / file.folder}."
    )


def _write(file: KerasFile, pieces: Iterable[bytes], total: int, text: str, progress: Progress) -> None:
    """Our copy from its bytes, there only once it is whole and checked."""
    target = _ours(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    digest, read = _hasher(file), 0
    try:
        with temporary.open("xb") as out:
            for piece in pieces:
                read += len(piece)
                if read > file.most:
                    raise DataError(f"{file.name} is larger than the {readable(file.most)} that were expected.")
                digest.update(piece)
                out.write(piece)
                progress(text, min(1.0, read / total) if total else None)
        if digest.hexdigest() != file.digest:
            raise DataError(_how_to_get(file, f"What came as {file.name} is another file: its hash is wrong."))
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
