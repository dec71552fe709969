"""The random changes of a project's training pictures, one after another."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from workbench.domain.augmentation import change, completed, dot_targets, moves, refusal
from workbench.domain.dataset import MIXING, DatasetInfo
from workbench.domain.values import ObjectSpec
from workbench.engine.augment.mixing import Draw, Mix, mix_of
from workbench.engine.augment.moving import mover
from workbench.engine.errors import EngineError
from workbench.engine.objects import BuildError, make, short_message
from workbench.engine.steps import BUILDING

_SEED_STATE = "seed_generator_state"
# Streams of random numbers beside the order of the epoch, which is drawn from seed and epoch alone. Not 0, which numpy
# takes for nothing.
_LAYERS, _FIRST_BATCH = 1, 2


class Augmentation:
    """Changes batches of pictures (n, height, width, channels), scaled as the network gets them, and their labels.
    Where something is learned for each dot (n, height, width, …), it moves along.

    Keras' layers go on from batch to batch, and their state is in `variables`; at the beginning of an epoch `begin`
    sets it anew from seed and epoch. What MixUp and CutMix need is drawn by `draws` from seed, epoch and place of the
    batch. Raises EngineError when a layer cannot be used on these data.
    """

    def __init__(self, changes: Sequence[ObjectSpec], info: DatasetInfo, seed: int) -> None:
        refused = refusal(changes, info)
        if refused is not None:
            raise EngineError(refused[1])
        self._seed = seed
        self._shape = info.input_shape
        with BUILDING:  # some draw seeds of their own, which must not come between those of a network
            self._stages: list[Any] = [
                mix_of(spec) if spec.class_name in MIXING else _layer(spec, info) for spec in changes
            ]
        self._names = [spec.class_name for spec in changes]
        kind = dot_targets(info)
        self._move = None if kind is None else mover(kind)
        self._moving = [moves(spec) and kind is not None for spec in changes]
        self._mixes: list[Mix] = [stage for stage in self._stages if not isinstance(stage, keras.Layer)]
        self._layers: list[Any] = [stage for stage in self._stages if isinstance(stage, keras.Layer)]
        self._try()
        self.begin(0)

    @property
    def variables(self) -> list[Any]:
        """The random state of the layers."""
        return [variable for layer in self._layers for variable in _seeds_of(layer)]

    def begin(self, epoch: int) -> None:
        """Set the random state to that of the beginning of an epoch."""
        seeded = [layer for layer in self._layers if _seeds_of(layer)]
        for layer, seed in zip(seeded, layer_seeds(self._seed, epoch, len(seeded)), strict=True):
            for variable in _seeds_of(layer):
                variable.assign([seed, 0])

    def draws(self, epoch: int, samples: int, batch: int) -> tuple[Draw, ...]:
        """What each of MixUp and CutMix needs for all samples of an epoch, in the order of training."""
        if not self._mixes:
            return ()
        found: list[list[Draw]] = [[] for _ in self._mixes]
        for number, first in enumerate(range(0, samples, batch)):
            random = np.random.default_rng([self._seed, epoch, _FIRST_BATCH + number])
            for mix, draws in zip(self._mixes, found, strict=True):
                draws.append(mix.draw(random, min(batch, samples - first), self._shape))
        return tuple(tuple(map(np.concatenate, zip(*draws, strict=True))) for draws in found)

    def __call__(self, x: Any, y: Any, draws: Sequence[Sequence[Any]]) -> tuple[Any, Any]:
        """A batch changed; `draws` has what was drawn for it. Can be traced."""
        waiting = iter(draws)
        for stage, is_moving in zip(self._stages, self._moving, strict=True):
            if not isinstance(stage, keras.Layer):
                x, y = stage(x, y, next(waiting))
            elif self._move is not None and is_moving:
                x, y = self._move(stage, x, y)
            else:
                x = stage(x, training=True)
        return x, y

    def _try(self) -> None:
        """Change two grey pictures, so that what does not work is told here, in a sentence."""
        x = tf.fill((2, *self._shape), 0.5)
        for name, stage in zip(self._names, self._stages, strict=True):
            if not isinstance(stage, keras.Layer):
                continue
            try:
                x = stage(x, training=True)
            except Exception as error:
                raise EngineError(
                    f"{name} cannot be used on these pictures: {short_message(error)} Change it, or remove it from "
                    "the augmentation.",
                    str(error),
                ) from error
        if tuple(x.shape[1:]) != tuple(self._shape):
            made, wanted = ("×".join(map(str, shape)) for shape in (x.shape[1:], self._shape))
            raise EngineError(
                f"The augmentation makes pictures of {made}, but the network takes {wanted}. Put Resizing at its end."
            )


def layer_seeds(seed: int, epoch: int, count: int) -> list[int]:
    """The seeds of the layers in an epoch. The exported script draws the same."""
    drawn: list[int] = np.random.default_rng([seed, epoch, _LAYERS]).integers(2**31, size=count).tolist()
    return drawn


def _layer(spec: ObjectSpec, info: DatasetInfo) -> Any:
    entry = change(spec.class_name)
    extra = {"seed": 0} if entry is not None and entry.param("seed") is not None else {}
    try:
        return make("layers", completed(spec, info), "", **extra)
    except BuildError as error:
        raise EngineError(f"{error.message} Correct it in the augmentation.", error.detail) from error


def _seeds_of(layer: Any) -> list[Any]:
    return [variable for variable in layer.variables if variable.path.endswith(_SEED_STATE)]
