"""Threads that do the engine's work one piece at a time, and the tickets by which work is given up."""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from workbench.domain.files import StoreError
from workbench.domain.graph import GraphError
from workbench.engine.data.errors import Cancelled as DataCancelled
from workbench.engine.data.errors import DataError
from workbench.engine.errors import Cancelled, EngineError, disk_sentence
from workbench.engine.objects import BuildError, short_message
from workbench.protocol.events import AnyEvent, Failed, Progress

Emit: TypeAlias = Callable[[AnyEvent], None]
Report: TypeAlias = Callable[[str, float | None], None]
Work: TypeAlias = Callable[[Report], AnyEvent | None]

_log = logging.getLogger(__name__)


class Tickets:
    """Which work was given up. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[int] = set()
        self._cancelled: set[int] = set()

    def open(self, ticket: int) -> None:
        """Work with this ticket was asked for."""
        with self._lock:
            self._open.add(ticket)

    def close(self, ticket: int) -> None:
        """It was answered."""
        with self._lock:
            self._open.discard(ticket)
            self._cancelled.discard(ticket)

    def cancel(self, ticket: int) -> None:
        """The person gave it up; nothing happens when it was answered already."""
        with self._lock:
            if ticket in self._open:
                self._cancelled.add(ticket)

    def cancel_all(self) -> None:
        """Give up everything."""
        with self._lock:
            self._cancelled |= self._open

    def check(self, ticket: int) -> None:
        """Raises Cancelled when it was given up."""
        with self._lock:
            if ticket in self._cancelled:
                raise Cancelled


@dataclass(frozen=True)
class _Job:
    ticket: int
    work: Work


class Worker:
    """A thread with a queue of work. Whatever a piece of work raises becomes a `Failed` with its ticket."""

    def __init__(self, name: str, emit: Emit, tickets: Tickets, *, only_newest: bool = False) -> None:
        self._emit = emit
        self._tickets = tickets
        self._only_newest = only_newest
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name)
        self._thread.start()

    def submit(self, ticket: int, work: Work) -> None:
        """Do this after what was submitted before. With `only_newest`, what still waits is given up for it."""
        self._tickets.open(ticket)
        self._queue.put(_Job(ticket, work))

    def close(self) -> None:
        """Finish what goes on, drop what waits, and end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            if self._only_newest and not self._queue.empty():
                self._tickets.close(job.ticket)
                self._emit(Failed(job.ticket, "A newer request took its place.", cancelled=True))
                continue
            do(job.ticket, job.work, self._emit, self._tickets)


def do(ticket: int, work: Work, emit: Emit, tickets: Tickets) -> None:
    """Do one piece of work in this thread and emit its answer, which is a `Failed` when it raises anything."""

    def report(text: str, fraction: float | None) -> None:
        tickets.check(ticket)
        emit(Progress(ticket, text, fraction))

    try:
        tickets.check(ticket)
        answer = work(report)
    except Exception as error:  # noqa: BLE001 - the boundary of a thread: everything is logged and told
        answer = failure(ticket, error)
    tickets.close(ticket)
    if answer is not None:
        emit(answer)


def failure(ticket: int, error: Exception) -> Failed:
    """What an exception means to a person."""
    match error:
        case Cancelled() | DataCancelled():
            return Failed(ticket, "Cancelled.", cancelled=True)
        case EngineError() | DataError() | BuildError():
            return Failed(ticket, error.message, error.detail)
        case StoreError() | GraphError():
            return Failed(ticket, str(error))
        case OSError():
            _log.warning("A file could not be used", exc_info=error)
            return Failed(ticket, disk_sentence(error), str(error))
        case MemoryError():
            _log.warning("Out of memory", exc_info=error)
            return Failed(ticket, "There was not enough memory. Use fewer data or a smaller network.", str(error))
        case _:
            _log.error("Unexpected failure", exc_info=error)
            return Failed(ticket, f"That did not work: {short_message(error)} The log has the details.", repr(error))
