"""The engine as a process of its own: commands as frames on standard input, events as frames on standard output."""

import logging
import os
import queue
import signal
import sys
import threading
from types import FrameType
from typing import BinaryIO

import psutil

from workbench.domain.files import StoreError
from workbench.domain.temporary import work_in_own_folder
from workbench.engine.session import Session
from workbench.engine.threads import Learner
from workbench.protocol.codec import FrameError, decode_command, encode, read_frame
from workbench.protocol.commands import Shutdown, Train
from workbench.protocol.events import AnyEvent, Failed

YIELDS = 5  # steps of niceness

_log = logging.getLogger(__name__)


def main(threads: int | None = None) -> int:
    """Serve until the window says `Shutdown`, closes the pipe, or asks by SIGTERM; a training is then paused with a
    checkpoint. Returns the exit code."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    _give_way()
    _keep_temporary_files_together()
    commands, events = _take_over_streams()
    _obey_signals()
    writer = _Writer(events)
    learner = Learner()
    session = Session(writer.put, threads)
    try:
        learner.start()
        _serve(commands, session, learner)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        session.close()
        learner.stop()
        writer.close()
    return 0


def _give_way() -> None:
    """The window comes before the computing: on a machine with few cores it would stutter otherwise."""
    try:
        if sys.platform == "win32":
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(YIELDS)
    except (OSError, psutil.Error):
        _log.warning("The priority of the engine could not be lowered", exc_info=True)


def _keep_temporary_files_together() -> None:
    """Before TensorFlow is there, which leaves files behind when the process is killed."""
    try:
        work_in_own_folder()
    except (OSError, StoreError):
        _log.warning("Temporary files lie among those of others", exc_info=True)


def _take_over_streams() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes; whatever else prints, goes to standard error from now on."""
    events = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    commands = os.fdopen(os.dup(0), "rb")
    if sys.platform == "win32":
        import msvcrt

        for pipe in (events, commands):
            msvcrt.setmode(pipe.fileno(), os.O_BINARY)
    return commands, events


class _Terminated(BaseException):
    """The system asks the process to end. Not an Exception, so that nothing on the way takes it for a failure."""


def _obey_signals() -> None:
    """A Ctrl-C in the terminal is for the window, which tells the engine; SIGTERM ends it in order."""

    def terminate(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise _Terminated

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, terminate)


def _serve(commands: BinaryIO, session: Session, learner: Learner) -> None:
    try:
        while (body := read_frame(commands)) is not None:
            try:
                command = decode_command(body)
            except FrameError as error:
                _log.error("A command was not understood: %s", error)
                continue
            if isinstance(command, Shutdown):
                return
            if isinstance(command, Train):
                learner.stop()
            session.handle(command)
    except FrameError:
        _log.exception("The commands are damaged; the engine ends")
    except _Terminated:
        _log.info("The system asked the engine to end")


def _frame(event: AnyEvent) -> bytes:
    """The event's frame; of one that is too large, that of a failure which says so."""
    try:
        return encode(event)
    except FrameError as error:
        _log.error("%s cannot be sent: %s", type(event).__name__, error)
        ticket = getattr(event, "ticket", 0)
        return encode(Failed(ticket, "The answer is too large to show. Ask for less at once.", str(error)))


class _Writer:
    """Writes events in a thread of its own, so that a slow reader holds nothing up. Events are written in order."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._queue: queue.SimpleQueue[AnyEvent | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="events")
        self._thread.start()

    def put(self, event: AnyEvent) -> None:
        """Send an event some time soon."""
        self._queue.put(event)

    def close(self) -> None:
        """Send what waits, then end."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        broken = False
        while (event := self._queue.get()) is not None:
            if broken:
                continue
            try:
                self._stream.write(_frame(event))
                if self._queue.empty():
                    self._stream.flush()
            except OSError as error:
                _log.warning("The window is gone: %s", error)
                broken = True
        if not broken:
            try:
                self._stream.flush()
            except OSError as error:
                _log.warning("The window is gone: %s", error)


if __name__ == "__main__":
    sys.exit(main())
