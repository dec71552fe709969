"""Random changes and weights of classes that do not suit the data."""

from collections.abc import Iterator

import msgspec

from workbench.domain.augmentation import refusal
from workbench.domain.balance import can_balance
from workbench.domain.checks._case import Case
from workbench.domain.dataset import MIXING
from workbench.domain.edits import remove_change, set_data
from workbench.domain.problem import Problem, Repair


def check(case: Case) -> Iterator[Problem]:
    """At most one problem of each, of the data."""
    data, info = case.project.data, case.info
    if info is None:
        return
    refused = refusal(data.augmentation, info)
    if refused is not None:
        place, message = refused
        yield Problem(
            "augmentation_against_data",
            "error",
            message,
            "Random changes make new pictures from the ones there are, during training only.",
            field="augmentation",
            repairs=(*_one_hot(case, place), _removed(case, place)),
        )
    if data.balance != "none" and not can_balance(info):
        plain = msgspec.structs.replace(data, balance="none")
        yield Problem(
            "balance_without_classes",
            "error",
            "Rare classes are to be made up for, but the samples are of no class. Turn that off on the Data page.",
            "Weights, and drawing rare samples again, make up for classes with few samples.",
            field="balance",
            repairs=(Repair("Leave the classes as they are", set_data(plain), f"rare classes: {data.balance} → none"),),
        )


def _one_hot(case: Case, place: int) -> tuple[Repair, ...]:
    data, info = case.project.data, case.info
    if data.augmentation[place].class_name not in MIXING or info is None or not info.classes:
        return ()
    if info.form != "pictures" or info.labels == "one_hot":
        return ()
    wanted = msgspec.structs.replace(data, labels="one_hot")
    return (Repair("Use one-hot labels", set_data(wanted), f"labels: {data.labels} → one_hot"),)


def _removed(case: Case, place: int) -> Repair:
    name = case.project.data.augmentation[place].class_name[:40]
    return Repair(f"Remove {name}", remove_change(place, name), f"remove {name} from the augmentation")
