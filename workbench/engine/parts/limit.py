"""Bounds how long a person's code may run inside the engine, where it cannot be ended like a process."""

import contextvars
import ctypes
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class TooLongError(Exception):
    """The code did not end in time. It is raised in the midst of it, and to who asked for it."""


def within(seconds: float | None, work: Callable[[], T], name: str) -> T:
    """Do work in a thread of its own, with the context of this one, and give or raise what it gives or raises.

    After so many seconds (None: no end) TooLongError is raised, here and, as soon as it runs Python again, in the work.
    """
    given: list[T] = []
    failed: list[BaseException] = []
    context = contextvars.copy_context()

    def run() -> None:
        try:
            given.append(context.run(work))
        except BaseException as error:  # noqa: BLE001 - raised again below, in the thread that asked
            failed.append(error)

    thread = threading.Thread(target=run, name=name, daemon=seconds is not None)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        _interrupt(thread)
        thread.join(1.0)
        raise TooLongError(f"It did not end within {seconds:g} seconds.")
    if failed:
        raise failed[0]
    return given[0]


def _interrupt(thread: threading.Thread) -> None:
    """Raise TooLongError in a thread. A thread that waits in C does not notice before it is back in Python."""
    if thread.ident is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(TooLongError))
