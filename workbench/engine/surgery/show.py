"""What a person sees of the weights of a layer."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.engine.probes.base import Subject
from workbench.engine.steps import lay_out
from workbench.engine.surgery.weights import Slice, slices_of, unit_count
from workbench.protocol.arrays import Array
from workbench.protocol.weights import LayerWeights, WeightArray

MOST_SHOWN = 4_096


def shown_weights(subject: Subject, layer: str, unit: int | None, array: int) -> LayerWeights | None:
    """The weights of a layer: a number for each of its units, and the values of one unit, or of one array where it has
    none. None where the network has no such layer with weights."""
    made = next((each for each in subject.model.layers if each.name == layer and each.weights), None)
    if made is None:
        return None
    arrays = [np.asarray(each, np.float32) for each in made.get_weights()]
    step = next((each for each in lay_out(subject.project).steps if each.name == layer), None)
    slices = slices_of(step, arrays)
    count = unit_count(slices, arrays)
    number = slices[0].array if slices else min(max(array, 0), len(arrays) - 1)
    values = arrays[number]
    if slices:
        chosen = min(max(unit or 0, 0), count - 1)
        values = np.moveaxis(values, slices[0].axis, 0)[chosen]
    names = [str(each.path).removeprefix(f"{layer}/") for each in made.weights]
    return LayerWeights(
        layer=layer,
        arrays=tuple(WeightArray(name, each.shape) for name, each in zip(names, arrays, strict=True)),
        units=count,
        norms=_packed(_norms(arrays, slices[0])) if slices else None,
        biases=_packed(arrays[slices[1].array]) if len(slices) > 1 else None,
        array=number,
        unit=chosen if slices else None,
        axis=slices[0].axis % arrays[number].ndim if slices else None,
        values=_packed(values.ravel()[:MOST_SHOWN]),
        size=values.size,
    )


def _norms(arrays: list[NDArray[Any]], where: Slice) -> NDArray[Any]:
    """The length of each unit's incoming weights."""
    kernel = np.moveaxis(arrays[where.array], where.axis, 0)
    norms: NDArray[Any] = np.linalg.norm(kernel.reshape(len(kernel), -1), axis=1)
    return norms


def _packed(array: NDArray[Any]) -> Array:
    plain = np.ascontiguousarray(array, np.float32)
    return Array("float32", plain.shape, plain.tobytes())
