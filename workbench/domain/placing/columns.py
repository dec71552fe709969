"""Places along the rows, for items of all widths: lines that should be straight are made into columns, columns are
packed, and then moved to where they balance (after Brandes and Köpf, "Fast and simple horizontal coordinate
assignment", 2001)."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from workbench.domain.placing.ranks import Edge, Item, Rows

GAP, LINE_GAP = 36.0, 20.0
SWEEPS = 12
WHOLE = 4  # the rank of what joins the rows of one item


def place_in_columns(items: Sequence[Item], edges: Sequence[Edge], made: Rows) -> bool:
    """Give everything in the rows its x. False, and none, where a line would cross an item that takes several rows."""
    return _Columns(items, edges, made).place()


@dataclass(frozen=True)
class _Piece:
    """The part of a line between two neighbouring rows; `offset` is what the lower end's x should be less the upper's,
    `rank` how much it matters that it is straight."""

    upper: int
    lower: int
    offset: float
    rank: int


class _Columns:
    """Columns are items and bends of neighbouring rows that stand straight below one another."""

    def __init__(self, items: Sequence[Item], edges: Sequence[Edge], made: Rows) -> None:
        self._items = items
        self._made = made
        self._row = {number: k for k, row in enumerate(made.rows) for number in row}
        self._place = {number: k for row in made.rows for k, number in enumerate(row)}
        self._pieces = self._cut(edges)
        self._column: dict[int, int] = {}
        self._offset: dict[int, float] = {}

    def place(self) -> bool:
        """Give every item and bend its x; the leftmost edge of all is 0. False where a line would cross an item."""
        straight = self._straight()
        if self._has_crossed_items(straight):
            return False
        self._join(straight)
        neighbours = self._neighbours()
        x = self._packed(neighbours)
        self._balance(x, neighbours)
        for number, column in self._column.items():
            self._made.x[number] = x[column] + self._offset[number]
        least = min((self._made.x[n] - self._reach(n)[0] for n in self._made.x), default=0.0)
        self._made.x = {number: place - least for number, place in self._made.x.items()}
        return True

    def _cut(self, edges: Sequence[Edge]) -> list[_Piece]:
        made = self._made
        ways = [(edges[number], made.way(number, edges[number])) for number in made.bends]
        below: dict[int, set[int]] = defaultdict(set)
        above: dict[int, set[int]] = defaultdict(set)
        for edge, way in ways:
            if len(way) == 2:  # a line that is long does not make what it leaves a fork
                below[edge.source].add(edge.target)
                above[edge.target].add(edge.source)
        pieces = []
        for edge, way in ways:
            last = len(way) - 2
            for k, (upper, lower) in enumerate(pairwise(way)):
                offset = (edge.leaves if k == 0 else 0.0) - (edge.enters if k == last else 0.0)
                if 0 < k < last:
                    rank = 3
                elif last:
                    rank = 1
                else:
                    rank = 2 if len(below[edge.source]) == len(above[edge.target]) == 1 else 0
                pieces.append(_Piece(upper, lower, offset, rank))
        last_part: dict[int, int] = {}
        for part, number in made.parts.items():
            pieces.append(_Piece(last_part.get(number, number), part, 0.0, WHOLE))
            last_part[number] = part
        return pieces

    def _has_crossed_items(self, straight: list[_Piece]) -> bool:
        """Whether an item that takes several rows is bent, or a line goes from one side of it to the other."""
        whole = [piece for piece in self._pieces if piece.rank == WHOLE]
        if len([piece for piece in straight if piece.rank == WHOLE]) < len(whole):
            return True
        beside: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for piece in self._pieces if whole else ():
            beside[self._row[piece.upper]].append((self._place[piece.upper], self._place[piece.lower]))
        for piece in whole:
            upper, lower = self._place[piece.upper], self._place[piece.lower]
            if any((one < upper) != (two < lower) for one, two in beside[self._row[piece.upper]] if one != upper):
                return True
        return False

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
        number = self._made.parts.get(number, number)
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
