"""Dropout where it does harm: behind the last layer, or of nearly everything."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.problem import Problem

DROPOUTS = frozenset(
    {"Dropout", "AlphaDropout", "GaussianDropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"}
)
MOST = 0.9
USUAL = 0.5


def check(case: Case) -> Iterator[Problem]:
    """One problem for each layer of dropout that does harm."""
    behind = {step.node_id for step in case.end.behind} if case.end.units_id is not None else set()
    for node_id, step in case.steps.items():
        if step.class_name not in DROPOUTS or node_id not in case.nodes:
            continue
        name = case.name(node_id)
        rate = step.params.get("rate")
        if node_id in behind:
            yield Problem(
                "dropout_before_output",
                "warning",
                f"“{name}” drops outputs of the network itself. Move it before the last layer, or remove it.",
                "While training, some predictions would be set to 0 whatever the network has learned.",
                node_id=node_id,
                repairs=(_repairs.remove_node(case, node_id),),
            )
        elif isinstance(rate, int | float) and rate >= MOST:
            yield Problem(
                "dropout_rate",
                "warning",
                f"“{name}” drops {min(rate, 1):.0%} of what it gets, so hardly anything is left. Drop less.",
                "Usual rates are between 0.1 and 0.5.",
                node_id=node_id,
                field="rate",
                repairs=(_repairs.set_param(case, node_id, "rate", USUAL),),
            )
