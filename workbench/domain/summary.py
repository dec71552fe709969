"""What Keras says of a network without allocating its weights: shapes, parameter counts, the first error."""

from typing import Literal, TypeAlias

import msgspec

from workbench.domain.sealed import SealedFacts

StartState: TypeAlias = Literal["", "kept", "misfit", "missing"]


class LayerSummary(msgspec.Struct, frozen=True):
    """One built Keras layer. `node_id` is the tree node it came from. Shapes leave out the batch; None is a free axis.
    Of several outputs `output_shape` is that of the first, `further` those of the others. `start` says of a layer that
    is to start with kept weights whether it does, their shapes do not fit, or they are not there; `start_detail` then
    names both shapes, or what is wrong."""

    node_id: str
    name: str
    class_name: str
    input_shape: tuple[int | None, ...]
    output_shape: tuple[int | None, ...]
    params: int
    trainable_params: int
    start: StartState = ""
    start_detail: str = ""
    further: tuple[tuple[int | None, ...], ...] = ()


class NodeError(msgspec.Struct, frozen=True):
    """Why a node could not be built: `message` is Keras' own text made short, `detail` all of it."""

    node_id: str
    message: str
    detail: str = ""
    input_shape: tuple[int | None, ...] | None = None


class ModelSummary(msgspec.Struct, frozen=True):
    """All layers up to the first error. Sizes are bytes; `peak_bytes` is predicted for training with one batch.

    `loss_error` says why the loss cannot compare the outputs with the targets, `loss_errors` the same of each head of
    the data whose loss cannot, `training_error` why the optimizer or a metric cannot be made or used. `sealed` is what
    the sealed SavedModels are, by their places in the project's folder, as far as they can be read.
    """

    layers: tuple[LayerSummary, ...] = ()
    total_params: int = 0
    trainable_params: int = 0
    non_trainable_params: int = 0
    param_bytes: int = 0
    peak_bytes: int = 0
    output_shape: tuple[int | None, ...] | None = None
    error: NodeError | None = None
    loss_error: str | None = None
    loss_errors: dict[str, str] = {}
    training_error: str | None = None
    sealed: dict[str, SealedFacts] = {}
