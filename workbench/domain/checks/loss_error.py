"""What else Keras says against the loss, in its own words. Said only where no other check says it better."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.problem import Problem, Repair

OF_OUTPUT = True


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, of the training."""
    if case.summary is None or case.summary.loss_error is None or not case.has_layers:
        return
    loss = case.project.training.loss
    repairs: tuple[Repair, ...] = ()
    if loss is not None:
        preview = f"loss: {loss.class_name} → the default"
        repairs = (_repairs.training(case, "loss", None, "Use the default loss", preview),)
    yield Problem(
        "loss_error",
        "error",
        f"The loss cannot compare the network's output with the target: {case.summary.loss_error.strip().rstrip('.')}.",
        "The shape of the output must fit the target as the loss wants it.",
        field="loss",
        repairs=repairs,
    )
