"""Defaults of a training, worked out from the data and the last layer, each with its reason."""

from workbench.domain.dataset import DatasetInfo
from workbench.domain.ending import Ending, ending
from workbench.domain.project import Project
from workbench.domain.training import ResolvedTraining
from workbench.domain.values import ObjectSpec

PROBABILITIES = frozenset({"softmax", "sigmoid", "hard_sigmoid", "sparsemax"})


def resolve(project: Project, info: DatasetInfo) -> ResolvedTraining:
    """The training of a project with every default filled in; what the person chose stays as it is."""
    training = project.training
    end = ending(project.model)
    reasons: dict[str, str] = {}
    optimizer, loss, metrics, batch_size = training.optimizer, training.loss, training.metrics, training.batch_size
    if optimizer is None:
        optimizer, reasons["optimizer"] = default_optimizer()
    if loss is None:
        loss, reasons["loss"] = default_loss(end, info)
    if metrics is None:
        metrics, reasons["metrics"] = default_metrics(end, info)
    if batch_size is None:
        batch_size, reasons["batch_size"] = default_batch_size(info)
    return ResolvedTraining(optimizer=optimizer, loss=loss, metrics=metrics, batch_size=batch_size, reasons=reasons)


def default_optimizer() -> tuple[ObjectSpec, str]:
    """Adam at Keras' own learning rate."""
    return ObjectSpec("Adam", {"learning_rate": 0.001}), "Adam suits most networks without tuning."


def default_loss(end: Ending, info: DatasetInfo) -> tuple[ObjectSpec, str]:
    """The loss that fits the task, the labels and the activation of the last layer."""
    if info.task == "reconstruction":
        return _reconstruction_loss(end, info)
    if info.task == "regression":
        return ObjectSpec("MeanSquaredError"), "The target is a number, so the squared error is made small."
    logits = gives_logits(end)
    params: dict[str, bool] = {"from_logits": True} if logits else {}
    ends_in = "The last layer has no softmax or sigmoid, so it gives logits" if logits else "The last layer gives"
    if info.task == "multilabel":
        given = ends_in if logits else f"{ends_in} one probability a label"
        return ObjectSpec("BinaryCrossentropy", {**params}), f"{given}, and each label is a yes or a no of its own."
    if is_single_unit(end, info):
        given = ends_in if logits else f"{ends_in} one probability"
        return ObjectSpec("BinaryCrossentropy", {**params}), f"{given}, and there are two classes."
    given = ends_in if logits else f"{ends_in} one probability a class"
    if info.labels == "one_hot":
        return ObjectSpec("CategoricalCrossentropy", {**params}), f"{given}, and the labels are one-hot."
    return ObjectSpec("SparseCategoricalCrossentropy", {**params}), f"{given}, and the labels are class numbers."


def _reconstruction_loss(end: Ending, info: DatasetInfo) -> tuple[ObjectSpec, str]:
    """Of pictures from 0 to 1 each dot is taken as a probability, where the network gives such."""
    if info.form in ("pictures", "volumes") and info.learns_shares and end.activation == "sigmoid":
        return ObjectSpec("BinaryCrossentropy"), "Dots and outputs lie between 0 and 1, as probabilities do."
    return ObjectSpec("MeanSquaredError"), "Input and output are numbers, so their squared difference is made small."


def default_metrics(end: Ending, info: DatasetInfo) -> tuple[tuple[ObjectSpec, ...], str]:
    """Accuracy for classes, in the variant that fits the labels; the mean absolute error for numbers."""
    if info.learns_numbers:
        reason = "The mean absolute error has the unit of the target, so it is easy to read."
        if info.task == "reconstruction":
            reason = "The mean absolute error says how far the output is off the input."
        return (ObjectSpec("MeanAbsoluteError", {"name": "mae"}),), reason
    if info.task == "multilabel":
        cut = {"threshold": 0.0} if gives_logits(end) else {}
        metric = ObjectSpec("BinaryAccuracy", {"name": "binary_accuracy", **cut})
        return (metric,), "The share of all labels that are told right; it is high at once where most are absent."
    if info.task == "segmentation":
        if info.learns_steps:
            return _segmentation_metrics(end, info)[:1], "The share of steps that are classed right."
        return _segmentation_metrics(end, info), "The share of dots that are classed right, and how well areas overlap."
    if is_single_unit(end, info):
        if gives_logits(end):
            metric = ObjectSpec("BinaryAccuracy", {"name": "accuracy", "threshold": 0.0})
            return (metric,), "A logit above zero counts as the second class."
        return (ObjectSpec("BinaryAccuracy", {"name": "accuracy"}),), "The share of samples that are classed right."
    name = "CategoricalAccuracy" if info.labels == "one_hot" else "SparseCategoricalAccuracy"
    return (ObjectSpec(name, {"name": "accuracy"}),), "The share of samples that are classed right."


def _segmentation_metrics(end: Ending, info: DatasetInfo) -> tuple[ObjectSpec, ...]:
    """Accuracy over all dots, and the mean over the classes of how much of both areas is common to them (IoU)."""
    name = {"name": "mean_iou"}
    if is_single_unit(end, info):
        cut = {"threshold": 0.0} if gives_logits(end) else {}
        accuracy = ObjectSpec("BinaryAccuracy", {"name": "accuracy", **cut})
        return accuracy, ObjectSpec("BinaryIoU", {**cut, **name})
    count = len(info.classes)
    if info.labels == "one_hot":
        overlap = ObjectSpec("OneHotMeanIoU", {"num_classes": count, **name})
        return ObjectSpec("CategoricalAccuracy", {"name": "accuracy"}), overlap
    overlap = ObjectSpec("MeanIoU", {"num_classes": count, "sparse_y_pred": False, **name})
    return ObjectSpec("SparseCategoricalAccuracy", {"name": "accuracy"}), overlap


def default_batch_size(info: DatasetInfo) -> tuple[int, str]:
    """32, and less for so few samples that an epoch would have hardly a step."""
    samples = info.sizes.get("train", 0)
    if samples < 200:
        return 8, f"There are only {samples} training samples, so small batches give more steps in each epoch."
    if samples < 640:
        return 16, f"There are {samples} training samples, so smaller batches give more steps in each epoch."
    return 32, "32 samples a step is a good balance of speed and learning."


def default_monitor(info: DatasetInfo) -> str:
    """What early stopping and the best checkpoint watch: the validation loss, or without such a part the loss."""
    return "val_loss" if info.sizes.get("validation", 0) else "loss"


def gives_logits(end: Ending) -> bool:
    """Whether the outputs are not probabilities yet. False where the activation cannot be known."""
    return end.activation is not None and end.activation not in PROBABILITIES


def is_single_unit(end: Ending, info: DatasetInfo) -> bool:
    """Whether two classes are told apart by one output (for each dot, where each has a class)."""
    two = info.task == "binary" or (info.task == "segmentation" and len(info.classes) == 2)
    return two and info.labels != "one_hot" and end.units == 1
