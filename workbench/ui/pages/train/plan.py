"""The sentence that says how the training loop runs."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from workbench.domain.run import Plan


def plans_text(plans: Sequence[Plan]) -> str:
    """How a run is computed: in the first phase, and in the newest one on a line of its own."""
    shown = [plans[0], plans[-1]] if len(plans) > 1 else plans
    return "\n".join(plan_text(plan) for plan in shown) if plans else plan_text(None)


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
    return text + _features_text(plan)


def _features_text(plan: Plan) -> str:
    """What was done about frozen layers; empty where there are none."""
    stored = plan.features
    if stored is not None:
        took = f"{stored.seconds:.1f} s" if stored.seconds >= 0.1 else f"{stored.seconds * 1000:.0f} ms"
        text = _tr(". What the frozen layers up to “{0}” give was computed once, for {1} samples in {2}")
        return text.format(stored.layer, f"{stored.samples:,}", took)
    return _tr(". What frozen layers give is not stored: {0}").format(plan.no_features) if plan.no_features else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Plan", text)
