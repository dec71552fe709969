"""Classes of which there are very few samples, or none."""

from collections.abc import Iterator

import msgspec

from workbench.domain.balance import can_balance
from workbench.domain.checks._case import Case
from workbench.domain.edits import set_data
from workbench.domain.problem import Problem, Repair

OF_OUTPUT = True

UNBALANCED = 5.0


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, of the data; none where a text goes on, since some characters are always rare."""
    info = case.info
    counts = () if info is None else info.class_counts.get("train", ())
    if info is None or info.continuation or len(counts) < 2 or len(counts) != len(info.classes):
        return
    if info.task in ("segmentation", "multilabel"):
        return  # that few dots are of a class, or few samples have a label, is the rule
    rarest, commonest = counts.index(min(counts)), counts.index(max(counts))
    few, many = info.classes[rarest], info.classes[commonest]
    share = max(counts) / max(1, sum(counts))
    if counts[rarest] == 0:
        yield Problem(
            "class_without_samples",
            "warning",
            f"The training part has no sample of “{few}”, so it cannot be learned. Split the data otherwise.",
            "A stratified split gives each part the same share of every class.",
            field="split",
            repairs=_stratified(case),
        )
    elif case.project.data.balance == "none" and counts[commonest] >= UNBALANCED * counts[rarest]:
        yield Problem(
            "unbalanced_classes",
            "warning",
            f"“{many}” has {counts[commonest] / counts[rarest]:.0f} times as many samples as “{few}”."
            " Look at each class, not only at the accuracy.",
            f"Always guessing “{many}” would be right in {share:.0%} of the cases without having learned anything.",
            field="balance",
            repairs=(_weighed(case),) if can_balance(info) and case.head is None else (),
        )


def _weighed(case: Case) -> Repair:
    edit = set_data(msgspec.structs.replace(case.project.data, balance="class_weights"))
    return Repair("Weigh rare classes more", edit, "rare classes: none → class_weights")


def _stratified(case: Case) -> tuple[Repair, ...]:
    data = case.project.data
    if data.split.stratify or data.split.way in ("column", "time", "files"):
        return ()
    split = msgspec.structs.replace(data.split, stratify=True)
    edit = set_data(msgspec.structs.replace(data, split=split))
    return (Repair("Stratify the split", edit, "stratify of the split: False → True"),)
