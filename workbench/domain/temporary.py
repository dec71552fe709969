"""A folder of its own for what a process makes for a while, so that nothing stays behind when it is killed.

TensorFlow writes each function that it translates into a file among the temporary ones, and takes it away only at an
orderly end.
"""

import atexit
import logging
import os
import shutil
import stat
import tempfile
from pathlib import Path

from workbench.domain.lock import FolderLock

PREFIX = "workbench-engine-"
VARIABLES = ("TMPDIR", "TEMP", "TMP")  # where Python, and programs that are started, look for the place
_LOCK = "owner.json"

_log = logging.getLogger(__name__)


def work_in_own_folder() -> Path:
    """From now on temporary files of this process and of those it starts lie in a folder that goes with it. What
    processes that are dead left behind is taken away as well. Raises OSError."""
    around = Path(tempfile.gettempdir())
    remove_left_behind(around)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=around))
    FolderLock(folder / _LOCK).take()
    tempfile.tempdir = str(folder)
    os.environ.update(dict.fromkeys(VARIABLES, str(folder)))
    atexit.register(_remove, folder)
    return folder


def remove_left_behind(around: Path | None = None) -> None:
    """Take away such folders whose process is dead; those of living ones, of other people and of other machines stay.
    `around` is where temporary files lie, unless another place is given."""
    for folder in (around or Path(tempfile.gettempdir())).glob(f"{PREFIX}*"):
        lock = FolderLock(folder / _LOCK)
        if _is_mine(folder) and lock.is_there and not lock.is_held:
            _remove(folder)


def _is_mine(folder: Path) -> bool:
    """Whether it is a folder, and no link to one, of the person who asks."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == os.getuid())


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        _log.info("%s was removed by somebody else", folder)
    except OSError:
        _log.warning("%s could not be removed", folder, exc_info=True)
