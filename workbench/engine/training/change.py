"""What a project does to the samples of its training part alone: random changes, weights of classes, drawing again."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from workbench.domain.balance import can_balance, class_weights
from workbench.domain.project import Project
from workbench.engine.augment.augmentation import Augmentation
from workbench.engine.augment.mixing import Draw
from workbench.engine.data.balance import oversampled
from workbench.engine.data.dataset import Dataset
from workbench.engine.errors import EngineError


class BatchChange:
    """Changes a batch at random, and weighs its samples by their classes: `plans.Change`."""

    def __init__(self, augmentation: Augmentation | None, weights: NDArray[np.float32] | None) -> None:
        self._augmentation = augmentation
        self._weights = None if weights is None else tf.constant(weights)

    @property
    def variables(self) -> list[Any]:
        """The random state, which belongs to a checkpoint."""
        return [] if self._augmentation is None else self._augmentation.variables

    def begin(self, epoch: int) -> None:
        """Set the random state to that of the beginning of an epoch."""
        if self._augmentation is not None:
            self._augmentation.begin(epoch)

    def draws(self, epoch: int, samples: int, batch: int) -> tuple[Draw, ...]:
        """What is drawn for all samples of an epoch, in the order of training."""
        return () if self._augmentation is None else self._augmentation.draws(epoch, samples, batch)

    def __call__(self, x: Any, y: Any, draws: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
        """What a step takes: inputs, targets and, with weights, one for each sample. Can be traced."""
        if self._augmentation is not None:
            x, y = self._augmentation(x, y, draws)
        return (x, y) if self._weights is None else (x, y, tf.gather(self._weights, _class_numbers(y)))


def change_of(dataset: Dataset, project: Project) -> BatchChange | None:
    """What a project does to each batch, None where it trains on them as they are. Raises EngineError when that does
    not suit the data."""
    spec, info = project.data, dataset.info
    if spec.balance != "none" and not can_balance(info):
        raise EngineError(
            "Rare classes are to be made up for, but the samples are of no class. Turn that off on the Data page."
        )
    augmentation = Augmentation(spec.augmentation, info, project.training.seed) if spec.augmentation else None
    weights = _weights(info.class_counts["train"]) if spec.balance == "class_weights" else None
    return None if augmentation is None and weights is None else BatchChange(augmentation, weights)


def positions_of(dataset: Dataset, project: Project) -> NDArray[np.int32] | None:
    """Which training samples an epoch has, where rare ones are drawn again; None where it has each of them once.
    Raises EngineError where they are not held, DataError where they would be too many."""
    if project.data.balance != "oversample":
        return None
    if dataset.source.stream is not None:
        raise EngineError(
            "These data are read piece by piece, so samples of rare classes cannot be drawn again. Weigh them more, on "
            "the Data page."
        )
    return oversampled(dataset.values["train"], project.data.split.seed).astype(np.int32)


def _weights(counts: tuple[int, ...]) -> NDArray[np.float32]:
    """One weight a class, in single precision as Keras takes them; 1 for a class without samples."""
    weights = np.ones(len(counts), np.float32)
    for number, weight in class_weights(counts).items():
        weights[number] = weight
    return weights


def _class_numbers(y: Any) -> Any:
    """The classes of targets however they are encoded, those of mixed labels by the larger share: as Keras takes them
    for `class_weight`."""
    if len(y.shape) > 1 and y.shape[-1] != 1:
        return tf.argmax(y, axis=-1)
    return tf.cast(tf.round(tf.cast(tf.reshape(y, [-1]), tf.float32)), tf.int32)
