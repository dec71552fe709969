"""Inputs and outputs of the network against the data, which have one of each."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, shown_shape
from workbench.domain.edits import set_field, set_outputs
from workbench.domain.graph import GraphStep
from workbench.domain.problem import Problem, Repair


def check(case: Case) -> Iterator[Problem]:
    """Several inputs or outputs, and an input of another shape than the data."""
    if case.graph is None:
        return
    inputs = [step for step in case.graph.steps if step.kind == "input" and step.node_id in case.nodes]
    for step in inputs[1:]:
        yield Problem(
            "several_inputs",
            "error",
            f"“{case.name(step.node_id)}” is a further input, but the data have only one. Remove it.",
            "This version trains networks with one input and one output.",
            node_id=step.node_id,
            repairs=(_repairs.remove_node(case, step.node_id),),
        )
    for step in inputs[:1]:
        yield from _shape(case, step)
    yield from _outputs(case)


def _shape(case: Case, step: GraphStep) -> Iterator[Problem]:
    if case.info is None or step.shape is None:
        return
    wanted = case.info.input_shape
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
        "This version trains networks with one input and one output.",
        repairs=repairs,
    )
