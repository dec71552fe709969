"""Ends a process that does something for a person who gave it up."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import psutil


def end_process(process: "subprocess.Popen[bytes]") -> None:
    """End the process, which has a session of its own, and those that it started."""
    if sys.platform == "win32":
        with suppress(psutil.Error):
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
