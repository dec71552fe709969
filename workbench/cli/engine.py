"""The engine in this very process: the same commands and events as the window's, without the pipe."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from itertools import count
from queue import Empty, SimpleQueue
from types import FrameType, TracebackType
from typing import TypeVar

import msgspec

from workbench.cli.errors import CommandError
from workbench.cli.output import Output
from workbench.cli.waiting import Waiting
from workbench.protocol.commands import AnyCommand, Stop, Train
from workbench.protocol.events import AnyEvent, Event, Failed, Progress, RunEnded

Answer = TypeVar("Answer", bound=Event)
ProgressTo = Callable[[str, float | None], None]
# Waiting in short pieces, because Windows does not let Ctrl-C through while a queue waits.
_PATIENCE = 0.25


class Interrupted(Event, frozen=True):
    """Ctrl-C was pressed, or the system wants the process to end."""


class Engine:
    """A Session with its events in a queue. Used by one thread, in a `with` statement.

    In it Ctrl-C is an event as well, and interrupts nothing in an unknown place; a second one ends the process at once.
    """

    def __init__(self, output: Output, threads: int | None = None) -> None:
        self._output = output
        self._threads = threads
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._tickets = count(1)

    def __enter__(self) -> "Engine":
        with contextlib.ExitStack() as stack:
            stack.enter_context(_interrupts_to(self._events))
            stack.enter_context(self._output.engine_to_log())
            os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
            from workbench.engine.session import Session

            self._session = Session(self._events.put, self._threads)
            stack.callback(self._session.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def ask(
        self, kind: type[Answer], command: Callable[[int], AnyCommand], progress: ProgressTo | None = None
    ) -> Answer:
        """Send a command made from a fresh ticket and wait for its answer; without `progress` a terminal says what goes
        on. Raises CommandError when it fails, and KeyboardInterrupt after Ctrl-C."""
        ticket = next(self._tickets)
        self._session.handle(command(ticket))
        with Waiting(self._output) as waiting:
            while True:
                event = self._next()
                if isinstance(event, Interrupted):
                    raise KeyboardInterrupt
                if getattr(event, "ticket", None) != ticket:
                    continue
                match event:
                    case Progress(text=text, fraction=fraction):
                        (progress or waiting.show)(text, fraction)
                    case Failed(message=message):
                        raise CommandError(message)
                    case _ if isinstance(event, kind):
                        return event

    def train(self, command: Train, interrupted: Callable[[], None]) -> Iterator[AnyEvent]:
        """All events of a training up to its end. Ctrl-C calls `interrupted` and stops it, keeping the run. Raises
        CommandError when the training cannot begin."""
        ticket = next(self._tickets)
        self._session.handle(msgspec.structs.replace(command, ticket=ticket))
        while True:
            event = self._next(self._refuse_dead_training)
            if isinstance(event, Interrupted):
                interrupted()
                self._session.handle(Stop())
                continue
            if isinstance(event, Failed) and event.ticket == ticket:
                raise CommandError(event.message)
            yield event  # type: ignore[misc]
            if isinstance(event, RunEnded):
                return

    def _next(self, while_waiting: Callable[[], None] = lambda: None) -> Event:
        while True:
            try:
                return self._events.get(timeout=_PATIENCE)
            except Empty:
                while_waiting()

    def _refuse_dead_training(self) -> None:
        """Raises CommandError where no event can come any more."""
        if not self._session.is_training and self._events.empty():
            raise CommandError(
                "The training ended without a word. Its run is kept; go on with --resume, and see the log for details."
            )


@contextlib.contextmanager
def _interrupts_to(events: "SimpleQueue[Event]") -> Iterator[None]:
    """Put the first signal that asks for the end into the queue instead of raising KeyboardInterrupt anywhere: in the
    middle of the engine's start that would leave threads which nobody ends."""
    presses = 0

    def put(number: int, frame: FrameType | None) -> None:
        nonlocal presses
        presses += 1
        if presses > 1:
            os._exit(1)  # what is on disk is whole at any moment; waiting is what was refused here
        events.put(Interrupted())

    before = {number: signal.signal(number, put) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
