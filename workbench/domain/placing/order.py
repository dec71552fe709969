"""Rows and the order in them, from fast-sugiyama, which lays all items out as if they were of one size."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from workbench.domain.placing.ranks import Edge, Item, Rows

MOST_BENDS = 6_000  # places kept free for long lines; more would take the library seconds
PANICS = "pyo3_runtime"  # where what Rust raises comes from, which is no Exception
ROW = 4  # how far apart rows are for the library


def ordered(items: Sequence[Item], edges: Sequence[Edge]) -> Rows:
    """The rows, without places in them."""
    made = Rows()
    count = len(items)
    for number, item in enumerate(items):
        made.lowest[number] = number
        for _ in range(1, item.rows):
            made.lowest[number] = count
            made.parts[count] = number
            count += 1
    pairs, lines = _lines(items, edges, made)
    next_bend = count
    for positions, chain in _components(count, lines):
        names = {number: number if number < count else next_bend + k for k, (number, *_) in enumerate(positions)}
        next_bend += len(positions)
        for number, row, _x in sorted(positions, key=lambda each: (each[1], each[2])):
            while row >= len(made.rows):
                made.rows.append([])
            made.rows[row].append(names[number])
        for pair, between in _chains(chain, count):
            bends = tuple(names[number] for number in between)
            for number in pairs.get(pair, ()):
                made.bends[number] = bends
            if pair not in pairs and bends:
                made.rows = [[number for number in row if number not in bends] for row in made.rows]
    _turn(made.rows, len(items))
    return made


def _lines(
    items: Sequence[Item], edges: Sequence[Edge], made: Rows
) -> tuple[dict[tuple[int, int], list[int]], list[tuple[int, int]]]:
    """What the library lays out: the edges by their ends, and all lines, with those that only hold items in place.
    Edges between the same two items, which leave or reach them at different places, go the same way between."""
    depth = _depths(items, edges)
    pairs: dict[tuple[int, int], list[int]] = {}
    for number in _affordable(items, edges, depth):
        pairs.setdefault((made.lowest[edges[number].source], edges[number].target), []).append(number)
    lines = list(pairs)
    above: dict[int, int] = {}
    for part, number in made.parts.items():
        lines.append((above.get(number, number), part))
        above[number] = part
    inner = [number for number, item in enumerate(items) if item.port != "out"]
    deepest = max(inner, key=lambda n: depth[n] + items[n].rows, default=None)
    for number, item in enumerate(items):  # what leaves a frame does so below all that is in it
        if item.port == "out" and deepest is not None and (made.lowest[deepest], number) not in pairs:
            lines.append((made.lowest[deepest], number))
    return pairs, lines


def _turn(rows: list[list[int]], count: int) -> None:
    """Left is right to the library: take the side on which more of what is made first stands left."""
    rising = 0
    for row in rows:
        numbers = [number for number in row if number < count]
        rising += sum(1 if one < two else -1 for one, two in pairwise(numbers))
    if rising < 0:
        for row in rows:
            row.reverse()


def _depths(items: Sequence[Item], edges: Sequence[Edge]) -> list[int]:
    """How many rows the longest way down to each item has; one more than all for what leaves the frame."""
    after: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        after[edge.source].append(edge.target)
    depth = [0] * len(items)
    order = sorted(range(len(items)), key=lambda n: ({"in": 0, "": 1, "out": 2}[items[n].port], n))
    for number in order:
        for target in after[number]:
            depth[target] = max(depth[target], depth[number] + items[number].rows)
    lowest = max((depth[n] + item.rows for n, item in enumerate(items) if item.port != "out"), default=0)
    return [lowest if item.port == "out" else depth[n] for n, item in enumerate(items)]


def _affordable(items: Sequence[Item], edges: Sequence[Edge], depth: Sequence[int]) -> list[int]:
    """The edges that the library lays out: all, unless so many are so long that it would take too long."""

    def bends(number: int) -> int:
        edge = edges[number]
        return max(0, depth[edge.target] - depth[edge.source] - items[edge.source].rows)

    kept: list[int] = []
    total = 0
    for number in sorted(range(len(edges)), key=bends):
        total += bends(number)
        if total > MOST_BENDS:
            break
        kept.append(number)
    return kept


def _components(
    count: int, lines: list[tuple[int, int]]
) -> list[tuple[list[tuple[int, int, float]], list[tuple[int, int]]]]:
    """Each connected part, in the order of its first item: number, row and rough place of items and bends, and all
    lines between neighbouring rows. Bends have numbers from `count` on, which begin anew in each part."""
    found: list[tuple[list[tuple[int, int, float]], list[tuple[int, int]]]] = []
    for members in _connected(count, lines).values():
        if len(members) == 1:
            found.append(([(members[0], 0, 0.0)], []))
            continue
        place = {number: k for k, number in enumerate(members)}
        inside = [(place[source], place[target]) for source, target in lines if source in place]
        found.append(_laid_out(inside, members, count))
    return found


def _connected(count: int, lines: list[tuple[int, int]]) -> dict[int, list[int]]:
    """The items that are joined with one another, by the first of them."""
    first = list(range(count))

    def root(number: int) -> int:
        while first[number] != number:
            first[number] = first[first[number]]
            number = first[number]
        return number

    for source, target in lines:
        one, two = sorted((root(source), root(target)))
        first[two] = one
    parts: dict[int, list[int]] = {}
    for number in range(count):
        parts.setdefault(root(number), []).append(number)
    return parts


def _laid_out(
    lines: list[tuple[int, int]], names: list[int], count: int
) -> tuple[list[tuple[int, int, float]], list[tuple[int, int]]]:
    """What the library makes of one connected part. It is given one at a time: of several at once, version 0.5 now and
    then numbers a bend like an item."""
    from fast_sugiyama import from_edges  # late: nobody needs it before the first diagram

    try:
        ((positions, _width, _height, chain),) = from_edges(
            lines,
            minimum_length=1,
            vertex_spacing=ROW,
            dummy_vertices=True,
            dummy_size=1,
            ranking_type="up",
            crossing_minimization="barycenter",
            transpose=True,
            check_layout=False,
        )
    except BaseException as error:
        if type(error).__module__ != PANICS:
            raise
        raise RuntimeError(f"fast-sugiyama gave up: {error}") from error
    top = max(y for _, (_, y) in positions)
    placed = [(_named(number, names, count), round((top - y) / ROW), x) for number, (x, y) in positions]
    return placed, [(_named(one, names, count), _named(two, names, count)) for one, two in chain or ()]


def _named(number: int | str, names: Sequence[int], count: int) -> int:
    return names[int(number)] if int(number) < len(names) else count + int(number)


def _chains(lines: list[tuple[int, int]], count: int) -> list[tuple[tuple[int, int], tuple[int, ...]]]:
    """The bends between the ends of each edge."""
    after = {source: target for source, target in lines if source >= count}
    found = []
    for source, target in lines:
        if source < count:
            between = []
            while target >= count:
                between.append(target)
                target = after[target]
            found.append(((source, target), tuple(between)))
    return found
