"""Functions of Keras and TensorFlow on tensors, arithmetic on them, and calls of layers."""

import ast

from workbench.domain.catalogue import Call
from workbench.domain.reading.keras_names import class_named
from workbench.domain.reading.python.notes import Notes
from workbench.domain.reading.python.params import params_of
from workbench.domain.reading.python.values import (
    Arguments,
    Given,
    Keras,
    LayerValue,
    ModelValue,
    Tensor,
    Unknown,
    sequence,
    tensors_in,
)
from workbench.domain.values import Value

# Functions that take a list of tensors, or two of them, as the layers that do the same.
_MERGES = {
    "add": "Add",
    "average": "Average",
    "concat": "Concatenate",
    "concatenate": "Concatenate",
    "dot": "Dot",
    "maximum": "Maximum",
    "minimum": "Minimum",
    "multiply": "Multiply",
    "subtract": "Subtract",
}
_MODES = {"ave": "Average", "concat": "Concatenate", "dot": "Dot", "max": "Maximum", "mul": "Multiply", "sum": "Add"}
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "Add", ast.Sub: "Subtract", ast.Mult: "Multiply"}
_EITHER_WAY = frozenset({"Add", "Multiply"})
_LONGEST_BLOCK = 100
_NAMED_INPUTS = ("query", "value", "key")
_OF_NO_MATTER = frozenset({"training", "mask"})


def called_on_tensors(target: Keras, arguments: Arguments, notes: Notes) -> object:
    """What a function of Keras gives, as `concatenate([a, b])`. Unknown for those that no layer does."""
    tensors = tensors_in([given.value for given in arguments.by_place]) or tensors_in(
        [given.value for given in arguments.by_name.values()]
    )
    merge = _MERGES.get(target.last)
    if target.last == "merge":
        mode = arguments.get(1, "mode")
        merge = _MODES.get(str(mode.value) if mode is not None else "sum")
    if merge is not None and len(tensors) > 1:
        named = {name: given for name, given in arguments.by_name.items() if name in ("axis", "axes", "normalize")}
        if "concat_axis" in arguments.by_name:
            named["axis"] = arguments.by_name["concat_axis"]
        if merge == "Concatenate" and target.last == "concat" and len(arguments.by_place) > 1:
            named["axis"] = arguments.by_place[1]
        return _new_layer(merge, Arguments((), named, arguments.text, arguments.line), tuple(tensors), notes)
    function = class_named("activations", target.last)
    if function is not None and len(tensors) == 1:
        rest = [given for given in arguments.by_place[1:] if given.value is not None]
        if not rest and set(arguments.by_name) <= {"name", "x"}:
            layer = LayerValue("Activation", {"activation": function.name}, arguments.line)
            return notes.call(layer, (tensors[0],))[0]
    return Unknown(arguments.text, arguments.line, tensors[0] if tensors else None)


def _new_layer(kind: str, arguments: Arguments, taken: tuple[Tensor, ...], notes: Notes) -> object:
    entry = class_named("layers", kind)
    if entry is None:
        return Unknown(arguments.text, arguments.line, taken[0])
    layer = LayerValue(kind, params_of(entry, arguments, notes), arguments.line)
    name = arguments.by_name.get("name")
    layer.name = name.value if name is not None and isinstance(name.value, str) else ""
    return notes.call(layer, _skip_first(kind, taken))[0]


def _skip_first(kind: str, taken: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """The two inputs of a sum in the order of a residual block: what it begins with first. The sum is the same to the
    bit, and a tree of it is easier to read."""
    if kind not in _EITHER_WAY or len(taken) != 2 or taken[1].made.place >= taken[0].made.place:
        return taken
    waiting, seen = [taken[0].made], 0
    while waiting and seen < _LONGEST_BLOCK:
        made, seen = waiting.pop(), seen + 1
        if taken[1] in made.taken:
            return taken[1], taken[0]
        waiting += [each.made for each in made.taken if each.made.place > taken[1].made.place]
    return taken


def arithmetic(kind: type[ast.operator], left: object, right: object, node: ast.expr, notes: Notes) -> object:
    """`a + b` of tensors, or of a tensor and a number, as the layer that does the same."""
    tensors = tensors_in([left, right])
    known = isinstance(left, Tensor) + isinstance(right, Tensor)
    if known == 2 and kind in _OPERATORS:
        layer = LayerValue(_OPERATORS[kind], {}, node.lineno)
        return notes.call(layer, _skip_first(layer.class_name, tuple(tensors)))[0]
    number = right if isinstance(left, Tensor) else left
    if known == 1 and isinstance(number, int | float) and not isinstance(number, bool):
        params = _rescaled(kind, float(number), first=isinstance(left, Tensor))
        if params is not None:
            return notes.call(LayerValue("Rescaling", params, node.lineno), (tensors[0],))[0]
    return notes.unknown(node, tensors[0] if tensors else None)


def _rescaled(kind: type[ast.operator], number: float, first: bool) -> dict[str, Value] | None:
    """`first` says that the tensor stands before the number."""
    if kind is ast.Add:
        return {"scale": 1.0, "offset": number}
    if kind is ast.Mult:
        return {"scale": number}
    if kind is ast.Sub:
        return {"scale": 1.0, "offset": -number} if first else {"scale": -1.0, "offset": number}
    if kind is ast.Div and first and number:
        return {"scale": 1.0 / number}
    return None


def call_layer(layer: LayerValue, arguments: Arguments, notes: Notes) -> object:
    """What a layer gives that is called on tensors."""
    taken = _taken(layer, arguments, notes)
    _tell_at_call(layer, arguments, notes)
    given = notes.call(layer, _skip_first(layer.class_name, taken))
    return given if len(given) > 1 else given[0]


def _tell_at_call(layer: LayerValue, arguments: Arguments, notes: Notes) -> None:
    """What a layer takes when it is called, and the tree as a parameter: the same in all calls of one layer."""
    for name in _at_call(layer.class_name):
        told = arguments.by_name[name].value if name in arguments.by_name else None
        if any(tensor.made.callee is layer for tensor in notes.tensors):
            if bool(told) != bool(layer.params.get(name)):
                notes.note(
                    arguments.line, f"{layer.class_name} is called with another {name}, which a tree cannot say."
                )
        elif told is True:
            layer.params[name] = True


def _at_call(class_name: str) -> tuple[str, ...]:
    entry = class_named("layers", class_name)
    return entry.at_call if entry is not None else ()


def _taken(layer: LayerValue, arguments: Arguments, notes: Notes) -> tuple[Tensor, ...]:
    entry = class_named("layers", layer.class_name)
    way = entry.call if entry is not None else "one"
    given, used = _given(way, arguments)
    for name, value in arguments.by_name.items():
        told = name in _at_call(layer.class_name) and isinstance(value.value, bool)
        if name not in _OF_NO_MATTER | used and value.value not in (None, False) and not told:
            notes.note(value.line, f"{layer.class_name} is called with {name[:60]}, which a tree cannot say.")
    values = _flat(given)
    if not values:
        values = [Given(Unknown(arguments.text, arguments.line), arguments.text, arguments.line)]
    tensors = [notes.tensor_of(each.value, layer.class_name, each.text, each.line) for each in values]
    if way in ("pair", "pair_list"):
        return _without_doubles(tensors)
    if way == "one" and len(tensors) > 1:
        count = len(tensors)
        notes.note(arguments.line, f"{layer.class_name} is called on {count} inputs, and only the first was taken.")
        tensors = tensors[:1]
    return tuple(tensors)


def _given(way: Call, arguments: Arguments) -> tuple[list[Given], frozenset[str]]:
    """What a layer is called on, and the names of the arguments that say it."""
    given, by_name = list(arguments.by_place), arguments.by_name
    first = next((name for name in ("inputs", "sequences", "sequence") if name in by_name), None)
    used = set() if given or first is None else {first}
    given = given or [by_name[name] for name in used]
    if way == "states":
        states = by_name.get("initial_state")
        known = states is not None and bool(tensors_in([states.value]))
        return [*given[:1], states] if states is not None and known else given[:2], frozenset(used | {"initial_state"})
    if way != "pair":
        return given[:1], frozenset(used)
    named = [name for name in _NAMED_INPUTS if name in by_name]
    given += [by_name[name] for name in named]
    mask = by_name.get("attention_mask")
    if mask is not None and isinstance(mask.value, Tensor) and len(given) in (2, 3):
        given += [given[1], mask] if len(given) == 2 else [mask]
        named.append("attention_mask")
    return given, frozenset({*used, *named})


def _flat(given: list[Given]) -> list[Given]:
    """The values one by one where they are given as a list or a dictionary."""
    found: list[Given] = []
    for each in given:
        items = list(each.value.values()) if isinstance(each.value, dict) else sequence(each.value)
        found += [each] if items is None else [Given(item, each.text, each.line) for item in items]
    return found


def _without_doubles(tensors: list[Tensor]) -> tuple[Tensor, ...]:
    """Query, value and key; a key that is the value, and a value that is the query, need not be said."""
    if len(tensors) == 3 and tensors[2] == tensors[1]:
        tensors = tensors[:2]
    if len(set(tensors)) == 1:
        tensors = tensors[:1]
    return tuple(tensors)


def call_model(model: ModelValue, arguments: Arguments, notes: Notes) -> object:
    """What a model gives that is called as a layer. Unknown where it is called on data."""
    values = _flat(
        list(arguments.by_place[:1]) or [arguments.by_name[name] for name in ("inputs",) if name in arguments.by_name]
    )
    if not tensors_in([each.value for each in values]):
        return Unknown(arguments.text, arguments.line)
    tensors = tuple(notes.tensor_of(each.value, "The model", each.text, each.line) for each in values)
    model.used = True
    given = notes.call(model, tensors)
    return given[0] if len(given) == 1 else list(given)
