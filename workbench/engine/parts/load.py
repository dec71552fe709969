"""Makes classes of the text of a part: compiled under a file name of its own, which tracebacks and AutoGraph find."""

import hashlib
import linecache
import re
import sys
import traceback
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from workbench.domain.catalogue import Category
from workbench.domain.parts.fault import Fault, place
from workbench.domain.parts.files import FOLDER
from workbench.domain.parts.read import read_part
from workbench.domain.parts.spec import PartSpec
from workbench.engine.parts.limit import TooLongError, within

SECONDS = 20.0
"""How long the text of a part may take to run: it only defines classes."""

_KEPT = 64
_LONGEST = 300
_FILE = re.compile(r"parts-[0-9a-f]{12}/(?P<part>[a-z][a-z0-9_]*)\.py")
_IN_TEXT = re.compile(_FILE.pattern + r'", line (?P<line>\d+)')


@dataclass(frozen=True)
class Loaded:
    """What a file defines, by kind and name; or why it could not be run."""

    classes: Mapping[tuple[Category, str], Any] = field(default_factory=dict)
    fault: Fault | None = None


_known: "OrderedDict[PartSpec, Loaded]" = OrderedDict()


def load_part(part: PartSpec) -> Loaded:
    """What the file defines. It is run once, as long as it is not changed; one that failed is not run again."""
    if part in _known:
        _known.move_to_end(part)
        return _known[part]
    _known[part] = loaded = _load(part)
    while len(_known) > _KEPT:
        _known.popitem(last=False)
    return loaded


def file_name(part: PartSpec) -> str:
    """The name under which the text is compiled: another one for each text, as several may be in use."""
    return f"parts-{hashlib.sha256(part.source.encode()).hexdigest()[:12]}/{part.file}"


def _load(part: PartSpec) -> Loaded:
    try:
        module = within(SECONDS, lambda: _run(part), f"part {part.name}")
    except TooLongError:
        return Loaded({}, Fault(part.name, 0, f"It still runs after {SECONDS:g} seconds. Let it only define classes."))
    except BaseException as error:  # noqa: BLE001 - a person's code may raise anything, also SystemExit
        line = line_of(error, part)
        return Loaded({}, Fault(part.name, line, f"{_short(error)} Correct it."))
    classes: dict[tuple[Category, str], Any] = {}
    for each in read_part(part).parts:
        made = getattr(module, each.entry.name, None)
        if callable(made):
            classes[each.entry.category, each.entry.name] = made
    return Loaded(classes)


class _Source:
    """Gives the text to who looks for it through the module, as AutoGraph does, which empties the cache of lines."""

    def __init__(self, source: str) -> None:
        self._source = source

    def get_source(self, _name: str) -> str:
        """The text of the module."""
        return self._source


def _run(part: PartSpec) -> ModuleType:
    name = file_name(part)
    module = ModuleType(f"{FOLDER}.{part.name}")
    module.__file__ = name
    module.__dict__["__loader__"] = _Source(part.source)
    sys.modules[module.__name__] = module
    linecache.cache[name] = (len(part.source), None, part.source.splitlines(keepends=True), name)
    exec(compile(part.source, name, "exec", dont_inherit=True), module.__dict__)
    return module


def line_of(error: BaseException, part: PartSpec) -> int:
    """The line of a part that an error came through last, 0 where it did not."""
    if isinstance(error, SyntaxError) and error.filename == file_name(part):
        return error.lineno or 0
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == file_name(part)), 0)


def place_of(error: BaseException) -> str:
    """The part and line that an error came through, "huber.py, line 12"; empty where it came through none."""
    for each in (error, error.__cause__, error.__context__):
        for frame in reversed(traceback.extract_tb(each.__traceback__) if each is not None else []):
            found = _FILE.fullmatch(frame.filename)
            if found:
                return place(found["part"], frame.lineno or 0)
    told = list(_IN_TEXT.finditer(str(error)))  # AutoGraph tells the places of the code that it has made anew
    return place(told[-1]["part"], int(told[-1]["line"])) if told else ""


def _short(error: BaseException) -> str:
    """Kind and message of an error in one line that ends like a sentence."""
    text = " ".join(str(error).split())
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."
