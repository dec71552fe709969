"""A tree that cannot be laid out: inputs that are not above, doubled names, nodes that cannot be built."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.edits import rename, set_enabled, set_field, set_inputs, set_outputs
from workbench.domain.growth import GrowthError, rules_of
from workbench.domain.problem import Problem, Repair
from workbench.domain.tree import AnyNode, Repeat, Shared


def check(case: Case) -> Iterator[Problem]:
    """At most one problem: the first that was met."""
    error = case.graph_error
    if error is None:
        return
    node = case.nodes.get(error.node_id)
    if isinstance(node, Repeat) and _has_no_rule(node):
        return  # the check of growth says it
    repairs = tuple(_for_node(case, node)) if node is not None else _for_outputs(case)
    yield Problem(
        "tree",
        "error",
        str(error),
        "Each layer takes what stands above it, unless it names its inputs.",
        node_id=None if node is None else node.id,
        repairs=repairs,
    )


def _has_no_rule(node: Repeat) -> bool:
    try:
        rules_of(node.grow)
    except GrowthError:
        return True
    return False


def _for_outputs(case: Case) -> tuple[Repair, ...]:
    if not case.project.model.outputs:
        return ()
    return (Repair("Use the last layer", set_outputs(()), "the output of the network: its last layer"),)


def _for_node(case: Case, node: AnyNode) -> Iterator[Repair]:
    name = case.name(node.id)
    if node.inputs:
        yield Repair("Take what stands above", set_inputs(node.id, ()), f"“{name}” takes what stands above it")
    if node.name and sum(other.name == node.name for other in case.nodes.values()) > 1:
        yield Repair("Name it after its class", rename(node.id, ""), f"remove the name “{node.name}” of the second")
    if isinstance(node, Repeat):
        yield Repair("Repeat twice", set_field((node.id,), "times", 2), f"times of “{name}”: {node.times} → 2")
    if isinstance(node, Shared):
        yield Repair("Disable it", set_enabled((node.id,), False), f"disable “{name}”")
    if not node.inputs:
        yield _repairs.remove_node(case, node.id)
