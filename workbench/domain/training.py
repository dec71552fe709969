"""Hyperparameters of a training. None means: a default worked out from the data and the last layer (see `defaults`)."""

from typing import Literal

import msgspec

from workbench.domain.values import ObjectSpec


class EarlyStopping(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Stop when the monitored value has not improved for `patience` epochs (as `keras.callbacks.EarlyStopping`)."""

    monitor: str = "val_loss"
    patience: int = 5
    min_delta: float = 0.0
    restore_best: bool = True


class TrainingSpec(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Everything that `compile` and `fit` take. `plan` "exact" holds training to Keras' own arithmetic, bit for bit."""

    optimizer: ObjectSpec | None = None
    loss: ObjectSpec | None = None
    metrics: tuple[ObjectSpec, ...] | None = None
    batch_size: int | None = None
    epochs: int = 20
    seed: int = 1
    shuffle: bool = True
    early_stopping: EarlyStopping | None = None
    keep_best: bool = True
    plan: Literal["fastest", "exact"] = "fastest"


class ResolvedTraining(msgspec.Struct, frozen=True):
    """A `TrainingSpec` with every default filled in; `reasons` says, for each field that was, why it is so."""

    optimizer: ObjectSpec
    loss: ObjectSpec
    metrics: tuple[ObjectSpec, ...]
    batch_size: int
    reasons: dict[str, str] = {}
