"""Moves what is learned for each dot of a picture along with the picture, by the same draws of a layer of Keras.

An exported script has the same lines (`domain/script/augmentation.py`).
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import tensorflow as tf

from workbench.domain.augmentation import DotTargets

Move: TypeAlias = Callable[[Any, Any, Any], tuple[Any, Any]]


def mover(kind: DotTargets) -> Move:
    """What moves pictures and targets (n, height, width, …) of a kind by a layer: `move(layer, x, y)` gives both."""
    return {"masks": _masks, "one_hot": _one_hot, "pictures": _pictures}[kind]


def _masks(layer: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """Class numbers, each taken from the nearest dot; a dot from outside of the picture is of the first class."""
    x, moved = _nearest(layer, x, tf.cast(y, tf.float32))
    return x, tf.cast(tf.round(moved), y.dtype)


def _one_hot(layer: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """The same for shares of classes, which may have been mixed before."""
    x, moved = _nearest(layer, x, y)
    outside = 1.0 - tf.reduce_sum(moved, axis=-1, keepdims=True)
    return x, tf.concat([moved[..., :1] + outside, moved[..., 1:]], axis=-1)


def _nearest(layer: Any, x: Any, y: Any) -> tuple[Any, Any]:
    fill = getattr(layer, "fill_value", 0.0)  # laid into masks as well, where it is no class
    both = layer({"images": x, "segmentation_masks": y + fill}, training=True)
    return both["images"], both["segmentation_masks"] - fill


def _pictures(layer: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """Pictures that are learned from pictures are channels of the same picture."""
    channels = x.shape[-1]
    both = layer(tf.concat([x, y], axis=-1), training=True)
    return both[..., :channels], both[..., channels:]
