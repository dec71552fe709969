"""Finds what stands several times one behind another in a tree that was read, as a loop makes it, and lays it once."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import msgspec

from workbench.domain.growth import follows, rule_between, rules_of
from workbench.domain.naming import snake
from workbench.domain.taken import node_in
from workbench.domain.tree import (
    AnyNode,
    Block,
    Branches,
    Layer,
    ModelTree,
    Repeat,
    Residual,
    Shared,
    Wrapper,
    children_of,
    new_id,
    walk,
    with_children,
)
from workbench.domain.tree_tools import map_nodes
from workbench.domain.values import Value

LONGEST = 12
"""So many nodes at most make up one round."""

# Rounds from which on a repetition is easier to read than its layers one below the other.
_FEWEST = 2
_FEWEST_ALONE = 3  # of a single layer
_FEWEST_GROWING = 3  # and two rounds say nothing of a rule: 32 and 64 may be doubled, or 32 more
_FEWEST_ALONE_GROWING = 4
_MODELS = ("Sequential", "Functional", "Model")
_Params: TypeAlias = tuple[Mapping[str, Value], ...]


def with_repeats(tree: ModelTree) -> tuple[ModelTree, dict[str, str]]:
    """The tree with its repetitions, and the nodes of their first rounds by the ids of those that are gone.

    Only what has no name of its own is repeated, as further rounds cannot keep theirs; nor is what others name.
    """
    named = {node_in(name) for node in walk(tree.nodes) for name in node.inputs} | set(map(node_in, tree.outputs))
    named |= {node.layer for node in walk(tree.nodes) if isinstance(node, Shared)}
    folding = _Folding(named)
    return ModelTree(folding.sequence(tree.nodes), tree.outputs), folding.same


def first_of(node_id: str, same: Mapping[str, str]) -> str:
    """The node that stands for one that may be gone; inner repetitions are found before outer ones."""
    while node_id in same:
        node_id = same[node_id]
    return node_id


class _Key(NamedTuple):
    """What a node is but for its ids, the names of Keras, and the numbers among its layers' parameters; and those
    parameters."""

    form: bytes
    params: _Params


class _Rounds(NamedTuple):
    """So many nodes that make up a round, so many rounds, and the rule by which their parameters grow."""

    length: int
    times: int
    grow: str = ""


class _Folding:
    def __init__(self, named: Collection[str]) -> None:
        self._named = named
        self.same: dict[str, str] = {}

    def sequence(self, nodes: tuple[AnyNode, ...]) -> tuple[AnyNode, ...]:
        """Nodes one below another, those inside of them first."""
        return self._fold(tuple(self._inside(node) for node in nodes))

    def _fold(self, nodes: tuple[AnyNode, ...]) -> tuple[AnyNode, ...]:
        keys = [self._key(node) for node in nodes]
        made: list[AnyNode] = []
        place = 0
        while place < len(nodes):
            found = _found(keys, nodes, place)
            after = place + found.length * found.times
            made.append(self._repeat(nodes[place:after], found) if found.times > 1 else nodes[place])
            place = after
        return tuple(made)

    def _inside(self, node: AnyNode) -> AnyNode:
        children = children_of(node)
        if isinstance(node, Wrapper) or not children:
            return node
        if isinstance(node, Branches):
            return with_children(node, tuple(self._inside(branch) for branch in children))
        return with_children(node, self.sequence(children))

    def _repeat(self, nodes: tuple[AnyNode, ...], found: _Rounds) -> Repeat:
        length = found.length
        first = list(walk(nodes[:length]))
        for number in range(1, found.times):
            gone = walk(nodes[number * length : (number + 1) * length])
            self.same |= {node.id: kept.id for node, kept in zip(gone, first, strict=True)}
        inside = self._fold(nodes[:length]) if length > 1 else nodes[:1]
        return Repeat(id=new_id(), times=found.times, grow=found.grow, children=map_nodes(inside, _unnamed))

    def _key(self, node: AnyNode) -> _Key | None:
        """None for a node that cannot be repeated."""
        for each in walk((node,)):
            known = isinstance(each, Layer | Wrapper | Block | Branches | Residual | Repeat)
            if not known or each.id in self._named or each.inputs or not _is_unnamed(each):
                return None
        params = tuple(each.params for each in walk((node,)) if isinstance(each, Layer | Wrapper))
        return _Key(msgspec.json.encode(map_nodes((node,), _form), order="sorted"), params)


def _found(keys: Sequence[_Key | None], nodes: tuple[AnyNode, ...], place: int) -> _Rounds:
    """The rounds that begin at a place: those that leave the fewest nodes."""
    best = _Rounds(1, 1)
    for length in range(1, min(LONGEST, (len(keys) - place) // 2) + 1):
        unit = _unit(keys, place, length)
        if unit is None:
            break
        forms = [key.form for key in unit]
        rounds = [_all_params(unit)]
        while (more := _unit(keys, place + len(rounds) * length, length)) and [key.form for key in more] == forms:
            rounds.append(_all_params(more))
        alone = length == 1 and isinstance(nodes[place], Layer | Wrapper)
        for times, grow in (_same(rounds, alone), _growing(rounds, alone)):
            if times > 1 and times * length > best.times * best.length:
                best = _Rounds(length, times, grow)
    return best


def _unit(keys: Sequence[_Key | None], place: int, length: int) -> list[_Key] | None:
    unit = [key for key in keys[place : place + length] if key is not None]
    return unit if len(unit) == length else None


def _all_params(unit: Sequence[_Key]) -> _Params:
    return tuple(params for key in unit for params in key.params)


def _same(rounds: Sequence[_Params], alone: bool) -> tuple[int, str]:
    """How many rounds from the first on are the same; 1 where those are too few."""
    times = next((number for number, params in enumerate(rounds) if params != rounds[0]), len(rounds))
    return (times if times >= (_FEWEST_ALONE if alone else _FEWEST) else 1), ""


def _growing(rounds: Sequence[_Params], alone: bool) -> tuple[int, str]:
    """How many rounds from the first on grow by one rule, and that rule; 1 where those are too few."""
    fewest = _FEWEST_ALONE_GROWING if alone else _FEWEST_GROWING
    grow = rule_between(rounds[:fewest]) if len(rounds) >= fewest else None
    if not grow:
        return 1, ""
    rules, times = rules_of(grow), fewest
    while times < len(rounds) and follows(rules, rounds[0], rounds[times], times):
        times += 1
    return times, grow


def _form(node: AnyNode) -> AnyNode:
    """A node without what its rounds need not have in common: of a number only its kind is left."""
    bare = msgspec.structs.replace(node, id="", name="")
    if not isinstance(bare, Layer | Wrapper):
        return bare
    kinds = {name: type(value).__name__ if _is_number(value) else value for name, value in bare.params.items()}
    return msgspec.structs.replace(bare, params=kinds)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_unnamed(node: AnyNode) -> bool:
    """Whether a node has no name, or one that Keras makes of the class."""
    if not node.name:
        return True
    kinds: tuple[str, ...] = _MODELS
    if isinstance(node, Branches | Residual):
        kinds = (node.merge.class_name,)
    elif not isinstance(node, Block):
        kinds = (getattr(node, "class_name", ""),)
    return any(kind and re.fullmatch(rf"{re.escape(snake(kind))}(_\d+)?", node.name) for kind in kinds)


def _unnamed(node: AnyNode) -> AnyNode:
    return msgspec.structs.replace(node, name="") if node.name else node
