"""What a terminal shows while a verb waits, and that programs and quick verbs see nothing of it."""

import io

import pytest

from workbench.cli import waiting
from workbench.cli.output import Output
from workbench.cli.waiting import Waiting


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "quiet", "is_told"), [(Terminal(), 0.0, True), (Terminal(), 60.0, False), (io.StringIO(), 0.0, False)]
)
def test_that_only_a_terminal_is_told_and_only_of_what_takes_long(
    stream: io.StringIO, quiet: float, is_told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "QUIET", quiet)
    monkeypatch.setenv("TERM", "xterm")
    output = Output()
    output.err = stream
    with Waiting(output) as shown:
        shown.show("Reading the network", None)
        shown.show("Downloading [ab] weights", 0.5)
    assert ("Downloading [ab] weights (50%)" in stream.getvalue()) == is_told
    if not is_told:
        assert stream.getvalue() == ""
