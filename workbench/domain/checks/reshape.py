"""A Reshape into a shape that has another number of values."""

import math
from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, shown_shape
from workbench.domain.problem import Problem, Repair


def check(case: Case) -> Iterator[Problem]:
    """At most one problem: the first Reshape that fails."""
    error = None if case.summary is None else case.summary.error
    step = None if error is None else case.steps.get(error.node_id)
    if error is None or step is None or step.class_name != "Reshape" or not error.input_shape:
        return
    sizes = [size for size in error.input_shape if size is not None]
    if len(sizes) != len(error.input_shape) or step.node_id not in case.nodes:
        return
    name = case.name(step.node_id)
    yield Problem(
        "reshape_size",
        "error",
        f"“{name}” gets {shown_shape(error.input_shape)}, which cannot be put into {_shown(step.params)}."
        " Choose sizes whose product is the same.",
        "Reshape only puts the numbers into another order of axes; their count stays. One size may be −1: the rest.",
        node_id=step.node_id,
        field="target_shape",
        repairs=tuple(_offers(case, step.node_id, math.prod(sizes), step.params.get("target_shape"))),
    )


def _shown(params: object) -> str:
    target = params.get("target_shape") if isinstance(params, dict) else None
    sizes = target if isinstance(target, tuple) else (target,)
    return "×".join(str(size) for size in sizes)[:100]


def _offers(case: Case, node_id: str, count: int, target: object) -> Iterator[Repair]:
    if isinstance(target, tuple) and len(target) > 1 and all(isinstance(size, int) for size in target):
        for place, _size in enumerate(target):
            rest = math.prod(size for other, size in enumerate(target) if other != place and isinstance(size, int))
            if rest > 0 and count % rest == 0:
                fitting = (*target[:place], count // rest, *target[place + 1 :])
                yield _repairs.set_param(case, node_id, "target_shape", fitting)
                break
    yield _repairs.replace_layer(case, node_id, "Flatten")
    yield _repairs.remove_node(case, node_id)
