"""Defaults of a training, worked out from the data and the last layer, each with its reason."""

import msgspec

from workbench.domain.dataset import DatasetInfo
from workbench.domain.ending import Ending, ending, graph_ending
from workbench.domain.graph import GraphError, layout
from workbench.domain.heads import head_info, outputs_of
from workbench.domain.parts.metrics import named_metrics
from workbench.domain.project import Project
from workbench.domain.training import HeadSpec, ResolvedHead, ResolvedTraining
from workbench.domain.values import ObjectSpec

# With which power of the target's unit a loss grows.
_POWERS = {"MeanSquaredError": 2, "MeanAbsoluteError": 1, "Huber": 1, "LogCosh": 1}
# Weights between these are left at 1.
_FAR = (0.2, 5.0)
PROBABILITIES = frozenset({"softmax", "sigmoid", "hard_sigmoid", "sparsemax"})


def resolve(project: Project, info: DatasetInfo) -> ResolvedTraining:
    """The training of a project with every default filled in; what the person chose stays as it is."""
    training = project.training
    reasons: dict[str, str] = {}
    optimizer, batch_size = training.optimizer, training.batch_size
    if optimizer is None:
        optimizer, reasons["optimizer"] = default_optimizer()
    if batch_size is None:
        batch_size, reasons["batch_size"] = default_batch_size(info)
    heads = resolve_heads(project, info)
    if heads:
        return ResolvedTraining(optimizer, heads[0].loss, (), batch_size, reasons, heads)
    whole = _resolve_head(HeadSpec("", training.loss, training.metrics, 1.0), "", ending(project.model), info)
    metrics = named_metrics(whole.metrics, project.parts)
    return ResolvedTraining(optimizer, whole.loss, metrics, batch_size, reasons | whole.reasons)


def resolve_heads(project: Project, info: DatasetInfo) -> tuple[ResolvedHead, ...]:
    """How each output learns, in the order of the data's heads; empty where the data have one target."""
    if not info.heads:
        return ()
    try:
        graph = layout(project.model)
        outputs = outputs_of(graph, info)
        ends = [graph_ending(graph, name) for name in outputs]
    except GraphError:
        outputs, ends = (), []
    chosen = {head.name: head for head in project.training.heads}
    resolved: list[ResolvedHead] = []
    for head in info.heads:
        output = outputs[head.place] if head.place < len(outputs) else ""
        end = ends[head.place] if output else Ending()
        spec = chosen.get(head.name, HeadSpec(head.name))
        if spec.metrics is not None:
            spec = msgspec.structs.replace(spec, metrics=named_metrics(spec.metrics, project.parts))
        resolved.append(_resolve_head(spec, output, end, head_info(info, head)))
    return tuple(resolved)


def _resolve_head(spec: HeadSpec, output: str, end: Ending, info: DatasetInfo) -> ResolvedHead:
    reasons: dict[str, str] = {}
    loss, metrics = spec.loss, spec.metrics
    if loss is None:
        loss, reasons["loss"] = default_loss(end, info)
    if metrics is None:
        metrics, reasons["metrics"] = default_metrics(end, info)
    weight = spec.weight
    if weight is None:
        weight, reasons["weight"] = default_weight(loss, info)
    return ResolvedHead(spec.name, output, loss, metrics, weight, reasons)


def default_weight(loss: ObjectSpec, info: DatasetInfo) -> tuple[float, str]:
    """So much that a number of any unit counts about as much as a class: its squared error is one at the deviation."""
    std = info.target_std
    power = _POWERS.get(loss.class_name, 0) if info.task == "regression" else 0
    if not power or not std or _FAR[0] <= std**-power <= _FAR[1]:
        return 1.0, "Losses of all outputs count alike."
    weight = float(f"{std**-power:.2g}")
    how = "squared error" if power == 2 else "error"
    return weight, f"“{info.target}” spreads by {std:.3g}, so its {how} is made comparable to that of other outputs."


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
