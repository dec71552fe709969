"""The weights of a network by its layers, and what its units and filters are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.domain.graph import GraphStep
from workbench.engine.errors import EngineError

Weights: TypeAlias = dict[str, list[NDArray[Any]]]


@dataclass(frozen=True)
class Slice:
    """Where a unit lies: in which array of a layer, along which axis."""

    array: int
    axis: int


_KERNEL_AND_BIAS = (Slice(0, -1), Slice(1, 0))
_TRANSPOSED = (Slice(0, -2), Slice(1, 0))  # a transposed kernel has its outputs before its inputs
_SEPARABLE = (Slice(1, -1), Slice(2, 0))  # behind the kernel of depth, which knows the inputs alone
_SLICES: dict[str, tuple[Slice, ...]] = {
    "Dense": _KERNEL_AND_BIAS,
    "Conv1D": _KERNEL_AND_BIAS,
    "Conv2D": _KERNEL_AND_BIAS,
    "Conv3D": _KERNEL_AND_BIAS,
    "Conv1DTranspose": _TRANSPOSED,
    "Conv2DTranspose": _TRANSPOSED,
    "Conv3DTranspose": _TRANSPOSED,
    "SeparableConv1D": _SEPARABLE,
    "SeparableConv2D": _SEPARABLE,
}


def weights_of(model: Any) -> Weights:
    """A copy of all weights by the names of the layers that have any, in the order of `layer.weights`."""
    return {layer.name: [np.array(each) for each in layer.get_weights()] for layer in model.layers if layer.weights}


def arrays_of(weights: Mapping[str, list[NDArray[Any]]], layer: str) -> list[NDArray[Any]]:
    """The arrays of a layer. Raises EngineError where there are none."""
    if layer not in weights:
        raise EngineError(f"There is no layer “{layer[:100]}” with weights in this network. Choose another one.")
    return weights[layer]


def slices_of(step: GraphStep | None, arrays: list[NDArray[Any]]) -> tuple[Slice, ...]:
    """Where each unit of a layer lies in its arrays; empty for a layer that is not made of units."""
    if step is None or step.kind == "wrapper":
        return ()
    return tuple(each for each in _SLICES.get(step.class_name, ()) if each.array < len(arrays))


def unit_count(slices: tuple[Slice, ...], arrays: list[NDArray[Any]]) -> int:
    """How many units there are, 0 where a layer is not made of units."""
    return int(arrays[slices[0].array].shape[slices[0].axis]) if slices else 0
