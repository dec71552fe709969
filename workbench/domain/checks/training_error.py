"""An optimizer or metric that Keras cannot make or use, in its own words. Said only where no check says it better."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.edits import set_head
from workbench.domain.problem import Problem, Repair


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, of the training."""
    if case.summary is None or case.summary.training_error is None or not case.has_layers:
        return
    yield Problem(
        "training_error",
        "error",
        f"The training cannot be set up: {case.summary.training_error.strip().rstrip('.')}.",
        "The optimizer and each metric must have parameters that they take, and fit the network's output.",
        field="optimizer",
        repairs=tuple(_offers(case)),
    )


def _offers(case: Case) -> Iterator[Repair]:
    training = case.project.training
    for head in training.heads:
        if head.metrics is not None:
            preview = f"metrics of {head.name}: the default ones"
            yield Repair(f"Use the default metrics of {head.name}", set_head(head.name, metrics=None), preview)
    if training.metrics is not None:
        yield _repairs.training(case, "metrics", None, "Use the default metrics", "metrics: the default ones")
    if training.optimizer is not None:
        preview = f"optimizer: {training.optimizer.class_name} → the default"
        yield _repairs.training(case, "optimizer", None, "Use the default optimizer", preview)
