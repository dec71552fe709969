"""Python source as small documents, laid out as `ruff format` lays it out, so that exported scripts read well.

A document is either a line of text that is never broken, or brackets around other documents, which are broken over
several lines where they do not fit. All text of a person goes through `quoted` or `comment`, never in as it is.
"""

import keyword
import re
import textwrap
from dataclasses import dataclass
from typing import TypeAlias

WIDTH = 100
INDENT = "    "
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


@dataclass(frozen=True)
class Brackets:
    """`head`, an opening bracket, items, a closing bracket, `tail`. Only a call may keep all items on one inner line;
    an item can have a comment above it, which forces one line an item."""

    head: str
    opening: str
    items: "tuple[Item, ...]"
    closing: str
    tail: "Brackets | None" = None


@dataclass(frozen=True)
class Item:
    """One thing between brackets; `prefix` is a keyword with its equals sign, `comments` stand above it."""

    doc: "Doc"
    prefix: str = ""
    comments: tuple[str, ...] = ()


Doc: TypeAlias = str | Brackets


def call(name: str, *items: "Item | Doc", tail: Brackets | None = None) -> Brackets:
    """A call of `name`, followed by `tail` (a second call, for layers)."""
    return Brackets(name, "(", tuple(_item(item) for item in items), ")", tail)


def listing(*items: "Item | Doc") -> Brackets:
    """A list."""
    return Brackets("", "[", tuple(_item(item) for item in items), "]")


def keyword_item(name: str, doc: Doc) -> Item:
    """A keyword argument. Raises ValueError where the name is no identifier."""
    return Item(doc, f"{identifier(name)}=")


def _item(item: "Item | Doc") -> "Item":
    return item if isinstance(item, Item) else Item(item)


def identifier(name: str) -> str:
    """The name itself where it is a plain identifier. Raises ValueError otherwise: nothing else gets into code."""
    if not _IDENTIFIER.match(name) or keyword.iskeyword(name):
        raise ValueError(f"{name!r} cannot be used as a name in Python.")
    return name


def is_identifier(name: str) -> bool:
    """Whether `identifier` takes this name."""
    return bool(_IDENTIFIER.match(name)) and not keyword.iskeyword(name)


def quoted(text: str) -> str:
    """A string literal in the quotes that ruff would choose. Whatever the text holds stays inside the literal."""
    literal = repr(text)
    if literal[0] == "'" and '"' not in literal:
        return '"' + literal[1:-1].replace("\\'", "'") + '"'
    return literal


def plain(text: str, limit: int = 200) -> str:
    """The text on one line, without anything that could end a comment or a docstring."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    kept = " ".join(kept.replace("\\", "/").replace('"', "'").split())
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


def comment(text: str) -> str:
    """The text as one comment line."""
    return f"# {plain(text)}".rstrip()


def comment_lines(text: str) -> list[str]:
    """The text as comment lines of bounded width."""
    return textwrap.wrap(plain(text, 1000), WIDTH, initial_indent="# ", subsequent_indent="# ", break_long_words=False)


def flat(doc: Doc) -> str | None:
    """The document on one line, None where a comment inside forbids that."""
    if isinstance(doc, str):
        return doc
    parts = []
    for item in doc.items:
        inner = flat(item.doc)
        if item.comments or inner is None:
            return None
        parts.append(item.prefix + inner)
    tail = "" if doc.tail is None else flat(doc.tail)
    if tail is None:
        return None
    return f"{doc.head}{doc.opening}{', '.join(parts)}{doc.closing}{tail}"


def render(doc: Doc, prefix: str = "", indent: str = "", suffix: str = "") -> list[str]:
    """The lines of a statement that starts with `prefix` (`model = `)."""
    one_line = flat(doc)
    if one_line is not None and len(indent + prefix + one_line + suffix) <= WIDTH:
        return [indent + prefix + one_line + suffix]
    if isinstance(doc, str):
        return [indent + prefix + doc + suffix]
    if isinstance(doc.tail, Brackets):
        return _render_tailed(doc, doc.tail, prefix, indent, suffix)
    return _broken(doc, prefix, indent, suffix)


def _broken(doc: Brackets, prefix: str, indent: str, suffix: str) -> list[str]:
    """The items on lines of their own between the brackets; `tail` is left out."""
    first, last = f"{indent}{prefix}{doc.head}{doc.opening}", f"{indent}{doc.closing}{suffix}"
    if not doc.items:
        return [first + last.removeprefix(indent)]
    inner = indent + INDENT
    is_call = doc.opening == "("
    together = _together(doc.items, inner) if is_call else None
    if together is not None:
        return [first, together, last]
    lines = [first]
    # A list that is the only argument of a call gets no comma behind it.
    comma = "" if is_call and len(doc.items) == 1 and isinstance(doc.items[0].doc, Brackets) else ","
    for item in doc.items:
        lines += [inner + text for text in item.comments]
        lines += render(item.doc, item.prefix, inner, comma)
    return [*lines, last]


def _together(items: tuple[Item, ...], indent: str) -> str | None:
    """All items on one inner line, as a broken call may have them."""
    parts = [None if item.comments else flat(item.doc) for item in items]
    if any(part is None for part in parts):
        return None
    line = indent + ", ".join(item.prefix + (part or "") for item, part in zip(items, parts, strict=True))
    return line if len(line) <= WIDTH else None


def _render_tailed(doc: Brackets, tail: Brackets, prefix: str, indent: str, suffix: str) -> list[str]:
    """`head(items)(more)`: the last brackets are broken first, as ruff does, unless the first would be too wide."""
    head = flat(Brackets(doc.head, doc.opening, doc.items, doc.closing))
    if head is not None and len(f"{indent}{prefix}{head}{tail.opening}") <= WIDTH:
        return render(tail, prefix + head, indent, suffix)
    lines = _broken(doc, prefix, indent, "")
    rest = render(tail, lines[-1].removeprefix(indent), indent, suffix)
    return [*lines[:-1], *rest]
