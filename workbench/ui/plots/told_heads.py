"""What several outputs say of a sample, in a line each."""

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.domain.dataset import DatasetInfo, HeadInfo
from workbench.protocol.events import Probed
from workbench.protocol.probes import head_prediction, head_truth
from workbench.ui.arrays import to_numpy
from workbench.ui.plots.names import number


def told_heads(info: DatasetInfo, event: Probed) -> list[str]:
    """A line for each output of an answer of the probe `feature_maps`: "fuel: diesel 93 % (right)"."""
    lines: list[str] = []
    for head in info.heads:
        array = event.arrays.get(head_prediction(head.name))
        if array is None:
            continue  # an answer about a run with other targets
        values = to_numpy(array).astype(np.float64).ravel()
        lines.append(told_head(head, values.tolist(), truth_of(event, head)))
    return lines


def truth_of(event: Probed, head: HeadInfo) -> float | None:
    """The right class number or number of an output, None where it is not known."""
    truth = event.facts.get(head_truth(head.name))
    return float(truth) if isinstance(truth, int | float) else None


def told_head(head: HeadInfo, values: list[float], truth: float | None) -> str:
    """What one output says in its probabilities, or its number."""
    if head.classes and len(values) == 1:
        values = [1 - values[0], values[0]]
    if not head.classes:
        told = f"{head.target}: {number(values[0])}"
        return told if truth is None else _tr("{0} (right is {1})").format(told, number(truth))
    best = int(np.argmax(values))
    told = f"{head.target}: {head.classes[best]} {values[best]:.0%}"
    if truth is None:
        return told
    right = int(truth)
    return (
        _tr("{0} (right)").format(told) if right == best else _tr("{0} (it is {1})").format(told, head.classes[right])
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("PredictionView", text)
