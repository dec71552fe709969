"""Functions of Python itself, NumPy and `math` that networks are written with, on values that are known."""

import math
from collections.abc import Callable
from typing import Any

from workbench.domain.reading.python.literals import MOST_ITEMS, NotKnownError, bounded, shown
from workbench.domain.reading.python.values import Keras, is_plain, sequence

NAMES = frozenset(
    {"abs", "bool", "dict", "enumerate", "float", "int", "len", "list", "max", "min", "range", "reversed", "round"}
    | {"str", "sum", "tuple", "zip"}
)
_NUMBERS: dict[str, Callable[..., Any]] = {"abs": abs, "max": max, "min": min, "round": round, "sum": sum}
_OF_MODULES: dict[str, Callable[..., Any]] = {
    "ceil": math.ceil,
    "floor": math.floor,
    "log2": math.log2,
    "prod": math.prod,
    "sqrt": math.sqrt,
}


def called(name: str, values: tuple[object, ...]) -> object:
    """What a function of Python gives. Raises NotKnownError."""
    try:
        return bounded(_called(name, values))
    except (ArithmeticError, TypeError, ValueError, IndexError) as error:
        raise NotKnownError from error


def _called(name: str, values: tuple[object, ...]) -> object:
    if name in ("range", "enumerate", "zip", "reversed", "list", "tuple"):
        return _items(name, values)
    value = values[0]
    if name == "len":
        items = value if isinstance(value, str | dict) else sequence(value)
        if items is None:
            raise NotKnownError
        return len(items)
    if name in _NUMBERS:
        return _NUMBERS[name](*_numbers(values))
    if not is_plain(value) or len(values) > 1:
        raise NotKnownError
    if name == "str":
        return shown(value)
    if name == "bool":
        return bool(value)
    if isinstance(value, str) and len(value) > 40:
        raise NotKnownError
    if name == "int" and isinstance(value, bool | int | float | str):
        return int(value)
    if name == "float" and isinstance(value, bool | int | float | str):
        return float(value)
    raise NotKnownError


def _numbers(values: tuple[object, ...]) -> tuple[Any, ...]:
    """The arguments of a function that takes numbers, or one list of them. Raises NotKnownError."""
    flat = sequence(values[0]) if values else None
    if not all(isinstance(each, int | float) for each in (values if flat is None else flat)):
        raise NotKnownError
    return values


def _items(name: str, values: tuple[object, ...]) -> object:
    """Functions that give things one after another, as lists."""
    if name == "range":
        ends = [each for each in values if isinstance(each, int)]
        if len(ends) != len(values):
            raise NotKnownError
        numbers = range(*ends)
        if len(numbers) > MOST_ITEMS:
            raise NotKnownError
        return list(numbers)
    if not values:
        return () if name == "tuple" else []
    lists = [
        list(value) if isinstance(value, dict) else sequence(value) for value in values[: 1 if name != "zip" else 9]
    ]
    items = [each for each in lists if each is not None]
    if len(items) != len(lists):
        raise NotKnownError
    match name:
        case "zip":
            return list(zip(*items, strict=False))
        case "enumerate":
            start = values[1] if len(values) > 1 else 0
            if not isinstance(start, int):
                raise NotKnownError
            return list(enumerate(items[0], start))
        case "reversed":
            return list(reversed(items[0]))
        case "tuple":
            return tuple(items[0])
        case _:
            return list(items[0])


def called_in_module(target: Keras, values: tuple[object, ...]) -> object:
    """What a function of `math` or NumPy gives. Raises NotKnownError."""
    function = _OF_MODULES.get(target.last)
    if function is None or len(values) != 1:
        raise NotKnownError
    try:
        if target.last == "prod" and len(sequence(values[0]) or ()) > 64:
            raise NotKnownError
        return bounded(function(*_numbers(values)))
    except (ArithmeticError, TypeError, ValueError) as error:
        raise NotKnownError from error
