"""Parameters of Keras objects, from their configurations, as the tree has them."""

from collections.abc import Mapping
from typing import Any

from workbench.domain.catalogue import Category, ClassEntry, ParamEntry, load_catalogue
from workbench.domain.values import ObjectSpec, Value

# Sizes that Keras makes a tuple of, and that read better as one number where all are the same.
_SIZES = frozenset({"kernel_size", "strides", "pool_size", "dilation_rate", "size"})
_ACTIVATION_OF = {"LeakyReLU": "leaky_relu", "ELU": "elu", "ReLU": "relu", "Softmax": "softmax"}
MAX_DEPTH = 8
MAX_ITEMS = 100_000


class NoPlaceError(Exception):
    """A value, or a class, that the tree cannot have; the message says which, without a sentence around it."""


def params_of(entry: ClassEntry, config: Mapping[str, Any], depth: int = 0) -> dict[str, Value]:
    """What of a configuration differs from the defaults of its class. Raises NoPlaceError."""
    found: dict[str, Value] = {}
    for param in entry.params:
        if param.name in config:
            value = _value(param, config[param.name], depth)
            if param.required or not _is_default(param, value):
                found[param.name] = value
    return found


def _is_default(param: ParamEntry, value: Value) -> bool:
    default = param.default
    if param.category == "activations" and default is None and value == "linear":
        return True
    if isinstance(default, str) and isinstance(value, ObjectSpec):
        return value == ObjectSpec(default)
    return value == default and isinstance(value, bool) == isinstance(default, bool)


def _value(param: ParamEntry, value: Any, depth: int) -> Value:
    if isinstance(value, dict) and "class_name" in value:
        return _object(param, value, depth)
    if isinstance(value, list | tuple) and param.kind == "objects":
        return tuple(_object(param, item, depth) for item in value)
    if isinstance(value, list | tuple):
        items = _items(param.name, value)
        is_size = param.name in _SIZES and len(set(items)) == 1 and isinstance(items[0], int)
        return items[0] if is_size else items
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise NoPlaceError(f"{param.name}={str(value)[:60]}")


def _items(name: str, values: Any, depth: int = 0) -> tuple[Any, ...]:
    if depth > 1 or len(values) > MAX_ITEMS:
        raise NoPlaceError(f"{name}, a list of {len(values):,} values")
    items: list[Any] = []
    for item in values:
        if isinstance(item, list | tuple):
            items.append(_items(name, item, depth + 1))
        elif item is None or isinstance(item, bool | int | float | str):
            items.append(item)
        else:
            raise NoPlaceError(f"{name}={str(item)[:60]}")
    return tuple(items)


def _object(param: ParamEntry, described: Any, depth: int) -> str | ObjectSpec:
    """An initializer, regularizer, constraint or activation with what differs from its defaults."""
    if param.category is None or depth > MAX_DEPTH or not isinstance(described, dict):
        raise NoPlaceError(param.name)
    name, config = str(described.get("class_name")), described.get("config")
    if param.category == "activations":
        return _activation(param.name, name, config)
    entry = entry_of(param.category, name)
    if entry is None:
        raise NoPlaceError(f"{param.name}={name[:60]}")
    return ObjectSpec(entry.name, params_of(entry, config if isinstance(config, dict) else {}, depth + 1))


def _activation(param: str, name: str, config: Any) -> str | ObjectSpec:
    """A function by its name, or a layer that is one, with its parameters."""
    if name == "function" and isinstance(config, str):
        return config
    entry = entry_of("layers", name)
    if name not in _ACTIVATION_OF or entry is None:
        raise NoPlaceError(f"{param}={name[:60]}")
    params = params_of(entry, config if isinstance(config, dict) else {}, 1)
    return ObjectSpec(_ACTIVATION_OF[name], params) if params else _ACTIVATION_OF[name]


def entry_of(category: Category, name: str) -> ClassEntry | None:
    """The catalogue's entry of a class by its name, None where it has none."""
    try:
        return load_catalogue().entry(category, name)
    except KeyError:
        return None
