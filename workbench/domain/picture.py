"""A picture of a network as SVG, in black on white: made for paper and pages, without a window."""

from collections.abc import Iterator
from html import escape
from itertools import pairwise

from workbench.domain.diagram import Diagram, diagram, shapes_of
from workbench.domain.naming import title
from workbench.domain.placing.frames import Placement, Rect, Wire, place
from workbench.domain.project import Project
from workbench.domain.summary import ModelSummary
from workbench.domain.tree import AnyNode, Layer, Wrapper, walk

_SVG = "http://www.w3.org/2000/svg"
_FONT = "Inter, Helvetica, Arial, sans-serif"
_LETTER = {13: 7.2, 11: 6.0}  # about as wide as a letter is in these sizes
_EDGE = 12.0
_HEAD = 7.0
_RADIUS = 6


def picture(project: Project, summary: ModelSummary | None) -> str:
    """The network of a project with what is known of its shapes and parameters. A repetition is drawn once. Raises
    GraphError for a network that is too large or too deep."""
    drawn = diagram(project.model)
    places = place(drawn)
    width, height = max(places.width, 1.0), max(places.height, 1.0)
    size = f'width="{width:.0f}" height="{height:.0f}"'
    lines = [
        f'<svg xmlns="{_SVG}" {size} viewBox="0 0 {width:.0f} {height:.0f}" font-family="{_FONT}">',
        f"<title>{_plain(project.name or 'Network')}</title>",
        f'<rect {size} fill="white"/>',
        *_Picture(project, summary, drawn, places).lines(),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


class _Picture:
    def __init__(self, project: Project, summary: ModelSummary | None, drawn: Diagram, places: Placement) -> None:
        self._drawn, self._places = drawn, places
        self._nodes = {node.id: node for node in walk(project.model.nodes)}
        self._shapes = shapes_of(summary)
        self._params: dict[str, int] = {}
        for layer in summary.layers if summary is not None else ():
            self._params[layer.node_id] = self._params.get(layer.node_id, 0) + layer.params

    def lines(self) -> Iterator[str]:
        """Everything, from the ground up."""
        for frame in self._drawn.frames:
            yield from self._frame(frame.node_id, self._places.frames[frame.node_id])
        for wire in self._places.wires:
            yield from _arrow(wire)
        for one, other in self._drawn.shared:
            yield _shared(self._places.boxes[one], self._places.boxes[other])
        for box in self._drawn.boxes:
            yield from self._box(box.node_id, box.kind, self._places.boxes[box.node_id])

    def _frame(self, node_id: str, rect: Rect) -> Iterator[str]:
        yield _rectangle(rect, 'fill="black" fill-opacity="0.04" stroke="black" stroke-opacity="0.25"')
        name = title(self._nodes[node_id]) if node_id in self._nodes else ""
        yield _text(rect.x + _EDGE, rect.y + 19, name, 11, rect.width - 2 * _EDGE)

    def _box(self, node_id: str, kind: str, rect: Rect) -> Iterator[str]:
        yield _rectangle(rect, 'fill="white" stroke="black"')
        room = rect.width - 2 * _EDGE
        node = self._nodes.get(node_id)
        if kind == "merge":
            merge = getattr(node, "merge", None)
            yield _text(rect.middle, rect.y + 22, getattr(merge, "class_name", ""), 13, room, "middle")
            return
        name = title(node) if node is not None else "Input"
        yield _text(rect.x + _EDGE, rect.y + 22, name, 13, room, weight=True)
        kind_of_layer = _kind(node)
        if kind_of_layer not in ("", name):
            left = room - _LETTER[13] * len(name) - _EDGE
            yield _text(rect.right - _EDGE, rect.y + 22, kind_of_layer, 11, left, "end")
        shape = " × ".join("?" if size is None else f"{size:,}" for size in self._shapes.get(node_id, ()))
        yield _text(rect.x + _EDGE, rect.y + 42, shape, 11, room / 2)
        count = self._params.get(node_id, 0)
        yield _text(rect.right - _EDGE, rect.y + 42, f"{count:,} parameters" if count else "", 11, room * 0.6, "end")


def _kind(node: AnyNode | None) -> str:
    """The class of a layer, and of the one that a wrapper takes."""
    match node:
        case Wrapper():
            return f"{node.class_name} ({node.child.class_name})"
        case Layer():
            return node.class_name
    return ""


def _rectangle(rect: Rect, look: str) -> str:
    return (
        f'<rect x="{rect.x:.1f}" y="{rect.y:.1f}" width="{rect.width:.1f}" height="{rect.height:.1f}" '
        f'rx="{_RADIUS}" {look}/>'
    )


def _text(x: float, y: float, text: str, size: int, room: float, anchor: str = "start", *, weight: bool = False) -> str:
    """A line of text, cut where there is no room for all of it."""
    most = int(room / _LETTER[size])
    shown = text if len(text) <= most else text[: max(0, most - 1)].rstrip() + "…"
    if not shown or most < 2:
        return ""
    bold = ' font-weight="600"' if weight else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"{bold}>{_plain(shown)}</text>'


def _plain(text: str) -> str:
    """Text as XML takes it: no marks, and none of the characters that it does not have."""
    return escape("".join(letter for letter in text if letter.isprintable()))


def _arrow(wire: Wire) -> Iterator[str]:
    """Straight down beside boxes, curved between rows, with a head where it ends at a box."""
    points = list(wire.points)
    if wire.target is not None:
        points[-1] = points[-1][0], points[-1][1] - _HEAD
    path = f"M{points[0][0]:.1f},{points[0][1]:.1f}"
    for (x, y), (other_x, other_y) in pairwise(points):
        bend = (other_y - y) * 0.55
        is_straight = abs(x - other_x) < 0.5
        path += (
            f"L{other_x:.1f},{other_y:.1f}"
            if is_straight
            else (f"C{x:.1f},{y + bend:.1f} {other_x:.1f},{other_y - bend:.1f} {other_x:.1f},{other_y:.1f}")
        )
    yield f'<path d="{path}" fill="none" stroke="black" stroke-width="0.8"/>'
    if wire.target is not None:
        x, y = wire.points[-1]
        yield f'<path d="M{x:.1f},{y:.1f}l{-_HEAD / 2},{-_HEAD}h{_HEAD}z" fill="black"/>'


def _shared(one: Rect, other: Rect) -> str:
    """Boxes with the same weights are joined by a dashed line on their right."""
    y, other_y = one.y + one.height / 2, other.y + other.height / 2
    reach = max(one.right, other.right) + min(60.0, 14 + abs(other_y - y) / 12)
    path = f"M{one.right:.1f},{y:.1f}C{reach:.1f},{y:.1f} {reach:.1f},{other_y:.1f} {other.right:.1f},{other_y:.1f}"
    return f'<path d="{path}" fill="none" stroke="black" stroke-width="0.8" stroke-dasharray="4 3"/>'
