"""Checkpoints: everything needed to go on exactly, written so that a kill at any moment loses nothing.

A checkpoint is one NPZ file without pickles, its plain facts a JSON text among the arrays. Two files take turns, each
written beside and then put in place, so the newest whole one is always there.
"""

import io
import logging
import time
import tokenize
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from workbench.domain.files import write_atomically
from workbench.engine.training.state import Arrays
from workbench.engine.training.stopping import TrackerState

_FACTS = "facts"
_MAX_FACTS = 4 * 1024 * 1024
_HEADER = 4096
# All that a file which is no archive of ours makes zipfile, zlib and numpy raise; an array announced to be larger than
# memory is a MemoryError.
_BROKEN = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    EOFError,
    RuntimeError,
    MemoryError,
    tokenize.TokenError,
)

_log = logging.getLogger(__name__)


class CheckpointError(Exception):
    """A checkpoint cannot be used. The message is a sentence for a person."""


class Place(msgspec.Struct, frozen=True):
    """Where a training stands: `batch` batches of epoch `epoch` are done (both count from 0). `validating`: all are
    done, and the validation is to begin again; `logs` are then the training metrics of the epoch."""

    epoch: int = 0
    batch: int = 0
    validating: bool = False
    logs: dict[str, float] = {}


class Facts(msgspec.Struct, frozen=True):
    """What a checkpoint says besides the arrays. `stopping` and `best` are the trackers of early stopping and of the
    best model; the weights of their best epochs lie in files of their own. `data` is the fingerprint of the data,
    `callbacks` what the project's own callbacks have noted.

    `phase` counts from 0 and began with epoch `phase_start`; `phase_over` says that early stopping has ended it,
    `skipped` how many epochs phases had left then. `stopping_metrics` are those of early stopping's best epoch."""

    sequence: int
    place: Place
    step: int
    seconds: float
    data: str = ""
    stopping: TrackerState | None = None
    best: TrackerState | None = None
    best_metrics: dict[str, float] = {}
    last_metrics: dict[str, float] = {}
    callbacks: tuple[dict[str, Any], ...] = ()
    stopping_metrics: dict[str, float] = {}
    phase: int = 0
    phase_start: int = 0
    phase_over: bool = False
    skipped: int = 0


class Checkpoints:
    """The checkpoint folder of a run. Errors in reading are CheckpointError, in writing OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._slots = (folder / "a.npz", folder / "b.npz")
        self._known = {path: facts for path in self._slots if (facts := _read_facts(path)) is not None}
        self.cost = 0.0
        self.written = time.monotonic()

    def save(self, facts: Facts, arrays: Arrays, best: dict[int, Arrays]) -> None:
        """Write a checkpoint over the older of the two, after the weights of best epochs that are not there yet."""
        start = time.monotonic()
        self._folder.mkdir(parents=True, exist_ok=True)
        for epoch, weights in best.items():
            if not self._best_file(epoch).exists():
                write_atomically(self._best_file(epoch), _packed(weights))
        order = self._newest_first()
        newest = order[0] if order else self._slots[1]
        target = self._slots[1] if newest == self._slots[0] else self._slots[0]
        facts = msgspec.structs.replace(facts, sequence=self._known[newest].sequence + 1 if order else 0)
        write_atomically(target, _packed(arrays | {_FACTS: np.frombuffer(msgspec.json.encode(facts), np.uint8)}))
        self._known[target] = facts
        self._forget_bests()
        self.written = time.monotonic()
        self.cost = self.written - start

    def newest(self, expected: Callable[[Facts], Arrays]) -> tuple[Facts, Arrays]:
        """The newest whole checkpoint. `expected` gives arrays of the right shapes, which bound what is read.

        Raises CheckpointError when there is none that can be used. What lies behind the one found is forgotten.
        """
        for path in self._newest_first():
            try:
                arrays = _read(path, expected(self._known[path]))
            except CheckpointError as error:
                _log.warning("The checkpoint %s cannot be used: %s", path, error)
                del self._known[path]
                continue
            self._forget_bests()
            return self._known[path], arrays
        raise CheckpointError("The run has no checkpoint that can be read, so it cannot go on. Start a new run.")

    @property
    def has_files(self) -> bool:
        """Whether there are files of checkpoints, readable or not."""
        return any(path.exists() for path in self._slots)

    def facts(self) -> Facts | None:
        """What the newest checkpoint says, None when there is none."""
        order = self._newest_first()
        return self._known[order[0]] if order else None

    def best_weights(self, epoch: int, expected: Arrays) -> Arrays:
        """The weights of a best epoch. Raises CheckpointError when they are not there or damaged."""
        return _read(self._best_file(epoch), expected)

    def _best_file(self, epoch: int) -> Path:
        return self._folder / f"best-{epoch}.npz"

    def _newest_first(self) -> list[Path]:
        return sorted(self._known, key=lambda path: self._known[path].sequence, reverse=True)

    def _forget_bests(self) -> None:
        needed = {
            self._best_file(tracker.best_epoch).name
            for facts in self._known.values()
            for tracker in (facts.stopping, facts.best)
            if tracker is not None and tracker.best_epoch is not None
        }
        for path in self._folder.glob("best-*.npz"):
            if path.name not in needed:
                path.unlink(missing_ok=True)


def _packed(arrays: Arrays) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **{name: _plain(array) for name, array in arrays.items()})
    return buffer.getvalue()


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    """NPZ knows no types beyond numpy's own (bfloat16); such travel as raw bytes of the same size."""
    return array.view(f"V{array.dtype.itemsize}") if array.dtype.kind == "V" else array


def _read(path: Path, expected: Arrays) -> Arrays:
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: _member(archive, name, like) for name, like in expected.items()}
    except _BROKEN as error:
        raise CheckpointError(f"The file {path.name} is damaged or belongs to another network ({error}).") from error


def _member(archive: zipfile.ZipFile, name: str, like: NDArray[Any]) -> NDArray[Any]:
    info = archive.getinfo(f"{name}.npy")
    if info.file_size > like.nbytes + _HEADER:
        raise ValueError(f"{name} is larger than this network's")
    with archive.open(info) as file:
        array: NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
    if array.shape != like.shape or array.dtype.itemsize != like.dtype.itemsize:
        raise ValueError(f"{name} has the shape {array.shape}, not {like.shape}")
    return array if array.dtype == like.dtype else array.view(like.dtype)


def _read_facts(path: Path) -> Facts | None:
    """The facts of a checkpoint, None when there is no readable one: the other file is there for that."""
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo(f"{_FACTS}.npy")
            if info.file_size > _MAX_FACTS:
                return None
            with archive.open(info) as file:
                text = np.lib.format.read_array(file, allow_pickle=False)
        return msgspec.json.decode(text.tobytes(), type=Facts)
    except FileNotFoundError:
        return None
    except (*_BROKEN, msgspec.DecodeError) as error:
        _log.warning("The checkpoint %s cannot be read: %s", path, error)
        return None
