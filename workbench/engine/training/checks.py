"""What is checked on the very data before a training, because Keras or XLA would pass over it in silence."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain.training import ResolvedTraining
from workbench.engine.data.dataset import Dataset
from workbench.engine.entries import Entries
from workbench.engine.errors import EngineError
from workbench.engine.parts.scope import current
from workbench.engine.targets import Targets

_SPARSE = "SparseCategoricalCrossentropy"
_PROBABLE = ("BinaryCrossentropy", "CategoricalCrossentropy")


def check_training(model: Any, dataset: Dataset, training: ResolvedTraining) -> None:
    """Raises EngineError with the first thing that would spoil the training."""
    if not len(dataset.x["train"]):
        raise EngineError("There is not a single training sample. Make the validation and test parts smaller.")
    _check_outputs(len(model.outputs), len(dataset.info.heads) or 1)
    if not model.trainable_variables:
        raise EngineError("The network has no weights to train. Add a layer such as Dense, or unfreeze one.")
    for part in ("train", "validation"):
        x, y = dataset.x[part], dataset.y[part]
        if len(x):
            _check_finite(x, y, part)
            told = Targets(dataset.info.heads)(y)
            losses = [head.loss.class_name for head in training.heads] or [training.loss.class_name]
            columns = told if dataset.info.heads else [told]
            for output, column, loss in zip(model.outputs, columns, losses, strict=True):
                if ("losses", loss) in current().classes:
                    continue  # a loss of the person's own takes what it likes
                _check_targets(tuple(output.shape), column, loss, part)
    _check_embeddings(model, dataset)


def _check_outputs(outputs: int, targets: int) -> None:
    if outputs == targets:
        return
    if targets == 1:
        raise EngineError(f"The network has {outputs} outputs, but the data have one target. Keep one output.")
    raise EngineError(
        f"The data have {targets} targets, each for an output of its own, but the network has "
        f"{'one output' if outputs == 1 else f'{outputs} outputs'}. Add or remove outputs."
    )


def _check_finite(x: NDArray[Any], y: NDArray[Any], part: str) -> None:
    for name, array in (("inputs", x), ("targets", y)):
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise EngineError(
                f"The {name} of the {part} part contain values that are not numbers. "
                "Choose on the Data page how missing values are handled."
            )


def _check_targets(output: tuple[int | None, ...], y: NDArray[Any], loss: str, part: str) -> None:
    if loss == _SPARSE:
        _check_class_numbers(output[-1], y, part)
        if y.ndim > 2 and None not in output[1:-1] and output[1:-1] != y.shape[1:-1]:
            raise EngineError(
                f"The network gives {_shape(output[1:])} for each sample, but the target is {_shape(y.shape[1:])}. "
                "Let it end with the height and width of its input."
            )
        return
    wanted = output[1:]
    given = y.shape[1:] or (1,)
    if None not in wanted and given != wanted:
        raise EngineError(
            f"The network gives {_shape(wanted)} for each sample, but the target is {_shape(given)}. "
            "Set the last layer's units to fit."
        )
    if loss in _PROBABLE and len(y) and (y.min() < 0 or y.max() > 1):
        raise EngineError(
            f"{loss} needs targets between 0 and 1, but those of the {part} part reach from {y.min():g} to "
            f"{y.max():g}. Choose another loss."
        )


def _check_class_numbers(units: int | None, y: NDArray[Any], part: str) -> None:
    low, high = int(y.min()), int(y.max())
    if units is not None and high >= units:
        raise EngineError(
            f"The {part} part has a class with the number {high}, but the last layer has only {units} units. "
            f"Set its units to {high + 1} or more."
        )
    if low < 0:
        raise EngineError(f"The {part} part has the class number {low}; class numbers start at 0. Check the target.")


def _check_embeddings(model: Any, dataset: Dataset) -> None:
    import keras

    for layer in model.layers:
        if not isinstance(layer, keras.layers.Embedding):
            continue
        for part in ("train", "validation"):
            x = dataset.x[part]
            if len(x):
                _check_indices(layer, _reaching(model, layer, dataset, x))


def _reaching(model: Any, layer: Any, dataset: Dataset, x: NDArray[Any]) -> NDArray[Any]:
    """What a layer gets of these inputs."""
    import keras

    taken = Entries(model, dataset.info.inputs)(x)
    for tensor, part in zip(model.inputs, taken if len(model.inputs) > 1 else [taken], strict=True):
        if layer.input is tensor:
            return np.asarray(part)
    return np.asarray(keras.Model(model.input, layer.input).predict(taken, verbose=0))


def _check_indices(layer: Any, indices: NDArray[Any]) -> None:
    low, high = float(indices.min()), float(indices.max())
    if low < 0 or high >= layer.input_dim or (indices != np.floor(indices)).any():
        raise EngineError(
            f"The Embedding “{layer.name}” takes whole numbers from 0 to {layer.input_dim - 1}, but it gets numbers "
            f"from {low:g} to {high:g}. Set its input_dim to fit the data, or choose another first layer."
        )


def _shape(shape: tuple[int | None, ...]) -> str:
    return "one number" if shape == (1,) else "×".join(map(str, shape)) + " numbers"
