"""Feature maps: what every layer of a network makes of one sample, and the kernels it does that with."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain.values import Value
from workbench.engine.errors import EngineError
from workbench.engine.outputs import class_name, label_names, probabilities, values_of_heads
from workbench.engine.probes.base import Look, Seen, Subject, forward
from workbench.engine.samples import as_learned, load_samples
from workbench.engine.sealed.layer import shown_output
from workbench.protocol.arrays import Sample
from workbench.protocol.probes import (
    FEATURE_MAPS,
    LARGEST_DENSE_KERNEL,
    LARGEST_MAP,
    MOST_FLAT_UNITS,
    MOST_KERNEL_INPUTS,
    MOST_MAPS,
    activation,
    fact,
    head_prediction,
    head_truth,
    kernel,
)

NAME = FEATURE_MAPS
_RELUS = ("relu", "relu6", "hard_sigmoid", "sparse_plus", "squareplus", "hard_tanh", "threshold")


def prepare(subject: Subject, params: Mapping[str, Value], sample: Sample | None) -> Look:
    """A look at all layers, or at the one that `layer` names, for a sample."""
    import keras

    batch = load_samples(subject.dataset, [sample or Sample()])
    x, truth = batch.x[:1], batch.truths[0]
    every = {layer.name: layer for layer in subject.model.layers if not isinstance(layer, keras.layers.InputLayer)}
    wanted = params.get("layer")
    if wanted is not None and wanted not in every:
        raise EngineError(f"The network has no layer named “{str(wanted)[:60]}”. Choose another one.")
    chosen = [layer for name, layer in every.items() if wanted is None or name == wanted]
    tensors = [shown_output(subject.model, layer) for layer in chosen]
    extract = forward(keras.Model(subject.model.input, [*tensors, *subject.model.outputs]))

    fed = subject.fed(x)

    def look() -> Seen:
        given = [np.asarray(value) for value in extract(fed)]
        values, outputs = given[: len(chosen)], given[len(chosen) :]
        seen = Seen(facts={"layers": tuple(every)})
        seen.arrays["input"] = x[0]
        for layer, value in zip(chosen, values, strict=True):
            _see_layer(seen, layer, value[0])
        if subject.dataset.info.heads:
            _see_heads(seen, subject, outputs, truth)
        else:
            _see_prediction(seen, subject, outputs[0], truth)
        return seen

    return look


def _see_layer(seen: Seen, layer: Any, value: NDArray[Any]) -> None:
    name = layer.name
    value = value.astype(np.float32)
    seen.facts[fact(name, "class")] = type(layer).__name__
    seen.facts[fact(name, "shape")] = tuple(int(size) for size in value.shape)
    seen.facts[fact(name, "maps")] = int(value.shape[-1]) if value.ndim else 1
    if value.size and np.isfinite(value).all():
        seen.facts[fact(name, "min")] = float(value.min())
        seen.facts[fact(name, "max")] = float(value.max())
        seen.facts[fact(name, "mean")] = float(value.mean(dtype=np.float64))
        if is_relu_like(layer):
            per_map = value.reshape(-1, value.shape[-1]).max(axis=0)
            seen.facts[fact(name, "dead")] = float((per_map <= 0).mean())
    seen.arrays[activation(name)] = bounded(value)
    weights = _kernel(layer)
    if weights is not None:
        seen.arrays[kernel(name)] = weights


def is_relu_like(layer: Any) -> bool:
    """Whether a unit of this layer that is not above zero passes no gradient on."""
    if type(layer).__name__ == "ReLU":
        return not getattr(layer, "negative_slope", 0)
    function = getattr(layer, "activation", None)
    return getattr(function, "__name__", "") in _RELUS


def bounded(value: NDArray[Any]) -> NDArray[Any]:
    """An activation within the bounds of `protocol.probes`; of a volume the middle slice."""
    if value.ndim >= 4:
        return bounded(value[value.shape[0] // 2])
    if value.ndim == 3:
        value = value[:, :, :MOST_MAPS]
        step = math.ceil(max(value.shape[:2]) / LARGEST_MAP)
        return _averaged(value, step) if step > 1 else value
    if value.ndim == 2:
        return value[:MOST_FLAT_UNITS, :MOST_MAPS]
    return value.reshape(-1)[:MOST_FLAT_UNITS]


def _averaged(value: NDArray[Any], step: int) -> NDArray[Any]:
    """Means over blocks of step × step; the last, partial ones over what is there."""
    rows, columns = range(0, value.shape[0], step), range(0, value.shape[1], step)
    sums = np.add.reduceat(np.add.reduceat(value, rows, axis=0), columns, axis=1)
    heights = np.minimum(step, value.shape[0] - np.asarray(rows))
    widths = np.minimum(step, value.shape[1] - np.asarray(columns))
    means: NDArray[Any] = sums / (heights[:, None, None] * widths[None, :, None])
    return means.astype(np.float32)


def _kernel(layer: Any) -> NDArray[Any] | None:
    weights = getattr(layer, "kernel", None)
    if weights is None or not hasattr(weights, "numpy"):
        return None
    array: NDArray[Any] = np.asarray(weights.numpy(), np.float32)
    if array.ndim == 4:
        return array[:, :, :MOST_KERNEL_INPUTS, :MOST_MAPS]
    if array.ndim == 3 and "Conv" in type(layer).__name__:
        return array[None, :, :MOST_KERNEL_INPUTS, :MOST_MAPS]
    if array.ndim == 2 and max(array.shape) <= LARGEST_DENSE_KERNEL:
        return array
    return None


def _see_heads(seen: Seen, subject: Subject, outputs: list[NDArray[Any]], truth: NDArray[Any] | None) -> None:
    info = subject.dataset.info
    seen.facts["classes"] = ()
    for head, values in zip(info.heads, values_of_heads(subject.project, info, outputs), strict=True):
        seen.arrays[head_prediction(head.name)] = values[0]
        right = math.nan if truth is None else float(truth[head.place])
        seen.facts[head_truth(head.name)] = None if math.isnan(right) else right


def _see_prediction(seen: Seen, subject: Subject, output: NDArray[Any], truth: NDArray[Any] | None) -> None:
    info = subject.dataset.info
    prediction = probabilities(subject.project, info, output.astype(np.float32))[0]
    seen.facts["classes"] = info.classes
    if info.learns_steps:
        seen.facts["steps"] = True
    if info.task == "segmentation":
        seen.arrays["mask"] = prediction.argmax(axis=-1).astype(np.uint8)
        if truth is not None:
            seen.arrays["true_mask"] = truth.astype(np.uint8)
        return
    seen.arrays["prediction"] = prediction
    if info.task == "reconstruction":
        seen.arrays["target"] = seen.arrays["input"] if truth is None else truth
        return
    if info.learns_places:
        if truth is not None:
            seen.arrays["target"] = as_learned(truth)
        return
    if info.task == "multilabel":
        seen.facts["label"] = label_names(info, prediction >= 0.5)
        seen.facts["truths"] = None if truth is None else tuple(np.flatnonzero(truth).tolist())
        return
    if truth is not None and (info.targets or (truth.size > 1 and not info.classes)):
        seen.facts["truth"] = tuple(truth.reshape(-1).tolist())
    else:
        seen.facts["truth"] = None if truth is None else truth.reshape(-1)[0].item()
    if info.classes:
        seen.facts["label"] = class_name(info, int(prediction.argmax()))
