"""Layers whose output nothing takes."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.problem import Problem


def check(case: Case) -> Iterator[Problem]:
    """One problem for each layer at a dead end; those that only lead there are left out."""
    if case.graph is None or not case.graph.outputs:
        return
    taken = {name for step in case.graph.steps for name in step.inputs}
    used = taken | set(case.graph.outputs)
    makers = {step.shares for step in case.graph.steps if step.shares}
    for step in case.graph.steps:
        if step.name in used | makers or step.node_id not in case.nodes or step.kind == "input":
            continue
        if case.steps[step.node_id] is not step:
            continue
        name = case.name(step.node_id)
        yield Problem(
            "unused_layer",
            "warning",
            f"Nothing takes what “{name}” gives, so it has no effect. Remove it, or name it as an input.",
            "A layer counts only if a way leads from it to the output of the network.",
            node_id=step.node_id,
            repairs=(_repairs.remove_node(case, step.node_id),),
        )
