"""Where the keys lead in the diagram: along the arrows, sideways, and in and out of frames."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from workbench.domain.diagram import Diagram
from workbench.domain.placing.frames import Placement, Rect

Way: TypeAlias = Literal["up", "down", "left", "right", "first", "last"]


def node_at(places: Placement, x: float, y: float) -> str | None:
    """The id of what is seen at a point: a box, else the innermost frame; None beside all."""
    for found in (places.boxes, places.frames):
        inside = [node_id for node_id, rect in found.items() if _holds(rect, x, y)]
        if inside:
            return inside[-1]  # inner frames come behind outer ones
    return None


def rect_of(places: Placement, node_id: str) -> Rect | None:
    """Where a node is seen: its frame, or its box."""
    return places.frames.get(node_id) or places.boxes.get(node_id)


def next_node(drawn: Diagram, places: Placement, current: str | None, way: Way) -> str | None:
    """The node that a key leads to from the current one; None where there is none that way."""
    order = list(places.boxes)
    if not order:
        return None
    here = rect_of(places, current) if current is not None else None
    if way in ("first", "last") or current is None or here is None:
        return order[-1 if way == "last" else 0]
    if way in ("up", "down"):
        return _along(drawn, places, current, here, way)
    beside = _beside(places, current, here, way)
    if beside is not None:
        return beside
    if way == "left":
        around = {box.node_id: box.frame for box in drawn.boxes} | {
            frame.node_id: frame.frame for frame in drawn.frames
        }
        return around[current]
    return next((box.node_id for box in drawn.boxes if box.frame == current and box.kind != "merge"), None)


def _along(drawn: Diagram, places: Placement, current: str, here: Rect, way: Way) -> str | None:
    """The end of an arrow that leads straightest; of a frame, of those through its border."""
    inside = {current}
    if current in places.frames:
        inside |= {node_id for node_id, rect in places.boxes.items() if _holds(here, rect.middle, rect.y)}
        if way == "down":  # into the frame first, as the arrows do
            return next((node_id for node_id in places.boxes if node_id in inside - {current}), None)
    if way == "down":
        ends: Iterable[str] = (link.target for link in drawn.links if link.source in inside)
    else:
        ends = (link.source for link in drawn.links if link.target in inside)
    found = [end for end in ends if end not in inside]
    return min(found, key=lambda end: abs(places.boxes[end].middle - here.middle), default=None)


def _beside(places: Placement, current: str, here: Rect, way: Way) -> str | None:
    """The nearest box to one side that stands at about the same height."""
    found: list[tuple[float, str]] = []
    for node_id, rect in places.boxes.items():
        gap = rect.x - here.right if way == "right" else here.x - rect.right
        if node_id != current and gap >= 0 and rect.y < here.bottom and rect.bottom > here.y:
            found.append((gap + abs(rect.y - here.y), node_id))
    return min(found, default=(0.0, None))[1]


def _holds(rect: Rect, x: float, y: float) -> bool:
    return rect.x <= x <= rect.right and rect.y <= y <= rect.bottom
