"""What goes on while a verb waits for the engine, on a line of the terminal that goes again."""

import time
from types import TracebackType
from typing import Any

from workbench.cli.output import Output

QUIET = 1.0
"""Seconds that are waited before anything is told, so that nothing flickers."""


class Waiting:
    """Shows the last word about the work, with a turning mark. Nothing where no person watches a terminal."""

    def __init__(self, output: Output) -> None:
        self._err = output.err
        self._watched = self._err.isatty()
        self._since = time.monotonic()
        self._status: Any = None

    def __enter__(self) -> "Waiting":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def show(self, text: str, fraction: float | None) -> None:
        """Tell what is done now."""
        if not self._watched or time.monotonic() < self._since + QUIET:
            return
        from rich.text import Text

        told = Text(text if fraction is None else f"{text} ({fraction:.0%})")
        if self._status is None:
            from rich.console import Console

            self._status = Console(file=self._err, highlight=False).status(told)
            self._status.start()
        else:
            self._status.update(told)
