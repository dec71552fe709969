"""BatchNormalization with a single sample in a batch."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.problem import Problem


def check(case: Case) -> Iterator[Problem]:
    """One problem for each such layer."""
    if case.training is None or case.training.batch_size != 1:
        return
    for node_id, step in case.steps.items():
        if step.class_name == "BatchNormalization" and node_id in case.nodes and step.trainable:
            yield Problem(
                "batch_normalization_of_one",
                "warning",
                f"“{case.name(node_id)}” normalizes over a batch, which has only one sample here. Take larger ones.",
                "Over one sample, its mean is that sample itself, so the layer may wipe out what it gets.",
                node_id=node_id,
                repairs=(
                    _repairs.training(
                        case, "batch_size", None, "Use the default batch size", "batch size: 1 → default"
                    ),
                    _repairs.replace_layer(case, node_id, "LayerNormalization"),
                ),
            )
