"""Inputs that the preparation has scaled and the network scales again, as a model made elsewhere often does."""

from collections.abc import Iterator

import msgspec

from workbench.domain.checks._case import Case
from workbench.domain.checks.input_scale import takes_the_data
from workbench.domain.edits import set_data
from workbench.domain.problem import Problem, Repair

SMALL = 0.05


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, of the data."""
    info = case.info
    if info is None or info.scaling == "none":
        return
    largest = max(abs(info.input_low), abs(info.input_high))
    for step in case.by_name.values():
        scale = step.params.get("scale")
        if step.class_name != "Rescaling" or not isinstance(scale, int | float) or not takes_the_data(case, step):
            continue
        offset = step.params.get("offset", 0)
        if largest * abs(scale) >= SMALL or not largest or offset:
            continue
        data = msgspec.structs.replace(case.project.data, scaling="none")
        yield Problem(
            "scaled_twice",
            "warning",
            f"“{step.name}” divides the inputs by {1 / abs(scale):.4g}, but the data are scaled already. "
            "Scale them once.",
            f"They enter the next layer as numbers up to {largest * abs(scale):.2g}, which makes training slow.",
            node_id=step.node_id,
            field="scale",
            repairs=(
                Repair("Leave the data as they are", set_data(data), f"scaling of the data: {info.scaling} → none"),
            ),
        )
        return
