"""RandomCrop inside a network: outside of training Keras 3.15 leaves the picture as large as it was."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, shown_shape
from workbench.domain.edits import set_params
from workbench.domain.problem import Problem, Repair


def check(case: Case) -> Iterator[Problem]:
    """One problem for each RandomCrop that gives another size than it takes."""
    for node_id, layer in case.layers.items():
        if layer.class_name != "RandomCrop" or layer.input_shape == layer.output_shape or node_id not in case.nodes:
            continue
        name, before = case.name(node_id), layer.input_shape
        size = {"height": before[0], "width": before[1]}
        yield Problem(
            "random_crop",
            "warning",
            f"“{name}” cuts pictures to {shown_shape(layer.output_shape)} only while training; in validation they stay "
            f"{shown_shape(before)}, which later layers may not take. Keep the size, or end with a global pooling.",
            "Keras' RandomCrop changes nothing outside of training.",
            node_id=node_id,
            repairs=(
                Repair("Keep the size", set_params((node_id,), size), f"size of “{name}”: {shown_shape(before)}"),
                _repairs.remove_node(case, node_id),
            ),
        )
