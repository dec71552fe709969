"""Prepares a data set of tensorflow_datasets on this machine, in a process that can be given up, and looks at one that
lies in a folder before the library does."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from workbench.engine.data.child_process import end_process
from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import readable
from workbench.engine.data.raw import Progress

_CHILD = """
import sys
import tensorflow_datasets as tfds
tfds.builder(sys.argv[1], data_dir=sys.argv[2] or None).download_and_prepare()
"""
_PATIENCE = 0.2  # seconds between two looks at whether the person gave up
_DESCRIPTIONS = ("features.json", "*/features.json", "*/*/features.json")  # name, configuration, version
_OWN_CODE = "tensorflow_datasets.core.features."
_LARGEST = 16 << 20
_MOST_FILES = 200
_LAST_WORDS = 4_000


def sets_folder(given: Path | None) -> Path:
    """Where the library keeps data sets, as it finds it itself."""
    return given or Path(os.environ.get("TFDS_DATA_DIR") or Path.home() / "tensorflow_datasets")


def check_features(name: str, folder: Path | None) -> None:
    """Raises DataError where the files of a data set in a folder that a project names make the library import other
    code than its own."""
    if folder is None:
        return
    root = folder / name.split("/")[0].split(":")[0]
    for place, path in enumerate(chain.from_iterable(map(root.glob, _DESCRIPTIONS))):
        try:
            if place >= _MOST_FILES or path.stat().st_size > _LARGEST:
                raise DataError(f"{root.name} has more files, or larger ones, than are looked at. Use another folder.")
            found = set(_classes(json.loads(path.read_bytes())))
        except (OSError, ValueError, RecursionError) as error:
            raise DataError(f"{path} cannot be read. Prepare the data set again.", str(error)) from error
        if any(not each.startswith(_OWN_CODE) for each in found):
            raise DataError(
                f"The data set in {root} needs Python code of others, which is not run. Save its samples as NPZ or "
                "TFRecord, and open those."
            )


def _classes(value: Any) -> Iterator[str]:
    """The classes that a description of features names, by the keys that the library looks at."""
    if isinstance(value, dict):
        for key in ("pythonClassName", "python_class_name", "type"):
            if isinstance(value.get(key), str) and "." in value[key]:
                yield value[key]
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _classes(inner)


def prepare_set(name: str, folder: Path | None, info: Any, progress: Progress) -> None:
    """Download and prepare a data set. Raises DataError that says how to get it otherwise, and whatever `progress`
    raises to cancel: then the process is ended."""
    needed = int(info.download_size or 0) + int(info.dataset_size or 0)
    target = sets_folder(folder)
    _check_disk(name, target, needed)
    text = f"Downloading {name}" + (f", {readable(needed)}" if needed else "")
    progress(text, None)
    with tempfile.TemporaryFile() as words:
        command = [sys.executable, "-P", "-c", _CHILD, name, str(folder or "")]
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=words,
            env=_environment(),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ) as process:
            try:
                while _runs(process):
                    progress(text, None)
            finally:
                if process.returncode is None:
                    end_process(process)
        if process.returncode:
            words.seek(max(0, words.seek(0, os.SEEK_END) - _LAST_WORDS))
            said = words.read().decode("utf-8", "replace").strip()
            raise DataError(
                f"{name} could not be downloaded and prepared. Do that on a machine that can, with: tfds build {name} "
                f"– then copy the folder {name.split('/')[0].split(':')[0]} from there into {target}.",
                said,
            )


def _check_disk(name: str, target: Path, needed: int) -> None:
    there = next(folder for folder in (target, *target.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if needed * 2 > free:
        raise DataError(
            f"{name} takes {readable(needed)} on the disk, but only {readable(free)} are free. Make room, or choose "
            "another data set."
        )


def _runs(process: "subprocess.Popen[bytes]") -> bool:
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        return True
    return False


def _environment() -> dict[str, str]:
    """The libraries that this process finds; the graphics card is left to the training."""
    path = os.pathsep.join(each for each in sys.path if each)
    return {**os.environ, "PYTHONPATH": path, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "2"}
