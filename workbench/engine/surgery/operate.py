"""Does operations on a copy of a trained network."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from workbench.domain.project import Project
from workbench.domain.sealed import is_sealed
from workbench.domain.surgery import Operation
from workbench.engine.build import build_model, compile_model
from workbench.engine.data.dataset import Dataset
from workbench.engine.errors import EngineError
from workbench.engine.probes.base import Subject
from workbench.engine.steps import lay_out
from workbench.engine.surgery.removal import without_unit
from workbench.engine.surgery.weights import Weights, arrays_of, slices_of, unit_count, weights_of

ProgressTo: TypeAlias = Callable[[str, float | None], None]


def operated(subject: Subject, operations: Sequence[Operation], progress: ProgressTo) -> Subject:
    """A compiled copy of a network on which operations were done in their order; the network itself stays as it is.
    Raises EngineError on one that cannot be done, and says why."""
    project, weights = subject.project, weights_of(subject.model)
    for number, operation in enumerate(operations):
        progress("Changing the weights", number / len(operations))
        project, weights = _done(project, subject.dataset, weights, operation)
    return Subject(_model(project, subject.dataset, weights), project, subject.dataset)


def _model(project: Project, dataset: Dataset, weights: Weights) -> Any:
    model = build_model(project, dataset.info)
    for layer in model.layers:
        if layer.weights:
            layer.set_weights(weights[layer.name])
    compile_model(model, project, dataset.info)
    return model


def _done(project: Project, dataset: Dataset, weights: Weights, operation: Operation) -> tuple[Project, Weights]:
    arrays = arrays_of(weights, operation.layer)
    if any(is_sealed(step) for step in lay_out(project).steps if step.name == operation.layer):
        raise EngineError(f"“{operation.layer}” is sealed, so its weights stay as they are. Choose another layer.")
    match operation.kind:
        case "zero":
            changed = _zeroed(project, arrays, operation)
        case "reset":
            fresh = weights_of(build_model(project, dataset.info, operation.seed))
            changed = fresh[operation.layer]
        case "edit":
            changed = _edited(arrays, operation)
        case "remove":
            unit = -1 if operation.unit is None else operation.unit
            return without_unit(project, dataset.info, weights, operation.layer, unit)
    return project, {**weights, operation.layer: changed}


def _zeroed(project: Project, arrays: list[Any], operation: Operation) -> list[Any]:
    """The arrays with a unit, one array, or all of them at zero."""
    changed = [np.array(array) for array in arrays]
    if operation.unit is None:
        if operation.array is not None and not 0 <= operation.array < len(arrays):
            raise EngineError(f"“{operation.layer}” has {len(arrays)} arrays of weights. Choose one of these.")
        for array in changed if operation.array is None else [changed[operation.array]]:
            array[...] = 0
        return changed
    step = next((each for each in lay_out(project).steps if each.name == operation.layer), None)
    slices = slices_of(step, arrays)
    if not 0 <= operation.unit < unit_count(slices, arrays):
        raise EngineError(f"“{operation.layer}” has no unit {operation.unit}. Choose another one.")
    for each in slices:
        np.moveaxis(changed[each.array], each.axis, 0)[operation.unit] = 0
    return changed


def _edited(arrays: list[Any], operation: Operation) -> list[Any]:
    """The arrays with one weight set."""
    number, place = operation.array or 0, operation.place
    shape = arrays[number].shape if 0 <= number < len(arrays) else None
    if shape is None or len(place) != len(shape) or any(not 0 <= at < n for at, n in zip(place, shape, strict=True)):
        raise EngineError(f"“{operation.layer}” has no weight at this place. Choose another one.")
    if not np.isfinite(operation.value):
        raise EngineError("A weight must be a finite number. Type another one.")
    changed = list(arrays)
    changed[number] = np.array(arrays[number])
    changed[number][place] = operation.value
    return changed
