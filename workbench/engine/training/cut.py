"""Where a network can be cut: below, all that gives the same for a sample in each epoch; above, what learns.

Below stand layers that are frozen or have no weights, do not draw at random and keep nothing between batches.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Cut:
    """`tensors` (Keras' symbolic ones) are what the upper part takes of the lower one, `nodes` the calls of its layers,
    in order; `layers` are the names of the layers below that have weights, in the order of the network. Where a network
    has frozen weights and none of them stand below, `reason` says why, in a sentence; `layers` are empty then, and
    where nothing is frozen."""

    tensors: tuple[Any, ...] = ()
    layers: tuple[str, ...] = ()
    reason: str = ""
    nodes: tuple[Any, ...] = ()


def find_cut(model: Any) -> Cut:
    """The highest cut of a functional model."""
    import keras

    has_frozen = any(_is_frozen(layer) for layer in model.layers)
    if any(not isinstance(node.operation, keras.layers.Layer) for node in _nodes(model)):
        # What makes the mask of an Embedding stands among the calls, and is no layer.
        return Cut(reason="The network hands masks on, which stored features do not keep." if has_frozen else "")
    fixed = {id(tensor) for tensor in model.inputs}
    known = {id(tensor): tensor for tensor in model.inputs}
    upper: list[Any] = []
    layers: list[str] = []
    obstacle = ""
    for node in _nodes(model):
        layer = node.operation
        why = _why_not(layer)
        if not why and all(id(tensor) in fixed for tensor in node.input_tensors):
            fixed |= {id(tensor) for tensor in node.output_tensors}
            known |= {id(tensor): tensor for tensor in node.output_tensors}
            layers += [layer.name] if layer.count_params() and layer.name not in layers else []
            continue
        upper.append(node)
        obstacle = obstacle or why
    taken = [id(tensor) for node in upper for tensor in node.input_tensors] + [id(each) for each in model.outputs]
    tensors = tuple(known[each] for each in dict.fromkeys(taken) if each in fixed)
    if layers:
        return Cut(tensors, tuple(layers), _why_not_held(tensors), tuple(upper))
    return Cut(reason=obstacle if has_frozen else "")


def _nodes(model: Any) -> Iterator[Any]:
    """The calls of layers, each after those whose outputs it takes."""
    for _, nodes in sorted(model._nodes_by_depth.items(), reverse=True):
        yield from (node for node in nodes if not node.is_input)


def _is_frozen(layer: Any) -> bool:
    return bool(layer.weights) and not layer.trainable


def _why_not_held(tensors: tuple[Any, ...]) -> str:
    """Why what the lower part gives cannot be held as numbers; empty where it can."""
    for tensor in tensors:
        if getattr(tensor, "_keras_mask", None) is not None:
            return "The frozen layers pass a mask on, which cannot be stored."
        if any(size is None for size in tensor.shape[1:]):
            return "The frozen layers give outputs of no fixed size, which cannot be stored."
        if tensor.dtype != "float32":
            return f"The frozen layers give numbers of the type {tensor.dtype}, which are not stored."
    return ""


def _why_not(layer: Any) -> str:
    """Why a layer may give something else for the same sample later on; empty where it cannot."""
    name = f"“{layer.name}”"
    if layer.trainable_variables:
        return f"{name} learns, and frozen layers stand above it."
    if _draws(layer):
        return f"{name} below the frozen layers changes values at random, anew in each epoch."
    if _keeps(layer):
        return f"{name} below the frozen layers changes with each batch."
    if _adds_loss(layer):
        return f"{name} below the frozen layers adds to the loss."
    if not _is_of_keras(layer):
        return f"{name} below the frozen layers is not of Keras alone, so it may do anything while training."
    return ""


def _is_of_keras(layer: Any) -> bool:
    """Whether it is a layer of Keras, with activations of Keras."""
    parts = [type(layer)]
    for inner in layer._flatten_layers():
        named = (getattr(inner, name, None) for name in ("activation", "recurrent_activation"))
        parts += [type(inner), *(part if hasattr(part, "__module__") else type(part) for part in named if part)]
    return all(str(part.__module__).startswith("keras.") for part in parts)


def _draws(layer: Any) -> bool:
    """Whether it draws at random while training. Keras gives a layer whose rate is 0 nothing to draw with, but for the
    cells of recurrent layers."""
    for inner in layer._flatten_layers():
        if not getattr(inner, "_seed_generators", ()):
            continue
        rates = [getattr(inner, name, None) for name in ("dropout", "recurrent_dropout")]
        if rates != [0, 0]:
            return True
    return False


def _keeps(layer: Any) -> bool:
    """Whether batches leave something behind in it."""
    import keras

    for inner in layer._flatten_layers():
        if isinstance(inner, keras.layers.BatchNormalization) and inner.trainable:
            return True
        if isinstance(inner, keras.layers.SpectralNormalization) or getattr(inner, "stateful", False):
            return True
    return False


def _adds_loss(layer: Any) -> bool:
    import keras

    return any(
        isinstance(inner, keras.layers.ActivityRegularization)
        or getattr(inner, "activity_regularizer", None) is not None
        for inner in layer._flatten_layers()
    )
