"""A network whose output has another form than the target: flat layers on pictures without Flatten or pooling."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, shown_shape
from workbench.domain.ending import ACTIVATION_LAYERS, PASSIVE, RECURRENT
from workbench.domain.first_network import head
from workbench.domain.graph import GraphStep
from workbench.domain.problem import Problem, Repair
from workbench.domain.tree import Layer

OF_OUTPUT = True

FLAT_LAYERS = PASSIVE | set(ACTIVATION_LAYERS) | {"Dense", "Activation", "BatchNormalization", "LayerNormalization"}


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, on the first flat layer that gets data which are not flat."""
    shape, wanted = case.output_shape, case.expected_rank
    if shape is None or wanted is None or case.info is None or not case.has_layers or len(shape) == wanted:
        return
    if case.wanted_shape is not None:
        return  # Said by output_form.
    if case.summary is not None and case.summary.total_params == 0:
        return  # Said already: there is nothing that learns.
    if len(shape) < wanted:
        yield _too_flat(case, len(shape))
        return
    steps = _tail(case)
    if not steps:
        return
    first = next((step for step in reversed(steps) if step.class_name == "Dense"), None)
    step = first or steps[0]
    target = "one number for each class" if case.info.classes else "one number for each target"
    yield Problem(
        "output_shape",
        "error",
        f"The network gives {shown_shape(shape)} for each sample, but must give {target}."
        f" Flatten or pool before “{case.name(step.node_id)}”."
        if first
        else f"The network gives {shown_shape(shape)} for each sample, but must give {target}. Flatten or pool it.",
        "A Dense layer works on the last axis only and keeps all others, so pictures stay pictures."
        " Keras would compare them with the target in a way that means nothing.",
        node_id=step.node_id,
        repairs=tuple(_offers(case, steps, first, len(shape))),
    )


def _too_flat(case: Case, rank: int) -> Problem:
    layers = tuple(node for node in head(case.info) if isinstance(node, Layer)) if case.info else ()
    shape = "×".join(map(str, case.info.target_shape)) if case.info else ""
    return Problem(
        "output_shape",
        "error",
        f"The network's output has {rank} axes, but the target is {shape}. Reshape it at the end.",
        "Keras would stretch the smaller one, so the network would learn something else than the target.",
        repairs=(_repairs.append(case, *layers),),
    )


def _tail(case: Case) -> list[GraphStep]:
    """The last layers up to the one that makes the extra axes, from the end on; at least the last one."""
    step = case.by_name.get(case.output)
    steps: list[GraphStep] = []
    while step is not None and step.kind == "layer" and step.node_id in case.nodes:
        if steps and step.class_name not in FLAT_LAYERS:
            break
        steps.append(step)
        taken = case.taken(step)
        if step.class_name not in FLAT_LAYERS or len(taken) != 1:
            break
        step = taken[0]
    return steps


def _offers(case: Case, steps: list[GraphStep], first: GraphStep | None, rank: int) -> Iterator[Repair]:
    yield from _by_last_step_only(case, steps)
    pooling = f"GlobalAveragePooling{rank - 1}D" if rank <= 4 else None
    flat = _repairs.layer("Flatten")
    if first is not None:
        yield _repairs.insert_before(case, first.node_id, flat)
        if pooling is not None:
            yield _repairs.insert_before(case, first.node_id, _repairs.layer(pooling))
        return
    layers = tuple(node for node in head(case.info) if isinstance(node, Layer)) if case.info else ()
    if pooling is not None:
        yield _repairs.append(case, _repairs.layer(pooling), *layers)
    yield _repairs.append(case, flat, *layers)


def _by_last_step_only(case: Case, steps: list[GraphStep]) -> Iterator[Repair]:
    """An LSTM that gives every step, where only the last is wanted."""
    candidates = [steps[-1], *case.taken(steps[-1])]
    for step in candidates:
        if step.class_name in RECURRENT and step.params.get("return_sequences") and step.node_id in case.nodes:
            title = f"Let “{case.name(step.node_id)}” give its last step only"
            yield _repairs.set_param(case, step.node_id, "return_sequences", False, title)
            return
