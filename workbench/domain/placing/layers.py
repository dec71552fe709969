"""One level of the diagram in rows: which row each item stands in, in which order, and how far to the right."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from workbench.domain.placing.columns import place_in_columns
from workbench.domain.placing.order import ordered
from workbench.domain.placing.ranks import Edge, Item, Rows


@lru_cache(maxsize=256)
def arrange(items: tuple[Item, ...], edges: tuple[Edge, ...]) -> Rows:
    """Places for items. Every edge must lead to an item with a higher number, but for those of ports.

    A tall item takes one row like all others, unless what stands beside it could stand higher if it took several. Many
    frames of a network are alike, and most stay so when it is edited: what was made is kept, and not to be changed.
    """
    flat = [replace(item, rows=1) for item in items]
    made = ordered(flat, edges)
    if _makes_others_wait(items, edges, made):
        higher = ordered(items, edges)
        if place_in_columns(items, edges, higher):
            return higher
    place_in_columns(flat, edges, made)
    return made


def _makes_others_wait(items: Sequence[Item], edges: Sequence[Edge], made: Rows) -> bool:
    """Whether something waits for a tall item only because that has a row together with others."""
    row = {number: k for k, row in enumerate(made.rows) for number in row if number < len(items)}
    after: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        after[edge.source].append(edge.target)
    for number, item in enumerate(items):
        beside = (n for n in made.rows[row[number]] if n < len(items) and n != number and not items[n].port)
        if item.rows > 1 and any(beside):
            below = _reached(number, after)
            if any(row[n] > row[number] and n not in below and items[n].port != "out" for n in row):
                return True
    return False


def _reached(number: int, after: dict[int, list[int]]) -> set[int]:
    found = {number}
    waiting = [number]
    while waiting:
        new = set(after[waiting.pop()]) - found
        found |= new
        waiting += new
    return found
