"""What is done to the training samples alone, and into which folds they are cut, as the command line and reports tell
it."""

from collections.abc import Sequence

import msgspec

from workbench.domain.balance import can_balance, class_weights, oversampled_counts
from workbench.domain.dataset import Balance, DatasetInfo, FoldInfo, Split
from workbench.domain.values import ObjectSpec, Value

_BALANCED: dict[Balance, str] = {
    "none": "",
    "class_weights": "Samples count in the loss with the weight of their class.",
    "oversample": "Samples of rare classes are drawn again in each epoch.",
}


class BalancedClass(msgspec.Struct, frozen=True):
    """A class with its training samples, and what makes up for few of them: its weight in the loss (None for a class
    without samples), or how many samples an epoch draws of it."""

    name: str
    samples: int
    weight: float | None = None
    drawn: int | None = None


def balanced_classes(balance: Balance, info: DatasetInfo) -> tuple[BalancedClass, ...]:
    """What a way of balancing makes of each class; empty where nothing is balanced, or can be."""
    counts = info.class_counts.get("train", ())
    if balance == "none" or not can_balance(info) or not counts:
        return ()
    if balance == "class_weights":
        weights = class_weights(counts)
        return tuple(
            BalancedClass(name, count, weight=weights.get(number))
            for number, (name, count) in enumerate(zip(info.classes, counts, strict=True))
        )
    return tuple(
        BalancedClass(name, count, drawn=drawn)
        for name, count, drawn in zip(info.classes, counts, oversampled_counts(counts), strict=True)
    )


def balance_sentence(balance: Balance) -> str:
    """What is done for rare classes; empty for nothing."""
    return _BALANCED[balance]


def augmentation_sentence(changes: Sequence[ObjectSpec]) -> str:
    """Which random changes training pictures get, in their order; empty for none."""
    if not changes:
        return ""
    return f"While training, pictures change at random: {', '.join(map(_layer, changes))}."


def folds_sentence(split: Split, folds: Sequence[FoldInfo]) -> str:
    """How many folds there are, and which of them the parts are those of; empty without folds."""
    if not folds:
        return ""
    cuts = len(folds) // split.folds if split.folds else 1
    repeated = f" in {cuts} different cuts" if cuts > 1 else ""
    told = f"the parts are those of fold {split.fold}" if split.fold else "all are trained in turn, the first is shown"
    return f"What is not for testing is cut into {split.folds} folds{repeated}; {told}."


def _layer(change: ObjectSpec) -> str:
    params = ", ".join(f"{name}={_value(value)}" for name, value in change.params.items())
    return f"{change.class_name[:60]}({params[:200]})"


def _value(value: Value) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_value, value))})"
    return _layer(value) if isinstance(value, ObjectSpec) else str(value)
