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


class HeadSpec(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How one of several outputs learns; `name` is that of the data's head. The loss that training makes small is the
    sum of those of all outputs, each times its `weight` (`loss_weights` of `compile`)."""

    name: str
    loss: ObjectSpec | None = None
    metrics: tuple[ObjectSpec, ...] | None = None
    weight: float | None = None


class PhaseSpec(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A phase of the training that follows the first one, with another learning rate and with more layers that learn.

    What the tree lets learn does so in every phase; of what it freezes, in this one `trains`: "all", "top" (the last
    `top` layers in the node `within`, empty: in the whole network), "chosen" (`nodes`, by id), or "same", nothing more.
    With `keep_normalization` frozen BatchNormalization stays frozen all the same, and so in inference mode. The rate is
    `learning_rate`, or where that is None `factor` times that of the first phase.
    """

    name: str = "Fine-tuning"
    epochs: int = 10
    trains: Literal["all", "top", "chosen", "same"] = "all"
    top: int = 3
    within: str = ""
    nodes: tuple[str, ...] = ()
    keep_normalization: bool = True
    learning_rate: float | None = None
    factor: float = 0.1


class TrainingSpec(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Everything that `compile` and `fit` take. `plan` "exact" holds training to Keras' own arithmetic, bit for bit.

    `callbacks` are parts of the project's own. Where the data have several heads, `heads` say what each learns with,
    and `loss` and `metrics` do not count.
    `phases` follow one another behind the first phase, of which `epochs` and `optimizer` are, in the same run.
    With `store_features` what frozen layers give is computed once, where that can be; "exact" does without.
    """

    optimizer: ObjectSpec | None = None
    loss: ObjectSpec | None = None
    metrics: tuple[ObjectSpec, ...] | None = None
    heads: tuple[HeadSpec, ...] = ()
    batch_size: int | None = None
    epochs: int = 20
    seed: int = 1
    shuffle: bool = True
    early_stopping: EarlyStopping | None = None
    keep_best: bool = True
    plan: Literal["fastest", "exact"] = "fastest"
    phases: tuple[PhaseSpec, ...] = ()
    store_features: bool = True
    callbacks: tuple[ObjectSpec, ...] = ()


class ResolvedHead(msgspec.Struct, frozen=True):
    """A `HeadSpec` with every default filled in, and why. `output` is what the layer is called that the head learns by,
    which Keras puts before the names of its metrics; empty where the network has no such output."""

    name: str
    output: str
    loss: ObjectSpec
    metrics: tuple[ObjectSpec, ...]
    weight: float
    reasons: dict[str, str] = {}


class ResolvedTraining(msgspec.Struct, frozen=True):
    """A `TrainingSpec` with every default filled in; `reasons` says, for each field that was, why it is so. With
    `heads`, in the order of the data's, `loss` is that of the first and there are no `metrics` beside theirs."""

    optimizer: ObjectSpec
    loss: ObjectSpec
    metrics: tuple[ObjectSpec, ...]
    batch_size: int
    reasons: dict[str, str] = {}
    heads: tuple[ResolvedHead, ...] = ()
