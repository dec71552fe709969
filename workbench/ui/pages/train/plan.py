"""The sentence that says how the training loop runs."""

from PySide6.QtCore import QCoreApplication

from workbench.domain.run import Plan


def plan_text(plan: Plan | None) -> str:
    """ "XLA chunks of 32 steps, 1 thread: 9.8 times plain fit"."""
    if plan is None:
        return _tr("The fastest way to compute is measured when the training starts.")
    one = plan.chunk == 1
    kinds = {
        "xla": _tr("Single XLA steps") if one else _tr("XLA chunks of {0} steps"),
        "graph": _tr("Single graph steps") if one else _tr("Graph chunks of {0} steps"),
        "keras": _tr("Single Keras steps"),
    }
    text = kinds[plan.kind].format(plan.chunk)
    if plan.threads == 1:
        text += _tr(", 1 thread")
    elif plan.threads > 1:
        text += _tr(", {0} threads").format(plan.threads)
    if plan.speedup is not None:
        text += _tr(": {0} times plain fit").format(f"{plan.speedup:.1f}")
    return text


def _tr(text: str) -> str:
    return QCoreApplication.translate("Plan", text)
