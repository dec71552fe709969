"""Calls of what Keras has: layers, inputs, models, and the objects that they are given."""

from workbench.domain.catalogue import Category, ClassEntry
from workbench.domain.reading.keras_names import class_named
from workbench.domain.reading.python.functions import called_on_tensors
from workbench.domain.reading.python.notes import Notes
from workbench.domain.reading.python.params import dtype_named, params_of
from workbench.domain.reading.python.values import (
    Arguments,
    Entry,
    Given,
    Keras,
    LayerValue,
    ModelValue,
    ObjectValue,
    Shape,
    Tensor,
    Unknown,
    sequence,
    tensors_in,
)
from workbench.domain.values import ObjectSpec

_CATEGORIES: dict[str, Category] = {
    "initializers": "initializers",
    "regularizers": "regularizers",
    "constraints": "constraints",
    "optimizers": "optimizers",
    "losses": "losses",
    "metrics": "metrics",
    "callbacks": "callbacks",
}
_LAYER_CATEGORIES: tuple[Category, ...] = ("regularizers", "initializers", "constraints", "optimizers", "schedules")
_MODELS = frozenset({"Sequential", "Model", "Functional"})
_DTYPES = frozenset({"float32", "float64", "float16", "int8", "int16", "int32", "int64", "uint8", "bool", "string"})
_RUNS_CODE = frozenset({"Lambda"})


def call_keras(target: Keras, arguments: Arguments, notes: Notes) -> object:
    """What a call of something of Keras gives."""
    name = target.last
    if "applications" in target.path:
        return _application(name, arguments, notes)
    if name in _MODELS:
        return _model(name, arguments, notes)
    if name in ("Input", "InputLayer"):
        entry = entry_of(arguments, notes)
        return entry if name == "InputLayer" else notes.call(entry, ())[0]
    category = next((_CATEGORIES[part] for part in target.path[:-1] if part in _CATEGORIES), None)
    if category is not None:
        return _object(category, target, arguments, notes)
    layer = class_named("layers", name)
    if layer is not None and name[:1].isupper():
        return _layer(layer, name, arguments, notes)
    for other in _LAYER_CATEGORIES if len(target.path) == 2 else ():
        if class_named(other, name) is not None:
            return _object(other, target, arguments, notes)
    if name in _RUNS_CODE:
        reason = (
            "Lambda runs code of its own that no form can show and that models are not saved with, so it was left out. "
            "Write it as a layer under Own parts on the Model page."
        )
        return Unknown(arguments.text, arguments.line, None, reason)
    return called_on_tensors(target, arguments, notes)


def _layer(entry: ClassEntry, written: str, arguments: Arguments, notes: Notes) -> object:
    inner: LayerValue | None = None
    if entry.wraps:
        given = arguments.get(0, "layer")
        inner = given.value if given is not None and isinstance(given.value, LayerValue) else None
        if inner is None or inner.inner is not None:
            reason = f"{entry.name} is read only around one plain layer, so it was left out."
            return Unknown(arguments.text, arguments.line, None, reason)
        by_name = {name: value for name, value in arguments.by_name.items() if name not in ("layer", "input_shape")}
        rest = Arguments(arguments.by_place, by_name, arguments.text, arguments.line)
        params = params_of(entry, rest, notes, skipped=1 if arguments.by_place else 0)
    else:
        params = params_of(entry, _kernel_of_keras_1(written, arguments), notes)
    layer = LayerValue(entry.name, params, arguments.line, inner=inner)
    layer.name = _text(arguments.by_name.get("name"))
    trainable = arguments.by_name.get("trainable")
    layer.trainable = trainable is None or trainable.value is not False
    layer.entry = _own_entry(entry, arguments, notes)
    notes.count_layer()
    return layer


def _kernel_of_keras_1(written: str, arguments: Arguments) -> Arguments:
    """`Convolution2D(32, 3, 3)` has a kernel of 3 by 3."""
    given = arguments.by_place
    sides = [arguments.by_name[name] for name in ("nb_row", "nb_col") if name in arguments.by_name]
    by_name = {name: value for name, value in arguments.by_name.items() if name not in ("nb_row", "nb_col")}
    if written == "Convolution2D" and len(given) >= 3 and all(isinstance(each.value, int) for each in given[1:3]):
        sides, given = list(given[1:3]), (given[0], *given[3:])
    if len(sides) != 2:
        return arguments
    kernel = Given(tuple(side.value for side in sides), sides[0].text, sides[0].line)
    return Arguments(given, {**by_name, "kernel_size": kernel}, arguments.text, arguments.line)


def _own_entry(entry: ClassEntry, arguments: Arguments, notes: Notes) -> Entry | None:
    """The input that a layer brings along at the top of a Sequential."""
    by_name = arguments.by_name
    for name, skipped in (("input_shape", 0), ("batch_input_shape", 1), ("batch_shape", 1)):
        if name in by_name:
            shape = _shape(by_name[name], notes, entry.name, name)
            return Entry(None if shape is None else shape[skipped:])
    for name in ("input_dim", "input_length"):
        given = by_name.get(name)
        if given is not None and entry.param(name) is None and isinstance(given.value, int):
            return Entry((given.value,))
    return None


def entry_of(arguments: Arguments, notes: Notes) -> Entry:
    """The input that `Input` or `InputLayer` describes."""
    batched = arguments.by_name.get("batch_shape") or arguments.by_name.get("batch_input_shape")
    given = batched or arguments.get(0, "shape", "input_shape")
    shape = None if given is None else _shape(given, notes, "Input", "shape")
    if batched is not None and shape is not None:
        shape = shape[1:]
    return Entry(shape, _dtype(arguments, notes), _text(arguments.by_name.get("name")))


def _shape(given: Given, notes: Notes, owner: str, name: str) -> Shape | None:
    """A shape as it was given. None, which is that of the data, where it is not known."""
    items = (given.value,) if isinstance(given.value, int) else sequence(given.value)
    if items is not None and len(items) <= 16 and all(_is_size(item) for item in items):
        return tuple(item for item in items if item is None or isinstance(item, int))
    if given.value is not None:
        notes.note(
            given.line, f"{name} of {owner} is `{given.text}`, which is not known here; that of the data is taken."
        )
    return None


def _is_size(item: object) -> bool:
    return item is None or (isinstance(item, int) and not isinstance(item, bool) and 0 <= item < 2**31)


def _dtype(arguments: Arguments, notes: Notes) -> str | None:
    given = arguments.by_name.get("dtype")
    if given is None:
        return None
    name = dtype_named(given.value)
    if name is not None and name not in _DTYPES:
        notes.note(given.line, f"dtype of Input is `{given.text}`, which is not known here, so it was left out.")
        return None
    return None if name == "float32" else name


def _text(given: Given | None) -> str:
    return given.value if given is not None and isinstance(given.value, str) else ""


def _model(kind: str, arguments: Arguments, notes: Notes) -> object:
    model = ModelValue(arguments.line, _text(arguments.by_name.get("name")))
    notes.models.append(model)
    if kind == "Sequential":
        given = arguments.get(0, "layers")
        model.items = []
        items = sequence(given.value) if given is not None else ()
        if items is None and given is not None and given.value is not None:
            notes.note(given.line, f"The layers of Sequential are `{given.text}`, which is not known here.")
        for item in items or ():
            add_to(model, Given(item, given.text if given else "", given.line if given else 0), notes)
        return model
    inputs, outputs = arguments.get(0, "inputs", "input"), arguments.get(1, "outputs", "output")
    if inputs is None or outputs is None:
        notes.note(arguments.line, "Model is made without inputs and outputs, so it was not read.")
        notes.models.remove(model)
        return Unknown(arguments.text, arguments.line)
    taken = list(inputs.value.values()) if isinstance(inputs.value, dict) else inputs.value
    model.inputs = tuple(tensors_in(taken))
    model.outputs = tuple(_ends(outputs, notes))
    if not model.outputs:
        notes.note(outputs.line, f"The outputs of Model are `{outputs.text}`, which is not known here.")
        notes.models.remove(model)
        return Unknown(arguments.text, arguments.line)
    return model


def _ends(given: Given, notes: Notes) -> list[Tensor]:
    """The tensors that a model gives; what could not be read among them is noted."""
    items = list(given.value.values()) if isinstance(given.value, dict) else sequence(given.value)
    for item in (given.value,) if items is None else items:
        if isinstance(item, Unknown) and item.tensor is not None:
            notes.left_out(item)
    return tensors_in(given.value if items is None else items)


def add_to(model: ModelValue, given: Given, notes: Notes) -> None:
    """`model.add(layer)`. What is no layer is noted."""
    value = given.value
    if model.items is None:
        return
    if isinstance(value, Tensor) and isinstance(value.made.callee, Entry):
        value = value.made.callee
    if isinstance(value, LayerValue | ModelValue | Entry):
        notes.step()
        if isinstance(value, ModelValue):
            value.used = True
        model.items.append(value)
    elif isinstance(value, Unknown) and value.reason:
        notes.note(value.line, value.reason)
    else:
        text, line = (value.text, value.line) if isinstance(value, Unknown) else (given.text, given.line)
        notes.note(line, f"`{text}` is no layer that can be read, so it was left out.")


def _object(category: Category, target: Keras, arguments: Arguments, notes: Notes) -> object:
    """An initializer, optimizer, loss and so on. A loss that is called on values is none."""
    if category == "optimizers" and "schedules" in target.path:
        category = "schedules"
    entry = class_named(category, target.last)
    if entry is None or (category in ("losses", "metrics") and target.last.islower()):
        return Unknown(arguments.text, arguments.line)
    params = params_of(entry, arguments, notes)
    if category == "metrics" and "name" in arguments.by_name and entry.param("name") is not None:
        params["name"] = _text(arguments.by_name["name"])
    return ObjectValue(category, ObjectSpec(entry.name, params))


def _application(name: str, arguments: Arguments, notes: Notes) -> object:
    """A pretrained model, which is left out: what it is called on goes through."""
    if not name[:1].isupper():
        tensors = tensors_in([given.value for given in arguments.by_place])
        return Unknown(arguments.text, arguments.line, tensors[0] if tensors else None)
    notes.note(arguments.line, f"{name} is a pretrained model, which is not read from Python, so it was left out.")
    given = arguments.by_name.get("input_tensor")
    if given is not None and isinstance(given.value, Tensor):
        start = given.value
    else:
        start = notes.entry(entry_of(Arguments((), arguments.by_name), notes).shape)
    return ModelValue(arguments.line, inputs=(start,), outputs=(start,))
