"""Methods of models, lists, dictionaries and texts."""

from workbench.domain.reading.python.literals import MOST_ITEMS, NotKnownError, formatted
from workbench.domain.reading.python.making import add_to
from workbench.domain.reading.python.members import layers_of
from workbench.domain.reading.python.notes import Notes
from workbench.domain.reading.python.training import read_compile, read_fit
from workbench.domain.reading.python.values import (
    Arguments,
    Entry,
    LayerValue,
    Method,
    ModelValue,
    Unknown,
    sequence,
    tensors_in,
)

_ADDING_MORE = frozenset({"add_loss", "add_metric"})


def call_method(method: Method, arguments: Arguments, notes: Notes) -> object:
    """What a method gives, after it did to its owner what it does. Raises NotKnownError."""
    owner, name = method.owner, method.name
    values = [given.value for given in arguments.by_place]
    match owner:
        case ModelValue():
            return _of_model(owner, name, arguments, notes)
        case list():
            return _of_list(owner, name, values)
        case dict() if name in ("items", "keys", "values") and not values:
            pairs = list(owner.items())
            return pairs if name == "items" else [pair[name == "values"] for pair in pairs]
        case dict() if name == "get" and values and isinstance(values[0], str | int):
            return owner.get(values[0], values[1] if len(values) > 1 else None)
        case str() if name == "format":
            return formatted(owner, values, {key: given.value for key, given in arguments.by_name.items()})
        case str() if name in ("lower", "upper", "title", "strip") and not values:
            return str(getattr(owner, name)())
    tensors = tensors_in([owner, *values])
    return Unknown(arguments.text, arguments.line, tensors[0] if tensors else None)


def _of_model(model: ModelValue, name: str, arguments: Arguments, notes: Notes) -> object:
    given = arguments.get(0, "layer")
    if name == "add" and given is not None:
        add_to(model, given, notes)
    elif name == "pop" and model.items:
        model.items.pop()
    elif name in ("compile", "fit") and model.trained and notes.goes_on(arguments.line):
        pass
    elif name == "compile":
        read_compile(model, arguments, notes)
    elif name == "fit":
        read_fit(model, arguments, notes)
        model.trained = True
    elif name == "build":
        _build(model, arguments)
    elif name == "get_layer":
        return _layer_of(model, arguments)
    elif name in _ADDING_MORE:
        notes.note(arguments.line, f"`{arguments.text}` adds to what is learned by code, which is not read.")
    return Unknown(arguments.text, arguments.line)


def _build(model: ModelValue, arguments: Arguments) -> None:
    """`build((None, 28, 28))` says the shape of the input of a Sequential."""
    given = arguments.get(0, "input_shape")
    shape = sequence(given.value) if given is not None else None
    if model.items is None or not shape or any(isinstance(item, Entry) for item in model.items):
        return
    if all(size is None or isinstance(size, int) for size in shape):
        model.items.insert(0, Entry(tuple(size for size in shape[1:] if size is None or isinstance(size, int))))


def _layer_of(model: ModelValue, arguments: Arguments) -> object:
    name, index = arguments.get(0, "name"), arguments.by_name.get("index")
    layers = layers_of(model)
    if index is not None and isinstance(index.value, int) and -len(layers) <= index.value < len(layers):
        return layers[index.value]
    for layer in layers:
        if name is not None and isinstance(layer, LayerValue | ModelValue) and layer.name == name.value != "":
            return layer
    raise NotKnownError


def _of_list(owner: list[object], name: str, values: list[object]) -> object:
    if len(owner) >= MOST_ITEMS:
        raise NotKnownError
    if name == "append" and len(values) == 1:
        owner.append(values[0])
    elif name == "extend" and values:
        more = sequence(values[0])
        if more is None or len(more) + len(owner) > MOST_ITEMS:
            raise NotKnownError
        owner.extend(list(more))
    elif name == "insert" and len(values) == 2 and isinstance(values[0], int):
        owner.insert(values[0], values[1])
    elif name == "pop" and owner and len(values) < 2 and all(isinstance(value, int) for value in values):
        try:
            return owner.pop(*values)  # type: ignore[arg-type]
        except IndexError as error:
            raise NotKnownError from error
    elif name == "reverse" and not values:
        owner.reverse()
    elif name == "copy" and not values:
        return list(owner)
    else:
        raise NotKnownError
    return None
