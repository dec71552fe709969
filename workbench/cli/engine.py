"""The engine in this very process: the same commands and events as the window's, without the pipe."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import count
from queue import Empty, SimpleQueue
from types import FrameType, TracebackType
from typing import TypeVar

from workbench.cli.errors import CommandError
from workbench.protocol.commands import AnyCommand, Stop, Train
from workbench.protocol.events import AnyEvent, Event, Failed, Progress, RunEnded

Answer = TypeVar("Answer", bound=Event)
ProgressTo = Callable[[str, float | None], None]
# Waiting in short pieces, because Windows does not let Ctrl-C through while a queue waits.
_PATIENCE = 0.25


class Interrupted(Event, frozen=True):
    """Ctrl-C was pressed, or the system wants the process to end."""


class Engine:
    """A Session with its events in a queue. Used by one thread, in a `with` statement."""

    def __init__(self, threads: int | None = None) -> None:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        from workbench.engine.session import Session

        self._events: SimpleQueue[Event] = SimpleQueue()
        self._tickets = count(1)
        self._stdout = contextlib.redirect_stdout(sys.stderr)
        self._stdout.__enter__()
        self._session = Session(self._events.put)

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()
        self._stdout.__exit__(kind, error, trace)

    def ask(
        self, kind: type[Answer], command: Callable[[int], AnyCommand], progress: ProgressTo | None = None
    ) -> Answer:
        """Send a command made from a fresh ticket and wait for its answer. Raises CommandError when it fails."""
        ticket = next(self._tickets)
        self._session.handle(command(ticket))
        while True:
            event = self._next()
            if getattr(event, "ticket", None) != ticket:
                continue
            match event:
                case Progress(text=text, fraction=fraction):
                    if progress is not None:
                        progress(text, fraction)
                case Failed(message=message):
                    raise CommandError(message)
                case _ if isinstance(event, kind):
                    return event

    def train(self, command: Train, interrupted: Callable[[], None]) -> Iterator[AnyEvent]:
        """All events of a training up to its end. Ctrl-C calls `interrupted` and stops it, keeping the run; a second
        one ends the process at once. Raises CommandError when the training cannot begin."""
        with _interrupts_to(self._events):
            self._session.handle(command)
            presses = 0
            while True:
                event = self._next()
                if isinstance(event, Interrupted):
                    presses += 1
                    if presses > 1:
                        os._exit(1)  # what is on disk is whole at any moment; waiting is what was refused here
                    interrupted()
                    self._session.handle(Stop())
                    continue
                if isinstance(event, Failed) and event.ticket == command.ticket:
                    raise CommandError(event.message)
                yield event  # type: ignore[misc]
                if isinstance(event, RunEnded):
                    return

    def _next(self) -> Event:
        while True:
            try:
                return self._events.get(timeout=_PATIENCE)
            except Empty:
                continue


@contextlib.contextmanager
def _interrupts_to(events: "SimpleQueue[Event]") -> Iterator[None]:
    """Put signals that ask for the end into the queue instead of raising KeyboardInterrupt anywhere."""

    def put(number: int, frame: FrameType | None) -> None:
        events.put(Interrupted())

    before = {number: signal.signal(number, put) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
