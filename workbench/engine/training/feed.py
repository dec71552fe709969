"""The training part as it is trained on: with random changes, and balanced, where the project says so."""

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from workbench.domain.balance import can_balance, class_weights
from workbench.domain.project import Project
from workbench.engine.augment.augmentation import Augmentation
from workbench.engine.data.balance import oversampled
from workbench.engine.data.dataset import Dataset
from workbench.engine.errors import EngineError
from workbench.engine.training.plans import Data


def training_data(dataset: Dataset, project: Project) -> Data:
    """The training part of a data set as a project trains on it. Raises EngineError when what the project wants does
    not suit the data, and DataError where there would be too many samples."""
    spec, info = project.data, dataset.info
    x, y = dataset.x["train"], dataset.y["train"]
    if spec.balance != "none" and not can_balance(info):
        raise EngineError(
            "Rare classes are to be made up for, but the samples are of no class. Turn that off on the Data page."
        )
    change = Augmentation(spec.augmentation, info, project.training.seed) if spec.augmentation and len(x) else None
    weights = _weights(info.class_counts["train"]) if spec.balance == "class_weights" else None
    positions = None
    if spec.balance == "oversample":
        positions = oversampled(dataset.values["train"], spec.split.seed).astype(np.int32)
    samples = len(x) if positions is None else len(positions)
    return Data(tf.constant(x), tf.constant(y), samples, change, weights, positions)


def _weights(counts: tuple[int, ...]) -> Any:
    """One weight a class, in single precision as Keras takes them; 1 for a class without samples."""
    weights: NDArray[np.float32] = np.ones(len(counts), np.float32)
    for number, weight in class_weights(counts).items():
        weights[number] = weight
    return tf.constant(weights)
