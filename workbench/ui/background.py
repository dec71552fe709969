"""Work that takes longer than a frame, done on a thread of its own; its result comes back to the window's thread.

Plain threads, not QThreadPool: a QRunnable made in Python is now and then gone before it ran.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

log = logging.getLogger(__name__)
T = TypeVar("T")

_under_way: set["_Relay"] = set()


class _Relay(QObject):
    """Carries a result from the thread to the window's."""

    done = Signal(object)
    failed = Signal(object)

    def __init__(self, owner: QObject, done: Callable[[Any], None], failed: Callable[[Exception], None] | None) -> None:
        super().__init__()
        self._owner = owner
        self._done = done
        self._failed = failed
        self.done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)
        self.failed.connect(self._on_failed, Qt.ConnectionType.QueuedConnection)

    def _on_done(self, result: object) -> None:
        _under_way.discard(self)
        if isValid(self._owner):
            self._done(result)

    def _on_failed(self, error: Exception) -> None:
        _under_way.discard(self)
        if self._failed is not None and isValid(self._owner):
            self._failed(error)


def _work(work: Callable[[], object], relay: _Relay) -> None:
    try:
        result = work()
    except Exception as error:  # the end of a thread: it is logged, and handed to who asked
        log.warning("Work in the background failed", exc_info=True)
        relay.failed.emit(error)
    else:
        relay.done.emit(result)


def in_background(
    owner: QObject,
    work: Callable[[], T],
    done: Callable[[T], None],
    failed: Callable[[Exception], None] | None = None,
) -> None:
    """Do `work` (which must not touch widgets) on another thread; then call `done` with its result, or `failed`.

    Nothing is called any more once `owner` is gone.
    """
    relay = _Relay(owner, done, failed)
    _under_way.add(relay)
    threading.Thread(target=_work, args=(work, relay), name="background").start()
