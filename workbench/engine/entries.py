"""Hands a network its inputs: parts of a sample, each to the input that has its name, or the whole."""

from collections.abc import Sequence
from typing import Any

from workbench.domain.dataset import InputInfo
from workbench.domain.entries import entry


class Entries:
    """What a network takes of samples, as Keras wants it: one tensor, or a list of them in the order of its inputs."""

    def __init__(self, model: Any, inputs: Sequence[InputInfo]) -> None:
        self._taken = tuple(entry(tensor.name, inputs) for tensor in model.inputs)

    def __call__(self, x: Any) -> Any:
        """Parts of samples `x` (n, …): a numpy array, or a tensor of TensorFlow or Keras. Can be traced."""
        parts = [x if taken is None else _part(x, taken) for taken in self._taken]
        return parts[0] if len(parts) == 1 else parts


def _part(x: Any, taken: InputInfo) -> Any:
    places = taken.places
    if len(places) == 1 and len(taken.shape) == len(x.shape) - 2:
        return x[:, places[0]]
    if places == tuple(range(places[0], places[-1] + 1)):
        return x[:, places[0] : places[-1] + 1]
    from keras import ops

    return ops.take(x, list(places), axis=1) if not hasattr(x, "__array_interface__") else x[:, list(places)]
