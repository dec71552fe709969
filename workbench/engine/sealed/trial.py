"""Tries a kept SavedModel once on each machine, in a child of the engine's: an operation of TensorFlow that crashes,
never ends, or takes all memory costs only that process. What was found is remembered by the hash of its content."""

import queue
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from workbench.domain.files import UNREADABLE, StoreError, read_bounded, write_atomically
from workbench.domain.machine import memory_bytes
from workbench.domain.places import cache_folder
from workbench.engine.data.child_process import running_child
from workbench.engine.data.limits import readable
from workbench.engine.errors import EngineError
from workbench.engine.sealed.kept import facts_in, kept_folder
from workbench.engine.sealed.trial_child import ORDER, Answer, Began, Done, Order, TooLarge

SECONDS = 60.0
"""How long loading and calling may take, from when TensorFlow is there."""

Progress = Callable[[str, float | None], None]
_PATIENCE = 0.2
_MOST_BYTES = 1 << 20
_answers: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


def need_trial(path: str, name: str, progress: Progress = lambda text, part: None) -> dict[str, str]:
    """Why endpoints of a kept SavedModel do not work, by their names, tried now if this machine has not yet. Raises
    EngineError where it crashes, does not end or takes too much memory, and what `progress` raises to cancel."""
    folder = kept_folder(path, name)
    try:
        return failures_of(folder.name)
    except EngineError:
        failures = _tried(folder, Order(str(folder), facts_in(path, name).usable, memory_bytes() // 2), name, progress)
    try:
        write_atomically(_record(folder.name), msgspec.json.encode(failures))
    except OSError as error:
        raise EngineError(f"What was found about {name} could not be kept: {error.strerror}.", str(error)) from error
    return failures


def failures_of(content: str) -> dict[str, str]:
    """What was found about the SavedModel with this hash. Raises EngineError where this machine has not tried it."""
    try:
        return msgspec.json.decode(read_bounded(_record(content), _MOST_BYTES), type=dict[str, str])
    except (StoreError, *UNREADABLE) as error:
        raise EngineError("The sealed SavedModel was not tried yet. Start again.", str(error)) from error


def _record(content: str) -> Path:
    folder = cache_folder() / "sealed"
    folder.mkdir(exist_ok=True)
    return folder / f"{content}.json"


def _tried(folder: Path, order: Order, name: str, progress: Progress) -> dict[str, str]:
    with tempfile.TemporaryDirectory(prefix="workbench-", ignore_cleanup_errors=True) as place:
        Path(place, ORDER).write_bytes(msgspec.json.encode(order))
        with running_child("--try-sealed", Path(place)) as lines:
            return _wait(lines, name, order.memory, progress)


def _wait(lines: "queue.SimpleQueue[bytes]", name: str, memory: int, progress: Progress) -> dict[str, str]:
    """Until there is an answer, the process has died, or the time is over."""
    until: float | None = None
    while True:
        progress(f"Trying {name} in a process of its own", None)
        if until is not None and time.monotonic() > until:
            raise EngineError(f"{name} did not answer within {SECONDS:g} seconds, so it is not used. Choose another.")
        try:
            line = lines.get(timeout=_PATIENCE)
        except queue.Empty:
            continue
        if not line:
            raise EngineError(f"The process that tried {name} died, so it is not used. The log may say why.")
        try:
            answer = _answers.decode(line)
        except msgspec.MsgspecError:
            continue  # printed by TensorFlow into the pipe; the answer follows
        match answer:
            case Began():
                until = time.monotonic() + SECONDS
            case TooLarge():
                raise EngineError(f"{name} needs more than {readable(memory)} of memory, so it is not used.")
            case Done():
                return answer.failures
