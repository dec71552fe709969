"""Runs the Python file that a person wrote to bring their data: in a process of its own, a child of the engine's, so
that an endless loop can be cancelled and a crash costs nothing else."""

import queue
import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec

from workbench.engine.data.child_process import running_child
from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import memory_budget
from workbench.engine.data.own_code_arrays import read_arrays
from workbench.engine.data.own_code_child import ORDER, Answer, Failure, Going, Made, Order
from workbench.engine.data.raw import AnyArray, Progress

_PATIENCE = 0.2  # seconds between two looks at whether the person gave up
_answers: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


@dataclass(frozen=True)
class Returned:
    """What `load()` gave: arrays by their names, `way` as in `own_code_arrays`, the names of the classes."""

    arrays: dict[str, AnyArray]
    way: str
    classes: tuple[str, ...]


def run_code(path: Path, code: bytes, progress: Progress) -> Returned:
    """Run this code, which stands in the file, and take what its `load()` returns. Raises DataError with the line where
    it failed, and whatever `progress` raises to cancel: then the process is ended."""
    with tempfile.TemporaryDirectory(prefix="workbench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.joinpath(ORDER).write_bytes(msgspec.json.encode(Order(str(path), code, memory_budget())))
        with running_child("--data-file", folder) as lines:
            made = _wait(path, lines, progress)
        return Returned(read_arrays(made.kinds, folder, progress), made.way, made.classes)


def _wait(path: Path, lines: "queue.SimpleQueue[bytes]", progress: Progress) -> Made:
    """Until the arrays are there. An empty line means that no more can come."""
    text = f"Running {path.name}"
    while True:
        progress(text, None)
        try:
            line = lines.get(timeout=_PATIENCE)
        except queue.Empty:
            continue
        if not line:
            raise DataError(f"The process that ran {path.name} ended before it gave data. See the log, and correct it.")
        match _decoded(path, line):
            case Going(text=said):
                text = said
            case Failure(message=message, detail=detail):
                raise DataError(message, detail)
            case Made() as made:
                return made


def _decoded(path: Path, line: bytes) -> Answer:
    try:
        return _answers.decode(line)
    except msgspec.MsgspecError as error:
        raise DataError(f"{path.name} wrote into the engine's own pipe. Let it print instead.", repr(error)) from error
