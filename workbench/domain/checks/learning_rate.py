"""A learning rate with which nothing can be learned."""

import math
from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.problem import Problem
from workbench.domain.values import ObjectSpec

SMALLEST = 1e-7
# Optimizers that take steps of about the learning rate itself diverge early; others scale it by the gradient.
LARGEST = {"SGD": 2.0, "Adadelta": 10.0, "Ftrl": 2.0}
LARGEST_ELSE = 0.3
DEFAULTS = {"SGD": 0.01, "Adadelta": 1.0}


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, of the training."""
    optimizer = case.project.training.optimizer
    rate = None if optimizer is None else optimizer.params.get("learning_rate")
    if optimizer is None or isinstance(rate, bool) or not isinstance(rate, int | float):
        return
    usual = DEFAULTS.get(optimizer.class_name, 0.001)
    if not rate > 0 or math.isinf(rate):
        yield _problem(case, optimizer, rate, usual, "error", "is not a number above 0")
    elif rate < SMALLEST:
        yield _problem(case, optimizer, rate, usual, "warning", "is so small that hardly anything will change")
    elif rate > LARGEST.get(optimizer.class_name, LARGEST_ELSE):
        yield _problem(case, optimizer, rate, usual, "warning", "is so large that the loss will probably grow")


def _problem(case: Case, optimizer: ObjectSpec, rate: float, usual: float, severity: str, why: str) -> Problem:
    changed = ObjectSpec(optimizer.class_name, optimizer.params | {"learning_rate": usual})
    preview = f"learning_rate: {rate:g} → {usual:g}"
    return Problem(
        "learning_rate",
        "error" if severity == "error" else "warning",
        f"The learning rate {rate:g} {why}. A usual one for {optimizer.class_name} is {usual:g}.",
        "It says how far the weights move in each step: too far, and they overshoot; too little, and they stay.",
        field="optimizer",
        repairs=(_repairs.training(case, "optimizer", changed, f"Set it to {usual:g}", preview),),
    )
