"""Puts bytes aside on the disk, in a file without a name on systems that allow it: it goes with the process, also with
one that is killed."""

import shutil
import tempfile
import threading
import weakref

from workbench.domain.places import cache_folder
from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import readable

_SHARE_OF_DISK = 4


class Spool:
    """Bytes that are written one behind the other, and read at any place. `what` begins the sentence when they are too
    many, `advice` ends it. Safe to use from several threads; the file is closed with the last use of this object."""

    def __init__(self, what: str, advice: str) -> None:
        self._what = what
        self._advice = advice
        self._lock = threading.Lock()
        self._size = 0
        try:
            folder = cache_folder()
            self._most = shutil.disk_usage(folder).free // _SHARE_OF_DISK
            self._file = tempfile.TemporaryFile(dir=folder, prefix="aside-")  # noqa: SIM115 - closed by `finalize`
        except OSError as error:
            raise self._failed(error) from error
        weakref.finalize(self, self._file.close)

    def check(self, needed: int) -> None:
        """Raises DataError when so many bytes more would take too much of the disk."""
        if self._size + needed > self._most:
            raise DataError(
                f"{self._what} takes {readable(self._size + needed)} on the disk while it is in use, but "
                f"{readable(self._most)} can be used there. {self._advice}"
            )

    def write(self, content: bytes) -> int:
        """Put bytes behind the others; gives their place. Raises DataError when the disk has too little room."""
        self.check(len(content))
        with self._lock:
            place = self._size
            try:
                self._file.seek(place)
                self._file.write(content)
            except OSError as error:
                raise self._failed(error) from error
            self._size += len(content)
        return place

    def read(self, place: int, count: int) -> bytes:
        """Bytes from a place on; fewer where there are no more."""
        with self._lock:
            try:
                self._file.seek(place)
                return self._file.read(count)
            except OSError as error:
                raise self._failed(error) from error

    def _failed(self, error: OSError) -> DataError:
        return DataError(
            f"{self._what} cannot be put aside on the disk: {error.strerror or error}. Make room there.", str(error)
        )
