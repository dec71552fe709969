"""Early stopping that watches something which does not exist."""

from collections.abc import Iterator

import msgspec

from workbench.domain.checks._case import Case
from workbench.domain.edits import set_data, set_training
from workbench.domain.measured import measured_names
from workbench.domain.problem import Problem, Repair
from workbench.domain.training import EarlyStopping

VALIDATION = 0.15


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, of the training."""
    stopping, info, training = case.project.training.early_stopping, case.info, case.training
    if stopping is None or info is None or training is None:
        return
    names = measured_names(training)
    has_validation = info.sizes.get("validation", 0) > 0
    base = stopping.monitor.removeprefix("val_")
    if stopping.monitor.startswith("val_") and not has_validation:
        yield Problem(
            "early_stopping_without_validation",
            "error",
            f"Early stopping watches {stopping.monitor}, but there is no validation part. Split one off the data.",
            "It would never stop. Without validation, only the training loss can be watched.",
            field="early_stopping",
            repairs=(_split(case), _watch(stopping, base if base in names else "loss")),
        )
    elif base not in names:
        wanted = "val_loss" if has_validation else "loss"
        yield Problem(
            "early_stopping_monitor",
            "error",
            f"Early stopping watches {stopping.monitor[:100]}, which is not measured. Watch {wanted}.",
            f"What is measured: {', '.join(names)}" + (", each also with val_ before it." if has_validation else "."),
            field="early_stopping",
            repairs=(_watch(stopping, wanted),),
        )


def _watch(stopping: EarlyStopping, monitor: str) -> Repair:
    changed = msgspec.structs.replace(stopping, monitor=monitor)
    return Repair(f"Watch {monitor}", set_training(early_stopping=changed), f"monitor: {stopping.monitor} → {monitor}")


def _split(case: Case) -> Repair:
    data = case.project.data
    split = msgspec.structs.replace(data.split, validation=VALIDATION)
    preview = f"validation part: {data.split.validation:.0%} → {VALIDATION:.0%}"
    return Repair(
        f"Set {VALIDATION:.0%} aside for validation", set_data(msgspec.structs.replace(data, split=split)), preview
    )
