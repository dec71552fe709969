"""Reads parts without running them: which classes and functions a file offers, what their constructors take, and what
Keras would stumble over, each with its line.

A class that derives from a class of Keras is a part, and so is a function of one argument: an activation. Names that
begin with an underscore are helpers of the file.
"""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from workbench.domain.catalogue import Category, ClassEntry, keras_catalogue
from workbench.domain.parts.classes import Class, class_faults, classes_of
from workbench.domain.parts.docs import docs_of
from workbench.domain.parts.fault import Fault
from workbench.domain.parts.imports import Names
from workbench.domain.parts.params import params_of
from workbench.domain.parts.spec import Parts, PartSpec

GROUP = "Own parts"
NOUNS: dict[str, str] = {
    "layers": "layer",
    "activations": "activation",
    "losses": "loss",
    "metrics": "metric",
    "initializers": "initializer",
    "regularizers": "regularizer",
    "constraints": "constraint",
    "callbacks": "callback",
}


@dataclass(frozen=True)
class Part:
    """One class or function that a file offers; `line` is where it begins, `fault` the first thing wrong with it."""

    entry: ClassEntry
    line: int
    fault: Fault | None = None


@dataclass(frozen=True)
class Reading:
    """What some files offer, in their order, and all that is wrong in them."""

    parts: tuple[Part, ...] = ()
    faults: tuple[Fault, ...] = ()

    def find(self, category: Category, name: str) -> Part | None:
        """The part of a name, None where there is none."""
        return next((each for each in self.parts if (each.entry.category, each.entry.name) == (category, name)), None)


@lru_cache(maxsize=64)
def read_parts(parts: Parts) -> Reading:
    """What the files of a project offer. Of two parts of a kind with the same name only the first is offered."""
    found: list[Part] = []
    faults: list[Fault] = []
    taken: dict[tuple[Category, str], str] = {}
    for part in parts:
        reading = read_part(part)
        faults += reading.faults
        for each in reading.parts:
            key = (each.entry.category, each.entry.name)
            if key in taken:
                noun = NOUNS[each.entry.category]
                message = f"{taken[key]}.py has a {noun} called {each.entry.name} too. Give one another name."
                faults.append(Fault(part.name, each.line, message, each.entry.name))
                continue
            taken[key] = part.name
            found.append(each)
    return Reading(tuple(found), tuple(faults))


@lru_cache(maxsize=256)
def read_part(part: PartSpec) -> Reading:
    """What one file offers. Code that is no Python offers nothing, and has one fault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(part.source)
    except SyntaxError as error:
        return Reading((), (Fault(part.name, error.lineno or 0, f"Python cannot read this: {error.msg}. Correct it."),))
    except (ValueError, RecursionError, MemoryError):
        return Reading((), (Fault(part.name, 0, "This cannot be read as Python. Write it anew."),))
    names = Names.of(tree)
    classes = classes_of(tree, names)
    found: list[Part] = []
    faults: list[Fault] = []
    for each in _parts(part, tree, classes):
        clash = _clash(each.entry.category, each.entry.name)
        if clash:
            faults.append(Fault(part.name, each.line, clash, each.entry.name))
            continue
        found.append(each)
        faults += [each.fault] if each.fault else []
    if not found and not faults:
        message = (
            "No part begins in this file. Write a class that derives from one of Keras, such as keras.layers.Layer."
        )
        faults.append(Fault(part.name, 0, message))
    return Reading(tuple(found), tuple(faults))


def _parts(part: PartSpec, tree: ast.Module, classes: dict[str, Class]) -> Iterator[Part]:
    for statement in tree.body:
        match statement:
            case ast.ClassDef(name=name) if name in classes and not name.startswith("_"):
                yield _class_part(part, classes[name])
            case ast.FunctionDef(name=name) if not name.startswith("_") and _takes_one(statement):
                docs = docs_of(statement)
                summary = docs.summary or f"An activation of your own, in {part.file}."
                entry = ClassEntry(name, "activations", GROUP, summary, docs.text, own=part.name)
                yield Part(entry, statement.lineno)


def _class_part(part: PartSpec, made: Class) -> Part:
    name, line = made.node.name, made.node.lineno
    init = made.method("__init__")
    docs = docs_of(made.node, init)
    params = made.inherited.params if made.inherited is not None else params_of(None, made.category, docs.args)
    if init is not None:
        params = params_of(init, made.category, docs.args)
    entry = ClassEntry(
        name=name,
        category=made.category,
        group=GROUP,
        summary=docs.summary or f"{_article(NOUNS[made.category]).capitalize()} of your own, in {part.file}.",
        help=docs.text,
        params=params,
        call=made.call,
        own=part.name,
        keywords=("own", "python", part.name),
    )
    if made.inherited is not None:
        kept = made.inherited
        entry = msgspec.structs.replace(entry, merges=kept.merges, ranks=kept.ranks, call=kept.call)
    fault = next(class_faults(made), None)
    return Part(entry, line, Fault(part.name, fault[0], fault[1], name) if fault else None)


def _takes_one(function: ast.FunctionDef) -> bool:
    """Whether a function can be called on one tensor, as an activation is."""
    arguments = function.args
    named = len(arguments.posonlyargs) + len(arguments.args)
    optional = all(default is not None for default in arguments.kw_defaults)
    return named >= 1 and named - len(arguments.defaults) <= 1 and optional


@lru_cache(maxsize=1)
def _known() -> dict[tuple[str, str], str]:
    return {(entry.category, entry.name.lower()): entry.name for entry in keras_catalogue().classes}


def _clash(category: Category, name: str) -> str:
    known = _known().get((category, name.lower()))
    return f"Keras has {_article(NOUNS[category])} called {known} already. Give yours another name." if known else ""


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
