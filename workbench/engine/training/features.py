"""What the lower part of a network gives, computed once for all samples, and the upper part that is trained on it.

Nothing is learned otherwise by that: the upper part is made of the very layers, optimizer and loss of the model.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from workbench.domain.dataset import Part
from workbench.domain.machine import memory_bytes
from workbench.domain.project import Project
from workbench.domain.run import StoredFeatures
from workbench.engine.build import compile_model
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.limits import readable
from workbench.engine.entries import Entries
from workbench.engine.training.change import positions_of
from workbench.engine.training.cut import Cut, find_cut
from workbench.engine.training.plans import Data, prepare

# They are held twice for a moment, beside the data and what a training needs.
SHARE_OF_MEMORY = 6
_ITEM = 4
_PARTS: tuple[Part, ...] = ("train", "validation")
Report = Callable[[str, float | None], None]


class FeatureData(Data):
    """Features (n, …) of samples in the place of the samples. Where the upper part takes several, they lie one behind
    the other in a row (n, sum of their sizes)."""

    shapes: tuple[tuple[int, ...], ...] = ()

    def entries(self, model: Any) -> Callable[[Any], Any]:
        """Cuts the rows into what the upper part takes."""
        return self._parts if len(self.shapes) > 1 else _same

    def _parts(self, x: Any) -> list[Any]:
        sizes = [math.prod(shape) for shape in self.shapes]
        ends = np.cumsum(sizes)
        pieces = zip(self.shapes, ends - sizes, ends, strict=True)
        from keras import ops

        return [ops.reshape(x[:, first:end], (-1, *shape)) for shape, first, end in pieces]


@dataclass
class Features:
    """The upper part of a model with the data that it learns from, and what was done for them."""

    head: Any
    train: FeatureData
    validation: FeatureData | None
    told: StoredFeatures


def why_no_features(project: Project, dataset: Dataset, model: Any) -> tuple[Cut, str]:
    """Where features can be taken, and why they cannot; no cut and no reason where nothing asks for them."""
    training = project.training
    if training.plan == "exact" or not training.store_features:
        return Cut(), ""
    cut = find_cut(model)
    if not cut.layers or cut.reason:
        return cut, cut.reason
    if project.data.augmentation:
        return cut, "The training pictures are changed at random, anew in each epoch."
    if training.callbacks:
        return cut, "The project's own callbacks may look at any layer, or change it."
    if dataset.source.stream is not None:
        return cut, "The data are read piece by piece."
    size, limit = _bytes(cut, dataset), memory_bytes() // SHARE_OF_MEMORY
    if size > limit:
        return cut, f"They would take {readable(size)}, and {readable(limit)} of memory are left for them."
    return cut, ""


def store_features(project: Project, dataset: Dataset, model: Any, batch: int, cut: Cut, progress: Report) -> Features:
    """Compute the features of training and validation part. `model` is compiled and its optimizer has its variables;
    they are shared. What `progress` raises to cancel comes through."""
    import keras

    began = time.monotonic()
    lower = keras.Model(_one_or_all(model.inputs), _one_or_all(list(cut.tensors)))
    fed = Entries(model, dataset.info.inputs)
    shapes = tuple(tuple(tensor.shape[1:]) for tensor in cut.tensors)
    # As in `fit`, the size of a batch is not known while tracing, so that the arithmetic is the same.
    signature = [tf.TensorSpec((None, *dataset.x["train"].shape[1:]), dataset.x["train"].dtype)]
    give = tf.function(lambda x: lower(fed(x), training=False), input_signature=signature, autograph=False)
    parts: dict[Part, Any] = {part: dataset.x[part] for part in _PARTS if len(dataset.x[part])}
    total = sum(len(x) for x in parts.values())
    done = 0
    made: dict[Part, FeatureData] = {}
    for part, x in parts.items():
        held = np.empty((len(x), *_row(shapes)), np.float32)
        for first in range(0, len(x), batch):
            progress("Computing once what the frozen layers give", done / total)
            given = give(tf.constant(x[first : first + batch]))
            held[first : first + batch] = _joined(given, shapes)
            done += min(batch, len(x) - first)
        positions = positions_of(dataset, project) if part == "train" else None
        made[part] = _data(held, dataset, part, positions, shapes)
    seconds = time.monotonic() - began
    head = _head(model, project, dataset, cut)
    prepare(head, made["train"], batch)
    told = StoredFeatures(cut.layers[-1], len(cut.layers), total, _bytes(cut, dataset), round(seconds, 3))
    return Features(head, made["train"], made.get("validation"), told)


def _head(model: Any, project: Project, dataset: Dataset, cut: Cut) -> Any:
    """The upper part, compiled like the model and with its very optimizer."""
    import keras

    head = keras.Model(_one_or_all(list(cut.tensors)), _one_or_all(list(model.outputs)), name="upper_part")
    compile_model(head, project, dataset.info)
    head.optimizer = model.optimizer
    return head


def _data(
    held: NDArray[np.float32],
    dataset: Dataset,
    part: Part,
    positions: NDArray[np.int32] | None,
    shapes: tuple[tuple[int, ...], ...],
) -> FeatureData:
    data = FeatureData.of(held, dataset.y[part], positions, (), dataset.info.heads)
    data.shapes = shapes
    return data


def _bytes(cut: Cut, dataset: Dataset) -> int:
    numbers: int = sum(math.prod(tensor.shape[1:]) for tensor in cut.tensors)
    return numbers * _ITEM * sum(len(dataset.x[part]) for part in _PARTS)


def _row(shapes: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    return shapes[0] if len(shapes) == 1 else (sum(math.prod(shape) for shape in shapes),)


def _joined(given: Any, shapes: tuple[tuple[int, ...], ...]) -> NDArray[np.float32]:
    if len(shapes) == 1:
        return np.asarray(given[0] if isinstance(given, (list, tuple)) else given, np.float32)
    return np.concatenate([np.asarray(each).reshape(len(each), -1) for each in given], axis=1)


def _one_or_all(tensors: list[Any]) -> Any:
    return tensors[0] if len(tensors) == 1 else tensors


def _same(x: Any) -> Any:
    return x
