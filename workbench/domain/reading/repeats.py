"""Finds what stands several times one behind another in a tree that was read, as a loop makes it, and lays it once."""

import re
from collections.abc import Collection, Mapping
from typing import TypeAlias

import msgspec

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

LONGEST = 12
"""So many nodes at most make up one round."""

_FEWEST_ALONE = 3  # of a single layer; two of them are read as easily one below the other
_MODELS = ("Sequential", "Functional", "Model")
_Key: TypeAlias = bytes | None


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


class _Folding:
    def __init__(self, named: Collection[str]) -> None:
        self._named = named
        self.same: dict[str, str] = {}

    def sequence(self, nodes: tuple[AnyNode, ...]) -> tuple[AnyNode, ...]:
        """Nodes one below another, those inside of them first."""
        nodes = tuple(self._inside(node) for node in nodes)
        keys = [self._key(node) for node in nodes]
        made: list[AnyNode] = []
        place = 0
        while place < len(nodes):
            length, times = _found(keys, nodes, place)
            if times > 1:
                made.append(self._repeat(nodes[place : place + length * times], length, times))
            else:
                made.append(nodes[place])
            place += length * times
        return tuple(made)

    def _inside(self, node: AnyNode) -> AnyNode:
        children = children_of(node)
        if isinstance(node, Wrapper) or not children:
            return node
        if isinstance(node, Branches):
            return with_children(node, tuple(self._inside(branch) for branch in children))
        return with_children(node, self.sequence(children))

    def _repeat(self, nodes: tuple[AnyNode, ...], length: int, times: int) -> Repeat:
        first = list(walk(nodes[:length]))
        for number in range(1, times):
            gone = walk(nodes[number * length : (number + 1) * length])
            self.same |= {node.id: kept.id for node, kept in zip(gone, first, strict=True)}
        return Repeat(id=new_id(), times=times, children=map_nodes(nodes[:length], _unnamed))

    def _key(self, node: AnyNode) -> _Key:
        """What two nodes have in common that are the same but for their ids and the names of Keras; None for one that
        cannot be repeated."""
        for each in walk((node,)):
            known = isinstance(each, Layer | Wrapper | Block | Branches | Residual | Repeat)
            if not known or each.id in self._named or each.inputs or not _is_unnamed(each):
                return None
        bare = map_nodes((node,), lambda each: msgspec.structs.replace(each, id="", name=""))
        return msgspec.json.encode(bare, order="sorted")


def _found(keys: list[_Key], nodes: tuple[AnyNode, ...], place: int) -> tuple[int, int]:
    """How many nodes from a place on make up a round, and how many rounds there are: those that leave the fewest."""
    best = (1, 1)
    for length in range(1, min(LONGEST, (len(keys) - place) // 2) + 1):
        unit = keys[place : place + length]
        if None in unit:
            break
        times = 1
        while keys[place + times * length : place + (times + 1) * length] == unit:
            times += 1
        alone = length == 1 and isinstance(nodes[place], Layer | Wrapper)
        if times >= (_FEWEST_ALONE if alone else 2) and length * times > best[0] * best[1]:
            best = (length, times)
    return best


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
