"""What a verb writes: results on standard output, as JSON or for people, and everything else on standard error."""

import contextlib
import logging
import os
import sys
import traceback
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

LOG_FILE = "command-line.log"
_MAX_LOG = 1_000_000


class Output:
    """One for each call of the command line. With `json` people's texts are left out and documents are written."""

    def __init__(self, json: bool = False) -> None:
        self.json = json
        self.out: TextIO = sys.stdout
        self.err: TextIO = sys.stderr

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
        """A line on standard output, whoever reads it."""
        _write(self.out, text)

    def note(self, text: str) -> None:
        """A line on standard error: progress, hints, errors."""
        _write(self.err, text)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> None:
        """Rows under their headings, aligned; the columns in `right` to the right."""
        widths = [max(_width(row[i]) for row in (columns, *rows)) for i in range(len(columns))]
        for row in (columns, *rows):
            cells = [_pad(cell, widths[i], i in right) for i, cell in enumerate(row)]
            self.say("  ".join(cells).rstrip())

    @contextlib.contextmanager
    def engine_to_log(self) -> Iterator[None]:
        """Send to the log whatever else this process writes: TensorFlow writes to the file descriptors themselves, past
        Python, so that not even a setting of its own keeps it quiet."""
        with contextlib.ExitStack() as stack:
            log = stack.enter_context(_open_log())
            stack.enter_context(_logging_to(log))
            stack.enter_context(contextlib.redirect_stdout(log))
            stack.enter_context(contextlib.redirect_stderr(log))
            before = self.out, self.err
            self.out, self.err = (stack.enter_context(_moved(stream, log)) for stream in before)
            try:
                yield
            finally:
                self.out, self.err = before


@contextlib.contextmanager
def _moved(stream: TextIO, log: TextIO) -> Iterator[TextIO]:
    """The same stream on a descriptor of its own, while its old one leads to the log. A stream that is not one of the
    process's own (a test's) is left alone."""
    descriptor = {1: 1, 2: 2}.get(_descriptor(stream))
    if descriptor is None:
        yield stream
        return
    stream.flush()
    kept = os.dup(descriptor)
    os.dup2(log.fileno(), descriptor)
    try:
        with open(kept, "w", encoding=stream.encoding, errors=stream.errors, buffering=1, closefd=False) as moved:
            yield moved
    finally:
        os.dup2(kept, descriptor)
        os.close(kept)


def _descriptor(stream: TextIO) -> int:
    try:
        return stream.fileno()
    except (OSError, ValueError, AttributeError):
        return -1


def _open_log() -> TextIO:
    """The log of the command line, begun anew when it is long; nowhere when there is no place for it."""
    from workbench.domain.places import log_folder

    try:
        path = log_folder() / LOG_FILE
        is_long = path.exists() and path.stat().st_size > _MAX_LOG
        return path.open("w" if is_long else "a", encoding="utf-8", errors="backslashreplace", buffering=1)
    except OSError:
        return Path(os.devnull).open("w", encoding="utf-8")


def log_traceback(error: Exception) -> str:
    """Write down where an error came from; gives the path of the log."""
    with _open_log() as log:
        traceback.print_exception(error, file=log)
        return log.name


@contextlib.contextmanager
def _logging_to(log: TextIO) -> Iterator[None]:
    handler = logging.StreamHandler(log)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def _write(stream: TextIO, text: str) -> None:
    """A line, at once, so that a pipe sees it; what the stream cannot encode becomes question marks."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    stream.flush()


def _width(text: str) -> int:
    """Columns that a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space
