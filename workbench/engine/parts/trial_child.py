"""Tries a part in a process of its own, which can be ended at any moment. The order lies in a folder; the answers are
lines on standard output; standard input ends with the engine."""

import sys
import traceback
from pathlib import Path
from typing import TypeAlias

import msgspec

from workbench.domain.catalogue import Category
from workbench.domain.parts.spec import Parts
from workbench.domain.values import Value
from workbench.engine.data.child_life import begin_child

ORDER = "order.json"


class Order(msgspec.Struct, frozen=True):
    """Try the part of this name, made with these parameters; a layer on inputs of this shape."""

    parts: Parts
    category: Category
    name: str
    params: dict[str, Value] = {}
    shape: tuple[int | None, ...] | None = None


class Began(msgspec.Struct, frozen=True, tag="began"):
    """TensorFlow is there, and the code runs from now on."""


class Going(msgspec.Struct, frozen=True, tag="going"):
    """How it goes, and what was found so far."""

    text: str
    facts: dict[str, str] = {}


class Done(msgspec.Struct, frozen=True, tag="done"):
    """What was found; `message` why it did not work."""

    facts: dict[str, str]
    message: str = ""


Answer: TypeAlias = Began | Going | Done


def main(folder: str) -> int:
    """Do what the order in the folder says. Gives the exit code."""
    answers = begin_child()

    def say(answer: Answer) -> None:
        answers.write(msgspec.json.encode(answer) + b"\n")
        answers.flush()

    order = msgspec.json.decode(Path(folder, ORDER).read_bytes(), type=Order)
    import keras  # noqa: F401 - so that the time of the code alone is measured

    from workbench.engine.objects import BuildError, short_message
    from workbench.engine.parts.trials import Findings, try_in

    say(Began())
    found = Findings(lambda text, facts: say(Going(text, facts)))
    try:
        try_in(order, Path(folder), found)
        done = Done(found.facts)
    except BuildError as error:
        done = Done(found.facts, error.message)
    except BaseException as error:  # noqa: BLE001 - the person's code may raise anything: it is told and logged
        traceback.print_exc(file=sys.stderr)
        done = Done(found.facts, short_message(error))
    sys.stdout.flush()
    say(done)
    return 0
