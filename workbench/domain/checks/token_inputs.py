"""Numbers of tokens, made of a table's texts: where they enter the network as if they were quantities, and where an
empty text gives no number."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.checks.embedding import EMBEDDINGS
from workbench.domain.dataset import DatasetInfo, TextInfo
from workbench.domain.edits import bag_of_words, own_text_input
from workbench.domain.entries import entry
from workbench.domain.graph import GraphStep
from workbench.domain.problem import Problem, Repair

WIDTH = 32
PASSES_ON = frozenset({"Reshape", "Flatten", "Permute", "Identity", "Masking"})
EMPTY = "Without a word all of the row is padding, and the mean of no vectors at all is no number."
WHY = "The number of a word is a name: 7 is no more than 3. An Embedding learns a vector for each."


def check(case: Case) -> Iterator[Problem]:
    """One problem for each column of tokens beside other numbers, for each layer that takes tokens as they are, and for
    each mean of a text that may be empty."""
    info = case.info
    if info is None or case.graph is None or not case.has_layers:
        return
    for step in case.graph.steps:
        if step.kind != "input":
            continue
        taken = entry(step.name, info.inputs)
        places = frozenset(range(info.input_shape[0]) if taken is None else taken.places) if info.texts else frozenset()
        vocabulary = info.vocabulary_size if taken is None else taken.vocabulary_size
        tokens = [each for each in info.texts if each.vocabulary_size is not None and places & set(each.places)]
        if tokens and vocabulary is None:
            if taken is not None or not _has_own_input(tokens[0], info):
                yield _beside_numbers(tokens[0], info)
        elif tokens and vocabulary is not None:
            yield from _not_embedded(case, step, tokens[0], vocabulary)
            yield from _mean_of_nothing(case, step, tokens)


def _has_own_input(text: TextInfo, info: DatasetInfo) -> bool:
    """Whether the data have an input for it, which the network need only take."""
    return any(each.vocabulary_size is not None and set(text.places) <= set(each.places) for each in info.inputs)


def _beside_numbers(text: TextInfo, info: DatasetInfo) -> Problem:
    features = tuple(column.name for column in info.columns if column.role == "feature")
    own = Repair(
        "Give them an input of their own",
        own_text_input(text.column, info.columns),
        f"“{text.column}” enters by an input of its own",
    )
    bag = Repair("Make a bag of words", bag_of_words(text.column), f"“{text.column}” becomes a bag of words")
    return Problem(
        "tokens_beside_numbers",
        "warning",
        f"The token numbers of “{text.column}” enter beside other numbers. Give them an input of their own, or make a "
        "bag of the words.",
        WHY,
        repairs=(own, bag) if len(features) > 1 else (bag,),
    )


def _not_embedded(case: Case, given: GraphStep, text: TextInfo, vocabulary: int) -> Iterator[Problem]:
    for step in case.by_name.values():
        if step.node_id not in case.nodes or step.class_name in EMBEDDINGS | PASSES_ON or step.kind == "input":
            continue
        if not _gets(case, step, given):
            continue
        name = case.name(step.node_id)
        embedding = _repairs.layer("Embedding", input_dim=vocabulary, output_dim=WIDTH)
        pooling = _repairs.layer("GlobalAveragePooling1D")
        new = (embedding,) if _reads_sequences(step) else (embedding, pooling)
        yield Problem(
            "tokens_without_embedding",
            "warning",
            f"“{name}” takes the token numbers of “{text.column}” as quantities. Put an Embedding before it.",
            WHY,
            node_id=step.node_id,
            repairs=(_repairs.insert_before(case, step.node_id, *new),),
        )


def _mean_of_nothing(case: Case, given: GraphStep, tokens: list[TextInfo]) -> Iterator[Problem]:
    missing = {column.name: column.missing for column in case.info.columns} if case.info is not None else {}
    empty = next((each.column for each in tokens if missing.get(each.column)), None)
    for step in case.by_name.values():
        taken = case.taken(step)
        if empty is None or step.class_name != "GlobalAveragePooling1D" or not taken:
            continue
        embedding = taken[0]
        masks = embedding.class_name == "Embedding" and embedding.params.get("mask_zero") is True
        if masks and embedding.node_id in case.nodes and _gets(case, embedding, given):
            yield Problem(
                "mean_of_nothing",
                "warning",
                f"“{empty}” is empty in {missing[empty]:,} rows, and “{case.name(step.node_id)}” gives no number for "
                "them. Let padding count.",
                EMPTY,
                node_id=embedding.node_id,
                field="mask_zero",
                repairs=(_repairs.set_param(case, embedding.node_id, "mask_zero", False),),
            )


def _gets(case: Case, step: GraphStep, given: GraphStep) -> bool:
    """Whether a step takes what comes in by an input, but for layers that only change its form."""
    waiting, seen = list(case.taken(step)), set[str]()
    while waiting:
        before = waiting.pop()
        if before.name == given.name:
            return True
        if before.name not in seen and before.class_name in PASSES_ON:
            seen.add(before.name)
            waiting += case.taken(before)
    return False


def _reads_sequences(step: GraphStep) -> bool:
    return step.class_name in ("LSTM", "GRU", "SimpleRNN", "Bidirectional", "Conv1D", "GlobalAveragePooling1D")
