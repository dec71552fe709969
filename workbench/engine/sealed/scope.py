"""The folder that keeps the sealed SavedModels of the project that a thread is at work on."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

_folder: ContextVar[Path | None] = ContextVar("folder of sealed SavedModels", default=None)


def sealed_folder() -> Path | None:
    """The project's folder, None where this thread is at work on none."""
    return _folder.get()


@contextlib.contextmanager
def sealed_in(folder: Path | str | None) -> Iterator[None]:
    """Let this thread find the sealed SavedModels in a project's folder, until the end of the block."""
    token = _folder.set(None if folder is None else Path(folder))
    try:
        yield
    finally:
        _folder.reset(token)
