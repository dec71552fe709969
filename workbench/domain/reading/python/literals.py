"""Arithmetic on values that stand in a text, with bounds: neither long numbers nor long texts are ever made."""

import ast
import math
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

LARGEST = 2**53
MOST_ITEMS = 5_000
_MOST_LETTERS = 10_000

_NUMBERS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_FIELD = re.compile(r"%0?\d{0,2}[dsi]")
_BRACES = re.compile(r"\{(\w*)(?::0?\d{0,2}d?)?\}")


class NotKnownError(Exception):
    """The value cannot be worked out here."""


def bounded(value: object) -> object:
    """The value itself. Raises NotKnownError where it is larger than anything that a network needs."""
    too_large = isinstance(value, int) and abs(value) > LARGEST
    too_long = (isinstance(value, str) and len(value) > _MOST_LETTERS) or (
        isinstance(value, list | tuple) and len(value) > MOST_ITEMS
    )
    if too_large or too_long or isinstance(value, complex | bytes):
        raise NotKnownError
    return value


def combined(kind: type[ast.operator], left: object, right: object) -> object:
    """What an operator makes of two plain values or sequences. Raises NotKnownError."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        return _number(kind, left, right)
    if kind is ast.Mod and isinstance(left, str):
        return _filled(left, right if isinstance(right, tuple) else (right,))
    if kind is ast.Mult:
        return _repeated(left, right)
    if kind is ast.Add and isinstance(left, str) and isinstance(right, str):
        return bounded(left + right)
    if kind is ast.Add and isinstance(left, list) and isinstance(right, list):
        return bounded(left + right)
    if kind is ast.Add and isinstance(left, tuple) and isinstance(right, tuple):
        return bounded(left + right)
    raise NotKnownError


def _number(kind: type[ast.operator], left: float, right: float) -> object:
    bounded(left), bounded(right)
    try:
        if kind is ast.Pow:
            if right != 0 and abs(right) * math.log2(abs(left) + 2) > 1000:
                raise NotKnownError
            result = left**right
        elif kind is ast.LShift and isinstance(left, int) and isinstance(right, int) and 0 <= right < 60:
            result = left << right
        else:
            result = _NUMBERS[kind](left, right)
    except (ArithmeticError, KeyError, ValueError, TypeError) as error:
        raise NotKnownError from error
    return bounded(result)


def _repeated(left: object, right: object) -> object:
    items, times = (right, left) if isinstance(left, int) else (left, right)
    if not isinstance(items, str | list | tuple) or not isinstance(times, int):
        raise NotKnownError
    if len(items) * max(times, 0) > (_MOST_LETTERS if isinstance(items, str) else MOST_ITEMS):
        raise NotKnownError
    return items * times


def _filled(template: str, values: Sequence[object]) -> str:
    """`template % values`, for whole numbers and texts only."""
    fields = _FIELD.findall(template)
    if template.count("%") != len(fields) or len(fields) != len(values):
        raise NotKnownError
    if any(field[-1] != "s" and not isinstance(value, int) for field, value in zip(fields, values, strict=True)):
        raise NotKnownError
    plain = [shown(value) if field[-1] == "s" else bounded(value) for field, value in zip(fields, values, strict=True)]
    return str(bounded(template % tuple(plain)))


def formatted(template: str, values: Sequence[object], named: dict[str, object]) -> str:
    """`template.format(*values, **named)`, for plain fields only. Raises NotKnownError."""
    place = -1

    def field(match: re.Match[str]) -> str:
        nonlocal place
        place += 1
        key = match[1]
        value = named.get(key) if key and not key.isdigit() else _item(values, int(key) if key else place)
        return shown(value, match[0].partition(":")[2].rstrip("}"))

    return str(bounded(_BRACES.sub(field, template)))


def _item(values: Sequence[object], place: int) -> object:
    if place >= len(values):
        raise NotKnownError
    return values[place]


def shown(value: object, layout: str = "") -> str:
    """A plain value as text, a whole number with leading zeros where asked for. Raises NotKnownError."""
    if value is None or not isinstance(value, bool | int | float | str):
        raise NotKnownError
    if layout and not (re.fullmatch(r"0?\d{0,2}d?", layout) and isinstance(value, int)):
        raise NotKnownError
    return str(bounded(format(bounded(value), layout)))


def negated(kind: type[ast.unaryop], value: object) -> object:
    """What a sign before a number, or `not`, makes of it. Raises NotKnownError."""
    if kind is ast.Not and (value is None or isinstance(value, bool | int | float | str | list | tuple)):
        return not value
    if isinstance(value, int | float):
        if kind is ast.USub:
            return -value
        if kind is ast.UAdd:
            return value
    raise NotKnownError


def compared(kind: type[ast.cmpop], left: object, right: object) -> bool:
    """Whether two plain values compare so. Raises NotKnownError."""
    plain = bool | int | float | str
    if kind in (ast.In, ast.NotIn) and isinstance(right, list | tuple) and _all_plain([left, *right]):
        return (left in right) is (kind is ast.In)
    if kind in (ast.Is, ast.IsNot) and (right is None or isinstance(right, bool)):
        return (left is right) is (kind is ast.Is)
    if kind in (ast.Eq, ast.NotEq) and _all_plain([left, right]):
        return _COMPARISONS[kind](left, right)
    both_flat = isinstance(left, tuple) and isinstance(right, tuple) and _all_plain([*left, *right])
    same_kind = isinstance(left, str) is isinstance(right, str)
    if kind not in _COMPARISONS or not (both_flat or (isinstance(left, plain) and isinstance(right, plain))):
        raise NotKnownError
    if not same_kind:
        raise NotKnownError
    try:
        return bool(_COMPARISONS[kind](left, right))
    except TypeError as error:
        raise NotKnownError from error


def _all_plain(values: Sequence[object]) -> bool:
    return all(value is None or isinstance(value, bool | int | float | str) for value in values)
