"""Tries a part in a process of its own, a child of the engine's, so that neither an endless loop nor a crash costs more
than that process."""

import queue
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from workbench.domain.trust import parts_allowed
from workbench.engine.data.child_process import running_child
from workbench.engine.errors import EngineError
from workbench.engine.parts.scope import NOT_ALLOWED
from workbench.engine.parts.trial_child import ORDER, Answer, Began, Done, Going, Order
from workbench.protocol.commands import TryPart
from workbench.protocol.events import PartTried

SECONDS = 30.0
"""How long a part may take, from when TensorFlow is there."""

_PATIENCE = 0.2
_answers: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


def try_part(command: TryPart, progress: Callable[[str, float | None], None]) -> PartTried:
    """Build the part, call it, save it and open it again. Raises EngineError where it is not allowed, and whatever
    `progress` raises to cancel: then the process is ended."""
    if not parts_allowed(command.parts, Path(command.folder) if command.folder else None):
        raise EngineError(NOT_ALLOWED.format(command.name))
    order = Order(command.parts, command.category, command.name, command.params, command.shape)
    with tempfile.TemporaryDirectory(prefix="workbench-", ignore_cleanup_errors=True) as name:
        Path(name, ORDER).write_bytes(msgspec.json.encode(order))
        with running_child("--try-part", Path(name)) as lines:
            return _wait(command, lines, progress)


def _wait(
    command: TryPart, lines: "queue.SimpleQueue[bytes]", progress: Callable[[str, float | None], None]
) -> PartTried:
    """Until there is an answer, the process has died, or the time is over."""
    until: float | None = None
    text = "Starting"
    facts: dict[str, str] = {}

    def failed(message: str) -> PartTried:
        return PartTried(command.ticket, command.category, command.name, facts, message)

    while True:
        progress(f"{text}: {command.name}", None)
        if until is not None and time.monotonic() > until:
            return failed(f"{command.name} did not end within {SECONDS:g} seconds ({text.lower()}). Look for a loop.")
        try:
            line = lines.get(timeout=_PATIENCE)
        except queue.Empty:
            continue
        if not line:
            return failed(f"The process that tried {command.name} died ({text.lower()}). See the log, and correct it.")
        try:
            answer = _answers.decode(line)
        except msgspec.MsgspecError:
            continue  # printed by the code into the pipe of the engine; the answer follows
        match answer:
            case Began():
                until = time.monotonic() + SECONDS
            case Going():
                text, facts = answer.text, answer.facts
            case Done():
                return PartTried(command.ticket, command.category, command.name, answer.facts, answer.message)
