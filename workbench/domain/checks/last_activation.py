"""The activation of the last layer against the task."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.dataset import DatasetInfo
from workbench.domain.problem import Problem, Repair

OF_OUTPUT = True

RANGES = {
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
    "relu": (0.0, float("inf")),
    "relu6": (0.0, 6.0),
    "softplus": (0.0, float("inf")),
    "exponential": (0.0, float("inf")),
}
# Activations that hidden layers have, and that cut off or bend what the loss takes for logits.
HIDDEN = frozenset(
    {
        "relu",
        "relu6",
        "leaky_relu",
        "elu",
        "selu",
        "gelu",
        "silu",
        "swish",
        "tanh",
        "softplus",
        "softsign",
        "mish",
        "prelu",
    }
)


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, on the layer whose activation comes last."""
    end, info = case.end, case.info
    if info is None or end.activation_id not in case.nodes or end.activation is None:
        return
    if end.activation == "softmax" and case.outputs == 1:
        yield _softmax_of_one(case, info)
    elif info.learns_numbers:
        yield from _bounded(case, info)
    elif info.task == "multilabel":
        yield from _of_labels(case)
    elif end.activation in ("sigmoid", "hard_sigmoid") and (case.outputs or 0) > 1:
        yield _sigmoid_of_many(case)
    elif end.activation in HIDDEN:
        yield _hidden(case, info)


def _problem(case: Case, code: str, severity: str, message: str, detail: str, repairs: tuple[Repair, ...]) -> Problem:
    return Problem(
        code,
        "error" if severity == "error" else "warning",
        message,
        detail,
        node_id=case.end.activation_id,
        field=case.end.activation_param,
        repairs=repairs,
    )


def _set(case: Case, activation: str) -> tuple[Repair, ...]:
    node_id = case.end.activation_id
    if node_id is None or node_id not in case.nodes:
        return ()
    if case.end.activation_param is not None:
        return (_repairs.set_param(case, node_id, case.end.activation_param, activation),)
    if activation == "linear":
        return (_repairs.remove_node(case, node_id),)
    return (_repairs.replace_layer(case, node_id, "Activation", {"activation": activation}),)


def _name(case: Case) -> str:
    return case.name(case.end.activation_id or "")


def _softmax_of_one(case: Case, info: DatasetInfo) -> Problem:
    wanted = "linear" if info.learns_numbers else "sigmoid"
    return _problem(
        case,
        "softmax_of_one_unit",
        "error",
        f"“{_name(case)}” has a softmax over one unit, which is always 1. Use {wanted} instead.",
        "Softmax shares 1 among the units, so a single unit always gets all of it and nothing can be learned.",
        _set(case, wanted),
    )


def _of_labels(case: Case) -> Iterator[Problem]:
    activation = case.end.activation
    if activation != "softmax" and activation not in HIDDEN:
        return
    yield _problem(
        case,
        "activation_of_labels",
        "warning",
        f"The last layer “{_name(case)}” has the activation {activation}. For several labels use sigmoid.",
        "Each label is a yes or a no of its own. Softmax would make them compete as if a sample had only one.",
        _set(case, "sigmoid"),
    )


def _sigmoid_of_many(case: Case) -> Problem:
    return _problem(
        case,
        "sigmoid_of_many_classes",
        "warning",
        f"“{_name(case)}” has a sigmoid for each of {case.outputs} classes. Use softmax, as a sample is of one class.",
        "Sigmoids are independent, so the probabilities do not add up to 1. Softmax makes the classes compete.",
        _set(case, "softmax"),
    )


def _hidden(case: Case, info: DatasetInfo) -> Problem:
    single = len(info.classes) == 2 and case.outputs == 1
    wanted = "sigmoid" if single else "softmax"
    return _problem(
        case,
        "last_activation",
        "warning",
        f"The last layer “{_name(case)}” has the activation {case.end.activation}. For classes use {wanted}.",
        "What comes out last is read as how likely each class is. This activation cuts part of that off.",
        _set(case, wanted),
    )


def _bounded(case: Case, info: DatasetInfo) -> Iterator[Problem]:
    activation = case.end.activation or "linear"
    if activation not in RANGES:
        return
    low, high = RANGES[activation]
    target = next((column for column in info.columns if column.role == "target"), None)
    least, most = (target.low, target.high) if target is not None else (info.target_low, info.target_high)
    if least is not None and most is not None and low <= least and most <= high < float("inf"):
        return
    reach = f"between {low:g} and {high:g}" if high < float("inf") else f"of at least {low:g}"
    yield _problem(
        case,
        "last_activation",
        "warning",
        f"The last layer “{_name(case)}” has the activation {activation}, so it only gives numbers {reach}."
        " Use linear to learn any number.",
        "A regression learns numbers as they are. An activation at the end keeps the network from reaching them.",
        _set(case, "linear"),
    )
