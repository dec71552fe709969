"""What is wrong in the code of a part, and where."""

import re
from dataclasses import dataclass

_PLACE = re.compile(r"\b(?P<part>[a-z][a-z0-9_]{0,39})\.py, line (?P<line>\d{1,7})\b")


@dataclass(frozen=True)
class Fault:
    """`line` counts from 1, 0 means the file as a whole; `name` is the class or function, empty for the whole file."""

    part: str
    line: int
    message: str
    name: str = ""

    @property
    def sentence(self) -> str:
        """The place and what is wrong there."""
        return f"{place(self.part, self.line)}: {self.message}"


def place(part: str, line: int) -> str:
    """How a place in a part is written: "huber.py, line 3"."""
    return f"{part}.py, line {line}" if line else f"{part}.py"


def placed(text: str) -> tuple[str, int] | None:
    """The part and the line that a message speaks of, None where it speaks of none."""
    found = _PLACE.search(text)
    return (found["part"], int(found["line"])) if found else None


def said_there(text: str) -> str:
    """What a message says of the place that it speaks of: all of it where the place does not lead to more."""
    found = _PLACE.search(text)
    rest = text[found.end() :] if found else ""
    return rest.removeprefix(": ") if rest.startswith(": ") and rest != ": " else text
