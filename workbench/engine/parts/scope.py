"""The own parts of the project that a thread is at work on. Nothing else can make one, and none that is not allowed."""

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from workbench.domain.catalogue import Category
from workbench.domain.parts.files import PACKAGE
from workbench.domain.parts.read import NOUNS, Part
from workbench.domain.parts.scope import parts_known
from workbench.domain.parts.used import used_parts
from workbench.domain.project import Project
from workbench.domain.trust import OFF, parts_allowed
from workbench.engine.errors import EngineError
from workbench.engine.parts.load import load_part
from workbench.engine.sealed.scope import sealed_in

NOT_ALLOWED = f"{{0}} is Python code of this project, which {OFF}: read it under Own parts on the Model page."


@dataclass(frozen=True)
class Own:
    """Classes by kind and name, and sentences why others cannot be had. `key` tells texts apart, so that what is
    remembered of one is not taken for another; empty without parts."""

    key: str = ""
    classes: Mapping[tuple[Category, str], Any] = field(default_factory=dict)
    refusals: Mapping[tuple[Category, str], str] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, Any]:
        """The classes by the names under which Keras saves them."""
        saved = ((name, made) for (category, name), made in self.classes.items() if category != "callbacks")
        return {f"{PACKAGE}>{name}": made for name, made in saved}


_own: ContextVar[Own] = ContextVar("own parts", default=Own())  # noqa: B039 - it is frozen


def current() -> Own:
    """The own parts of what this thread is at work on."""
    return _own.get()


@contextlib.contextmanager
def own_parts(project: Project, folder: Path | str | None, *, needed: bool = False) -> Iterator[Own]:
    """Let this thread know the own parts that a project in this folder uses, and where its sealed SavedModels lie,
    until the end of the block. `needed`: raises EngineError where one of them cannot be had."""
    own = _made(project, Path(folder) if folder is not None else None) if project.parts else Own()
    if needed and own.refusals:
        raise EngineError(next(iter(own.refusals.values())))
    token = _own.set(own)
    try:
        with parts_known(project.parts), sealed_in(folder):
            yield own
    finally:
        _own.reset(token)


def tell_keras() -> None:
    """Let Keras find the own parts of what this thread is at work on by their names, in the place of those of the same
    names in other projects, or of earlier texts. To be called where `BUILDING` is held, before anything is loaded.

    Keras' own scopes of custom objects do not do: each that is opened inside, as for every layer, hides the outer one.
    """
    saved = [made for (category, _), made in current().classes.items() if category != "callbacks"]
    if saved:
        import keras

        for made in saved:
            keras.saving.register_keras_serializable(PACKAGE)(made)


def _made(project: Project, folder: Path | None) -> Own:
    used = used_parts(project)
    allowed = parts_allowed(project.parts, folder)
    specs = {spec.name: spec for spec in project.parts}
    classes: dict[tuple[Category, str], Any] = {}
    refusals: dict[tuple[Category, str], str] = {}
    for part in used:
        key = (part.entry.category, part.entry.name)
        if part.fault is not None:
            refusals[key] = part.fault.sentence
        elif not allowed:
            refusals[key] = NOT_ALLOWED.format(part.entry.name)
        else:
            loaded = load_part(specs[part.entry.own])
            if key in loaded.classes:
                classes[key] = loaded.classes[key]
            else:
                refusals[key] = loaded.fault.sentence if loaded.fault else _not_made(part)
    digest = hashlib.sha256(msgspec.json.encode((project.parts, sorted(refusals.items())))).hexdigest()
    return Own(digest, classes, refusals)


def _not_made(part: Part) -> str:
    noun = NOUNS[part.entry.category]
    return f"{part.entry.own}.py, line {part.line}: The {noun} {part.entry.name} is not there once the file has run."
