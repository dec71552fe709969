"""A lock file that says which process has a project open, so that two windows do not overwrite each other."""

import os
import socket
import time
from pathlib import Path

import msgspec

from workbench.domain.files import UNREADABLE, StoreError, read_bounded, write_atomically
from workbench.domain.processes import is_process_alive, process_started

MAX_BYTES = 4096
CLOCK_SLACK = 5.0


class LockRecord(msgspec.Struct, frozen=True):
    """Who holds the lock: process, machine, and since when in seconds since 1970."""

    pid: int
    host: str
    since: float


class FolderLock:
    """The lock of one folder. It is of use only between processes that ask for it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def owner(self) -> LockRecord | None:
        """Who else holds the lock; None when nobody does, when that process died, or when it is this process."""
        record = self._read()
        if record is None or _is_mine(record):
            return None
        if record.host != socket.gethostname():
            return record
        started = process_started(record.pid)
        is_other = started is not None and started > record.since + CLOCK_SLACK
        return None if is_other or not is_process_alive(record.pid) else record

    @property
    def is_there(self) -> bool:
        """Whether anybody, dead or alive, says to hold the lock."""
        return self._read() is not None

    @property
    def is_held(self) -> bool:
        """Whether a living process holds the lock, this one or another."""
        record = self._read()
        return record is not None and (_is_mine(record) or self.owner() is not None)

    def take(self, force: bool = False) -> None:
        """Hold the lock from now on. Raises StoreError when another living process does, unless forced."""
        owner = None if force else self.owner()
        if owner is not None:
            where = "" if owner.host == socket.gethostname() else f" on {owner.host}"
            raise StoreError(
                f"This project is open in another window already (process {owner.pid}{where}). Close it there first."
            )
        record = LockRecord(os.getpid(), socket.gethostname(), time.time())
        write_atomically(self._path, msgspec.json.encode(record))

    def release(self) -> None:
        """Give the lock back; nothing happens when this process does not hold it."""
        record = self._read()
        if record is not None and _is_mine(record):
            self._path.unlink(missing_ok=True)

    def _read(self) -> LockRecord | None:
        if not self._path.exists():
            return None
        try:
            return msgspec.json.decode(read_bounded(self._path, MAX_BYTES), type=LockRecord)
        except (StoreError, *UNREADABLE):
            return None  # A damaged lock protects nothing, and must not lock a person out.


def _is_mine(record: LockRecord) -> bool:
    return record.pid == os.getpid() and record.host == socket.gethostname()
