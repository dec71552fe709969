"""Arguments as parameters of the catalogue's classes."""

from typing import cast

from workbench.domain.catalogue import ACTIVATION_LAYERS, Category, ClassEntry, ParamEntry
from workbench.domain.reading.keras_names import argument_order, class_named, present_name
from workbench.domain.reading.python.literals import NotKnownError, bounded
from workbench.domain.reading.python.notes import Notes
from workbench.domain.reading.python.values import Arguments, Given, Keras, LayerValue, ObjectValue, is_plain
from workbench.domain.script.objects import is_default
from workbench.domain.values import ObjectSpec, Value

_MOST_DEPTH = 2
# Said in a text, and of no matter to what the network computes.
_SILENT = frozenset(
    {"autocast", "batch_size", "implementation", "input_length", "name", "trainable", "use_cudnn", "time_major"}
    | {"batch_input_shape", "batch_shape", "input_shape"}
)
_PLAIN_DTYPES = frozenset({"float32", "int32", "int64", None})
_FUNCTION_OF = {layer: function for function, layer in ACTIVATION_LAYERS.items()}
_SLOPE = 0.3
_CONTAINERS = ("keras", "tensorflow")


def params_of(entry: ClassEntry, arguments: Arguments, notes: Notes, skipped: int = 0) -> dict[str, Value]:
    """What the arguments of a constructor say that differs from its defaults; the first `skipped` by place are not for
    it. What is not known is noted, and where it is needed the value that the palette begins with is taken."""
    found: dict[str, Value] = {}
    missing: list[tuple[ParamEntry, Given]] = []
    for name, given in _named(entry, arguments, notes, skipped):
        param = entry.param(name)
        if param is None:
            _note_unknown(entry, name, given, notes)
            continue
        try:
            value = _value(param, given)
        except NotKnownError:
            missing.append((param, given))
            continue
        if param.required or not is_default(param, value):
            found[name] = value
    for param, given in missing:
        _note_missing(entry, param, given, found, notes)
    for param in entry.params:
        if param.required and param.name not in found:
            found[param.name] = param.default
            shown = _shown(param.default)
            notes.note(arguments.line, f"{entry.name} does not say its {param.name}; {shown} stands in its place.")
    return {param.name: found[param.name] for param in entry.params if param.name in found}


def _named(entry: ClassEntry, arguments: Arguments, notes: Notes, skipped: int) -> list[tuple[str, Given]]:
    """Every argument with the name of its parameter."""
    order = argument_order(entry)
    given = arguments.by_place[skipped:]
    if len(given) > len(order) - skipped:
        extra = given[max(len(order) - skipped, 0)]
        notes.note(extra.line, f"{entry.name} does not take as many values, so `{extra.text}` was left out.")
    pairs = list(zip(order[skipped:], given, strict=False))
    return pairs + [(present_name(entry, name), value) for name, value in arguments.by_name.items()]


def _note_unknown(entry: ClassEntry, name: str, given: Given, notes: Notes) -> None:
    if name in _SILENT or (name == "input_dim" and entry.category == "layers") or given.value is None:
        return
    if name == "dtype" and dtype_named(given.value) in _PLAIN_DTYPES:
        return
    notes.note(given.line, f"{entry.name} has no parameter “{name[:60]}” here, so it was left out.")


def _note_missing(entry: ClassEntry, param: ParamEntry, given: Given, found: dict[str, Value], notes: Notes) -> None:
    sentence = f"{param.name} of {entry.name} is `{given.text}`, which is not known here"
    if param.required:
        found[param.name] = param.default
        sentence += f"; {_shown(param.default)} stands in its place"
    notes.note(given.line, f"{sentence}.")


def _shown(value: Value) -> str:
    return value.class_name if isinstance(value, ObjectSpec) else str(value)


def _value(param: ParamEntry, given: Given) -> Value:
    """An argument as the tree has it. Raises NotKnownError."""
    value = given.value
    if param.category is not None:
        return _object(param, value)
    if param.kind == "value" and isinstance(value, LayerValue):
        return spec_of(value)
    if isinstance(value, str) and param.choices and value not in param.choices and value.lower() in param.choices:
        return value.lower()
    if isinstance(value, Keras) and param.kind in ("text", "choice"):
        return value.last
    return plain_value(value)


def plain_value(value: object, depth: int = 0) -> Value:
    """A number, a text, or tuples of such. Raises NotKnownError."""
    if is_plain(value):
        return cast("Value", bounded(value))
    if isinstance(value, list | tuple) and depth < _MOST_DEPTH:
        return cast("Value", tuple(plain_value(item, depth + 1) for item in bounded_items(value)))
    raise NotKnownError


def bounded_items(value: list[object] | tuple[object, ...]) -> tuple[object, ...]:
    """The items of a sequence. Raises NotKnownError where there are too many."""
    bounded(value)
    return tuple(value)


def _object(param: ParamEntry, value: object) -> Value:
    """An object of the category of a parameter, by its name where it has no parameters. Raises NotKnownError."""
    category = param.category
    if category is None:
        raise NotKnownError
    if value is None or (param.kind == "float_or_schedule" and isinstance(value, bool | int | float)):
        return plain_value(value)
    if param.kind == "objects" and isinstance(value, list | tuple):
        return cast("Value", tuple(_spec(category, item) for item in bounded_items(value)))
    if category == "layers" and isinstance(value, list | tuple):
        return _cells(value)
    name = value.last if isinstance(value, Keras) else value
    if category == "activations" and isinstance(name, str) and name in _FUNCTION_OF:
        return _activation(name, {})
    if isinstance(value, str | Keras):
        return _named_object(category, value)
    return _spec(category, value)


def _cells(value: list[object] | tuple[object, ...]) -> Value:
    """Several cells of a recurrent layer as one."""
    cells = tuple(_spec("layers", item) for item in bounded_items(value))
    return ObjectSpec("StackedRNNCells", {"cells": cells})


def _named_object(category: Category, value: str | Keras) -> str:
    if isinstance(value, Keras) and value.path[0] not in _CONTAINERS:
        raise NotKnownError
    entry = class_named(category, value if isinstance(value, str) else value.last)
    if entry is None:
        raise NotKnownError
    return entry.name


def _spec(category: Category, value: object) -> ObjectSpec:
    """What was made for a category. Raises NotKnownError."""
    if isinstance(value, ObjectValue) and value.category == category:
        return value.spec
    if isinstance(value, LayerValue) and category == "activations" and value.class_name in _FUNCTION_OF:
        return _activation(value.class_name, value.params)
    if isinstance(value, LayerValue) and category == "layers":
        return spec_of(value)
    if isinstance(value, str | Keras):
        return ObjectSpec(_named_object(category, value))
    raise NotKnownError


def _activation(layer: str, params: dict[str, Value]) -> ObjectSpec:
    """The function that a layer applies. The slope of LeakyReLU is always said: that of the function is another."""
    slope = {"negative_slope": _SLOPE} if layer == "LeakyReLU" else {}
    return ObjectSpec(_FUNCTION_OF[layer], {**slope, **params})


def spec_of(layer: LayerValue) -> ObjectSpec:
    """A layer as a parameter of another. Raises NotKnownError where it has a layer inside."""
    if layer.inner is not None:
        raise NotKnownError
    return ObjectSpec(layer.class_name, layer.params)


def dtype_named(value: object) -> str | None:
    """The name of a type of numbers; None for that of Keras itself or an unknown one."""
    name = value.last if isinstance(value, Keras) else value
    return name if isinstance(name, str) else None
