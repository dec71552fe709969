"""Dense layers one after another without an activation between them, which are as good as one."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.ending import activation_name
from workbench.domain.graph import GraphStep
from workbench.domain.problem import Problem

PASSES_ON = frozenset({"Dropout", "Flatten", "Identity", "AlphaDropout", "GaussianDropout"})


def check(case: Case) -> Iterator[Problem]:
    """One problem for each linear layer whose only reader is another Dense layer."""
    if case.graph is None:
        return
    readers: dict[str, list[GraphStep]] = {}
    for step in case.graph.steps:
        for name in step.inputs:
            readers.setdefault(name, []).append(step)
    for node_id, step in case.steps.items():
        if step.class_name != "Dense" or step.kind != "layer" or node_id not in case.nodes:
            continue
        if activation_name(step.params.get("activation")) != "linear" or step.name in case.graph.outputs:
            continue
        reader = _reader(readers, step)
        if reader is not None and reader.class_name == "Dense":
            yield Problem(
                "linear_stack",
                "warning",
                f"“{case.name(node_id)}” has no activation before the next Dense layer. Give it one, such as relu.",
                "Without an activation between them, two Dense layers can do no more than one.",
                node_id=node_id,
                field="activation",
                repairs=(_repairs.set_param(case, node_id, "activation", "relu"),),
            )


def _reader(readers: dict[str, list[GraphStep]], step: GraphStep) -> GraphStep | None:
    """The only layer that does something with a step's output, None when there are several."""
    while len(found := readers.get(step.name, [])) == 1:
        step = found[0]
        if step.class_name not in PASSES_ON:
            return step
    return None
