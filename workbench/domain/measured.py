"""What is measured in a training: the names that Keras gives to losses and metrics in its logs."""

from collections.abc import Sequence

from workbench.domain.naming import snake
from workbench.domain.training import ResolvedTraining
from workbench.domain.values import ObjectSpec

# Metrics of which more is better, as Keras has it in their `_direction`.
GO_UP = frozenset(
    {
        "AUC",
        "Accuracy",
        "BinaryAccuracy",
        "BinaryIoU",
        "CategoricalAccuracy",
        "ConcordanceCorrelation",
        "CosineSimilarity",
        "F1Score",
        "FBetaScore",
        "IoU",
        "MeanIoU",
        "OneHotIoU",
        "OneHotMeanIoU",
        "PearsonCorrelation",
        "Precision",
        "PrecisionAtRecall",
        "R2Score",
        "Recall",
        "RecallAtPrecision",
        "SensitivityAtSpecificity",
        "SparseCategoricalAccuracy",
        "SparseTopKCategoricalAccuracy",
        "SpecificityAtSensitivity",
        "TopKCategoricalAccuracy",
    }
)


def metric_name(metric: ObjectSpec) -> str:
    """What Keras calls a metric in its logs: its `name`, or one made from the class."""
    name = metric.params.get("name")
    return name if isinstance(name, str) and name else snake(metric.class_name)


def measured_names(training: ResolvedTraining) -> list[str]:
    """The loss and all metrics, each output's with its name before it where there are several."""
    if not training.heads:
        return ["loss", *_metric_names(training.metrics)]
    outputs = [(head.output or head.name, head) for head in training.heads]
    losses = [f"{output}_loss" for output, _ in outputs]
    metrics = [f"{output}_{name}" for output, head in outputs for name in _metric_names(head.metrics)]
    return ["loss", *losses, *metrics]


def _metric_names(metrics: Sequence[ObjectSpec]) -> list[str]:
    return [metric_name(metric) for metric in metrics]
