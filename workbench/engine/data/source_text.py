"""Small pieces of Python source for the exported scripts."""

from collections.abc import Iterable

_ESCAPED = {'"': '\\"', "\\": "\\\\"}


def text_literal(text: str) -> str:
    """A Python literal of a text, in double quotes, on one line, whatever the text holds."""
    return '"' + "".join(_ESCAPED.get(c) or (c if c.isprintable() else repr(c)[1:-1]) for c in text) + '"'


def comment(text: str) -> str:
    """A text made fit to stand behind a # on one line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:80]


def list_literal(texts: Iterable[str]) -> str:
    """A Python literal of a list of texts."""
    return "[" + ", ".join(text_literal(text) for text in texts) + "]"


def percent(fraction: float) -> str:
    """A fraction for a comment: "15 %"."""
    return f"{fraction * 100:g} %"
