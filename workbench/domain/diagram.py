"""The network as boxes, frames and arrows: what the diagram draws, without saying where."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from workbench.domain.graph import Graph, sketch
from workbench.domain.summary import ModelSummary
from workbench.domain.taken import taken
from workbench.domain.tree import AnyNode, Base, Block, Branches, ModelTree, Repeat, Residual, children_of

BoxKind: TypeAlias = Literal["input", "layer", "merge", "folded", "empty"]
Shape: TypeAlias = tuple[int | None, ...]
CONTAINERS = (Block, Repeat, Branches, Residual, Base)


@dataclass(frozen=True)
class Box:
    """One box. `node_id` is its node, "" the data; `frame` the id of the innermost frame around it, None for none.

    A "merge" joins the ends of the container that its frame stands for, and has that container's id; "folded" is a
    container with all that is in it, "empty" one in which there is nothing.
    """

    node_id: str
    kind: BoxKind
    frame: str | None = None


@dataclass(frozen=True)
class Frame:
    """A container that shows what is in it."""

    node_id: str
    frame: str | None = None


@dataclass(frozen=True)
class Link:
    """An arrow between two boxes, named by their nodes; `origin` is the output that goes along it, named as in the
    inputs of a node."""

    source: str
    target: str
    origin: str


@dataclass(frozen=True)
class Diagram:
    """Boxes in the order in which layers are made, frames with outer ones first, and arrows, which all point to later
    boxes. `shared` are pairs of boxes that have the same weights. Two equal diagrams are drawn alike."""

    boxes: tuple[Box, ...] = ()
    frames: tuple[Frame, ...] = ()
    links: tuple[Link, ...] = ()
    shared: tuple[tuple[str, str], ...] = ()


def diagram(tree: ModelTree, folded: Collection[str] = ()) -> Diagram:
    """The diagram of a tree. `folded` are ids of containers of which only one box is shown.

    Disabled nodes are left out, a repetition is shown once, and a network that cannot be built yet as far as it goes.
    Raises GraphError for a network that is too large or too deep.
    """
    return _Drawing(tree, frozenset(folded)).diagram() if tree.nodes else Diagram()


def shapes_of(summary: ModelSummary | None) -> dict[str, Shape]:
    """What each node gives, each output by its name as in the inputs of a node, as far as it is known; of a repetition
    what the last round gives."""
    layers = summary.layers if summary else ()
    further = {taken(layer.node_id, 1 + n): shape for layer in layers for n, shape in enumerate(layer.further)}
    return {layer.node_id: layer.output_shape for layer in layers} | further


class _Drawing:
    def __init__(self, tree: ModelTree, folded: frozenset[str]) -> None:
        self._around: dict[str, tuple[str, ...]] = {"": ()}  # the containers around a node, outer ones first
        self._containers: dict[str, AnyNode] = {}
        for node, around in _with_containers(tree.nodes, ()):
            self._around[node.id] = around
            if isinstance(node, CONTAINERS):
                self._containers[node.id] = node
        self._folded = folded & self._containers.keys()
        self._graph: Graph = sketch(tree)

    def diagram(self) -> Diagram:
        boxes: dict[str, Box] = {}
        place: dict[str, str] = {}  # the box of each step by its name
        nodes: dict[str, str] = {}
        for step in self._graph.steps:
            if step.kind == "output":
                place[step.name] = place[step.inputs[0]]
                nodes[step.name] = taken(nodes[step.inputs[0]], step.output)
                continue
            box = self._box(step.node_id, step.kind)
            boxes.setdefault(box.node_id, box)
            place[step.name], nodes[step.name] = box.node_id, step.node_id
        links: dict[tuple[str, str], Link] = {}
        shared: dict[tuple[str, str], None] = {}
        for step in self._graph.steps:
            target = place[step.name]
            for name in step.inputs:
                if place[name] != target:
                    links.setdefault((place[name], target), Link(place[name], target, nodes[name]))
            if step.shares is not None and place[step.shares] != target:
                shared[place[step.shares], target] = None
        return Diagram(tuple(boxes.values()), self._frames(boxes), tuple(links.values()), tuple(shared))

    def _box(self, node_id: str, kind: str) -> Box:
        """The box in which a node is seen: its own, or that of the outermost folded container around it."""
        around = self._around[node_id]
        is_container = node_id in self._containers
        for depth, container in enumerate((*around, node_id) if is_container else around):
            if container in self._folded:
                is_empty = container == node_id and kind == "empty"
                return Box(container, "empty" if is_empty else "folded", _last(around[:depth]))
        if is_container:
            return Box(node_id, "empty", _last(around)) if kind == "empty" else Box(node_id, "merge", node_id)
        return Box(node_id, "input" if kind == "input" else "layer", _last(around))

    def _frames(self, boxes: dict[str, Box]) -> tuple[Frame, ...]:
        found: dict[str, Frame] = {}
        for box in boxes.values():
            if box.frame is not None:
                around = (*self._around[box.frame], box.frame)
                for depth, node_id in enumerate(around):
                    found.setdefault(node_id, Frame(node_id, _last(around[:depth])))
        return tuple(found.values())


def _last(ids: tuple[str, ...]) -> str | None:
    return ids[-1] if ids else None


def _with_containers(nodes: tuple[AnyNode, ...], around: tuple[str, ...]) -> Iterator[tuple[AnyNode, tuple[str, ...]]]:
    for node in nodes:
        yield node, around
        yield from _with_containers(children_of(node), (*around, node.id) if isinstance(node, CONTAINERS) else around)
