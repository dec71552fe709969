"""Inputs and outputs of the network against the data."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, shown_shape
from workbench.domain.dataset import DatasetInfo
from workbench.domain.edits import rename, set_field, set_model, set_outputs
from workbench.domain.entries import entry, entry_shape
from workbench.domain.first_network import first_network, with_heads
from workbench.domain.graph import GraphStep
from workbench.domain.problem import Problem, Repair
from workbench.domain.tree import ModelTree


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
    if case.info is None:
        return
    heads = case.info.heads
    if heads:
        if len(outputs) != len(heads) and case.has_layers:
            yield _outputs_of_heads(case, len(outputs))
        return
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
        "Each output learns a target of its own. Choose several targets on the Data page to have an output for each.",
        repairs=repairs,
    )


def _outputs_of_heads(case: Case, count: int) -> Problem:
    """Another number of outputs than of targets that want one."""
    info = case.info
    assert info is not None
    has = "one output" if count == 1 else f"{count} outputs"
    repairs = [_repairs.use_model(first_network(info), "Use a first network with these outputs")]
    last = case.project.model.nodes[-1] if case.project.model.nodes else None
    if count == 1 and last is not None and case.end.units_id is not None and case.end.units_id == last.id:
        repairs.insert(0, _exchanged(info, case.project.model, case.name(last.id)))
    names = ", ".join(f"“{head.name}”" for head in info.heads[:8])
    return Problem(
        "outputs_against_heads",
        "error",
        f"{len(info.heads)} targets are learned by an output each ({names}), but the network has {has}. "
        "Give it an output for each.",
        "An output learns the target of its name; where the names differ, the first output learns the first target.",
        repairs=tuple(repairs),
    )


def _exchanged(info: DatasetInfo, tree: ModelTree, name: str) -> Repair:
    """An output for each target in the place of the last layer."""
    made = with_heads(tree.nodes[:-1], info) if len(tree.nodes) > 1 else first_network(info)
    title = f"Put {len(info.heads)} outputs in the place of “{name}”"
    preview = f"“{name}” → {', '.join(head.name for head in info.heads)}"
    return Repair(title, set_model(made, title), preview)
