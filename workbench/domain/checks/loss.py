"""A loss that a person chose, against the labels and the last layer. The default loss always fits."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.dataset import DatasetInfo
from workbench.domain.defaults import PROBABILITIES, default_loss, gives_logits
from workbench.domain.problem import Problem, Repair
from workbench.domain.values import ObjectSpec

OF_OUTPUT = True

SPARSE = frozenset({"SparseCategoricalCrossentropy"})
ONE_HOT = frozenset(
    {
        "CategoricalCrossentropy",
        "CategoricalFocalCrossentropy",
        "CategoricalHinge",
        "CategoricalGeneralizedCrossEntropy",
    }
)
BINARY = frozenset({"BinaryCrossentropy", "BinaryFocalCrossentropy", "Hinge", "SquaredHinge"})
NUMBERS = frozenset(
    {
        "MeanSquaredError",
        "MeanAbsoluteError",
        "MeanAbsolutePercentageError",
        "MeanSquaredLogarithmicError",
        "Huber",
        "LogCosh",
        "Poisson",
    }
)


# These take any number from 0 to 1 for a probability, so pictures can be learned with them.
_SHARES = frozenset({"BinaryCrossentropy", "BinaryFocalCrossentropy"})


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, of the training."""
    loss, info = case.project.training.loss, case.info
    if loss is None or info is None or not case.has_layers:
        return
    mismatch = _mismatch(loss.class_name, info, case.outputs)
    if mismatch:
        yield Problem(
            "loss_against_labels",
            "error",
            f"The loss {loss.class_name} {mismatch}. Choose {default_loss(case.end, info)[0].class_name}.",
            "A loss that does not fit the labels compares them in a way that means nothing, or stops the training.",
            field="loss",
            repairs=(_default(case, info),),
        )
        return
    yield from _logits(case, loss, info)


def _default(case: Case, info: DatasetInfo) -> Repair:
    fitting = default_loss(case.end, info)[0]
    before = case.project.training.loss
    old = "" if before is None else _shown(before)
    return _repairs.training(
        case, "loss", None, f"Use {_shown(fitting)}", f"loss: {old} → {_shown(fitting)} (the default here)"
    )


def _shown(loss: ObjectSpec) -> str:
    return f"{loss.class_name} from logits" if loss.params.get("from_logits") else loss.class_name


def _mismatch(name: str, info: DatasetInfo, outputs: int | None) -> str:
    """Why a loss does not fit, as the end of a sentence; empty when it fits or is not known here."""
    if info.learns_numbers:
        if name in _SHARES and info.learns_places and info.learns_shares:
            return ""
        return "is for classes, but the target is a number" if name in SPARSE | ONE_HOT | BINARY else ""
    if info.task == "multilabel":
        return "is for one class a sample, but it can have several labels" if name in SPARSE | ONE_HOT else ""
    is_one_hot = info.labels == "one_hot"
    if name in SPARSE and is_one_hot:
        return "wants class numbers, but the labels are one-hot"
    if name in SPARSE and outputs == 1:
        return "wants one output for each class, but there is only one"
    if name in ONE_HOT and not is_one_hot:
        return "wants one-hot labels, but the labels are class numbers"
    if name in BINARY and not is_one_hot and (info.task == "multiclass" or (outputs or 1) > 1):
        return f"is for one output and two classes, but there are {outputs or len(info.classes)} outputs"
    if name in NUMBERS and not is_one_hot and (info.task == "multiclass" or (outputs or 1) > 1):
        return "is for numbers, but the labels are class numbers"
    return ""


def _logits(case: Case, loss: ObjectSpec, info: DatasetInfo) -> Iterator[Problem]:
    """Softmax or sigmoid twice, or not at all."""
    end = case.end
    if loss.class_name not in SPARSE | {"CategoricalCrossentropy", "CategoricalFocalCrossentropy"} | BINARY:
        return
    if loss.class_name in ("Hinge", "SquaredHinge") or end.activation is None:
        return
    from_logits = bool(loss.params.get("from_logits", False))
    single = loss.class_name in BINARY
    activation = "sigmoid" if single else "softmax"
    if from_logits and end.activation in PROBABILITIES:
        message = f"The last layer has {end.activation} already, but with from_logits the loss applies it again."
        detail = "Applied twice, the probabilities become nearly equal, and the network hardly learns."
    elif not from_logits and gives_logits(end):
        message = (
            f"The last layer gives logits, but the loss takes them for probabilities. Set from_logits or {activation}."
        )
        detail = "Without softmax or sigmoid the outputs are any numbers, and their logarithm means nothing."
    else:
        return
    repairs = [_switched(case, loss, not from_logits)]
    if not from_logits and end.activation_id in case.nodes and end.activation_id and end.activation_param:
        repairs.append(_repairs.set_param(case, end.activation_id, end.activation_param, activation))
    yield Problem(
        "logits_against_loss", "error", message, detail, node_id=end.activation_id, field="loss", repairs=tuple(repairs)
    )


def _switched(case: Case, loss: ObjectSpec, from_logits: bool) -> Repair:
    changed = ObjectSpec(loss.class_name, loss.params | {"from_logits": from_logits})
    preview = f"from_logits of {loss.class_name}: {not from_logits} → {from_logits}"
    return _repairs.training(case, "loss", changed, f"Set from_logits to {from_logits}", preview)
