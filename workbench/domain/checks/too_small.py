"""Too much pooling: nothing is left for a layer to work on."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, entry_of, shown_shape
from workbench.domain.graph import GraphStep
from workbench.domain.problem import Problem, Repair

SIGNS = ("zero or negative", "negative dimension", "must be positive", "would be negative")


def check(case: Case) -> Iterator[Problem]:
    """At most one problem: where the data become smaller than nothing."""
    error = None if case.summary is None else case.summary.error
    step = None if error is None else case.steps.get(error.node_id)
    if error is None or step is None or not any(sign in f"{error.message} {error.detail}".lower() for sign in SIGNS):
        return
    if error.input_shape is None:
        return
    name = case.name(step.node_id)
    yield Problem(
        "too_much_pooling",
        "error",
        f"“{name}” gets only {shown_shape(error.input_shape)}, which is too small for it."
        " Pool less before it, or pad it.",
        "Each pooling layer halves height and width, and a convolution without padding cuts off the border.",
        node_id=step.node_id,
        repairs=tuple(_offers(case, step)),
    )


def _offers(case: Case, step: GraphStep) -> Iterator[Repair]:
    entry = entry_of(step.class_name)
    if entry is not None and entry.param("padding") is not None and step.params.get("padding") != "same":
        yield _repairs.set_param(case, step.node_id, "padding", "same")
    if "Pooling" in step.class_name:
        yield _repairs.remove_node(case, step.node_id)
    pooling = _pooling_before(case, step)
    if pooling is not None:
        yield _repairs.remove_node(case, pooling.node_id)
    elif "Pooling" not in step.class_name:
        yield _repairs.remove_node(case, step.node_id)


def _pooling_before(case: Case, step: GraphStep) -> GraphStep | None:
    taken = case.taken(step)
    while taken:
        if "Pooling" in taken[0].class_name:
            return taken[0]
        taken = case.taken(taken[0])
    return None
