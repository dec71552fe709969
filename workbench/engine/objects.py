"""Keras objects from their descriptions: the class from the catalogue's own walk, each value checked by its kind.

Nothing else can be made: no attribute is looked up by a name from a project file, and no code is run from one.
"""

import math
import re
from collections.abc import Callable
from typing import Any

from workbench.domain.catalogue import ACTIVATION_LAYERS, Category, ClassEntry, ParamEntry, load_catalogue
from workbench.domain.values import ObjectSpec, Value
from workbench.engine.catalogue import walk
from workbench.engine.parts.load import place_of
from workbench.engine.parts.scope import current

MAX_DEPTH = 8
MAX_ITEMS = 100_000
MAX_TEXT = 100_000
_SHOWN = 400
_NO_DECISION = "Python's if and while cannot decide by the value of a tensor. Use keras.ops.where or keras.ops.cond."

_NOUNS: dict[Category, str] = {
    "layers": "layer",
    "activations": "activation",
    "initializers": "initializer",
    "regularizers": "regularizer",
    "constraints": "constraint",
    "optimizers": "optimizer",
    "losses": "loss",
    "metrics": "metric",
    "schedules": "learning-rate schedule",
    "callbacks": "callback",
}


class BuildError(Exception):
    """Part of a network cannot be made. `node_id` says where (empty: not in the tree), the message why, in a sentence;
    `detail` is the library's whole text, `input_shape` what the node got, without the batch."""

    def __init__(
        self,
        node_id: str,
        message: str,
        detail: str = "",
        input_shape: tuple[int | None, ...] | None = None,
    ) -> None:
        super().__init__(message)
        self.node_id = node_id
        self.message = message
        self.detail = detail
        self.input_shape = input_shape


def make(category: Category, spec: ObjectSpec, node_id: str = "", **extra: Any) -> Any:
    """The Keras object of a description. `extra` are arguments of ours, which the catalogue does not show (`name`).

    Raises BuildError on an unknown class or parameter, a wrong value, and what Keras itself refuses.
    """
    return _Maker(node_id).make(category, spec, extra, 0)


def short_message(error: BaseException) -> str:
    """The useful end of a Keras or TensorFlow message on one line, without colours and the list of arguments. Where it
    came from a part of the person's own, the place stands before it."""
    text = whole_message(error)
    text = text.split("Arguments received by", 1)[0]
    text = text.rsplit("Error encountered:", 1)[-1]
    text = re.sub(r"^Exception encountered when calling [^\n]*\n", "", text.strip())
    text = re.sub(r" with name '[^']*' of layer", " of layer", text)
    text = " ".join(text.split()) or type(error).__name__
    text = text if len(text) <= _SHOWN else "…" + text[-_SHOWN:]
    place = place_of(error)
    if place and type(error).__name__ == "OperatorNotAllowedInGraphError":
        return f"{place}: {_NO_DECISION}"
    return f"{place}: {type(error).__name__}: {text}" if place else text


def whole_message(error: BaseException) -> str:
    """All that was said, without the colours of a terminal."""
    return re.sub(r"\x1b\[[0-9;]*m", "", str(error))


class _Maker:
    """Makes one object and everything inside it, for one node."""

    def __init__(self, node_id: str) -> None:
        self._node_id = node_id

    def make(self, category: Category, spec: ObjectSpec, extra: dict[str, Any], depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise self._error(f"{spec.class_name} is nested more than {MAX_DEPTH} deep.")
        name = self._name(category, spec.class_name)
        if category == "activations":
            return self._activation(name, spec, depth)
        entry = load_catalogue().entry(category, name)
        arguments = {key: self._argument(entry, key, value, depth) for key, value in spec.params.items()}
        if category == "metrics":
            self._refuse_endless(name, arguments)
        for key in entry.at_call:
            arguments.pop(key, None)  # it is checked here, and given to the layer by who calls it
        return self._call(_class(category, name), entry, {**arguments, **extra})

    def _name(self, category: Category, name: str) -> str:
        own = current()
        if (category, name) in own.classes:
            return name
        if (category, name) in own.refusals:
            raise self._error(own.refusals[category, name])
        known = walk.names(category).get(name)
        if known is None:
            raise self._error(f"There is no {_NOUNS[category]} called “{_clip(name)}”. Choose another one.")
        return known

    def _refuse_endless(self, name: str, arguments: dict[str, Any]) -> None:
        """A metric builds as many Python numbers as its parameters say, before Keras has a chance to refuse."""
        for key, value in arguments.items():
            if isinstance(value, int) and abs(value) > MAX_ITEMS:
                raise self._error(f"{key} of {name} is {value:,}; at most {MAX_ITEMS:,} is possible. Take less.")

    def _activation(self, name: str, spec: ObjectSpec, depth: int) -> Any:
        """The function itself; with parameters the layer that does the same, which can be saved."""
        if not spec.params:
            return _class("activations", name)
        if name not in ACTIVATION_LAYERS:
            raise self._error(f"The activation {name} has no parameters. Remove them.")
        return self.make("layers", ObjectSpec(ACTIVATION_LAYERS[name], spec.params), {}, depth + 1)

    def _call(self, made: Callable[..., Any], entry: ClassEntry, arguments: dict[str, Any]) -> Any:
        try:
            return made(**arguments)
        except Exception as error:
            missing = [param.name for param in entry.params if param.required and param.name not in arguments]
            if missing and isinstance(error, TypeError):
                raise self._error(f"{entry.name} needs a value for {' and '.join(missing)}.") from error
            raise BuildError(self._node_id, f"{entry.name}: {short_message(error)}", str(error)) from error

    def _argument(self, entry: ClassEntry, key: str, value: Value, depth: int) -> Any:
        param = entry.param(key)
        if param is None:
            raise self._error(f"{entry.name} has no parameter called “{_clip(key)}”. Remove it.")
        if value is None:
            if param.optional or param.kind == "object":
                return None
            raise self._error(f"{entry.name} needs a value for {key}.")
        converted = self._convert(param, value, depth)
        if converted is _WRONG:
            raise self._error(f"{key} of {entry.name} cannot be {_shown(value)}; it takes {_wanted(param)}.")
        _check_bounds(self._node_id, entry, param, converted)
        return converted

    def _convert(self, param: ParamEntry, value: Value, depth: int) -> Any:
        match param.kind:
            case "object" | "objects" | "float_or_schedule":
                return self._objects(param, value, depth)
            case "choice":
                return value if isinstance(value, str) and value in param.choices else _WRONG
            case _:
                return _plain(param, value)

    def _objects(self, param: ParamEntry, value: Value, depth: int) -> Any:
        category = param.category
        if category is None:
            return _WRONG
        if param.kind == "float_or_schedule" and not isinstance(value, ObjectSpec):
            return _number(value)
        if param.kind == "objects":
            if not isinstance(value, tuple) or not all(isinstance(item, ObjectSpec) for item in value):
                return _WRONG
            return [self.make(category, item, {}, depth + 1) for item in value if isinstance(item, ObjectSpec)]
        if isinstance(value, ObjectSpec):
            return self.make(category, value, {}, depth + 1)
        return self._by_name(category, value, depth) if isinstance(value, str) else _WRONG

    def _by_name(self, category: Category, name: str, depth: int) -> Any:
        """What is only named. An initializer stays a class: Keras makes it inside the layer, as from a text, so that it
        draws its seed in the same place as in the exported script."""
        if category == "initializers":
            return _class(category, self._name(category, name))
        return self.make(category, ObjectSpec(name), {}, depth + 1)

    def _error(self, message: str) -> BuildError:
        return BuildError(self._node_id, message)


def _class(category: Category, name: str) -> Any:
    """A class of Keras, or one of the project's own parts. Raises KeyError."""
    own = current().classes.get((category, name))
    return walk.classes(category)[name] if own is None else own


class _Wrong:
    """Stands for a value that does not fit its parameter."""


_WRONG = _Wrong()


def _plain(param: ParamEntry, value: Value) -> Any:
    """A value of a kind without objects, as Keras takes it, or `_WRONG`."""
    match param.kind:
        case "bool":
            return value if isinstance(value, bool) else _WRONG
        case "int":
            return _whole(value)
        case "float":
            return _number(value)
        case "text":
            return value if isinstance(value, str) and len(value) <= MAX_TEXT else _WRONG
        case "ints":
            return _several(value, _whole, param.dimensions)
        case "floats":
            return _several(value, _number, None)
        case "shape":
            return _several(value, _axis, None) if isinstance(value, tuple) else _WRONG
        case "texts":
            return _several(value, _text, None) if isinstance(value, tuple) else _WRONG
        case _:
            return _several(value, _scalar, None)


def _several(value: Value, convert: Callable[[Any], Any], dimensions: int | None) -> Any:
    """One item, or a tuple of items and of tuples of items (margins before and after)."""
    if not isinstance(value, tuple):
        return convert(value)
    if len(value) > MAX_ITEMS or (dimensions and len(value) != dimensions and not _is_margin(value, dimensions)):
        return _WRONG
    items = [_several(item, convert, None) if isinstance(item, tuple) else convert(item) for item in value]
    return _WRONG if _WRONG in items else tuple(items)


def _is_margin(value: tuple[Any, ...], dimensions: int) -> bool:
    """Two numbers for one axis: what is added or cut before and after."""
    return dimensions == 1 and len(value) == 2


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else _WRONG


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _WRONG
    return value if math.isfinite(value) else _WRONG


def _axis(value: Any) -> Any:
    return None if value is None else _whole(value)


def _text(value: Any) -> Any:
    return value if isinstance(value, str) and len(value) <= MAX_TEXT else _WRONG


def _scalar(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, float, str)) else _WRONG


def _check_bounds(node_id: str, entry: ClassEntry, param: ParamEntry, value: Any) -> None:
    numbers = value if isinstance(value, tuple) else (value,)
    for number in numbers:
        if isinstance(number, tuple):
            _check_bounds(node_id, entry, param, number)
        elif isinstance(number, (int, float)) and not isinstance(number, bool):
            too_low = param.low is not None and number < param.low
            too_high = param.high is not None and number > param.high
            if too_low or too_high:
                raise BuildError(node_id, f"{param.name} of {entry.name} must be {_range(param)}, not {number:g}.")


def _range(param: ParamEntry) -> str:
    if param.low is not None and param.high is not None:
        above = "below 1" if param.high == 0.999999 else f"at most {param.high:g}"
        return f"at least {param.low:g} and {above}"
    return f"at least {param.low:g}" if param.low is not None else f"at most {param.high:g}"


def _wanted(param: ParamEntry) -> str:
    """What a parameter takes, in words."""
    words = {
        "bool": "true or false",
        "int": "a whole number",
        "float": "a number",
        "text": "a text",
        "choice": "one of " + ", ".join(param.choices),
        "ints": f"one whole number or {param.dimensions or 'several'}",
        "floats": "one number or several",
        "shape": "several whole numbers",
        "texts": "several texts",
        "float_or_schedule": "a number or a schedule",
    }
    noun = _NOUNS[param.category] if param.category else "value"
    return words.get(param.kind, f"a plain {noun}")


def _shown(value: object) -> str:
    return _clip(value.class_name if isinstance(value, ObjectSpec) else repr(value))


def _clip(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
