"""Writing a run's folder: the project as trained, the history, the record. Only one process at a time may."""

import contextlib
import errno
import logging
import os
import platform
import shutil
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from workbench.domain import project_file
from workbench.domain.files import StoreError
from workbench.domain.project import Project
from workbench.domain.run import RunRecord
from workbench.domain.run_store import BEST_FILE as BEST_FILE
from workbench.domain.run_store import MODEL_FILE as MODEL_FILE
from workbench.domain.store import ProjectFolder
from workbench.protocol.codec import to_json
from workbench.protocol.events import (
    BatchesEnded,
    Continued,
    EpochEnded,
    Paused,
    PhaseBegan,
    PlanChosen,
    RunEnded,
    RunEvent,
)

PROJECT_FILE = "project.json"
HISTORY_FILE = "history.jsonl"
CHECKPOINT_FOLDER = "checkpoint"
_LOCK_FILE = "run.lock"
_SPARE_FILE = ".spare"
_SPARE_BYTES = 64 * 1024
_HEARTBEAT_SECONDS = 10.0
_EPOCH_SECONDS = 2.0

_log = logging.getLogger(__name__)


def now() -> str:
    """The moment as text, in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def environment(threads: int) -> dict[str, str]:
    """What a run was computed with."""
    return {
        "python": platform.python_version(),
        "keras": version("keras"),
        "tensorflow": _tensorflow_version(),
        "numpy": version("numpy"),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": str(os.cpu_count() or 1),
        "threads": str(threads),
    }


def project_of(folder: Path) -> Project:
    """The project as a run was trained. Raises StoreError."""
    return project_file.read(folder / PROJECT_FILE)


class RunWriter:
    """Keeps the folder of one run while it trains. Everything that writes may raise OSError."""

    def __init__(self, store: ProjectFolder, record: RunRecord, folder: Path, lock: "RunLock") -> None:
        self.record = record
        self.folder = folder
        self._store = store
        self._lock = lock
        self._written = time.monotonic()
        self._history = _open_history(folder / HISTORY_FILE)
        try:
            _reserve(folder / _SPARE_FILE)
        except BaseException:
            self._history.close()
            raise

    @classmethod
    def create(cls, store: ProjectFolder, record: RunRecord, project: Project) -> "RunWriter":
        """A new run. Raises StoreError when one with this id is there, OSError, leaving nothing, on a full disk."""
        folder = store.create_run(record, {PROJECT_FILE: project_file.encode(project)})
        lock = RunLock(folder)
        try:
            return cls(store, record, folder, lock)
        except BaseException:
            lock.release()
            shutil.rmtree(folder, ignore_errors=True)  # nothing was trained in it
            raise

    @classmethod
    def reopen(cls, store: ProjectFolder, run_id: str) -> "RunWriter":
        """A run to go on with. Raises StoreError when it is damaged or another process trains it."""
        record = store.read_run(run_id)
        folder = store.run_folder(run_id)
        lock = RunLock(folder)
        try:
            _sweep(folder)
            return cls(store, record, folder, lock)
        except BaseException:
            lock.release()
            raise

    def append(self, event: RunEvent) -> None:
        """Add an event to the history, and bring the record up to date with it."""
        self._history.write(to_json(event) + b"\n")
        self._history.flush()
        match event:
            case PlanChosen(phase=0):
                self.update(plan=event.plan)
            case PlanChosen():
                self.update(later_plans=(*self.record.later_plans[: event.phase - 1], event.plan))
            case PhaseBegan():
                self.update(phases=(*self.record.phases[: event.phase - 1], (event.name, event.epoch)))
            case BatchesEnded():
                self._note(steps_done=event.first_step + len(event.losses), seconds=event.seconds)
            case EpochEnded():
                self._note(epochs_done=event.epoch + 1, last=event.metrics, seconds=event.seconds)
                if event.improved:
                    self._note(best=event.metrics, best_epoch=event.epoch)
            case Paused():
                self.update(status="paused")
            case Continued():
                self.update(status="running")
            case RunEnded():
                self._end(event)
            case _:
                pass
        due = _EPOCH_SECONDS if isinstance(event, EpochEnded) else _HEARTBEAT_SECONDS
        if time.monotonic() - self._written > due:
            self.update()

    def update(self, **changes: Any) -> None:
        """Change the record and write it."""
        self._note(**changes)
        if self.record.status != "ended" and self.record.pid is not None:
            self._note(heartbeat=now())
        self._written = time.monotonic()
        self._store.write_run(self.record)

    def make_room(self) -> None:
        """Give back the bytes held for the moment when the disk is full, so that the record can still be written."""
        with contextlib.suppress(OSError):
            (self.folder / _SPARE_FILE).unlink(missing_ok=True)

    def end_without_history(self, event: RunEnded) -> None:
        """Say at least in the record that the run has ended, where the history cannot be written any more."""
        try:
            self._end(event)
        except OSError as error:
            _log.error("The record of the run %s could not be written: %s", self.record.id, error)

    def suspend(self) -> None:
        """The engine closes: the run waits to be resumed."""
        self._note(status="paused", pid=None, heartbeat=None)
        self.update()

    def close(self) -> None:
        """Let go of the folder."""
        try:
            self._history.close()
        except OSError as error:
            _log.warning("The history could not be closed: %s", error)
        self.make_room()
        self._lock.release()

    def _end(self, event: RunEnded) -> None:
        self.update(
            status="ended",
            reason=event.reason,
            message=event.message,
            ended=now(),
            pid=None,
            heartbeat=None,
            seconds=event.seconds,
            epochs_done=event.epochs,
        )

    def _note(self, **changes: Any) -> None:
        self.record = msgspec.structs.replace(self.record, **changes)


class RunLock:
    """Held by the process that trains a run; the system lets go of it when that process dies."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / _LOCK_FILE).open("ab")
        try:
            _lock(self._file)
        except OSError as error:
            self._file.close()
            if error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                raise
            raise StoreError(
                "This run is being trained already, in this window or another. Stop it there first."
            ) from error

    def release(self) -> None:
        """Let others train the run."""
        self._file.close()


def _lock(file: BinaryIO) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _open_history(path: Path) -> BinaryIO:
    """The history, open to append. A last line cut by a kill is ended first, so that it spoils no other."""
    file = path.open("ab+")
    size = file.seek(0, os.SEEK_END)
    if size:
        file.seek(size - 1)
        if file.read(1) != b"\n":
            file.write(b"\n")
    return file


def _sweep(folder: Path) -> None:
    """Remove what a process that was killed had half written; what has its place has another name."""
    for place in (folder, folder / CHECKPOINT_FOLDER):
        for path in (*place.glob(".*.tmp"), *place.glob(".model.*.keras")):
            path.unlink(missing_ok=True)


def _reserve(path: Path) -> None:
    """Hold some bytes of the disk. Raises OSError when it has no more."""
    if path.exists() and path.stat().st_size == _SPARE_BYTES:
        return
    try:
        path.write_bytes(bytes(_SPARE_BYTES))
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _tensorflow_version() -> str:
    for name in ("tensorflow", "tensorflow-cpu"):
        with contextlib.suppress(ModuleNotFoundError):
            return version(name)
    return ""


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
