"""Outputs that a layer does not give, and recurrent layers that start with states that do not fit."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, entry_of
from workbench.domain.edits import give_states, set_inputs, start_with_states
from workbench.domain.edits.states import RETURN_STATE, made_of, states_in
from workbench.domain.graph import GraphStep, made_in
from workbench.domain.problem import Problem, Repair
from workbench.domain.taken import node_in, number_in, outputs_of, states_of
from workbench.domain.tree import AnyNode, Wrapper

WHY = (
    "A recurrent layer gives its last states behind its output where return_state is on. Another one that has as many, "
    "of the same size, can start with them: so a decoder goes on where the encoder stopped."
)


def check(case: Case) -> Iterator[Problem]:
    """One problem for each layer of which an output is taken that it does not have, and for each that starts with
    states that do not fit."""
    told: set[str] = set()
    for step in () if case.graph is None else case.graph.steps:
        if step.kind == "output":
            maker = case.by_name[step.inputs[0]]
            if maker.node_id not in told and _is_missing(step, maker):
                told.add(maker.node_id)
                yield _missing(case, step, maker)
            continue
        entry = entry_of(step.class_name)
        if entry is not None and entry.call == "states" and len(step.inputs) > 1 and step.node_id in case.nodes:
            yield from _states(case, step)


def _is_missing(step: GraphStep, maker: GraphStep) -> bool:
    entry = entry_of(maker.class_name)
    names = outputs_of(*made_in(maker))
    return all(names) and not (entry is not None and entry.own) and step.output >= len(names)


def _missing(case: Case, step: GraphStep, maker: GraphStep) -> Problem:
    node, name = case.nodes.get(maker.node_id), case.name(maker.node_id)
    states = () if node is None else states_in(node)
    repairs: list[Repair] = []
    if node is not None and step.output <= len(states):
        off = made_of(node)
        before = False if off is None else off[1].get(RETURN_STATE, False)
        preview = f"{RETURN_STATE} of “{name}”: {before} → True"
        repairs.append(Repair("Return its states", give_states(node.id), preview))
    repairs += _without_further(case, maker)
    return Problem(
        "missing_output",
        "error",
        f"Output {step.output + 1} of “{name}” is taken, and it has only {len(outputs_of(*made_in(maker)))}."
        f"{' Let it return its states.' if states else ''}",
        WHY,
        node_id=maker.node_id if node is not None else None,
        field=RETURN_STATE if states else "",
        repairs=tuple(repairs),
    )


def _without_further(case: Case, maker: GraphStep) -> Iterator[Repair]:
    for node in case.nodes.values():
        kept = tuple(name for name in node.inputs if node_in(name) != maker.node_id or not number_in(name))
        if kept != node.inputs:
            yield _take(case, node, kept)


def _take(case: Case, node: AnyNode, kept: tuple[str, ...]) -> Repair:
    name = case.name(node.id)
    return Repair(f"Start “{name}” afresh", set_inputs(node.id, kept), f"“{name}” takes no states of other layers")


def _states(case: Case, step: GraphStep) -> Iterator[Problem]:
    states, given = states_of(*made_in(step)), len(step.inputs) - 1
    node, name = case.nodes[step.node_id], case.name(step.node_id)
    if not states:
        return
    if given != len(states):
        yield Problem(
            "states_count",
            "error",
            f"“{name}” starts with {_count(len(states))} ({', '.join(states)}), and takes {given} behind its sequence.",
            WHY,
            node_id=node.id,
            field="inputs",
            repairs=tuple(_repairs_of_count(case, node, states)),
        )
        return
    units = _units(node)
    sizes = {_size(case, name) for name in node.inputs[1:]} - {None, units}
    if units is not None and sizes:
        size = min(each for each in sizes if each is not None)
        fits = len(sizes) == 1
        inner = node.child.id if isinstance(node, Wrapper) else node.id
        yield Problem(
            "states_size",
            "error",
            f"“{name}” has {units} units, and the states that it starts with have {size} numbers. Make both the same.",
            WHY,
            node_id=node.id,
            field="units",
            repairs=(
                *((_repairs.set_param(case, inner, "units", size),) if fits else ()),
                _take(case, node, node.inputs[:1]),
            ),
        )


def _repairs_of_count(case: Case, node: AnyNode, states: tuple[str, ...]) -> Iterator[Repair]:
    for giver_id in dict.fromkeys(map(node_in, node.inputs[1:])):
        giver = case.nodes.get(giver_id)
        if giver is not None and len(states_in(giver)) == len(states):
            title = f"Take all states of “{case.name(giver_id)}”"
            preview = f"“{case.name(node.id)}” starts with {', '.join(states)} of “{case.name(giver_id)}”"
            yield Repair(title, start_with_states(node.id, giver_id), preview)
    yield _take(case, node, node.inputs[:1])


def _count(number: int) -> str:
    return "1 state" if number == 1 else f"{number} states"


def _units(node: AnyNode) -> int | None:
    made = made_of(node.child if isinstance(node, Wrapper) else node)
    units = None if made is None else made[1].get("units")
    return units if isinstance(units, int) and not isinstance(units, bool) else None


def _size(case: Case, name: str) -> int | None:
    """How many numbers an output has, where it is known."""
    layer, number = case.layers.get(node_in(name)), number_in(name)
    shapes = () if layer is None else (layer.output_shape, *layer.further)
    return shapes[number][-1] if number < len(shapes) and shapes[number] else None
