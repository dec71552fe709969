"""`project.json`: readable, versioned, and checked when it is read."""

import codecs
import re
from pathlib import Path
from typing import Any

import msgspec

from workbench.domain.files import StoreError, read_bounded
from workbench.domain.project import FORMAT_VERSION, Project
from workbench.domain.tree import walk

MAX_BYTES = 16 * 1024 * 1024
MAX_NESTING = 240

_decoder = msgspec.json.Decoder(Project)
_IN_PATH = re.compile(r" - at `\$?\.?(?P<path>[^`]*)`$")


def encode(project: Project) -> bytes:
    """The content of a project file: indented JSON with a line end."""
    fields = msgspec.structs.asdict(project)
    if not project.parts:
        del fields["parts"]
    return msgspec.json.format(msgspec.json.encode(fields), indent=2) + b"\n"


def read(path: Path) -> Project:
    """The project in a file. Raises StoreError with what is wrong and where; the file is left as it is."""
    return decode(read_bounded(path, MAX_BYTES).removeprefix(codecs.BOM_UTF8), str(path))


def decode(data: bytes, name: str) -> Project:
    """The project in a file's content; `name` is the file's in the messages of StoreError."""
    raw = _parse(data, name)
    if not isinstance(raw, dict) or "model" not in raw:
        raise StoreError(f"{name} is not a project of the Workbench. Choose another one.")
    version = raw.get("version", FORMAT_VERSION)
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise StoreError(f"{name} was saved by a newer version of the Workbench. Open it with that version.")
    if version != FORMAT_VERSION or isinstance(version, bool):
        raise StoreError(f"{name} has the version {str(version)[:20]!r}, which never was. Restore it from a copy.")
    try:
        project = _decoder.decode(data)
    except msgspec.ValidationError as error:
        raise StoreError(f"{name} is not a valid project: {_sentence(error)}") from error
    _refuse_doubled_ids(project, name)
    _refuse_doubled_parts(project, name)
    return project


def schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of a project file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Project)}


def _parse(data: bytes, name: str) -> object:
    """Any JSON within bounds."""
    try:
        raw: object = msgspec.json.decode(data)
    except RecursionError:
        raise StoreError(f"{name} is nested too deep to be a project. Restore it from a copy.") from None
    except msgspec.DecodeError as error:
        raise StoreError(f"{name} is damaged {_position(str(error), data)}. Restore it from a copy.") from error
    except UnicodeDecodeError as error:
        raise StoreError(f"{name} is damaged: it has bytes that are not text. Restore it from a copy.") from error
    if _is_nested_deeper(raw, MAX_NESTING):
        raise StoreError(f"{name} is nested too deep to be a project. Restore it from a copy.")
    if has_huge_number(raw):
        raise StoreError(f"{name} has a number of more than 18 digits, which nothing here can be. Correct it.")
    return raw


def _is_nested_deeper(raw: object, limit: int) -> bool:
    level: list[object] = [raw]
    for _depth in range(limit):
        level = _children(level)
        if not level:
            return False
    return True


def has_huge_number(raw: object) -> bool:
    """Whether there is a whole number of more than 64 bits within JSON: such a one cannot travel to the engine."""
    level = [raw]
    while level:
        if any(isinstance(item, int) and not -(2**63) <= item < 2**63 for item in level):
            return True
        level = _children(level)
    return False


def _children(level: list[object]) -> list[object]:
    return [
        child
        for item in level
        if isinstance(item, dict | list)
        for child in (item.values() if isinstance(item, dict) else item)
    ]


def _position(message: str, data: bytes) -> str:
    """Where the JSON breaks, as a person counts."""
    found = re.search(r"\(byte (\d+)\)", message)
    if found is None:
        return "at its end: something is missing there" if data.strip() else "because it is empty"
    before = data[: int(found.group(1))]
    line = before.count(b"\n") + 1
    column = len(before) - (before.rfind(b"\n") + 1) + 1
    return f"in line {line}, column {column}: what stands there is not JSON"


def _sentence(error: msgspec.ValidationError) -> str:
    message = str(error)
    found = _IN_PATH.search(message)
    path = found.group("path") if found else ""
    text = _IN_PATH.sub("", message).replace("Object contains unknown field", "there is an unknown field")
    text = text.replace("Object missing required field", "there is no field")
    text = text[0].lower() + text[1:]
    return f"{text} (at {path}). Correct it or restore a copy." if path else f"{text}. Correct it or restore a copy."


def _refuse_doubled_ids(project: Project, name: str) -> None:
    seen: set[str] = set()
    for node in walk(project.model.nodes):
        if not node.id or node.id in seen:
            raise StoreError(
                f"{name} is not a valid project: each layer needs an id of its own, but {node.id!r} stands twice or is"
                " empty. Correct it or restore a copy."
            )
        seen.add(node.id)


def _refuse_doubled_parts(project: Project, name: str) -> None:
    names = [part.name for part in project.parts]
    doubled = next((each for each in names if names.count(each) > 1), None)
    if doubled is not None:
        raise StoreError(f"{name} is not a valid project: it has two own parts {doubled}.py. Correct it.")
