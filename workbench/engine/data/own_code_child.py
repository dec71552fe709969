"""Runs a person's data file in a process of its own, which can be ended at any moment, and leaves its arrays in a
folder. The order lies in that folder; the answers are lines on standard output; standard input ends with the engine."""

import contextlib
import linecache
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

import msgspec

from workbench.domain.trust import code_text
from workbench.engine.data.child_life import begin_child
from workbench.engine.data.own_code_arrays import Gathered, Say, Told, gathered, write_arrays

MODULE = "data_file"
ORDER = "order.json"
_LONGEST = 300


class Order(msgspec.Struct, frozen=True):
    """Run the `code` of the file at `path`; write at most `limit` bytes of arrays."""

    path: str
    code: bytes
    limit: int


class Going(msgspec.Struct, frozen=True, tag="going"):
    """How it goes."""

    text: str


class Made(msgspec.Struct, frozen=True, tag="made"):
    """The arrays are there. `kinds` says of each name what its file holds, in the order of the files; `way` how
    `load` gave them, `classes` what it calls them."""

    kinds: dict[str, str]
    way: str
    classes: tuple[str, ...] = ()


class Failure(msgspec.Struct, frozen=True, tag="failure"):
    """A sentence for the person, and where it came from for the log."""

    message: str
    detail: str = ""


Answer: TypeAlias = Going | Made | Failure


def main(folder: str) -> int:
    """Do what the order in the folder says. Gives the exit code."""
    answers = begin_child()
    order = msgspec.json.decode(Path(folder, ORDER).read_bytes(), type=Order)

    def say(answer: Answer) -> None:
        answers.write(msgspec.json.encode(answer) + b"\n")
        answers.flush()

    answer = _answer(order, Path(folder), lambda text: say(Going(text)))
    sys.stdout.flush()
    say(answer)
    return 0


def _answer(order: Order, folder: Path, say: Say) -> Answer:
    path = Path(order.path)
    try:
        with contextlib.chdir(path.parent):
            found = _run(path, order.code, order.limit, say)
        say("Handing the arrays over")
        return Made(write_arrays(found, folder), found.way, found.classes)
    except Told as told:
        return Failure(f"{path.name}: {told}")
    except SyntaxError as error:
        where = f", line {error.lineno}" if error.filename == str(path) and error.lineno else ""
        return Failure(f"{path.name}{where} is no Python: {error.msg}. Correct it.", traceback.format_exc())
    except MemoryError:
        return Failure(f"{path.name} needs more memory than there is. Return fewer samples.", traceback.format_exc())
    except SystemExit as error:
        return Failure(f"{_place(path, error)} ends the program. Return the arrays instead.")
    except BaseException as error:  # noqa: BLE001 - the person's code may raise anything: it is told and logged
        text = f"{_place(path, error)} failed with {_short(error)} Correct it and load again."
        return Failure(text, traceback.format_exc())


def _run(path: Path, code: bytes, limit: int, say: Say) -> Gathered:
    """What the file's `load()` gives. Its source is kept for tracebacks, and for AutoGraph, which reads it again."""
    module = ModuleType(MODULE)
    module.__file__ = str(path)
    sys.modules[MODULE] = module
    text = code_text(code)
    lines = text.splitlines(keepends=True)
    linecache.cache[str(path)] = (len(code), None, lines, str(path))
    say(f"Running {path.name}")
    exec(compile(text, str(path), "exec", dont_inherit=True), module.__dict__)
    load = getattr(module, "load", None)
    if not callable(load):
        raise Told("there is no function load(). Write one that returns (x, y).")
    return gathered(load(), limit, say)


def _place(path: Path, error: BaseException) -> str:
    """The file, with the line of it that was reached last."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f"{path.name}, line {lines[-1]}," if lines else path.name


def _short(error: BaseException) -> str:
    """Kind and message of an error in one line that ends like a sentence."""
    text = " ".join(str(error).split())
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."
