"""A layer of Keras as a call of the tree's own, and what would be lost of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from workbench.domain.reading.calls import Call
from workbench.domain.values import ObjectSpec, Value
from workbench.engine.objects import BuildError, make
from workbench.engine.reading.substitutes import substitute_of
from workbench.engine.reading.values import NoPlaceError, entry_of, params_of

# What may differ between a layer and one made anew from its parameters.
_OF_NO_MATTER = frozenset({"name", "trainable", "seed", "layer", "backward_layer", "data_format"})
# What Bidirectional sets in the layer that it takes.
_OF_DIRECTIONS = frozenset({"zero_output_for_mask"})
_NAMED_INPUTS = ("query", "value", "key")
_FORWARD = "forward_"


def call_of(layer: Any, of_no_matter: frozenset[str] = frozenset()) -> Call:
    """A layer by class and parameters, without what it takes. Raises NoPlaceError where a layer made of these would be
    another one, but for what is `of_no_matter`."""
    kind = type(layer).__name__
    substitute = substitute_of(layer)
    if substitute is not None:
        return substitute
    entry = entry_of("layers", kind)
    if entry is None or not type(layer).__module__.startswith("keras."):
        raise NoPlaceError("this version does not have the class")
    config = layer.get_config()
    params = params_of(entry, config)
    inner = _inner(layer, config) if entry.wraps else None
    call = Call("", kind, params, name=layer.name, trainable=bool(layer.trainable), inner=inner)
    _check_same(call, {name: value for name, value in config.items() if name not in of_no_matter})
    return call


def _inner(layer: Any, config: Mapping[str, Any]) -> Call:
    """The layer inside a wrapper; of Bidirectional the one that reads forward."""
    made = getattr(layer, "forward_layer", None) or layer.layer
    inner = call_of(made, _OF_DIRECTIONS if hasattr(layer, "forward_layer") else frozenset())
    backward = config.get("backward_layer")
    if backward is not None:
        both = [dict(each["config"]) for each in (config["layer"], backward)]
        for each in both:
            for name in ("name", "go_backwards", "seed"):
                each.pop(name, None)
        if both[0] != both[1]:
            raise NoPlaceError("its layers for both directions differ")
    name = inner.name.removeprefix(_FORWARD)
    return replace(inner, name=name)


def _check_same(call: Call, config: Mapping[str, Any]) -> None:
    """Raises NoPlaceError where what is made of a call is not what the configuration says."""
    extra: dict[str, Any] = {}
    try:
        if call.inner is not None:
            extra["layer"] = make("layers", ObjectSpec(call.inner.class_name, call.inner.params))
        made = make("layers", ObjectSpec(call.class_name, call.params), **extra).get_config()
    except BuildError as error:
        raise NoPlaceError(error.message.rstrip(".")) from error
    for name, value in config.items():
        if name not in _OF_NO_MATTER and name in made and not _same(value, made[name]):
            raise NoPlaceError(f"{name}={_shown(value)}")


def _same(one: Any, other: Any) -> bool:
    """Whether two values of configurations are equal, whichever seeds they have and whether they are built."""
    if isinstance(one, dict) and isinstance(other, dict):
        if one.get("class_name") == "DTypePolicy":
            return one == other
        names = (one.keys() | other.keys()) - {"seed", "name", "build_config"}
        return all(_same(one.get(name), other.get(name)) for name in names)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _shown(value: Any) -> str:
    if isinstance(value, dict) and isinstance(value.get("config"), dict) and "name" in value["config"]:
        return str(value["config"]["name"])[:60]
    return str(value)[:60]


def inputs_of(node: Any) -> list[Any]:
    """The tensors that a layer is called on, without masks, which layers hand on by themselves. Attention with a mask
    of its own takes query, value, key and that mask."""
    import keras

    told = node.arguments.kwargs
    masks = {id(tensor) for name, value in told.items() if name == "mask" for tensor in keras.tree.flatten(value)}
    tensors = [tensor for tensor in node.input_tensors if id(tensor) not in masks]
    if _is_masked(node) and len(tensors) == 3:
        tensors.insert(2, tensors[1])  # the value stands for the key
    return tensors


def _is_masked(node: Any) -> bool:
    import keras

    return isinstance(node.arguments.kwargs.get("attention_mask"), keras.KerasTensor)


def told_at_call(layer: Any, node: Any) -> dict[str, Value]:
    """What a call of a layer says beside its inputs that the tree has as a parameter, where it is not as usual."""
    entry = entry_of("layers", type(layer).__name__)
    names = entry.at_call if entry is not None else ()
    return {name: True for name in names if node.arguments.kwargs.get(name) is True}


def lost_in(layer: Any, node: Any) -> Iterator[str]:
    """What a call of a layer says beside its inputs, in a sentence each: the tree cannot say it."""
    import keras

    kind = type(layer).__name__
    entry = entry_of("layers", kind)
    way = "one" if entry is None else entry.call
    if way == "one" and len(inputs_of(node)) > 1:
        yield f"“{layer.name}” ({kind}) is called on {len(inputs_of(node))} inputs."
    # Whether it trains is no matter: a functional model tells its layers anew whenever it is called.
    known = {"training", "mask", *told_at_call(layer, node)}
    known |= {"initial_state"} if way == "states" else set()
    known |= {"attention_mask"} if way == "pair" and _is_masked(node) else set()
    for name, value in node.arguments.kwargs.items():
        is_input = name in _NAMED_INPUTS and isinstance(value, keras.KerasTensor)
        if is_input or name in known or value is None or value is False:
            continue
        if not (way == "one" and isinstance(value, keras.KerasTensor)):
            yield f"“{layer.name}” ({kind}) is called with {name}, which a tree cannot say."
