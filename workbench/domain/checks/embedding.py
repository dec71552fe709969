"""An Embedding against the numbers that it gets: those of its input where that takes a part of the data."""

from collections.abc import Iterator

import msgspec

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.dataset import DatasetInfo, InputInfo
from workbench.domain.edits import set_data
from workbench.domain.entries import entry
from workbench.domain.graph import GraphStep
from workbench.domain.problem import Problem, Repair

EMBEDDINGS = frozenset({"Embedding", "ReversibleEmbedding"})
MOST_WORDS = 10_000_000


def check(case: Case) -> Iterator[Problem]:
    """One problem for each embedding that takes the data themselves."""
    if case.info is None:
        return
    for step in case.steps.values():
        if step.class_name not in EMBEDDINGS or step.node_id not in case.nodes:
            continue
        given = _input_of(case, step)
        if given is not None:
            taken = entry(given.name, case.info.inputs)
            needed = _needed(case.info, taken)
            yield from _against(case, step, case.info, needed, taken is not None and taken.vocabulary_size is not None)


def _input_of(case: Case, step: GraphStep) -> GraphStep | None:
    """The input whose numbers a step gets as they are."""
    taken = case.taken(step)
    while taken and taken[0].class_name in ("Reshape", "Flatten", "Permute"):
        taken = case.taken(taken[0])
    return taken[0] if taken and taken[0].kind == "input" else None


def _against(case: Case, step: GraphStep, info: DatasetInfo, needed: int, only_tokens: bool) -> Iterator[Problem]:
    name = case.name(step.node_id)
    if not only_tokens and not info.integer_input:
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
    words = step.params.get("input_dim")
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


def _needed(info: DatasetInfo, taken: InputInfo | None) -> int:
    """How many numbers come in by an input that takes this part of the data, or all of them."""
    if taken is not None and taken.vocabulary_size is not None:
        return taken.vocabulary_size
    tokens = [each.vocabulary_size or 0 for each in info.texts] if taken is None else []
    return max(int(info.input_high) + 1, info.vocabulary_size or 0, *tokens)


def _unscaled(case: Case, info: DatasetInfo) -> tuple[Repair, ...]:
    if info.scaling == "none":
        return ()
    data = msgspec.structs.replace(case.project.data, scaling="none")
    return (Repair("Leave the data unscaled", set_data(data), f"scaling of the data: {info.scaling} → none"),)
