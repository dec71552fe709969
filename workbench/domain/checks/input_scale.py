"""Large inputs that nothing scales."""

from collections.abc import Iterator

import msgspec

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.checks.embedding import EMBEDDINGS
from workbench.domain.edits import set_data
from workbench.domain.graph import GraphStep
from workbench.domain.problem import Problem, Repair
from workbench.domain.tree import Base

LARGE = 20.0
SCALES = EMBEDDINGS | {
    "Normalization",
    "BatchNormalization",
    "LayerNormalization",
    "GroupNormalization",
    "RMSNormalization",
    "UnitNormalization",
    "Rescaling",
    "CategoryEncoding",
    "Discretization",
    "Hashing",
    "IntegerLookup",
}
PASSES_ON = frozenset({"Flatten", "Reshape", "Permute", "Identity", "RepeatVector"})


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, of the data."""
    info = case.info
    if info is None or info.scaling != "none" or not case.has_layers:
        return
    if any(isinstance(node, Base) and node.pixels and node.enabled for node in case.nodes.values()):
        return  # it scales pictures itself
    if info.texts and info.vocabulary_size is not None:
        return  # there is nothing but tokens of a table's texts, which another check looks at
    largest = max(abs(info.input_low), abs(info.input_high))
    first = [step for step in case.by_name.values() if step.is_layer and takes_the_data(case, step)]
    if largest <= LARGE or not first or all(step.class_name in SCALES for step in first):
        return
    data = msgspec.structs.replace(case.project.data, scaling="standardize")
    preview = f"scaling of the data: {case.project.data.scaling} → standardize"
    repairs = [Repair("Standardize the data", set_data(data), preview)]
    if len(first) == 1 and first[0].node_id in case.nodes:
        repairs.append(_repairs.insert_before(case, first[0].node_id, _repairs.layer("BatchNormalization")))
    yield Problem(
        "unscaled_inputs",
        "warning",
        f"The inputs go from {info.input_low:.4g} to {info.input_high:.4g} and nothing scales them. Standardize them.",
        "Networks learn best from numbers around 0, of the size of 1. With larger ones training is slow or fails.",
        field="scaling",
        repairs=tuple(repairs),
    )


def takes_the_data(case: Case, step: GraphStep) -> bool:
    """Whether a step is the first that does something with the data."""
    if step.class_name in PASSES_ON:
        return False
    waiting = list(case.taken(step))
    seen: set[str] = set()
    while waiting:
        before = waiting.pop()
        if before.name in seen:
            continue
        seen.add(before.name)
        if before.kind == "input":
            return True
        if before.class_name in PASSES_ON:
            waiting += case.taken(before)
    return False
