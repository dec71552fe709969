"""Which of its own parts a project uses."""

from collections.abc import Iterator
from typing import TypeAlias

from workbench.domain.catalogue import Category
from workbench.domain.parts.read import Part, read_parts
from workbench.domain.project import Project
from workbench.domain.tree import Branches, Layer, Residual, Wrapper, walk
from workbench.domain.tree_tools import params_of
from workbench.domain.values import ObjectSpec, Value

Names: TypeAlias = Iterator[str]


def used_parts(project: Project) -> tuple[Part, ...]:
    """The parts that the network or the training names. One whose name stands somewhere for something else counts
    too, which does no harm."""
    if not project.parts:
        return ()
    named = set(_named(project))
    return tuple(part for part in read_parts(project.parts).parts if part.entry.name in named)


def used_files(project: Project) -> tuple[str, ...]:
    """The names of the files in which these stand, in the order of the project."""
    names = {part.entry.own for part in used_parts(project)}
    return tuple(part.name for part in project.parts if part.name in names)


def uses_of(project: Project, category: Category, name: str) -> int:
    """How often a part is named."""
    return sum(each == name for each in _named(project)) if read_parts(project.parts).find(category, name) else 0


def _named(project: Project) -> Names:
    for node in walk(project.model.nodes):
        match node:
            case Layer() | Wrapper():
                yield node.class_name
            case Branches() | Residual():
                yield from _in_value(node.merge)
        for value in params_of(node).values():
            yield from _in_value(value)
    training = project.training
    heads = [value for head in training.heads for value in (head.loss, *(head.metrics or ()))]
    for value in (training.optimizer, training.loss, *(training.metrics or ()), *heads, *training.callbacks):
        yield from _in_value(value)


def _in_value(value: Value) -> Names:
    """The names in a value: of objects, and texts, which may name one."""
    match value:
        case ObjectSpec():
            yield value.class_name
            for inner in value.params.values():
                yield from _in_value(inner)
        case str():
            yield value
        case tuple():
            for item in value:
                yield from _in_value(item)
