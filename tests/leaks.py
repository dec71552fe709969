"""Finds what a test leaves running: threads, QThreads, QTimers and child processes."""

import sys
import threading
import time
import weakref
from typing import Any

import psutil

GRACE = 5.0  # seconds for what is ending already
HELPERS_OF_PYTHON = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")


class Leaks:
    """Around a test: remembers what ran before it; `found` tells what runs still that did not before."""

    def __enter__(self) -> "Leaks":
        self._threads = set(threading.enumerate())
        self._processes = set(_children())
        self._started: weakref.WeakSet[Any] = weakref.WeakSet()
        self._originals: list[tuple[type, Any]] = []
        if "PySide6.QtCore" in sys.modules:
            self._record_starts()
        return self

    def __exit__(self, *_: object) -> None:
        for owner, original in self._originals:
            owner.start = original  # type: ignore[attr-defined]

    def found(self) -> list[str]:
        """One text for each thing that still runs. Processes are ended, for the sake of other tests."""
        deadline = time.monotonic() + GRACE
        return [*self._qt_objects(deadline), *self._python_threads(deadline), *self._child_processes(deadline)]

    def _record_starts(self) -> None:
        from PySide6.QtCore import QThread, QTimer

        for owner in (QThread, QTimer):
            self._originals.append((owner, owner.start))
            owner.start = self._recording(owner.start)  # type: ignore[method-assign]

    def _recording(self, original: Any) -> Any:
        started = self._started

        def start(self: Any, *args: Any) -> Any:
            started.add(self)
            return original(self, *args)

        return start

    def _qt_objects(self, deadline: float) -> list[str]:
        if not self._started:
            return []
        from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QThread, QTimer
        from shiboken6 import isValid

        # Widgets that the test gave up are deleted by an event, and their timers with them.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        left = []
        for each in [each for each in self._started if isValid(each)]:
            if isinstance(each, QTimer) and each.isActive():
                left.append(f"an active QTimer of {each.interval()} ms, child of {each.parent()}")
                each.stop()
            elif isinstance(each, QThread):
                wait = QDeadlineTimer(max(0, int((deadline - time.monotonic()) * 1000)))
                if not each.wait(wait):
                    left.append(f"a running QThread {each}")
        return left

    def _python_threads(self, deadline: float) -> list[str]:
        left = []
        for thread in threading.enumerate():
            # A dummy stands for a thread that Python did not start (TensorFlow's, Qt's); nobody can join it.
            if thread in self._threads or isinstance(thread, threading._DummyThread):
                continue
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                left.append(f"the thread {thread.name!r}")
        return left

    def _child_processes(self, deadline: float) -> list[str]:
        new = [child for child in _children() if child not in self._processes]
        _, alive = psutil.wait_procs(new, timeout=max(0.0, deadline - time.monotonic())) if new else ([], [])
        left = []
        for child in alive:
            try:
                command = " ".join(child.cmdline())
                ended = child.status() == psutil.STATUS_ZOMBIE
                if ended or any(name in command for name in HELPERS_OF_PYTHON):
                    continue
                child.kill()
            except psutil.NoSuchProcess:
                continue
            left.append(f"the process {child.pid} ({command[:200]})")
        return left


def _children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)
