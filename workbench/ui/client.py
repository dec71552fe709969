"""The window's link to the engine process: sends commands, turns what comes back into signals."""

import logging
import os
import sys
from collections.abc import Callable
from itertools import count
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal
from shiboken6 import isValid

from workbench.domain.temporary import remove_left_behind
from workbench.protocol.codec import FrameError, FrameSplitter, decode_event, encode
from workbench.protocol.commands import AnyCommand, Shutdown
from workbench.protocol.events import Answer, AnyEvent, Failed, Progress, Ready
from workbench.ui.background import in_background

log = logging.getLogger(__name__)

LinkState: TypeAlias = Literal["starting", "ready", "dead"]
Reply: TypeAlias = Callable[[AnyEvent], None]
CLOSE_MS = 4000


def _answer(reply: Reply, event: AnyEvent) -> None:
    """Hand over an event, unless who asked is gone: a page may be closed while its answer is on the way."""
    asker = getattr(reply, "__self__", None)
    if not isinstance(asker, QObject) or isValid(asker):
        reply(event)


class EngineLink(QObject):
    """What pages know of the engine. `received` carries every event; `state_changed` "starting", "ready" or "dead".

    `died(message)` says in a sentence that the engine process ended by itself.
    """

    received = Signal(object)
    state_changed = Signal(str)
    died = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state: LinkState = "dead"
        self.ready: Ready | None = None
        self._tickets = count(1)
        self._replies: dict[int, Reply] = {}

    def send(self, command: AnyCommand) -> None:
        """Send a command. Before the engine is ready it waits in the pipe; when it is dead, the command is dropped."""
        raise NotImplementedError

    def start(self, threads: int | None = None) -> None:
        """Start the engine, or a new one in its place. `threads` asks for a thread count (to resume a run exactly)."""
        raise NotImplementedError

    def next_ticket(self) -> int:
        """A number that no other command of this window has."""
        return next(self._tickets)

    def ask(self, command: Callable[[int], AnyCommand], reply: Reply) -> int:
        """Send a command made from a fresh ticket; `reply` gets its `Progress` events and then its one answer,
        which is a `Failed` when the engine dies. A reply that is a method of a QObject goes with it. Gives the
        ticket."""
        ticket = self.next_ticket()
        self._replies[ticket] = reply
        if self.state == "dead":
            QTimer.singleShot(0, self, self._fail_pending)
        else:
            self.send(command(ticket))
        return ticket

    def forget(self, ticket: int) -> None:
        """Its answer is no longer wanted."""
        self._replies.pop(ticket, None)

    def receive(self, event: AnyEvent) -> None:
        """Hand an event to whoever asked for it, and to all who listen."""
        if isinstance(event, Ready):
            self.ready = event
            self._set_state("ready")
        if isinstance(event, Answer) and event.ticket in self._replies:
            reply = self._replies[event.ticket]
            if not isinstance(event, Progress):
                del self._replies[event.ticket]
            _answer(reply, event)
        self.received.emit(event)

    def _fail_pending(self) -> None:
        replies, self._replies = self._replies, {}
        message = self.tr("The engine is not running. Restart it and try again.")
        for ticket, reply in replies.items():
            _answer(reply, Failed(ticket, message))

    def _set_state(self, state: LinkState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


class EngineClient(EngineLink):
    """The engine as a child process, over its standard input and output."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._splitter = FrameSplitter()
        self._errors = bytearray()

    def start(self, threads: int | None = None) -> None:
        """Start the process, or a new one. `threads` asks for a thread count (to resume a run exactly)."""
        self.stop()
        self._splitter = FrameSplitter()
        self._errors.clear()
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUNBUFFERED", "1")
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read_errors)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._error)
        self._process = process
        self.ready = None
        arguments = [] if getattr(sys, "frozen", False) else ["-m", "workbench"]
        arguments.append("engine")
        if threads is not None:
            arguments += ["--threads", str(threads)]
        process.start(sys.executable, arguments)
        if self._process is process:  # it may have failed to start already
            self._set_state("starting")  # only now: what listens to this sends commands, which need an open pipe

    def send(self, command: AnyCommand) -> None:
        if self._process is None or not self._process.isOpen():
            log.warning("%s was dropped: the engine is not running", type(command).__name__)
            return
        self._process.write(encode(command))

    @property
    def pid(self) -> int:
        """The process id, 0 when there is none."""
        return 0 if self._process is None else int(self._process.processId())

    def stop(self) -> None:
        """End the process: it pauses a training with a checkpoint first, and is killed when that takes too long."""
        process, self._process = self._process, None
        if process is None:
            return
        process.finished.disconnect(self._finished)
        process.errorOccurred.disconnect(self._error)
        if process.state() != QProcess.ProcessState.NotRunning:
            process.write(encode(Shutdown()))
            process.closeWriteChannel()
            if not process.waitForFinished(CLOSE_MS):
                process.kill()
                process.waitForFinished(1000)
                remove_left_behind()
        process.deleteLater()
        self._set_state("dead")
        self._fail_pending()

    def _read(self) -> None:
        if self._process is None:
            return
        try:
            bodies = self._splitter.feed(bytes(self._process.readAllStandardOutput().data()))
            events = [decode_event(body) for body in bodies]
        except FrameError:
            log.exception("The engine sent something that is not an event")
            self._process.kill()
            return
        for event in events:
            self.receive(event)

    def _read_errors(self) -> None:
        if self._process is not None:
            text = bytes(self._process.readAllStandardError().data())
            self._errors = (self._errors + text)[-20_000:]
            for line in text.decode("utf-8", "replace").splitlines():
                log.info("engine: %s", line)

    def _error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._died(self.tr("The engine could not be started. Install the program again."))

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_errors()
        log.error("The engine ended with code %s (%s)\n%s", code, status, self._errors.decode("utf-8", "replace"))
        if os.name == "posix" and code == 9 and status == QProcess.ExitStatus.CrashExit:
            message = self.tr("The engine was killed, perhaps because memory ran out. The run can be resumed.")
        else:
            message = self.tr("The engine stopped unexpectedly. The run can be resumed; the log has the details.")
        in_background(self, remove_left_behind, lambda _: None)
        self._died(message)

    def _died(self, message: str) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        self._set_state("dead")
        self._fail_pending()
        self.died.emit(message)
