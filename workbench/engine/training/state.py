"""All that a training changes, taken out of a model and put back bit for bit."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.engine.kept_weights import finalize_model

Arrays: TypeAlias = dict[str, NDArray[Any]]


class StateError(Exception):
    """A saved state does not belong to this network. The message is a sentence for a person."""


def variables(model: Any, more: Sequence[Any] = (), learner: Any = None) -> dict[str, Any]:
    """Every variable by a stable name: weights and seed generators, optimizer (with its learning rate), metrics, and
    `more` that a training changes outside of the model. The metrics are those of `learner` where not the model itself
    takes the steps."""
    named = {f"model.{number}": variable for number, variable in enumerate(model.variables)}
    if model.optimizer is not None:
        named |= {f"optimizer.{number}": variable for number, variable in enumerate(model.optimizer.variables)}
    named |= {f"metric.{number}": variable for number, variable in enumerate((learner or model).metrics_variables)}
    return named | {f"change.{number}": variable for number, variable in enumerate(more)}


def weight_names(model: Any) -> list[str]:
    """The names, among those of `variables`, of what `model.get_weights()` returns: no seeds, no optimizer."""
    numbers = {id(variable): number for number, variable in enumerate(model.variables)}
    return [f"model.{numbers[id(variable)]}" for variable in model.weights]


def capture(model: Any, more: Sequence[Any] = (), learner: Any = None) -> Arrays:
    """A copy of every variable's value."""
    return {name: np.array(variable.numpy()) for name, variable in variables(model, more, learner).items()}


def capture_weights(model: Any) -> Arrays:
    """A copy of the weights alone."""
    named = variables(model)
    return {name: np.array(named[name].numpy()) for name in weight_names(model)}


def restore(model: Any, arrays: Arrays, more: Sequence[Any] = (), learner: Any = None) -> None:
    """Put values back. Raises StateError, having changed nothing, when one is missing or has another shape."""
    named = variables(model, more, learner)
    if missing := named.keys() - arrays.keys():
        raise StateError(f"The saved state lacks {len(missing)} of this network's variables.")
    _assign(named, {name: arrays[name] for name in named})
    finalize_model(model)


def restore_weights(model: Any, arrays: Arrays) -> None:
    """Put weights back. Raises StateError, having changed nothing, when one is missing or has another shape."""
    named = variables(model)
    names = weight_names(model)
    if any(name not in arrays for name in names):
        raise StateError("The saved weights lack some of this network's.")
    _assign(named, {name: arrays[name] for name in names})


def all_finite(arrays: Arrays) -> bool:
    """Whether no value is infinite or not a number."""
    return all(array.dtype.kind != "f" or bool(np.isfinite(array).all()) for array in arrays.values())


def _assign(named: dict[str, Any], arrays: Arrays) -> None:
    ready = {name: _fitting(named[name], array) for name, array in arrays.items()}
    for name, array in ready.items():
        named[name].assign(array)


def _fitting(variable: Any, array: NDArray[Any]) -> NDArray[Any]:
    if tuple(variable.shape) != array.shape:
        raise StateError(
            f"The saved state has a value of shape {array.shape} where this network has {tuple(variable.shape)}."
        )
    dtype = variable.numpy().dtype
    if array.dtype != dtype and array.dtype.kind == "V" and array.dtype.itemsize == dtype.itemsize:
        return array.view(dtype)  # NPZ knows no bfloat16 and gives back plain bytes
    return array
