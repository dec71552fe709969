"""A base that gets something else than it was made for: another shape, or pictures that are scaled already."""

from collections.abc import Iterator

import msgspec

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, Shape, shown_shape
from workbench.domain.edits import set_data
from workbench.domain.problem import Problem, Repair
from workbench.domain.tree import Base, Layer, new_id
from workbench.domain.tree_tools import above
from workbench.domain.values import ObjectSpec


def check(case: Case) -> Iterator[Problem]:
    """At most one problem for each base, its shape first."""
    for node in case.nodes.values():
        if isinstance(node, Base) and node.enabled and node.children:
            found = _shape(case, node) or _scale(case, node)
            if found is not None:
                yield found


def _taken(case: Case, base: Base) -> Shape | None:
    """The shape that a base gets, without the batch, where it is known."""
    ids = above(case.project.model, base.id)
    if not ids:
        return None if case.info is None else tuple(case.info.input_shape)
    layer = case.layers.get(ids[-1]) if len(ids) == 1 else None
    return None if layer is None else layer.output_shape


def _shape(case: Case, base: Base) -> Problem | None:
    taken, wanted = _taken(case, base), base.shape
    if taken is None or wanted is None or len(taken) != len(wanted):
        return None
    if all(size in (None, got) or got is None for size, got in zip(wanted, taken, strict=True)):
        return None
    layers = tuple(_fitting(taken, wanted))
    repairs = (_repairs.insert_before(case, base.id, *layers),) if layers else ()
    return Problem(
        "base_shape",
        "error",
        f"“{case.name(base.id)}” was made for {shown_shape(wanted)}, but gets {shown_shape(taken)}. "
        "Bring the inputs to its shape.",
        "Its weights were learned on inputs of that shape; on others they do not fit, or see something else.",
        node_id=base.id,
        repairs=repairs,
    )


def _fitting(taken: Shape, wanted: Shape) -> Iterator[Layer]:
    """The layers that bring pictures of one shape to another, none where no such are known."""
    if len(taken) != 3 or (taken[-1] != wanted[-1] and (taken[-1], wanted[-1]) != (1, 3)):
        return
    if any(size not in (None, got) for size, got in zip(wanted[:2], taken[:2], strict=True)):
        yield _repairs.layer("Resizing", height=wanted[0], width=wanted[1])
    if taken[-1] != wanted[-1]:
        yield Layer(
            id=new_id(),
            class_name="Conv2D",
            params={"filters": 3, "kernel_size": 1, "use_bias": False, "kernel_initializer": ObjectSpec("Ones")},
            trainable=False,
        )


def _scale(case: Case, base: Base) -> Problem | None:
    info = case.info
    if not base.pixels or info is None or info.scaling == "none" or info.form != "pictures":
        return None
    data = msgspec.structs.replace(case.project.data, scaling="none")
    return Problem(
        "base_scaled",
        "warning",
        f"“{case.name(base.id)}” scales pictures of 0 to 255 itself, but the data are scaled already. Scale them once.",
        "Its weights have learned from pictures in its own scale; in another one it sees hardly anything.",
        node_id=base.id,
        repairs=(Repair("Leave the data as they are", set_data(data), f"scaling of the data: {info.scaling} → none"),),
    )
