"""The repair of a residual whose two sides differ in shape: a projection of its skip (He et al. 2016, section 3.3)."""

import math
from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, Shape
from workbench.domain.edits.base import NamedEdit, with_nodes
from workbench.domain.problem import Repair
from workbench.domain.project import Project
from workbench.domain.tree import AnyNode, Block, Branches, Layer, Residual, new_id
from workbench.domain.tree_tools import map_nodes
from workbench.domain.values import Value


def projected(case: Case, node: Residual, skip: Shape, end: Shape) -> Iterator[Repair]:
    """Put a layer into the skip that gives it the shape of the other side; none where no such layer is known."""
    layer = _projection(skip, end)
    if layer is None:
        return
    what = _repairs.described((layer,))

    def change(other: AnyNode) -> AnyNode:
        if other.id != node.id or not isinstance(other, Residual):
            return other
        sides = (Block(id=new_id(), name="shortcut", children=(layer,)), Block(id=new_id(), children=other.children))
        return Branches(
            id=other.id, name=other.name, enabled=other.enabled, inputs=other.inputs, branches=sides, merge=other.merge
        )

    def apply(project: Project) -> Project:
        return with_nodes(project, map_nodes(project.model.nodes, change))

    title = f"Project the skip by {what}"
    preview = f"“{case.name(node.id)}” becomes branches: {what} beside what is in it"
    yield Repair(title, NamedEdit(title, apply), preview)


def _projection(skip: Shape, end: Shape) -> Layer | None:
    """A layer that makes one shape of another: a convolution of one dot with strides, or Dense for flat numbers."""
    units = end[-1] if end else None
    if len(skip) != len(end) or units is None or None in skip or None in end or len(skip) > 4:
        return None
    if len(skip) == 1 or (skip[:-1] == end[:-1] and len(skip) == 2):
        return _repairs.layer("Dense", units=units)
    strides = tuple(math.ceil((wide or 0) / (narrow or 1)) for wide, narrow in zip(skip[:-1], end[:-1], strict=True))
    fits = all(
        math.ceil((wide or 0) / stride) == narrow
        for wide, stride, narrow in zip(skip[:-1], strides, end[:-1], strict=True)
    )
    if not fits or min(strides, default=0) < 1:
        return None
    params: dict[str, Value] = {"filters": units, "kernel_size": 1, "padding": "same"}
    if set(strides) != {1}:
        params["strides"] = strides[0] if len(set(strides)) == 1 else strides
    return _repairs.layer(f"Conv{len(skip) - 1}D", **params)
