"""Hands a network its targets: one array, or a column for each of its outputs."""

from collections.abc import Sequence
from typing import Any

from workbench.domain.dataset import HeadInfo


class Targets:
    """What the outputs of a network learn, as Keras wants it: one tensor, or a list of them in the order of the heads:
    class numbers (n,) as int32, or numbers (n, 1)."""

    def __init__(self, heads: Sequence[HeadInfo]) -> None:
        self._heads = tuple(heads)

    def __call__(self, y: Any) -> Any:
        """Targets of samples `y` (n, …): a numpy array, or a tensor of TensorFlow or Keras. Can be traced."""
        if not self._heads:
            return y
        return [_column(y, head) for head in self._heads]


def _column(y: Any, head: HeadInfo) -> Any:
    if head.task == "regression":
        return y[:, head.place : head.place + 1]
    numbers = y[:, head.place]
    if hasattr(numbers, "__array_interface__"):
        return numbers.astype("int32")
    from keras import ops

    return ops.cast(numbers, "int32")
