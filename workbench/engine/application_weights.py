"""Where the weights of Keras' applications come from: a file that the person names, Keras' cache, or a download.

Keras asks for them by `get_file`, which deletes a file in the cache that has another hash; here such a file stays.
"""

import contextlib
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from workbench.domain.applications import BaseSource
from workbench.engine.data.limits import readable
from workbench.engine.data.raw import Progress
from workbench.engine.donors import inspect_h5
from workbench.engine.errors import Cancelled, EngineError

_PATIENCE = 20.0  # seconds that a server may be silent
_PAUSE = 0.2  # seconds between two words about a download


@contextlib.contextmanager
def with_weights_of(source: BaseSource) -> Iterator[str | None]:
    """What an application is to be made with as its `weights`; within, Keras gets its files from here."""
    if source.weights == "none":
        yield None
        return
    from keras.src.utils import file_utils

    original = file_utils.get_file

    def provide(fname: str, origin: str, **more: Any) -> str:
        path = _named(source) or _cached(fname) or _loaded(original, source.name, fname, origin, more)
        inspect_h5(path)
        return str(path)

    file_utils.get_file = provide
    try:
        yield "imagenet"
    finally:
        file_utils.get_file = original


class _Asked(Exception):  # noqa: N818 - not an error: it ends the making of a model where its file is wanted
    """Keras asks for a file."""

    def __init__(self, name: str, origin: str, more: dict[str, Any]) -> None:
        super().__init__(name)
        self.name, self.origin, self.more = name, origin, more


def load_ahead(source: BaseSource, make: Callable[[], object], progress: Progress) -> None:
    """Have the file that an application will ask for on this machine, before `BUILDING` is held to make it: a download
    may take minutes, in which nothing else could be built. `make` makes it without weights, up to where it asks. Raises
    EngineError, and what `progress` raises to cancel."""
    if source.weights != "imagenet":
        return
    from keras.src.utils import file_utils

    original = file_utils.get_file

    def ask(fname: str, origin: str, **more: Any) -> str:
        raise _Asked(fname, origin, more)

    wanted: _Asked | None = None
    file_utils.get_file = ask
    try:
        make()
    except _Asked as asked:
        wanted = asked
    finally:
        file_utils.get_file = original
    if wanted is not None and _cached(wanted.name) is None:
        with _telling(source.name, progress):
            _loaded(original, source.name, wanted.name, wanted.origin, wanted.more)


def _named(source: BaseSource) -> Path | None:
    """The file that the person chose."""
    if source.weights == "imagenet":
        return None
    path = Path(source.weights).expanduser()
    if not path.is_file():
        raise EngineError(f"{path} is not there. Check the path.")
    return path


def _cached(name: str) -> Path | None:
    path = _cache() / name
    return path if path.is_file() else None


def _cache() -> Path:
    from keras.src.backend import config

    return Path(config.keras_home()).expanduser() / "models"


@contextlib.contextmanager
def _telling(application: str, progress: Progress) -> Iterator[None]:
    """Within, Keras' downloads say how far they are."""
    from keras.src.utils import file_utils

    original = file_utils.urlretrieve
    told = 0.0

    def tell(block: int, size: int, total: int) -> None:
        nonlocal told
        if block and time.monotonic() < told + _PAUSE:
            return
        told = time.monotonic()
        known = f" of {readable(total)}" if total > 0 else ""
        text = f"Downloading the weights of {application}: {readable(block * size)}{known}"
        progress(text, min(1.0, block * size / total) if total > 0 else None)

    file_utils.urlretrieve = lambda url, path, _hook=None: original(url, path, tell)
    try:
        yield
    finally:
        file_utils.urlretrieve = original


def _loaded(get_file: Callable[..., str], application: str, name: str, origin: str, more: dict[str, Any]) -> Path:
    """Load a file into the cache: whole, and with the hash that Keras knows, or not at all."""
    patience = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_PATIENCE)
    try:
        with tempfile.TemporaryDirectory() as folder:
            loaded = get_file(name, origin, **{**more, "cache_dir": folder, "cache_subdir": "models"})
            _cache().mkdir(parents=True, exist_ok=True)
            beside = _cache() / f".{name}.part"
            shutil.copyfile(loaded, beside)
            os.replace(beside, _cache() / name)
    except Cancelled:
        raise
    except Exception as error:
        raise EngineError(
            f"The weights of {application} are not on this machine, and could not be loaded from the internet. "
            f"Put the file {name} into {_cache()}, or choose it here. It is at {origin}",
            str(error),
        ) from error
    finally:
        socket.setdefaulttimeout(patience)
    return _cache() / name
