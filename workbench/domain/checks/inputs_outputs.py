"""Inputs and outputs of the network against the data."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, shown_shape
from workbench.domain.dataset import DatasetInfo
from workbench.domain.edits import rename, set_field, set_outputs
from workbench.domain.entries import entry, entry_shape
from workbench.domain.first_network import first_network
from workbench.domain.graph import GraphStep
from workbench.domain.problem import Problem, Repair


def check(case: Case) -> Iterator[Problem]:
    """Inputs of another shape than what they take, or that the data do not have; inputs of the data that go nowhere;
    several outputs."""
    if case.graph is None:
        return
    inputs = [step for step in case.graph.steps if step.kind == "input"]
    for step in inputs:
        if step.node_id in case.nodes:
            yield from _shape(case, step)
            yield from _unknown(case, step, inputs)
    yield from _unused(case, inputs)
    yield from _outputs(case)


def _shape(case: Case, step: GraphStep) -> Iterator[Problem]:
    if case.info is None or step.shape is None:
        return
    wanted = entry_shape(step.name, case.info)
    if len(step.shape) == len(wanted) and all(
        size in (None, real) for size, real in zip(step.shape, wanted, strict=True)
    ):
        return
    name = case.name(step.node_id)
    yield Problem(
        "input_shape",
        "error",
        f"“{name}” expects {shown_shape(step.shape)}, but the data are {shown_shape(wanted)}. Take their shape.",
        "The input is where the samples enter the network.",
        node_id=step.node_id,
        field="shape",
        repairs=(
            Repair(
                "Take the shape of the data",
                set_field((step.node_id,), "shape", None),
                f"shape of “{name}”: {shown_shape(step.shape)} → {shown_shape(wanted)}",
            ),
        ),
    )


def _unknown(case: Case, step: GraphStep, inputs: list[GraphStep]) -> Iterator[Problem]:
    """An input beside others whose name is none of the data's."""
    info = case.info
    if info is None or not info.inputs or len(inputs) < 2 or entry(step.name, info.inputs) is not None:
        return
    name = case.name(step.node_id)
    free = _free(info, inputs)
    repairs = tuple(
        Repair(f"Call it “{other}”", rename(step.node_id, other), f"“{name}” → “{other}”") for other in free[:3]
    )
    known = ", ".join(f"“{each.name}”" for each in info.inputs)
    yield Problem(
        "input_name",
        "warning",
        f"“{name}” has the name of no input of the data ({known}), so it takes whole samples.",
        "An input takes the part of the data that has its name.",
        node_id=step.node_id,
        repairs=(*repairs, _repairs.remove_node(case, step.node_id)),
    )


def _unused(case: Case, inputs: list[GraphStep]) -> Iterator[Problem]:
    """A part of the data that no input takes, where others take theirs."""
    info = case.info
    if info is None or not info.inputs:
        return
    if not any(entry(step.name, info.inputs) is not None for step in inputs):
        known = ", ".join(f"“{each.name}”" for each in info.inputs)
        yield Problem(
            "inputs_unused",
            "warning",
            f"The columns are split into {known}, but the network takes them all by one input.",
            "Inputs of the network that have these names take what belongs to them.",
            repairs=(_repairs.use_model(first_network(info), "Use a first network with these inputs"),),
        )
        return
    for name in _free(info, inputs):
        yield Problem(
            "input_unused",
            "warning",
            f"The data have an input “{name}” that the network does not take. Add an input of this name.",
            "What no input takes is not learned from.",
        )


def _free(info: DatasetInfo, inputs: list[GraphStep]) -> list[str]:
    taken = {step.name for step in inputs}
    return [each.name for each in info.inputs if each.name not in taken]


def _outputs(case: Case) -> Iterator[Problem]:
    outputs = () if case.graph is None else case.graph.outputs
    if len(outputs) < 2:
        return
    last = case.by_name[outputs[-1]]
    repairs: tuple[Repair, ...] = ()
    if last.node_id in case.nodes:
        name = case.name(last.node_id)
        repairs = (Repair(f"Keep only “{name}”", set_outputs((last.node_id,)), f"outputs: only “{name}”"),)
    yield Problem(
        "several_outputs",
        "error",
        f"The network has {len(outputs)} outputs, but the data have one target. Keep one of them.",
        "This version trains networks with one output.",
        repairs=repairs,
    )
