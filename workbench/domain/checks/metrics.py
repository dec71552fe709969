"""Metrics that a person chose, against the labels."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.dataset import DatasetInfo
from workbench.domain.defaults import default_metrics
from workbench.domain.problem import Problem, Repair
from workbench.domain.values import ObjectSpec

OF_OUTPUT = True

SPARSE = frozenset({"SparseCategoricalAccuracy", "SparseTopKCategoricalAccuracy", "SparseCategoricalCrossentropy"})
ONE_HOT = frozenset(
    {
        "CategoricalAccuracy",
        "TopKCategoricalAccuracy",
        "CategoricalCrossentropy",
        "CategoricalHinge",
        "F1Score",
        "FBetaScore",
        "OneHotIoU",
        "OneHotMeanIoU",
    }
)
SINGLE = frozenset(
    {
        "BinaryAccuracy",
        "BinaryIoU",
        "BinaryCrossentropy",
        "Precision",
        "Recall",
        "AUC",
        "TruePositives",
        "TrueNegatives",
        "FalsePositives",
        "FalseNegatives",
        "PrecisionAtRecall",
        "RecallAtPrecision",
        "SensitivityAtSpecificity",
        "SpecificityAtSensitivity",
    }
)


def check(case: Case) -> Iterator[Problem]:
    """One problem for each metric that does not fit."""
    info, metrics = case.info, case.project.training.metrics
    if info is None or not metrics or not case.has_layers:
        return
    for place, metric in enumerate(metrics):
        mismatch = _mismatch(metric.class_name, info, case.outputs)
        if mismatch:
            yield Problem(
                "metric_against_labels",
                "error",
                f"The metric {metric.class_name} {mismatch}. Replace or remove it.",
                "Its values would mean nothing, or the training would stop at the first epoch's end.",
                field="metrics",
                repairs=tuple(_offers(case, info, metrics, place)),
            )


def _mismatch(name: str, info: DatasetInfo, outputs: int | None) -> str:
    if info.learns_numbers:
        return "is for classes, but the target is a number" if name in SPARSE | ONE_HOT | SINGLE else ""
    if info.task == "multilabel":
        single = name in SPARSE | ONE_HOT - {"F1Score", "FBetaScore"}
        return "is for one class a sample, but it can have several labels" if single else ""
    is_one_hot = info.labels == "one_hot"
    if name in SPARSE and is_one_hot:
        return "wants class numbers, but the labels are one-hot"
    if name in SPARSE and outputs == 1:
        return "wants one output for each class, but there is only one"
    if name in ONE_HOT and not is_one_hot:
        return "wants one-hot labels, but the labels are class numbers"
    if name in SINGLE and not is_one_hot and (outputs or 1) > 1:
        return f"is for one output, but there are {outputs}"
    if name == "Accuracy" and not is_one_hot:
        return "counts only outputs that equal the label exactly, which probabilities never do"
    return ""


def _offers(case: Case, info: DatasetInfo, metrics: tuple[ObjectSpec, ...], place: int) -> Iterator[Repair]:
    name = metrics[place].class_name
    others = metrics[:place] + metrics[place + 1 :]
    fitting = default_metrics(case.end, info)[0][0]
    if all(other.class_name != fitting.class_name for other in others):
        replaced = (*metrics[:place], fitting, *metrics[place + 1 :])
        preview = f"metrics: {name} → {fitting.class_name}"
        yield _repairs.training(case, "metrics", replaced, f"Use {fitting.class_name}", preview)
    yield _repairs.training(case, "metrics", others, f"Remove {name}", f"metrics: remove {name}")
