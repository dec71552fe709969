"""What a call of the command line leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Result:
    """The exit code, and what was written."""

    code: int
    out: str
    err: str

    def json(self, kind: type[Kind]) -> Kind:
        """The one document on standard output, which must be the only thing there."""
        assert self.out.count("\n") == 1, self.out
        return msgspec.json.decode(self.out, type=kind)

    def lines(self) -> list[dict[str, object]]:
        """The JSON objects on standard output, one a line."""
        return [msgspec.json.decode(line) for line in self.out.splitlines()]


Call = Callable[..., Result]
