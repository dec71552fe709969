"""How the skip of a residual gets the shape of its other side: a projection (He et al. 2016, section 3.3)."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from workbench.domain.graph import GraphStep
from workbench.domain.summary import LayerSummary
from workbench.domain.values import ObjectSpec, Value

Shape: TypeAlias = Sequence[int | None]
NUMBER_BY_NUMBER = ("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract")


def projection_of(merge: str, skip: Shape, end: Shape) -> ObjectSpec | None:
    """The layer that makes one shape of another, both without the batch, so that `merge` can join them.

    A convolution of one dot with strides, or Dense for flat numbers. None where the merge layer takes them as they are
    (an axis of 1 is spread over the other side), and where no such layer is known.
    """
    pairs = list(zip(skip, end, strict=False))
    if merge not in NUMBER_BY_NUMBER or len(skip) != len(end) or not 1 <= len(end) <= 4:
        return None
    if all(a == b or a is None or b is None or 1 in (a, b) for a, b in pairs):
        return None
    units = end[-1]
    if units is None:
        return None
    if len(end) == 1:
        return ObjectSpec("Dense", {"units": units})
    strides = tuple(_stride(a, b) for a, b in pairs[:-1])
    if None in strides:
        return None
    params: dict[str, Value] = {"filters": units, "kernel_size": 1, "strides": strides, "padding": "same"}
    return ObjectSpec(f"Conv{len(end) - 1}D", params)


def _stride(size: int | None, wanted: int | None) -> int | None:
    """The stride that makes one size of another, None where there is none."""
    if size is None or wanted is None:
        return 1 if size == wanted else None
    stride = math.ceil(size / wanted) if wanted > 0 else 0
    return stride if stride > 0 and math.ceil(size / stride) == wanted else None


def projection_step(step: GraphStep, shapes: Sequence[Shape]) -> GraphStep | None:
    """The step that projects the first input of a merge step, made just before it; None where none is needed. `shapes`
    are those of its inputs, without the batch."""
    spec = projection_of(step.class_name, *shapes) if step.projection is not None and len(shapes) == 2 else None
    if spec is None or step.projection is None:
        return None
    return GraphStep(
        "layer", step.node_id, step.projection, spec.class_name, spec.params, step.inputs[:1], step.trainable
    )


def with_projections(steps: Iterable[GraphStep], layers: Iterable[LayerSummary]) -> tuple[GraphStep, ...]:
    """The steps with those that project as steps of their own, as far as it is known from Keras what they give."""
    built = {layer.name: layer for layer in layers}
    made: list[GraphStep] = []
    for step in steps:
        known = built.get(step.projection) if step.projection is not None else None
        if known is not None:
            spec = projection_step(step, (known.input_shape, known.output_shape))
            if spec is not None:
                made.append(spec)
                step = replace(step, inputs=(spec.name, *step.inputs[1:]))
        made.append(step)
    return tuple(made)
