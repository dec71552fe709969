"""Puts layers whose names begin alike into a block of that name, as those of ResNet's "conv2_block1"."""

from collections.abc import Mapping
from itertools import groupby, pairwise

from workbench.domain.tree import AnyNode, Block, new_id

_FEWEST = 2


Groups = Mapping[str, tuple[str, ...]]


def grouped(nodes: tuple[AnyNode, ...], groups: Groups, depth: int = 0) -> tuple[AnyNode, ...]:
    """The same sequence with blocks: of what belongs to the same of `groups`, given by the ids of nodes, and where at
    least two neighbours have a name that begins with the same word and number. Nothing changes where all have."""
    keys = [_key(node, groups, depth) for node in nodes]
    for place, (key, below) in enumerate(pairwise(keys)):
        if not key[1] and nodes[place].name == below[1]:
            keys[place] = below
    if len(set(keys)) < 2:
        return nodes
    result: list[AnyNode] = []
    for (is_group, name), run in groupby(zip(keys, nodes, strict=True), key=lambda pair: pair[0]):
        inside = tuple(node for _, node in run)
        if is_group:
            inside = grouped(inside, groups, depth + 1)
        result += (Block(id=new_id(), name=name, children=inside),) if name and len(inside) >= _FEWEST else inside
    return tuple(result)


def _key(node: AnyNode, groups: Groups, depth: int) -> tuple[bool, str]:
    """What a node has in common with its neighbours: a model that both are of, or the beginning of the name."""
    path = groups.get(node.id, ())
    return (True, path[depth]) if len(path) > depth else (False, _prefix(node.name))


def _prefix(name: str) -> str:
    """The beginning of a name up to its last numbered word: "block1" of "block1_conv2", "conv2_block1" of
    "conv2_block1_1_relu", "stage_2_block_1" of "stage_2_block_1_add"; empty for "conv2d_3", which tells nothing."""
    words = name.split("_")
    end = 0
    for place, word in enumerate(words[:-1], 1):
        numbers_word = word.isdigit() and place > 1 and words[place - 2].isalpha()
        if numbers_word or (word[:1].isalpha() and word[-1:].isdigit()):
            end = place
    return "_".join(words[:end]) if any(word[:1].isalpha() for word in words[end:]) else ""
