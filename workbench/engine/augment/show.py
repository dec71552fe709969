"""One picture under many draws of the augmentation, for a person to see."""

import numpy as np
import tensorflow as tf

from workbench.domain.augmentation import dot_targets, value_range
from workbench.engine.augment.augmentation import Augmentation
from workbench.engine.data.dataset import Dataset, Floats32
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray
from workbench.engine.data.show import to_array
from workbench.protocol.arrays import Array
from workbench.protocol.commands import Augment
from workbench.protocol.events import Augmented

MAX_DRAWS = 100
_MAX_BYTES = 64 << 20
_LEAST_SHARE = 0.005


def show_augmented(dataset: Dataset, command: Augment) -> Augmented:
    """The picture asked for and `count` draws of it, at most 100 and 64 MB. Raises DataError where there is no such
    picture, EngineError where the augmentation does not suit the data."""
    x, index = dataset.x[command.part], command.index
    if not 0 <= index < len(x):
        raise DataError(f"The {command.part} part has {len(x)} samples, counted from 0. Choose one of those.")
    augmentation = Augmentation(command.spec.augmentation, dataset.info, command.seed)
    count = max(1, min(command.count, MAX_DRAWS, _MAX_BYTES // max(1, 2 * x[index].nbytes)))
    random = np.random.default_rng(command.seed)
    others = random.choice(len(dataset.x["train"]), count)
    batch = np.concatenate([np.repeat(x[index : index + 1], count, axis=0), dataset.x["train"][others]])
    labels = np.concatenate([np.repeat(dataset.y[command.part][[index]], count, axis=0), dataset.y["train"][others]])
    # Each draw is mixed with a training sample of its own, which lies behind them all.
    partner = np.concatenate([np.arange(count, 2 * count), np.arange(count, 2 * count)]).astype(np.int32)
    draws = tuple((partner, *rest) for _, *rest in augmentation.draws(0, 2 * count, 2 * count))
    changed, mixed = augmentation(tf.constant(batch), tf.constant(labels), draws)
    return Augmented(
        command.ticket,
        command.part,
        index,
        original=to_array(_shown(dataset, x[index : index + 1])),
        inputs=to_array(_shown(dataset, changed.numpy()[:count])),
        mixtures=_mixtures(dataset.info.classes, mixed.numpy()[:count]) if draws and mixed.shape.rank == 2 else (),
        beside=_beside(dataset, np.concatenate([dataset.y[command.part][index : index + 1], mixed.numpy()[:count]])),
    )


def _beside(dataset: Dataset, learned: AnyArray) -> Array | None:
    """What is learned for each dot, for a person to see; None where that is nothing, or the picture itself."""
    kind = dot_targets(dataset.info)
    if kind is None or dataset.info.task == "reconstruction":
        return None
    if kind == "pictures":
        low, high = dataset.info.target_low or 0.0, dataset.info.target_high or 1.0
        return to_array((np.clip((learned - low) / max(high - low, 1e-12), 0, 1) * 255).round().astype(np.uint8))
    numbers = learned.argmax(axis=-1) if kind == "one_hot" else learned[..., 0]
    return to_array(numbers.astype(np.uint8))


def _mixtures(classes: tuple[str, ...], labels: AnyArray) -> tuple[tuple[tuple[str, float], ...], ...]:
    """The classes that each label has a share of, the largest first."""
    found = []
    for row in labels:
        places = [place for place in np.argsort(-row, kind="stable").tolist() if row[place] >= _LEAST_SHARE]
        found.append(tuple((classes[place], float(row[place])) for place in places))
    return tuple(found)


def _shown(dataset: Dataset, pictures: Floats32) -> AnyArray:
    """Scaled pictures as bytes, from black for the smallest value that a dot can have to white for the largest."""
    low, high = value_range(dataset.info)
    scaler = dataset.scaler
    if scaler.shift is not None:  # each channel was scaled by itself; a picture shows them on one scale again
        bounds = [bound * scaler.divisor + scaler.shift for bound in (low, high)]
        raw = dataset.source.x
        is_bytes = raw is not None and raw.dtype == np.uint8 and dataset.source.full_scale in (None, 255)
        low, high = (0.0, 255.0) if is_bytes else (float(np.min(bounds)), float(np.max(bounds)))
        pictures = (pictures * scaler.divisor + scaler.shift).astype(np.float32)
    bytes_: AnyArray = np.clip((pictures - low) / max(high - low, 1e-12), 0, 1) * 255
    return bytes_.round().astype(np.uint8)
