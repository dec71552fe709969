"""Reads files of text, of any size up to a bound, and makes arrays of texts."""

import codecs
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import readable
from workbench.engine.data.raw import AnyArray

MAX_TEXT = 4 << 20
SUFFIXES = (".txt", ".text", ".md")
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class BrokenTextError(Exception):
    """A file cannot be used as text; the message says why, to stand behind a colon."""


def read_text(path: Path, encoding: str = "auto") -> str:
    """The text of a file. "auto" is UTF-8, or UTF-16 where its byte order mark says so. Lines end as in Python. Raises
    BrokenTextError."""
    try:
        size = path.stat().st_size
        if size > MAX_TEXT:
            raise BrokenTextError(f"it has {readable(size)}, and at most {readable(MAX_TEXT)} are read")
        with path.open("rb") as file:
            content = file.read(MAX_TEXT + 1)
    except OSError as error:
        raise BrokenTextError(f"it cannot be read ({error.strerror or error})") from error
    if len(content) > MAX_TEXT:
        raise BrokenTextError(f"it has more than {readable(MAX_TEXT)}")
    if encoding == "auto":
        encoding = "utf-16" if content.startswith(_MARKS) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeError as error:
        raise BrokenTextError(f"it is not written in {'UTF-8' if encoding == 'utf-8-sig' else encoding}") from error
    if "\0" in text:
        raise BrokenTextError("it is no text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_one_text(path: Path) -> str:
    """A person's own text. Raises DataError."""
    try:
        return read_text(path)
    except BrokenTextError as error:
        raise DataError(f"{path.name} cannot be used: {error}. Save it as a text file in UTF-8.") from error


def as_array(texts: Sequence[str]) -> AnyArray:
    """Texts as an array (n,) of Python strings."""
    array = np.empty(len(texts), object)
    array[:] = texts
    return array
