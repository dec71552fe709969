"""A Normalization layer that never saw the data, and so passes them on unchanged."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.problem import Problem


def check(case: Case) -> Iterator[Problem]:
    """One problem for each such layer."""
    for node_id, step in case.steps.items():
        if step.class_name != "Normalization" or node_id not in case.nodes:
            continue
        if step.start is not None:
            continue
        if step.params.get("mean") is not None and step.params.get("variance") is not None:
            continue
        yield Problem(
            "normalization_not_adapted",
            "warning",
            f"“{case.name(node_id)}” has no mean and variance, so it changes nothing. Let the Data page scale instead.",
            "This layer must be shown the data before training. BatchNormalization learns the same while training.",
            node_id=node_id,
            repairs=(
                _repairs.remove_node(case, node_id),
                _repairs.replace_layer(case, node_id, "BatchNormalization"),
            ),
        )
