"""Where everything of the diagram stands: frames are laid out from the inside outwards, each as one item of the frame
around it. All in pixels at 100 %, from the top left corner. No Qt here: it runs on a thread of its own."""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, TypeAlias

from workbench.domain.diagram import Box, Diagram
from workbench.domain.placing.layers import arrange
from workbench.domain.placing.ranks import Edge, Item, Rows

BOX = 236.0, 54.0
MERGE = 132.0, 34.0
ROW_GAP = 44.0
PORT_GAPS = {"in": 24.0, "out": 30.0}
FRAME_HEAD = 30.0
FRAME_PADDING = 16.0
FRAME_WIDTH = 200.0  # at least
MOST_ROWS = 60  # that a frame takes beside others
MARGIN = 16.0

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Rect:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The x of its middle."""
        return self.x + self.width / 2

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height


@dataclass(frozen=True)
class Wire:
    """The part of arrows within one frame: its bends from top to bottom. `source` is the box it comes from, at which
    it `begins` unless it comes through the border of a frame; `target` the box it points at, None where it goes on
    through a border. `is_long` when it passes beside others."""

    points: tuple[Point, ...]
    source: str
    target: str | None
    begins: bool
    is_long: bool


@dataclass
class Placement:
    """All places: those of boxes and frames by the id of their node, boxes from top to bottom. `entries` are the x at
    which arrows enter a frame through its head."""

    boxes: dict[str, Rect] = field(default_factory=dict)
    frames: dict[str, Rect] = field(default_factory=dict)
    entries: dict[str, list[float]] = field(default_factory=dict)
    wires: list[Wire] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


def place(diagram: Diagram) -> Placement:
    """Lay out a diagram."""
    return _Placing(diagram).placed()


@dataclass(frozen=True)
class _Spot:
    """What stands in a frame: a box, a frame, or a port through which what comes from the box `source` enters or leaves
    the frame with this id."""

    kind: Literal["box", "frame", "in", "out"]
    node_id: str
    source: str = ""

    @property
    def is_port(self) -> bool:
        return self.kind in ("in", "out")


@dataclass
class _Level:
    """What stands directly in one frame, or at the top: first what there is, then where it is in the frame."""

    spots: list[_Spot] = field(default_factory=list)
    wires: dict[tuple[_Spot, _Spot], str] = field(default_factory=dict)  # with the boxes that they come from
    edges: list[Edge] = field(default_factory=list)
    rows: Rows = field(default_factory=Rows)
    row_of: dict[int, int] = field(default_factory=dict)
    tops: list[float] = field(default_factory=list)
    bottoms: list[float] = field(default_factory=list)
    left: float = 0.0
    width: float = 0.0
    height: float = 0.0

    def x(self, number: int) -> float:
        """The middle of an item or bend."""
        return self.left + self.rows.x[number]


class _Placing:
    def __init__(self, diagram: Diagram) -> None:
        self._boxes = {box.node_id: box for box in diagram.boxes}
        self._above = {frame.node_id: frame.frame for frame in diagram.frames}
        self._levels: dict[str | None, _Level] = defaultdict(_Level)
        self._ports: dict[_Spot, float] = {}  # how far right of the middle of its frame each is
        self._fill(diagram)
        self._made = Placement()

    def placed(self) -> Placement:
        for frame in reversed(self._above):
            self._arrange(frame)
        self._arrange(None)
        self._put(None, MARGIN, MARGIN)
        top = self._levels[None]
        self._made.width, self._made.height = top.width + 2 * MARGIN, top.height + 2 * MARGIN
        self._made.boxes = dict(sorted(self._made.boxes.items(), key=lambda each: each[1].y))
        return self._made

    # --- what stands where

    def _fill(self, diagram: Diagram) -> None:
        """Sort boxes, frames and parts of arrows into the frames that they stand in, in the order of the layers."""
        seen: set[str] = set()
        for box in diagram.boxes:
            for frame in self._around(box):
                if frame not in seen:
                    seen.add(frame)
                    self._levels[self._above[frame]].spots.append(_Spot("frame", frame))
            self._levels[box.frame].spots.append(_Spot("box", box.node_id))
        for link in diagram.links:
            self._cut(link.source, link.target)
        for inside, level in self._levels.items():
            own = {spot: None for pair in level.wires for spot in pair if spot.is_port and spot.node_id == inside}
            entries = [spot for spot in own if spot.kind == "in"]
            level.spots = [*entries, *level.spots, *(spot for spot in own if spot.kind == "out")]

    def _around(self, box: Box) -> list[str]:
        """The frames around a box, outer ones first."""
        frames: list[str] = []
        frame = box.frame
        while frame is not None:
            frames.append(frame)
            frame = self._above[frame]
        return frames[::-1]

    def _cut(self, source: str, target: str) -> None:
        """Cut an arrow where it leaves and enters frames."""
        left, entered = self._around(self._boxes[source]), self._around(self._boxes[target])
        common = 0
        while common < min(len(left), len(entered)) and left[common] == entered[common]:
            common += 1
        end = _Spot("box", source)
        for frame in reversed(left[common:]):
            port = _Spot("out", frame, source)
            self._levels[frame].wires.setdefault((end, port), source)
            end = port
        level = left[common - 1] if common else None
        for frame in entered[common:]:
            port = _Spot("in", frame, source)
            self._levels[level].wires.setdefault((end, port), source)
            end, level = port, frame
        self._levels[level].wires.setdefault((end, _Spot("box", target)), source)

    # --- from the inside outwards

    def _arrange(self, frame: str | None) -> None:
        """Lay out what stands directly in a frame; the frames in it have their sizes already."""
        level = self._levels[frame]
        number = {spot: k for k, spot in enumerate(level.spots)}
        items = [self._item(spot) for spot in level.spots]
        level.edges = []
        for tail, head in level.wires:
            source, leaves = self._end(tail, frame)
            target, enters = self._end(head, frame)
            level.edges.append(Edge(number[source], number[target], leaves, enters))
        level.rows = arrange(tuple(items), tuple(level.edges))
        self._stack(level, frame)
        right = max((level.rows.x[k] + item.right for k, item in enumerate(items)), default=0.0)
        right = max(right, *level.rows.x.values(), 0.0)
        padding = FRAME_PADDING if frame is not None else 0.0
        level.width = max(right + 2 * padding, FRAME_WIDTH if frame is not None else 0.0)
        level.left = (level.width - right) / 2
        for spot, k in number.items():
            if spot.is_port:
                self._ports[spot] = level.x(k) - level.width / 2

    def _item(self, spot: _Spot) -> Item:
        if spot.is_port:
            return Item(port=spot.kind)
        width, height = self._size(spot)
        rows = math.ceil((height + ROW_GAP) / (BOX[1] + ROW_GAP))
        return Item(width / 2, width / 2, rows=max(1, min(MOST_ROWS, rows)))

    def _size(self, spot: _Spot) -> Point:
        if spot.kind == "box":
            return MERGE if self._boxes[spot.node_id].kind == "merge" else BOX
        return (self._levels[spot.node_id].width, self._levels[spot.node_id].height) if spot.kind == "frame" else (0, 0)

    def _end(self, spot: _Spot, frame: str | None) -> tuple[_Spot, float]:
        """The item of a frame at which a wire ends, and how far from its middle."""
        if spot.is_port and spot.node_id != frame:
            return _Spot("frame", spot.node_id), self._ports[spot]
        return spot, 0.0

    def _stack(self, level: _Level, frame: str | None) -> None:
        """Put the rows one below another."""
        made, spots = level.rows, level.spots
        level.row_of = {n: k for k, row in enumerate(made.rows) for n in row}
        kinds: list[set[str]] = [{spots[made.parts.get(n, n)].kind for n in row if n < made.count} for row in made.rows]
        ends: dict[int, list[int]] = defaultdict(list)
        for n, spot in enumerate(spots):
            if not spot.is_port:
                ends[level.row_of[made.lowest[n]]].append(n)
        begins = {level.row_of[n] for n, spot in enumerate(spots) if not spot.is_port}
        bent = self._bent(level)
        y = FRAME_HEAD if frame is not None else 0.0
        if frame is not None and kinds and kinds[0] != {"in"}:
            y += FRAME_PADDING / 2
        for k in range(len(made.rows)):
            level.tops.append(y)
            y = max([y, *(level.tops[level.row_of[n]] + self._size(spots[n])[1] for n in ends[k])])
            level.bottoms.append(y)
            if k + 1 < len(made.rows) and kinds[k + 1] == {"out"}:
                y += PORT_GAPS["out"]
            elif kinds[k] == {"in"}:
                y += PORT_GAPS["in"]
            elif ends[k] or k + 1 in begins or k in bent:
                y += ROW_GAP
        level.height = level.bottoms[-1] if level.bottoms else y
        if frame is not None and (not kinds or kinds[-1] != {"out"}):
            level.height += FRAME_PADDING

    def _bent(self, level: _Level) -> set[int]:
        """The rows below which a line turns."""
        made, found = level.rows, set()
        for number in made.bends:
            edge = level.edges[number]
            way = made.way(number, edge)
            places = [made.x[n] for n in way]
            places[0] += edge.leaves
            places[-1] += edge.enters
            turns = (n for n, (x, other) in zip(way, pairwise(places), strict=False) if abs(x - other) > 0.5)
            found |= {level.row_of[n] for n in turns}
        return found

    # --- from the outside inwards

    def _put(self, frame: str | None, x: float, y: float) -> None:
        """Give everything in a frame its place, now that the frame has its own."""
        level = self._levels[frame]
        for number, spot in enumerate(level.spots):
            if spot.is_port:
                if spot.kind == "in":
                    self._made.entries.setdefault(spot.node_id, []).append(x + level.x(number))
                continue
            width, height = self._size(spot)
            rect = Rect(x + level.x(number) - width / 2, y + level.tops[level.row_of[number]], width, height)
            if spot.kind == "box":
                self._made.boxes[spot.node_id] = rect
            else:
                self._made.frames[spot.node_id] = rect
                self._put(spot.node_id, rect.x, rect.y)
        for number, ((tail, head), source) in enumerate(level.wires.items()):
            bends = level.rows.bends.get(number, ())
            points = [*self._start(level, frame, number, tail)]
            for bend in bends:
                row = level.row_of[bend]
                points += [(level.x(bend), level.tops[row]), (level.x(bend), level.bottoms[row])]
            points += self._finish(level, frame, number, head)
            moved = tuple(dict.fromkeys((x + px, y + py) for px, py in points))
            target = head.node_id if head.kind == "box" else None
            self._made.wires.append(Wire(moved, source, target, tail.kind == "box", bool(bends)))

    def _start(self, level: _Level, frame: str | None, number: int, tail: _Spot) -> list[Point]:
        edge = level.edges[number]
        x, row = level.x(edge.source) + edge.leaves, level.row_of[edge.source]
        bottom = level.bottoms[level.row_of[level.rows.lowest[edge.source]]]
        if tail.is_port and tail.node_id == frame:
            return [(x, 0.0), (x, bottom)]
        return [(x, level.tops[row] + self._size(level.spots[edge.source])[1]), (x, bottom)]

    def _finish(self, level: _Level, frame: str | None, number: int, head: _Spot) -> list[Point]:
        edge = level.edges[number]
        x, top = level.x(edge.target) + edge.enters, level.tops[level.row_of[edge.target]]
        return [(x, top), (x, level.height)] if head.is_port and head.node_id == frame else [(x, top)]
