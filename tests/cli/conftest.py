"""Runs the command line in this process, as a person would type it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from workbench.__main__ import main


@dataclass(frozen=True)
class Result:
    """What a call left: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    def json(self, kind: type) -> object:
        """The one document on standard output, which must be the only thing there."""
        assert self.out.count("\n") == 1, self.out
        return msgspec.json.decode(self.out, type=kind)

    def lines(self) -> list[dict[str, object]]:
        """The JSON objects on standard output, one a line."""
        return [msgspec.json.decode(line) for line in self.out.splitlines()]


Call = Callable[..., Result]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line with these words."""

    def run(*words: str | Path) -> Result:
        capsys.readouterr()
        code = main([str(word) for word in words])
        written = capsys.readouterr()
        return Result(code, written.out, written.err)

    return run
