"""The life of a child of the engine that runs a person's code: its pipes, and that it ends with the engine."""

import os
import threading
from typing import BinaryIO


def begin_child() -> BinaryIO:
    """Where the child writes its answers. From now on it ends when the engine does."""
    life, answers = _take_over_streams()
    threading.Thread(target=_end_with, args=(life,), name="watch", daemon=True).start()
    return answers


def _take_over_streams() -> tuple[int, BinaryIO]:
    """The two pipes. What the person's code prints goes to the log, and it has nothing to read."""
    life = os.dup(0)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return life, answers


def _end_with(life: int) -> None:
    """The engine holds the other end of the pipe: when it died, nobody waits for the answer any more."""
    os.read(life, 1)
    os._exit(1)
