"""An Embedding against the numbers that it gets."""

from collections.abc import Iterator

import msgspec

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.dataset import DatasetInfo
from workbench.domain.edits import set_data
from workbench.domain.graph import GraphStep
from workbench.domain.problem import Problem, Repair

EMBEDDINGS = frozenset({"Embedding", "ReversibleEmbedding"})
MOST_WORDS = 10_000_000


def check(case: Case) -> Iterator[Problem]:
    """One problem for each embedding that takes the data themselves."""
    if case.info is None:
        return
    for step in case.steps.values():
        if step.class_name in EMBEDDINGS and step.node_id in case.nodes and _takes_the_data(case, step):
            yield from _against(case, step, case.info)


def _takes_the_data(case: Case, step: GraphStep) -> bool:
    taken = case.taken(step)
    while taken and taken[0].class_name in ("Reshape", "Flatten", "Permute"):
        taken = case.taken(taken[0])
    return bool(taken) and taken[0].kind == "input"


def _against(case: Case, step: GraphStep, info: DatasetInfo) -> Iterator[Problem]:
    name = case.name(step.node_id)
    if not info.integer_input:
        yield Problem(
            "embedding_of_fractions",
            "error",
            f"“{name}” needs whole numbers from 0 on, but gets {info.input_low:.4g} to {info.input_high:.4g}."
            " Use a Dense layer for them"
            + (", or leave the data unscaled if they are whole numbers." if info.scaling != "none" else "."),
            "An embedding looks up a vector by its number, as for words. Other numbers would be cut to whole ones.",
            node_id=step.node_id,
            repairs=(*_unscaled(case, info), _repairs.remove_node(case, step.node_id)),
        )
        return
    words, needed = step.params.get("input_dim"), max(int(info.input_high) + 1, info.vocabulary_size or 0)
    if isinstance(words, int) and 0 < words < needed <= MOST_WORDS:
        yield Problem(
            "embedding_range",
            "error",
            f"“{name}” has vectors for the numbers 0 to {words - 1:,}, but the data go up to {needed - 1:,}."
            f" Set input_dim to {needed:,}.",
            "A number beyond the table gives nonsense on a GPU, and stops the training on a CPU.",
            node_id=step.node_id,
            field="input_dim",
            repairs=(_repairs.set_param(case, step.node_id, "input_dim", needed),),
        )


def _unscaled(case: Case, info: DatasetInfo) -> tuple[Repair, ...]:
    if info.scaling == "none":
        return ()
    data = msgspec.structs.replace(case.project.data, scaling="none")
    return (Repair("Leave the data unscaled", set_data(data), f"scaling of the data: {info.scaling} → none"),)
