"""Keras' docstrings taken apart: prose as simple Markdown for the help pane, and the text of each argument."""

import inspect
import re
from dataclasses import dataclass, field

SECTIONS = {
    "args",
    "arguments",
    "call arguments",
    "input shape",
    "output shape",
    "example",
    "examples",
    "example usage",
    "example usage without warmup",
    "example usage with warmup",
    "for example",
    "usage",
    "standalone usage",
    "returns",
    "raises",
    "return",
    "output",
    "reference",
    "references",
    "notes",
    "note",
    "formula",
    "call arguments, when called without `bounding_box_format`",
}
KEPT = {"input shape": "Input shape", "output shape": "Output shape", "reference": "Reference", "formula": "Formula"}
KEPT |= {"references": "Reference", "note": "Note", "notes": "Note"}

# About tf.data pipelines, which no project has.
_LEFT_OUT = ("**Note:** This layer is safe to use inside a `tf.data`", "It is recommended to use this layer inside")

_ARGUMENT = re.compile(r"^(\*{0,2}\w+(?:,\s*\w+)*)(?:\s*\(([^)]*)\))?\s*:(?:\s+(.*))?$")
_FENCE = re.compile(r"^\s*`{2,3}\s*\w*\s*$")


@dataclass
class Docs:
    """`lead` is the first sentence, `prose` Markdown of all that teaches, `args` the help of each argument by name."""

    lead: str = ""
    prose: str = ""
    args: dict[str, str] = field(default_factory=dict)


def read_docs(thing: object) -> Docs:
    """The docstring of a class or function, taken apart. Everything empty when it has none."""
    raw = (getattr(thing, "__doc__", None) or "").expandtabs().split("\n")
    text = inspect.cleandoc("\n".join(_without_code(raw)))  # some code blocks stand left of their text
    sections = _sections(text)
    args: dict[str, str] = {}
    parts: list[str] = []
    for title, lines in sections:
        if title in ("args", "arguments"):
            args |= _arguments(lines)
        elif title == "":
            parts.append(_markdown(lines))
        elif title in KEPT:
            body = _markdown(inspect.cleandoc("\n".join(lines)).split("\n"))
            if body:
                parts.append(f"**{KEPT[title]}**\n\n{body}")
    prose = "\n\n".join(part for part in parts if part)
    return Docs(_first_sentence(prose), prose, args)


def _sections(text: str) -> list[tuple[str, list[str]]]:
    """The lines of each section, headed by a known title at the left edge; the lead has the title ""."""
    sections: list[tuple[str, list[str]]] = [("", [])]
    for line in text.split("\n"):
        title = line.strip().strip("*#").strip().rstrip(":").strip("*").lower()
        indented = line.startswith(" ")
        heads = not indented and line.rstrip().endswith((":", ":**")) and title in SECTIONS
        if heads:
            sections.append((title, []))
        elif _ends_section(sections[-1], line):
            sections.append(("", [line]))
        else:
            sections[-1][1].append(line)
    return sections


def _ends_section(section: tuple[str, list[str]], line: str) -> bool:
    """Prose at the left edge after a blank line ends a section whose lines were indented."""
    title, lines = section
    if title in ("", "example", "examples") or not line.strip() or line.startswith((" ", "-", ">>>", "`")):
        return False
    return len(lines) > 1 and not lines[-1].strip() and lines[0].startswith(" ")


def _arguments(lines: list[str]) -> dict[str, str]:
    """The help of each argument; arguments stand at the smallest indentation, their text is indented further."""
    body = inspect.cleandoc("\n".join(lines)).split("\n")
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in body:
        match = None if line.startswith(" ") else _ARGUMENT.match(line)
        if match:
            current = [f"({match[2]}) " if match[2] else "", match[3] or ""]
            current = ["".join(current)]
            for name in match[1].split(","):
                found[name.strip().lstrip("*")] = current
        elif line.startswith(" ") or not line.strip():
            current.append(line)
        else:
            current = []
    return {name: _markdown(inspect.cleandoc("\n".join(text)).split("\n")) for name, text in found.items()}


def _markdown(lines: list[str]) -> str:
    """Paragraphs and lists joined into lines of their own, without code sessions and code blocks."""
    paragraphs: list[str] = []
    fresh = True
    for line in lines:
        text = line.strip()
        if not text:
            fresh = True
            continue
        if fresh or _is_item(text) or not paragraphs:
            paragraphs.append(text)
        else:
            glue = "" if paragraphs[-1].endswith("](") else " "
            paragraphs[-1] += glue + text
        fresh = False
    return _joined([paragraph for paragraph in paragraphs if not paragraph.startswith(_LEFT_OUT)])


def _joined(paragraphs: list[str]) -> str:
    """The text; what only led over to a code block that was left out goes too."""
    text = ""
    for index, paragraph in enumerate(paragraphs):
        listed = _is_item(paragraph)
        follows_item = listed and _is_item(text.rsplit("\n", 1)[-1])
        leads_to_list = index + 1 < len(paragraphs) and _is_item(paragraphs[index + 1])
        if paragraph.endswith(":") and not leads_to_list:
            paragraph = re.sub(r"(?:^|(?<=[.!?] ))[^.!?]*:$", "", paragraph).strip()
        if paragraph:
            text += ("" if not text else "\n" if follows_item else "\n\n") + paragraph
    return text


def _is_item(paragraph: str) -> bool:
    return re.match(r"^(?:[-*]|\d+[.)])\s", paragraph) is not None


def _without_code(lines: list[str]) -> list[str]:
    kept: list[str] = []
    fenced = session = False
    for line in lines:
        if _FENCE.match(line):
            fenced = not fenced
            kept.append("")
            continue
        if line.strip().startswith((">>>", "...")):
            session = True
        elif session and not line.strip():
            session = False
        if not fenced and not session:
            kept.append(line)
    return kept


def _first_sentence(prose: str) -> str:
    first = prose.split("\n\n", 1)[0].replace("\n", " ")
    match = re.match(r"^(.*?[.!?])(?:\s+[A-Z`]|$)", re.sub(r"\b(e\.g|i\.e|etc|vs|cf)\.", r"\1<dot>", first))
    return (match[1] if match else first).replace("<dot>", ".").replace("`", "").strip()
