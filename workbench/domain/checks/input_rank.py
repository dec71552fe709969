"""Layers that get data of another form than they can take: a convolution on a flat list, an LSTM on a picture."""

import math
import re
from collections.abc import Iterator

from workbench.domain.catalogue import ClassEntry
from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, Shape, entry_of, shown_shape
from workbench.domain.graph import GraphStep
from workbench.domain.problem import Problem, Repair
from workbench.domain.values import Value

RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN"})
FORMS = {1: "a flat list of numbers", 2: "a sequence", 3: "pictures", 4: "volumes or films"}
WANTED = {1: "a flat list of numbers", 2: "a sequence (steps × features)", 3: "pictures (height × width × channels)"}


def check(case: Case) -> Iterator[Problem]:
    """At most one problem: the first layer that cannot take what it gets."""
    found = _refused(case) or _taken_only_by_name(case)
    if found is None:
        return
    step, entry, shape = found
    wanted = entry.ranks[0] - 1
    name = case.name(step.node_id)
    form = WANTED.get(wanted, f"data with {wanted} axes")
    yield Problem(
        "input_rank",
        "error",
        f"“{name}” needs {form}, but gets {_form(shape)}. Change what stands above it, or the layer.",
        "Each layer works on data of one form. Reshape and Flatten change the form, but not the numbers.",
        node_id=step.node_id,
        repairs=tuple(_offers(case, step, shape, wanted)),
    )


def _refused(case: Case) -> tuple[GraphStep, ClassEntry, Shape] | None:
    """The layer that Keras could not build, where its form is why."""
    error = None if case.summary is None else case.summary.error
    step = None if error is None else case.steps.get(error.node_id)
    if error is None or step is None or error.input_shape is None:
        return None
    entry = entry_of(step.class_name)
    if entry is None or not entry.ranks or len(error.input_shape) + 1 in entry.ranks:
        return None
    return step, entry, error.input_shape


def _taken_only_by_name(case: Case) -> tuple[GraphStep, ClassEntry, Shape] | None:
    """The first layer that Keras builds on too few axes, to fail at the first batch."""
    for node_id, layer in case.layers.items():
        entry = entry_of(layer.class_name)
        step = case.steps.get(node_id)
        if step is None or entry is None or not entry.ranks or step.class_name != layer.class_name:
            continue
        if len(layer.input_shape) + 1 < min(entry.ranks):
            return step, entry, layer.input_shape
    return None


def _form(shape: Shape) -> str:
    if len(shape) == 1:
        return f"a flat list of {shown_shape(shape)}"
    return f"{FORMS.get(len(shape), 'data')} of {shown_shape(shape)}"


def _offers(case: Case, step: GraphStep, shape: Shape, wanted: int) -> Iterator[Repair]:
    node_id = step.node_id
    before = case.taken(step)[0] if case.taken(step) else None
    if before is not None and before.node_id in case.nodes and wanted > len(shape):
        yield from _by_the_layer_above(case, before, wanted)
    target = _reshaped(shape, wanted)
    if target is not None:
        yield _repairs.insert_before(case, node_id, _repairs.layer("Reshape", target_shape=target))
    if wanted == 1:
        yield _repairs.insert_before(case, node_id, _repairs.layer("Flatten"))
    yield from _by_another_layer(case, step, shape)


def _by_the_layer_above(case: Case, before: GraphStep, wanted: int) -> Iterator[Repair]:
    if before.class_name in RECURRENT and wanted == 2:
        title = f"Let “{case.name(before.node_id)}” give every step"
        yield _repairs.set_param(case, before.node_id, "return_sequences", True, title)
    if before.class_name == "Flatten":
        taken = case.taken(before)
        layer = case.layers.get(before.node_id)
        if taken and layer is not None and len(layer.input_shape) == wanted:
            yield _repairs.remove_node(case, before.node_id)


def _reshaped(shape: Shape, wanted: int) -> tuple[int, ...] | None:
    """A shape with as many numbers and the wanted axes; None when there is no sensible one."""
    sizes = [size for size in shape if size is not None]
    if len(sizes) != len(shape) or not sizes:
        return None
    count = math.prod(sizes)
    match wanted, len(sizes):
        case 2, 1:
            return (count, 1)
        case 2, 3:
            return (sizes[0], sizes[1] * sizes[2])
        case 3, 1:
            return _as_picture(count)
        case 3, 2:
            return (sizes[0], sizes[1], 1)
        case 4, 3:
            return (*sizes, 1)
        case _:
            return None


def _as_picture(count: int) -> tuple[int, int, int] | None:
    """Height, width and channels: a square, grey or coloured, else the rectangle nearest to one."""
    for channels in (1, 3):
        side = math.isqrt(count // channels)
        if side >= 2 and side * side * channels == count:
            return (side, side, channels)
    height = next((size for size in range(math.isqrt(count), 1, -1) if count % size == 0), None)
    if height is None or count // height > 4 * height:
        return None
    return (height, count // height, 1)


def _by_another_layer(case: Case, step: GraphStep, shape: Shape) -> Iterator[Repair]:
    class_name = step.class_name
    other = re.sub(r"\dD$", f"{len(shape) - 1}D", class_name)
    if other != class_name and entry_of(other) is not None and step.kind == "layer":
        params = {name: _first(value) for name, value in step.params.items()}
        yield _repairs.replace_layer(case, step.node_id, other, params)
    if len(shape) == 1 and step.kind == "layer":
        units = step.params.get("filters", step.params.get("units"))
        if isinstance(units, int):
            activation: Value = step.params.get("activation") or "relu"
            yield _repairs.replace_layer(case, step.node_id, "Dense", {"units": units, "activation": activation})
    if "Pool" in class_name or "Dropout" in class_name or class_name == "Flatten":
        yield _repairs.remove_node(case, step.node_id)


def _first(value: Value) -> Value:
    """One number for all axes instead of one an axis."""
    if isinstance(value, tuple) and value and isinstance(value[0], int):
        return value[0]
    return value
