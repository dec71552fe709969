"""Model files: written whole or not at all, and the project kept inside a `.keras` file."""

import contextlib
import io
import os
import secrets
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.domain import project_file
from workbench.domain.files import write_atomically
from workbench.domain.project import Project

PROJECT_MEMBER = "workbench.json"
PREPARED = "with_preparation"
"""The name of a model that has the preparation of its data inside."""


def write_beside(target: Path, write: Callable[[Path], None], suffix: str = "") -> None:
    """Let `write` make a file or folder beside the target, then put it in the target's place. Raises what it raises;
    the target is then what it was. `suffix` is the ending that the writer insists on."""
    temporary = target.with_name(f".{target.stem}.{secrets.token_hex(4)}{suffix}")
    try:
        write(temporary)
        if temporary.is_file():
            _sync(temporary)
        if target.is_dir():
            shutil.rmtree(target)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            shutil.rmtree(temporary) if temporary.is_dir() else temporary.unlink(missing_ok=True)
        raise


def save_model(model: Any, project: Project | None, target: Path, check: Callable[[Path], None] | None = None) -> None:
    """Write a `.keras` file with the project inside, which plain Keras opens as well. Raises OSError. `check` looks at
    the file before it takes its place; what it raises leaves the target as it was."""

    def write(path: Path) -> None:
        model.save(path)
        if project is not None:
            with zipfile.ZipFile(path, "a") as archive:
                archive.writestr(PROJECT_MEMBER, project_file.encode(project))
        if check is not None:
            check(path)

    write_beside(target, write, ".keras")


def save_weights(model: Any, target: Path) -> None:
    """Write a `.weights.h5` file. Raises OSError."""
    content = _Weights()
    model.save_weights(content)
    write_atomically(target, content.getvalue())


class _Weights(io.BytesIO):
    """Made in memory, because HDF5 brings the whole process down when it finds the disk full while it closes a file.

    Keras takes such a stream where its text ends as the name of a file of weights does.
    """

    def __str__(self) -> str:
        return "memory.weights.h5"


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
