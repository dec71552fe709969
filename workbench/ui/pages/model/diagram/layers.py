"""One level of the diagram in rows: which row each item stands in, in which order, and how far to the right.

Rows and order come from fast-sugiyama, which lays all items out as if they were of one size. Places along the rows are
worked out here, because frames are of all widths: lines that should be straight are made into columns, columns are
packed, and then moved to where they balance (after Brandes and Köpf, "Fast and simple horizontal coordinate
assignment", 2001).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

GAP, LINE_GAP = 36.0, 20.0
MOST_BENDS = 6_000  # places kept free for long lines; more would take the library seconds
SWEEPS = 12
ROW = 4  # how far apart rows are for the library


@dataclass(frozen=True)
class Item:
    """What has a place: `left` and `right` are how far it reaches from its middle. A port is a line through the border
    of the frame around: "in" above everything, "out" below."""

    left: float = 0.0
    right: float = 0.0
    port: str = ""

    @property
    def is_line(self) -> bool:
        """Whether it is no more than a place where a line passes."""
        return not self.left and not self.right


@dataclass(frozen=True)
class Edge:
    """A line from one item down to another, by their numbers; where it leaves and reaches them from their middles."""

    source: int
    target: int
    leaves: float = 0.0
    enters: float = 0.0


@dataclass
class Rows:
    """Item numbers row by row, from left to right; those from the number of items on are bends of long lines. `x` is
    the middle of each, `bends` the numbers that each edge passes, by the edge's number."""

    rows: list[list[int]] = field(default_factory=list)
    x: dict[int, float] = field(default_factory=dict)
    bends: dict[int, tuple[int, ...]] = field(default_factory=dict)


def arrange(items: Sequence[Item], edges: Sequence[Edge]) -> Rows:
    """Places for items. Every edge must lead to an item with a higher number, but for those of ports."""
    made = _ordered(items, edges)
    _Columns(items, edges, made).place()
    return made


def _ordered(items: Sequence[Item], edges: Sequence[Edge]) -> Rows:
    """The rows, without places in them."""
    depth = _depths(items, edges)
    kept = _affordable(edges, depth)
    pairs = {(edges[n].source, edges[n].target): n for n in kept}
    lines = list(pairs)
    if items and any(item.port == "out" for item in items):
        deepest = max((n for n, item in enumerate(items) if item.port != "out"), key=lambda n: depth[n], default=None)
        for number, item in enumerate(items):  # what leaves a frame does so below all that is in it
            if item.port == "out" and deepest is not None and (deepest, number) not in pairs:
                lines.append((deepest, number))
    rows: list[list[int]] = []
    made = Rows(rows)
    first_bend = len(items)
    for positions, chain in _components(len(items), lines):
        names = {number: number if number < len(items) else first_bend + k for k, (number, *_) in enumerate(positions)}
        first_bend += len(positions)
        for number, row, _x in sorted(positions, key=lambda each: (each[1], each[2])):
            while row >= len(rows):
                rows.append([])
            rows[row].append(names[number])
        for pair, between in _chains(chain, len(items)):
            if pair in pairs:
                made.bends[pairs[pair]] = tuple(names[number] for number in between)
            else:
                gone = {names[number] for number in between}
                rows[:] = [[number for number in row if number not in gone] for row in rows]
    _turn(made.rows, len(items))
    return made


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
    """How many edges the longest way down to each item has; one more than all for what leaves the frame."""
    after: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        after[edge.source].append(edge.target)
    depth = [0] * len(items)
    order = sorted(range(len(items)), key=lambda n: ({"in": 0, "": 1, "out": 2}[items[n].port], n))
    for number in order:
        for target in after[number]:
            depth[target] = max(depth[target], depth[number] + 1)
    lowest = max((depth[n] for n, item in enumerate(items) if item.port != "out"), default=0)
    return [lowest + 1 if item.port == "out" else depth[n] for n, item in enumerate(items)]


def _affordable(edges: Sequence[Edge], depth: Sequence[int]) -> list[int]:
    """The edges that the library lays out: all, unless so many are so long that it would take too long."""
    kept: list[int] = []
    bends = 0
    for number in sorted(range(len(edges)), key=lambda n: depth[edges[n].target] - depth[edges[n].source]):
        bends += max(0, depth[edges[number].target] - depth[edges[number].source] - 1)
        if bends > MOST_BENDS:
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


@dataclass(frozen=True)
class _Piece:
    """The part of a line between two neighbouring rows; `offset` is what the lower end's x should be less the upper's,
    `rank` how much it matters that it is straight."""

    upper: int
    lower: int
    offset: float
    rank: int


class _Columns:
    """Columns are items of neighbouring rows that stand straight below one another."""

    def __init__(self, items: Sequence[Item], edges: Sequence[Edge], made: Rows) -> None:
        self._items = items
        self._made = made
        self._row = {number: k for k, row in enumerate(made.rows) for number in row}
        self._place = {number: k for row in made.rows for k, number in enumerate(row)}
        self._pieces = self._cut(edges)
        self._column: dict[int, int] = {}
        self._offset: dict[int, float] = {}

    def place(self) -> None:
        """Give every item and bend its x; the leftmost edge of all is 0."""
        self._join(self._straight())
        neighbours = self._neighbours()
        x = self._packed(neighbours)
        self._balance(x, neighbours)
        for number, column in self._column.items():
            self._made.x[number] = x[column] + self._offset[number]
        least = min((self._made.x[n] - self._reach(n)[0] for n in self._made.x), default=0.0)
        self._made.x = {number: place - least for number, place in self._made.x.items()}

    def _cut(self, edges: Sequence[Edge]) -> list[_Piece]:
        ends = [(n, edges[n], (edges[n].source, *bends, edges[n].target)) for n, bends in self._made.bends.items()]
        ways: dict[str, dict[int, int]] = {"down": defaultdict(int), "up": defaultdict(int)}
        for _, edge, way in ends:  # a line that is long does not make what it leaves a fork
            ways["down"][edge.source] += len(way) == 2
            ways["up"][edge.target] += len(way) == 2
        pieces = []
        for _, edge, way in ends:
            for upper, lower in pairwise(way):
                offset = (edge.leaves if upper == edge.source else 0.0) - (edge.enters if lower == edge.target else 0.0)
                if upper != edge.source and lower != edge.target:
                    rank = 3
                elif len(way) > 2:
                    rank = 1
                else:
                    is_fork = ways["down"][edge.source] > 1 or ways["up"][edge.target] > 1
                    rank = 0 if is_fork else 2
                pieces.append(_Piece(upper, lower, offset, rank))
        return pieces

    def _straight(self) -> list[_Piece]:
        """The pieces that shall be straight: at most one up and one down from each item, and none crossing another."""
        chosen: list[_Piece] = []
        down: set[int] = set()
        up: set[int] = set()
        taken: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for piece in sorted((piece for piece in self._pieces if piece.rank), key=lambda each: -each.rank):
            if piece.upper in down or piece.lower in up:
                continue
            beside = taken[self._row[piece.upper]]
            pair = self._place[piece.upper], self._place[piece.lower]
            where = bisect_left(beside, pair)
            if (where and beside[where - 1][1] > pair[1]) or (where < len(beside) and beside[where][1] < pair[1]):
                continue
            beside.insert(where, pair)
            down.add(piece.upper)
            up.add(piece.lower)
            chosen.append(piece)
        return chosen

    def _join(self, straight: list[_Piece]) -> None:
        below = {piece.upper: piece for piece in straight}
        lower = {piece.lower for piece in straight}
        for number in self._row:
            if number in lower:
                continue
            self._column[number], self._offset[number] = number, 0.0
            end = number
            while end in below:
                piece = below[end]
                self._column[piece.lower] = number
                self._offset[piece.lower] = self._offset[end] + piece.offset
                end = piece.lower

    def _reach(self, number: int) -> tuple[float, float]:
        item = self._items[number] if number < len(self._items) else Item()
        return item.left, item.right

    def _neighbours(self) -> dict[tuple[int, int], float]:
        """How far the second of two columns that stand side by side must at least be right of the first."""
        least: dict[tuple[int, int], float] = {}
        for row in self._made.rows:
            for one, two in pairwise(row):
                lines = not any(self._reach(one)) or not any(self._reach(two))
                room = self._reach(one)[1] + (LINE_GAP if lines else GAP) + self._reach(two)[0]
                pair = self._column[one], self._column[two]
                wanted = room + self._offset[one] - self._offset[two]
                least[pair] = max(least.get(pair, wanted), wanted)
        return least

    def _packed(self, neighbours: dict[tuple[int, int], float]) -> dict[int, float]:
        """Every column as far left as it goes."""
        after: dict[int, list[tuple[int, float]]] = defaultdict(list)
        waiting: dict[int, int] = dict.fromkeys(self._column.values(), 0)
        for (one, two), room in neighbours.items():
            after[one].append((two, room))
            waiting[two] += 1
        x = dict.fromkeys(waiting, 0.0)
        ready = [column for column, count in waiting.items() if not count]
        while ready:
            column = ready.pop()
            for two, room in after[column]:
                x[two] = max(x[two], x[column] + room)
                waiting[two] -= 1
                if not waiting[two]:
                    ready.append(two)
        return x

    def _balance(self, x: dict[int, float], neighbours: dict[tuple[int, int], float]) -> None:
        """Move columns between their neighbours to the middle of what they are joined with."""
        before: dict[int, list[tuple[int, float]]] = defaultdict(list)
        after: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for (one, two), room in neighbours.items():
            before[two].append((one, room))
            after[one].append((two, room))
        pulls: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for piece in self._pieces:
            one, two = self._column[piece.upper], self._column[piece.lower]
            if one != two:
                shift = self._offset[piece.upper] + piece.offset - self._offset[piece.lower]
                pulls[two].append((one, shift))
                pulls[one].append((two, -shift))
        order = list(pulls)
        for _sweep in range(SWEEPS):
            moved = 0.0
            for column in order:
                wanted = sum(x[other] + shift for other, shift in pulls[column]) / len(pulls[column])
                low = max((x[other] + room for other, room in before[column]), default=-inf)
                high = min((x[other] - room for other, room in after[column]), default=inf)
                place = max(low, min(high, wanted))
                moved = max(moved, abs(place - x[column]))
                x[column] = place
            order.reverse()
            if moved < 0.5:
                return
