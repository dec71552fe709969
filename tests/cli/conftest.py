"""Runs the command line in this process, as a person would type it."""

import pytest
from calling import Call, Result

from workbench.__main__ import main


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line with these words."""

    def run(*words: object) -> Result:
        capsys.readouterr()
        code = main([str(word) for word in words])
        written = capsys.readouterr()
        return Result(code, written.out, written.err)

    return run
