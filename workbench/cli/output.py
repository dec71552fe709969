"""What a verb writes: results on standard output, as JSON or for people, and everything else on standard error."""

import sys
import unicodedata
from collections.abc import Sequence
from typing import Any


class Output:
    """One for each call of the command line. With `json` people's texts are left out and documents are written."""

    def __init__(self, json: bool = False) -> None:
        self.json = json
        self._out = sys.stdout

    def document(self, value: Any) -> None:
        """One JSON document on a line of its own, where JSON was asked for. NaN and infinity become null."""
        if self.json:
            import msgspec

            self.raw(msgspec.json.encode(value).decode())

    def say(self, text: str = "") -> None:
        """A line of the result for people."""
        if not self.json:
            self.raw(text)

    def raw(self, text: str) -> None:
        """A line on standard output, whoever reads it. Flushed, so that a pipe sees it at once."""
        encoding = getattr(self._out, "encoding", None) or "utf-8"
        self._out.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        self._out.flush()

    def note(self, text: str) -> None:
        """A line on standard error: progress, hints, errors."""
        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        print(text.encode(encoding, "replace").decode(encoding), file=sys.stderr, flush=True)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> None:
        """Rows under their headings, aligned; the columns in `right` to the right."""
        widths = [max(_width(row[i]) for row in (columns, *rows)) for i in range(len(columns))]
        for row in (columns, *rows):
            cells = [_pad(cell, widths[i], i in right) for i, cell in enumerate(row)]
            self.say("  ".join(cells).rstrip())


def _width(text: str) -> int:
    """Columns that a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space
