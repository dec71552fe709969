"""Merge layers: with a single input, or with inputs that cannot be merged."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, Shape, entry_of, shown_shape
from workbench.domain.edits import set_inputs, set_params
from workbench.domain.entries import entry_shape
from workbench.domain.graph import GraphStep
from workbench.domain.problem import Problem, Repair
from workbench.domain.tree import Branches, Layer, Residual, children_of, walk
from workbench.domain.values import Value


def check(case: Case) -> Iterator[Problem]:
    """One problem for each merge layer with one input, and one for inputs of shapes that do not fit."""
    error = None if case.summary is None else case.summary.error
    for node_id, step in case.steps.items():
        entry = entry_of(step.class_name)
        if entry is None or not entry.merges or node_id not in case.nodes:
            continue
        if len(step.inputs) == 1:
            yield _single(case, step)
        elif error is not None and error.node_id == node_id:
            yield _shapes(case, step)


def _single(case: Case, step: GraphStep) -> Problem:
    name = case.name(step.node_id)
    return Problem(
        "merge_of_one",
        "warning"
        if step.class_name in ("Add", "Concatenate", "Average", "Multiply", "Maximum", "Minimum")
        else "error",
        f"“{name}” merges several inputs, but has only one. Name a second input, or remove it.",
        "A layer takes what stands above it; a merge layer needs its inputs named.",
        node_id=step.node_id,
        field="inputs",
        repairs=(*_second_input(case, step), _repairs.remove_node(case, step.node_id)),
    )


def _second_input(case: Case, step: GraphStep) -> Iterator[Repair]:
    """The nearest layer further up that gives the same shape as the one that is merged already."""
    first = case.taken(step)[0]
    known = case.layers.get(first.node_id)
    if (
        known is None
        or case.graph is None
        or first.node_id not in case.nodes
        or not isinstance(case.nodes[step.node_id], Layer)
    ):
        return
    above = case.graph.steps[: case.graph.steps.index(first)]
    for other in reversed(above):
        layer = case.layers.get(other.node_id)
        if layer is not None and other.node_id in case.nodes and layer.output_shape == known.output_shape:
            name = case.name(other.node_id)
            yield Repair(
                f"Take “{name}” as well",
                set_inputs(step.node_id, (other.node_id, first.node_id)),
                f"inputs of “{case.name(step.node_id)}”: “{name}” and “{case.name(first.node_id)}”",
            )
            return


def _shape_of(case: Case, step: GraphStep) -> Shape | None:
    """What a step gives; the tree's own input gives the data."""
    if step.node_id in case.layers:
        return case.layers[step.node_id].output_shape
    return entry_shape(step.name, case.info) if step.kind == "input" and case.info is not None else None


def _same_padding(case: Case, node: Residual | Branches) -> Iterator[Repair]:
    """Keep rows and columns in the layers of a residual, or of branches, that lose some at the edges."""
    classes = {each.id: entry_of(each.class_name) for each in walk(children_of(node)) if isinstance(each, Layer)}
    padded = [key for key, entry in classes.items() if entry and any(each.name == "padding" for each in entry.params)]
    used = [key for key in padded if key in case.steps]
    narrow = [key for key in used if case.steps[key].params.get("padding", "valid") == "valid"]
    if narrow:
        names = ", ".join(f"“{case.name(key)}”" for key in narrow)
        yield Repair(
            "Set padding to same", set_params(tuple(narrow), {"padding": "same"}), f"padding of {names}: valid → same"
        )


def _is_edges_alone(case: Case, node: Branches) -> bool:
    """Whether branches differ in rows and columns only by what their layers lose at the edges: none of them strides."""
    steps = [case.steps[each.id] for each in walk(node.branches) if isinstance(each, Layer) and each.id in case.steps]
    return all(_stride(step) == 1 for step in steps)


def _stride(step: GraphStep) -> Value:
    """By how much a layer moves on; None for one that changes rows and columns in other ways."""
    entry = entry_of(step.class_name)
    names = {param.name for param in entry.params} if entry else set()
    if "strides" not in names:
        return None if names & {"size", "cropping", "target_shape"} or "Global" in step.class_name else 1
    value = step.params.get("strides", None if "pool_size" in names else 1)
    return 1 if value == 1 or (isinstance(value, list | tuple) and set(value) == {1}) else None


def _shapes(case: Case, step: GraphStep) -> Problem:
    shapes = [shape for taken in case.taken(step) if (shape := _shape_of(case, taken)) is not None]
    listed = " and ".join(shown_shape(shape) for shape in shapes) or "different shapes"
    repairs: tuple[Repair, ...] = ()
    node = case.nodes[step.node_id]
    fits = shapes and all(shape[:-1] == shapes[0][:-1] for shape in shapes)
    if isinstance(node, Layer) and step.class_name != "Concatenate" and fits:
        repairs = (_repairs.replace_layer(case, step.node_id, "Concatenate"),)
    if isinstance(node, Layer):
        repairs = (*repairs, _repairs.remove_node(case, step.node_id))
    if isinstance(node, Residual) or (isinstance(node, Branches) and _is_edges_alone(case, node)):
        repairs = tuple(_same_padding(case, node))
    wants = "the same shape but for the last axis" if step.class_name == "Concatenate" else "the same shape"
    return Problem(
        "merge_shapes",
        "error",
        f"“{case.name(step.node_id)}” gets {listed}, but its inputs need {wants}. Change one of the branches.",
        "Merging works number by number, so there must be as many on each side.",
        node_id=step.node_id,
        repairs=repairs,
    )
