"""What makes up for classes of which there are few samples: weights, or drawing the rare ones again."""

from collections.abc import Sequence

from workbench.domain.dataset import DatasetInfo


def can_balance(info: DatasetInfo) -> bool:
    """Whether each sample of these data is of one class, so that classes can be balanced."""
    return info.task in ("binary", "multiclass") and len(info.target_shape) <= 1


def class_weights(counts: Sequence[int]) -> dict[int, float]:
    """The weight of each class in the loss, n / (k · n_c) for n training samples of k classes, n_c of them of class c:
    the "balanced" weights of scikit-learn's `compute_class_weight`, after King and Zeng, "Logistic Regression in Rare
    Events Data" (2001). A class without samples has none, and does not count."""
    total, classes = sum(counts), sum(count > 0 for count in counts)
    return {number: total / (classes * count) for number, count in enumerate(counts) if count > 0}


def oversampled_counts(counts: Sequence[int]) -> tuple[int, ...]:
    """How many training samples each class has once the rare ones were drawn again: as many as the commonest one."""
    most = max(counts, default=0)
    return tuple(most if count else 0 for count in counts)
