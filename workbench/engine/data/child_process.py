"""Processes that run a person's code, and are ended once the person gave it up."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil

import workbench

_LONGEST_LINE = 1 << 20


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


@contextmanager
def running_child(switch: str, folder: Path) -> Iterator["queue.SimpleQueue[bytes]"]:
    """A child of the engine at work on the order in a folder; `switch` of the engine says at what. Gives the lines that
    it writes, of which an empty one means that no more can come. It is ended at the end, whatever it does."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    with subprocess.Popen(
        _command(switch, folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=folder,
        env=_environment(),
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        assert process.stdout is not None
        reader = threading.Thread(target=_read, args=(process.stdout, lines), name="child")
        reader.start()
        try:
            yield lines
        finally:
            end_process(process)
            reader.join()


def _read(stream: IO[bytes], lines: "queue.SimpleQueue[bytes]") -> None:
    while line := stream.readline(_LONGEST_LINE):
        lines.put(line)
    lines.put(b"")


def _command(switch: str, folder: Path) -> list[str]:
    python = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "workbench"]
    return [*python, "engine", switch, str(folder)]


def _environment() -> dict[str, str]:
    """This very workbench, wherever the process starts; the graphics card is left to the training."""
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "PYTHONUNBUFFERED": "1"}
    environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if not getattr(sys, "frozen", False):
        root = str(Path(workbench.__file__).parents[1])
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return environment
