"""Parameter values as Python source: numbers, texts, tuples, and Keras objects as calls of their classes."""

import math
from collections.abc import Iterable

from workbench.domain.catalogue import ACTIVATION_LAYERS, Category, ClassEntry, ParamEntry, load_catalogue
from workbench.domain.naming import snake
from workbench.domain.parts.files import FOLDER
from workbench.domain.script.source import Brackets, Doc, Item, call, flat, identifier, keyword_item, listing, quoted
from workbench.domain.values import ObjectSpec, Value

_MODULES: dict[Category, str] = {
    "layers": "keras.layers",
    "activations": "keras.activations",
    "initializers": "keras.initializers",
    "regularizers": "keras.regularizers",
    "constraints": "keras.constraints",
    "optimizers": "keras.optimizers",
    "losses": "keras.losses",
    "metrics": "keras.metrics",
    "schedules": "keras.optimizers.schedules",
    "callbacks": "keras.callbacks",
}
_ALWAYS_SHOWN = frozenset({"learning_rate"})
_SUFFIXES: tuple[tuple[str, Category], ...] = (
    ("initializer", "initializers"),
    ("regularizer", "regularizers"),
    ("constraint", "constraints"),
    ("activation", "activations"),
    ("learning_rate", "schedules"),
    ("layer", "layers"),
    ("cell", "layers"),
)


def entry_of(category: Category, class_name: str) -> ClassEntry | None:
    """The catalogue's entry of a class, None where it has none."""
    try:
        return load_catalogue().entry(category, class_name)
    except KeyError:
        return None


def object_doc(
    spec: ObjectSpec, category: Category, extra: Iterable[Item] = (), tail: Brackets | None = None
) -> Brackets:
    """The call that makes an object. `extra` items come last. Raises ValueError on a name that is no identifier."""
    return call(class_name(spec.class_name, category), *_arguments(spec, category), *extra, tail=tail)


def class_name(name: str, category: Category) -> str:
    """A class as it is written in the script: of Keras, or of a part beside it. Raises ValueError on a name that is no
    identifier."""
    entry = entry_of(category, name)
    module = f"{FOLDER}.{entry.own}" if entry is not None and entry.own else _MODULES[category]
    return f"{module}.{identifier(name)}"


def _is_own(category: Category, name: str) -> bool:
    entry = entry_of(category, name)
    return entry is not None and bool(entry.own)


def _arguments(spec: ObjectSpec, category: Category) -> list[Item]:
    """Parameters that differ from their defaults; leading required ones by position, as one would write them."""
    entry = entry_of(category, spec.class_name)
    params = {param.name: param for param in entry.params} if entry else {}
    given = {
        name: value
        for name, value in spec.params.items()
        if (name in _ALWAYS_SHOWN or not is_default(params.get(name), value)) and not _is_at_call(params.get(name))
    }
    positional: list[Item] = []
    for param in params.values():
        if not param.required or param.name not in given or next(iter(given)) != param.name:
            break
        positional.append(Item(value_doc(given.pop(param.name), category_of(param, param.name))))
    return positional + [
        keyword_item(name, value_doc(value, category_of(params.get(name), name))) for name, value in given.items()
    ]


def at_call(spec: ObjectSpec) -> list[Item]:
    """What a layer takes when it is called, where that differs from its default."""
    entry = entry_of("layers", spec.class_name)
    given = [param for param in (entry.params if entry else ()) if param.at_call and param.name in spec.params]
    return [
        keyword_item(param.name, value_doc(spec.params[param.name], "layers"))
        for param in given
        if not is_default(param, spec.params[param.name])
    ]


def _is_at_call(param: ParamEntry | None) -> bool:
    return param is not None and param.at_call


def is_default(param: ParamEntry | None, value: Value) -> bool:
    """Whether the constructor would take this value anyway. 1 and 1.0 are the same, 1 and True are not."""
    if param is None or param.required:
        return False
    default = param.default
    if isinstance(value, bool) or isinstance(default, bool):
        return value is default
    if isinstance(default, tuple) and isinstance(value, int):
        return bool(default) and all(item == value for item in default)
    return value == default


def category_of(param: ParamEntry | None, name: str) -> Category:
    """Which module an object given for this parameter comes from."""
    if param is not None and param.category is not None:
        return param.category
    if param is not None and param.kind == "float_or_schedule":
        return "schedules"
    return next((category for suffix, category in _SUFFIXES if name.endswith(suffix)), "layers")


def value_doc(value: Value, category: Category) -> Doc:
    """Any parameter value as source."""
    match value:
        case ObjectSpec() if category == "activations":
            return _activation(value)
        case ObjectSpec():
            return object_doc(value, category)
        case tuple() if any(isinstance(item, ObjectSpec) for item in value):
            return listing(*(value_doc(item, category) for item in value))
        case tuple():
            items = [flat(value_doc(item, category)) or "" for item in value]
            return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
        case str() if _is_own(category, value):
            # As a class, which Keras makes within the layer, an initializer draws its seed where the engine's does.
            name = class_name(value, category)
            return name if category in ("activations", "initializers") else call(name)
        case str() if category == "initializers" and value.isidentifier():
            return quoted(snake(value))
        case str():
            return quoted(value)
        case float() if not math.isfinite(value):
            return f'float("{value}")'
        case _:
            return repr(value)


def _activation(spec: ObjectSpec) -> Doc:
    """The name of the function; with parameters the layer that does the same."""
    if not spec.params:
        is_own = _is_own("activations", spec.class_name)
        return class_name(spec.class_name, "activations") if is_own else quoted(spec.class_name)
    layer = ACTIVATION_LAYERS.get(spec.class_name, spec.class_name)
    return object_doc(ObjectSpec(layer, spec.params), "layers")
