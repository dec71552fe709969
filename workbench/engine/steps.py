"""Makes the layers of a graph one after another and calls each on what it takes, to build and to describe alike."""

import threading
from dataclasses import dataclass, field
from typing import Any

from workbench.domain.catalogue import load_catalogue
from workbench.domain.dataset import DatasetInfo
from workbench.domain.entries import entry_shape
from workbench.domain.graph import Graph, GraphError, GraphStep, layout
from workbench.domain.project import Project
from workbench.domain.projection import projection_step
from workbench.domain.sealed import is_sealed
from workbench.domain.values import ObjectSpec
from workbench.engine.objects import BuildError, make, short_message, whole_message
from workbench.engine.sealed.layer import chosen_output, make_sealed, refuse_inside

MAX_RANK = 16
DTYPES = ("float32", "float64", "float16", "bfloat16", "int32", "int64", "uint8", "bool", "string")


BUILDING = threading.RLock()
"""Held while layers are made: Keras draws their seeds from Python's one random state."""


@dataclass
class Network:
    """The layers of a graph as far as they are made: tensors and layers by the names of their steps."""

    info: DatasetInfo
    tensors: dict[str, Any] = field(default_factory=dict)
    layers: dict[str, Any] = field(default_factory=dict)

    def add(self, step: GraphStep) -> None:
        """Make the layer of a step and call it. Raises BuildError at the step's node; then nothing was added."""
        if step.kind == "input":
            self.tensors[step.name] = self._input(step)
            return
        if step.kind == "output":
            self.tensors[step.name] = further_output(step, self.tensors[step.inputs[0]])
            return
        taken = [first_output(self.tensors[name]) for name in step.inputs]
        projection = projection_step(step, [tuple(tensor.shape[1:]) for tensor in taken])
        if projection is not None:
            taken[0] = call_layer(projection, make_layer(projection), taken[:1])
        layer = self.layers[step.shares] if step.shares else make_layer(step)
        self.tensors[step.name] = call_layer(step, layer, taken)
        self.layers[step.name] = layer

    def can_add(self, step: GraphStep) -> bool:
        """Whether everything that the step takes is there."""
        known = step.shares is None or step.shares in self.layers
        return known and all(name in self.tensors for name in step.inputs)

    def output(self, name: str) -> Any:
        """What a step gives; of several outputs the first."""
        return first_output(self.tensors[name])

    def _input(self, step: GraphStep) -> Any:
        import keras

        shape, dtype = input_spec(step, self.info)
        return keras.Input(shape=shape, dtype=dtype, name=step.name)


def lay_out(project: Project) -> Graph:
    """The graph of a project. Raises BuildError instead of GraphError."""
    try:
        return layout(project.model)
    except GraphError as error:
        raise BuildError(error.node_id, str(error)) from error


def make_layer(step: GraphStep) -> Any:
    """The layer of a step, frozen if the step says so, with the layer inside it made first. Raises BuildError."""
    if is_sealed(step):
        return make_sealed(step)
    refuse_inside(step)
    extra: dict[str, Any] = {"name": step.name}
    if step.inner is not None:
        extra["layer"] = make_layer(step.inner)
    layer = make("layers", ObjectSpec(step.class_name, step.params), step.node_id, **extra)
    if not step.trainable:
        layer.trainable = False
    return layer


def call_layer(step: GraphStep, layer: Any, taken: list[Any]) -> Any:
    """What the layer gives for its inputs, which are passed the way this class takes them."""
    entry = load_catalogue().entry("layers", step.class_name)
    pair = taken * 2 if len(taken) == 1 else taken
    beside = {name: step.params[name] for name in entry.at_call if name in step.params}
    try:
        match entry.call:
            case "list" | "one" if len(taken) > 1 or entry.call == "list":
                return chosen_output(step, layer(taken, **beside))
            case "pair_list":
                return layer(pair, **beside)
            case "pair":
                masked = {"attention_mask": pair[3]} if len(pair) == 4 and not entry.own else {}
                return layer(*pair[: 3 if masked else len(pair)], **masked, **beside)
            case "states" if len(taken) > 1:
                return layer(taken[0], initial_state=packed_states(layer, taken[1:]), **beside)
            case _:
                return chosen_output(step, layer(taken[0], **beside))
    except Exception as error:
        shape = tuple(taken[0].shape[1:]) if taken else None
        raise BuildError(step.node_id, short_message(error), whole_message(error), shape) from error


def further_output(step: GraphStep, output: Any) -> Any:
    """One of the outputs of a layer behind the first. Raises BuildError where it has not so many."""
    import keras

    outputs = keras.tree.flatten(output)
    if step.output >= len(outputs):
        raise BuildError(step.node_id, missing_output(step, len(outputs)))
    return outputs[step.output]


def packed_states(layer: Any, given: list[Any]) -> Any:
    """States as a recurrent layer takes them: one behind another, those of stacked cells cell by cell. Raises
    ValueError where there are not as many as it has, or they have other sizes."""
    import keras

    forward = getattr(layer, "forward_layer", None)
    one = layer if forward is None else forward
    # Keras does not tell how many states a convolutional one has.
    sizes: Any = ["h", "c"] if type(one).__name__.startswith("ConvLSTM") else one.state_size
    sizes = [*sizes, *sizes] if forward is not None else sizes
    wanted = keras.tree.flatten(sizes)
    if len(given) != len(wanted):
        states = "1 state" if len(wanted) == 1 else f"{len(wanted)} states"
        raise ValueError(f"It starts with {states}, and takes {len(given)} behind its sequence")
    for size, state in zip(wanted, given, strict=True):  # Keras would notice in training only
        if isinstance(size, int) and state.shape[-1] not in (size, None):
            raise ValueError(f"It starts with states of {size} numbers, and takes one of {state.shape[-1]}")
    return keras.tree.pack_sequence_as(sizes, given)


def missing_output(step: GraphStep, count: int) -> str:
    """That a layer has fewer outputs than are taken of it."""
    has = "only one output" if count == 1 else f"only {count} outputs"
    return (
        f"Output {step.output + 1} of “{step.inputs[0]}” is taken, but it has {has}. Turn on return_state there, or "
        "choose the inputs of what takes it again"
    )


def first_output(output: Any) -> Any:
    """The tensor that later layers take: of several outputs the first."""
    while isinstance(output, (list, tuple)):
        output = output[0]
    return output


def input_spec(step: GraphStep, info: DatasetInfo) -> tuple[tuple[int | None, ...], str]:
    """Shape, without the batch, and dtype of an input. Raises BuildError on what cannot be one."""
    shape = entry_shape(step.name, info) if step.shape is None else step.shape
    dtype = step.dtype or "float32"
    if len(shape) > MAX_RANK:
        raise BuildError(step.node_id, f"An input can have at most {MAX_RANK} axes, not {len(shape)}.")
    if any(size is not None and size < 1 for size in shape):
        raise BuildError(step.node_id, "Every axis of an input must have a length of at least 1.")
    if dtype not in DTYPES:
        raise BuildError(step.node_id, f"An input cannot hold {dtype[:40]!r}. Choose one of {', '.join(DTYPES)}.")
    return shape, dtype
