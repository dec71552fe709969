"""The syntax tree of a text as people have it: a script, cells of a notebook, or some lines out of a list of layers."""

import ast
import textwrap
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

MOST_CHARACTERS = 1_000_000
_SHOWN = 60
_LONG_LINE = 5_000


class TextError(Exception):
    """The text is no Python; `line` says where, the message why, in a sentence for a person."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Parsed:
    """A text as statements, and its lines as it was given."""

    statements: tuple[ast.stmt, ...]
    lines: tuple[str, ...]

    def text_of(self, node: ast.AST) -> str:
        """What stands in the text for an expression, cut where it is long."""
        line, end = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if not 0 < line <= len(self.lines) or len(self.lines[line - 1]) > _LONG_LINE:
            return "…"
        raw = self.lines[line - 1].encode("utf-8", "replace")
        stop = getattr(node, "end_col_offset", None) if line == end else None
        text = raw[getattr(node, "col_offset", 0) : stop].decode("utf-8", "replace").strip()
        text = text if line == end else f"{text}…"
        return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def parse(text: str) -> Parsed:
    """The statements of a text. Nothing of it is run. Raises TextError."""
    if len(text) > MOST_CHARACTERS:
        raise TextError(1, f"The text has more than {MOST_CHARACTERS:,} characters. Take only the network out of it.")
    if "\0" in text:
        raise TextError(text[: text.index("\0")].count("\n") + 1, "There are zero bytes here, so this is no text.")
    first: TextError | None = None
    for candidate in _candidates(_without_prompts(text)):
        try:
            return Parsed(tuple(_statements(candidate)), tuple(candidate.split("\n")))
        except SyntaxError as error:
            first = first or TextError(error.lineno or 1, f"This is no valid Python: {error.msg}.")
        except (RecursionError, MemoryError):
            raise TextError(1, "The text is nested too deeply to be read.") from None
        except ValueError as error:
            first = first or TextError(1, f"This is no valid Python: {error}.")
    raise first or TextError(1, "This is no valid Python.")


def _statements(text: str) -> list[ast.stmt]:
    """The statements, without what Python warns of in other people's texts, such as "\\d"."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text).body


def _candidates(text: str) -> Iterator[str]:
    """The text, and what it may be a part of; all have its lines in their places."""
    yield text
    yield textwrap.dedent(text)
    bare = text.strip().rstrip(")],")
    for inside in (text, f"{bare})", f"{bare}"):
        yield f"[{inside}]"


def _without_prompts(text: str) -> str:
    """The text with empty lines for commands of a notebook, and without the prompts of an interactive Python."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ").split("\n")
    if any(line.startswith(">>> ") for line in lines):
        lines = [line[4:] if line.startswith((">>> ", "... ")) else "" for line in lines]
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
