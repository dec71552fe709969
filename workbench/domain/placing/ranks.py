"""What is arranged in rows, and the rows that are made of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Item:
    """What has a place: `left` and `right` are how far it reaches from its middle, `rows` how many rows it takes. A
    port is a line through the border of the frame around: "in" above everything, "out" below."""

    left: float = 0.0
    right: float = 0.0
    port: str = ""
    rows: int = 1


@dataclass(frozen=True)
class Edge:
    """A line from one item down to another, by their numbers; where it leaves and reaches them from their middles."""

    source: int
    target: int
    leaves: float = 0.0
    enters: float = 0.0


@dataclass
class Rows:
    """Numbers row by row, from left to right: those of items, of `parts` (the further rows of items that take several,
    with the items they belong to), and of bends of long lines.

    `lowest` is the last part of each item, `bends` the numbers that each edge passes, by the edge's number, and `x` the
    middle of everything.
    """

    rows: list[list[int]] = field(default_factory=list)
    parts: dict[int, int] = field(default_factory=dict)
    lowest: dict[int, int] = field(default_factory=dict)
    bends: dict[int, tuple[int, ...]] = field(default_factory=dict)
    x: dict[int, float] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """The number of items and parts; numbers from it on are bends."""
        return len(self.lowest) + len(self.parts)

    def way(self, number: int, edge: Edge) -> tuple[int, ...]:
        """All that an edge passes, with its ends."""
        return (self.lowest[edge.source], *self.bends[number], edge.target)
