"""The number of outputs against the classes or the numbers to learn."""

import math
from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.dataset import DatasetInfo
from workbench.domain.ending import SHAPING
from workbench.domain.first_network import head
from workbench.domain.problem import Problem, Repair
from workbench.domain.tree import Layer

OF_OUTPUT = True


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, on the layer that decides the number of outputs."""
    outputs, info = case.outputs, case.info
    if outputs is None or info is None or not case.has_layers or case.wanted_shape is not None:
        return
    if case.summary is not None and case.summary.error is None and case.summary.total_params == 0:
        return  # Said already: there is nothing that learns.
    wanted = _wanted(info)
    if outputs in wanted:
        return
    needs = wanted[0]
    too_many = not info.learns_numbers and info.labels != "one_hot" and outputs > len(info.classes)
    node_id = case.end.units_id
    where = "The network" if node_id is None else f"“{case.name(node_id)}”"
    yield Problem(
        "outputs_against_target" if info.learns_numbers else "units_against_classes",
        "warning" if too_many else "error",
        f"{where} gives {outputs:,} output{'s' * (outputs != 1)}, but {_target(info)}. {_advice(info, needs)}",
        _detail(info, too_many),
        node_id=node_id,
        field=case.end.units_param,
        repairs=tuple(_offers(case, info, needs)),
    )


def _wanted(info: DatasetInfo) -> tuple[int, ...]:
    """Numbers of outputs that fit, the best first."""
    if info.learns_numbers:
        return (info.target_shape[-1] if info.target_shape else 1,)
    if info.task == "binary" and info.labels != "one_hot":
        return (1, 2)
    return (len(info.classes),)


def _target(info: DatasetInfo) -> str:
    if info.learns_numbers:
        count = math.prod(info.target_shape)
        return f"there {'is one number' if count == 1 else f'are {count:,} numbers'} to learn"
    return f"the data have {len(info.classes):,} classes"


def _advice(info: DatasetInfo, needs: int) -> str:
    return "One unit is enough for two classes." if info.task == "binary" and needs == 1 else f"It needs {needs:,}."


def _detail(info: DatasetInfo, too_many: bool) -> str:
    if info.learns_numbers:
        return "Keras would compare each output with the same target without a word, and learn something else."
    if too_many:
        return "It trains, but outputs without a class only take part of the probability."
    return "A sample of a class without an output of its own makes the loss meaningless, and Keras may not say so."


def _offers(case: Case, info: DatasetInfo, needs: int) -> Iterator[Repair]:
    end = case.end
    is_direct = not any(step.class_name in SHAPING for step in end.behind)
    if end.units_id in case.nodes and end.units_id is not None and end.units_param is not None and is_direct:
        units = 2 if info.task == "binary" and end.activation == "softmax" else needs
        yield _repairs.set_param(case, end.units_id, end.units_param, units)
    layers = tuple(node for node in head(info) if isinstance(node, Layer))
    if end.activation not in ("softmax", "sigmoid"):
        yield _repairs.append(case, *layers)
