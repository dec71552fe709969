"""Docstrings of parts: their first sentence, the whole text, and what they say of each argument."""

import ast
import inspect
import re
from dataclasses import dataclass, field

_SECTION = re.compile(r"^(?:args|arguments|parameters)\s*:\s*$", re.IGNORECASE)
_ARGUMENT = re.compile(r"^(?P<name>\w+)(?:\s*\([^)]*\))?\s*:\s*(?P<text>.*)$")
_LONGEST_SUMMARY = 200


@dataclass(frozen=True)
class Docs:
    """`summary` is the first sentence, `text` all that stands above the arguments, `args` the help of each argument."""

    summary: str = ""
    text: str = ""
    args: dict[str, str] = field(default_factory=dict)


def docs_of(*nodes: ast.AST | None) -> Docs:
    """The docstring of the first of these that has one, with what all of them say of arguments."""
    texts = [_docstring(node) for node in nodes if node is not None]
    written = [_split(text) for text in texts if text]
    args: dict[str, str] = {}
    for _, found in reversed(written):
        args |= found
    text = written[0][0] if written else ""
    return Docs(_first_sentence(text), text, args)


def _docstring(node: ast.AST) -> str:
    if not isinstance(node, ast.ClassDef | ast.FunctionDef):
        return ""
    return inspect.cleandoc(ast.get_docstring(node, clean=False) or "")


def _split(text: str) -> tuple[str, dict[str, str]]:
    """What stands above the arguments, and the arguments."""
    above: list[str] = []
    args: dict[str, str] = {}
    name = ""
    inside = False
    for line in text.split("\n"):
        if _SECTION.match(line):
            inside = True
        elif inside and (not line.strip() or line.startswith(" ")):
            found = _ARGUMENT.match(line.strip())
            if found and _depth(line) <= 4:
                name = found["name"]
                args[name] = found["text"].strip()
            elif name and line.strip():
                args[name] = f"{args[name]} {line.strip()}".strip()
        else:
            inside = False
            above.append(line)
    return "\n".join(above).strip(), args


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _first_sentence(text: str) -> str:
    first = " ".join(text.split("\n\n", 1)[0].split())
    found = re.match(r".*?[.!?](?=\s|$)", first)
    first = found[0] if found else first
    return first if len(first) <= _LONGEST_SUMMARY else first[: _LONGEST_SUMMARY - 1] + "…"
