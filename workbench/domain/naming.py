"""Names of layers: as Keras makes them from classes, valid in TensorFlow's scopes, and unique in a network."""

import re
from collections.abc import Iterable
from functools import lru_cache

from workbench.domain.tree import (
    AnyNode,
    Base,
    Block,
    Branches,
    Input,
    Layer,
    ModelTree,
    Repeat,
    Residual,
    Shared,
    Wrapper,
    walk,
)

MAX_NAME = 100


@lru_cache(maxsize=1024)
def snake(class_name: str) -> str:
    """The name Keras makes from a class: "GlobalAveragePooling2D" → "global_average_pooling2d"."""
    name = re.sub(r"\W+", "", class_name, flags=re.ASCII)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower() or "layer"


def valid(name: str) -> str:
    """A person's name as TensorFlow's scopes take it; empty when no character of it can stay."""
    return re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_")[:MAX_NAME]


def title(node: AnyNode) -> str:
    """What a person calls a node: its own name, else its class or kind."""
    if node.name:
        return node.name
    match node:
        case Layer() | Wrapper():
            return node.class_name
        case Block():
            return "Block"
        case Repeat():
            return f"Repeat ×{node.times}"
        case Branches():
            return "Branches"
        case Residual():
            return "Residual"
        case Shared():
            return "Shared layer"
        case Base():
            return "Base"
        case Input():
            return "Input"


def own_names(tree: ModelTree) -> frozenset[str]:
    """All names that a person gave to nodes."""
    return frozenset(node.name for node in walk(tree.nodes) if node.name)


def fresh_name(wanted: str, taken: Iterable[str]) -> str:
    """The wanted name, or with the first number from 2 on that makes it differ from all taken names."""
    used = set(taken)
    if wanted not in used:
        return wanted
    stem = re.sub(r" \d+$", "", wanted)
    number = 2
    while f"{stem} {number}" in used:
        number += 1
    return f"{stem} {number}"


class Namer:
    """Gives out layer names, each once, in the order it is asked: `dense`, `dense_1` … as Keras does.

    `reserved` are the names that persons gave; only `own` hands those out.
    """

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._reserved = frozenset(valid(name) for name in reserved)
        self._used: set[str] = set()
        self._next: dict[tuple[str, bool], int] = {}

    def of_class(self, class_name: str) -> str:
        """A name made from a class."""
        return self._take(snake(class_name), own=False)

    def own(self, name: str, class_name: str) -> str:
        """A person's name made valid, or one from the class where nothing valid is left of it."""
        stem = valid(name)
        return self._take(stem, own=True) if stem else self.of_class(class_name)

    def output(self, layer: str, name: str) -> str:
        """A name for an output of a layer behind its first: `encoder_state_h`."""
        return self._take(f"{layer}_{valid(name)}", own=False)

    def _take(self, stem: str, own: bool) -> str:
        number = self._next.get((stem, own), 0)
        while self._is_taken(name := f"{stem}_{number}" if number else stem, own and not number):
            number += 1
        self._next[stem, own] = number + 1
        self._used.add(name)
        return name

    def _is_taken(self, name: str, own: bool) -> bool:
        return name in self._used or (name in self._reserved and not own)
