"""What a network's outputs mean: probabilities of classes, or numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import DatasetInfo
from workbench.domain.defaults import gives_logits
from workbench.domain.ending import Ending, ending, graph_ending
from workbench.domain.graph import GraphError, layout
from workbench.domain.heads import head_info, outputs_of
from workbench.domain.project import Project

Floats = NDArray[np.float32]


def values_of_heads(project: Project, info: DatasetInfo, outputs: Sequence[Any]) -> list[Floats]:
    """What each of several outputs (n, units) says: probabilities (n, classes), or numbers (n, 1)."""
    try:
        graph = layout(project.model)
        ends = [graph_ending(graph, name) for name in outputs_of(graph, info)]
    except GraphError:
        ends = [Ending()] * len(outputs)
    return [
        probabilities(project, head_info(info, head), np.asarray(output, np.float32), end)
        for head, output, end in zip(info.heads, outputs, ends, strict=True)
    ]


def probabilities(project: Project, info: DatasetInfo, outputs: Floats, end: Ending | None = None) -> Floats:
    """Outputs (n, units) as probabilities (n, classes), logits turned into them; a single unit of a binary task gives
    both. For regression the numbers themselves, (n, k). Where something is learned for each place, the outputs keep
    their shape: (n, height, width, classes) for masks, or numbers. `end` says how the output ends, None: the first."""
    if not info.learns_places:
        outputs = outputs.reshape(len(outputs), -1)
    if info.learns_numbers:
        return outputs
    logits = gives_logits(end or ending(project.model))
    if info.task == "multilabel":
        return _sigmoid(outputs) if logits else outputs
    if outputs.shape[-1] == 1 and len(info.classes) == 2:
        second = _sigmoid(outputs) if logits else outputs
        return np.concatenate([1 - second, second], axis=-1)
    return _softmax(outputs) if logits else outputs


def _sigmoid(logits: Floats) -> Floats:
    result: Floats = np.exp(-np.logaddexp(np.float32(0), -logits)).astype(np.float32)
    return result


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Floats = (powers / powers.sum(axis=-1, keepdims=True)).astype(np.float32)
    return result


def label_names(info: DatasetInfo, has: NDArray[Any]) -> str:
    """The names of the labels that are there (labels,), in a row; "none" where there is none."""
    return ", ".join(class_name(info, int(number)) for number in np.flatnonzero(has)) or "none"


def named_numbers(info: DatasetInfo, values: NDArray[Any]) -> str:
    """Numbers that were learned (k,), with their names where there are several that have one."""
    names = [f"{each.name} " for each in info.targets] or [""] * len(values)
    return ", ".join(f"{name}{value:g}" for name, value in zip(names, values.tolist(), strict=True))


def class_name(info: DatasetInfo, number: int) -> str:
    """The name of a class, or its number where it has none."""
    return info.classes[number] if 0 <= number < len(info.classes) else str(number)
