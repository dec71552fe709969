"""Values as text and back, without widgets. What cannot be read raises ValueError with a sentence for a person."""

import json
import math
import re
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from workbench.domain.catalogue import ParamEntry
from workbench.domain.values import ObjectSpec, Value

LARGEST_WHOLE = 2**53
LONGEST_TEXT = 20_000
_SHORT = {"l1": "L1", "l2": "L2", "fft": "FFT", "relu": "ReLU", "ema": "EMA", "rtol": "rtol"}
_NONE = ("", "none")


def label_of(name: str) -> str:
    """A parameter's name as a person reads it: "kernel_size" → "Kernel size"."""
    words = [_SHORT.get(word, word) for word in name.split("_") if word]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def plain(value: Value) -> Value:
    """An object without parameters as its name alone, so that both ways of writing one compare equal."""
    if isinstance(value, ObjectSpec):
        if not value.params:
            return value.class_name
        return ObjectSpec(value.class_name, {name: plain(inner) for name, inner in sorted(value.params.items())})
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)  # type: ignore[misc]
    return value


def same(one: Value, other: Value) -> bool:
    """Whether two values mean the same to Keras. True and 1 differ, 1 and 1.0 do not."""
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    return plain(one) == plain(other)


def format_number(value: float) -> str:
    """The shortest text that reads back as this number."""
    if isinstance(value, int):
        return str(value)
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text


def parse_number(text: str, *, whole: bool) -> int | float:
    """A number as typed; digits may be grouped by spaces or underscores."""
    clean = re.sub(r"(?<=\d)[ _\u00a0\u202f](?=\d)", "", text.strip()).replace("−", "-")
    if whole:
        if not re.fullmatch(r"[+-]?\d{1,20}", clean):
            raise ValueError(QCoreApplication.translate("forms", "Type a whole number."))
        number = int(clean)
        if abs(number) > LARGEST_WHOLE:
            raise ValueError(QCoreApplication.translate("forms", "This number is too large."))
        return number
    if not re.fullmatch(r"[+-]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})([eE][+-]?\d{1,4})?", clean):
        raise ValueError(QCoreApplication.translate("forms", "Type a number, such as 0.01 or 1e-3."))
    value = float(clean)
    if not math.isfinite(value):
        raise ValueError(QCoreApplication.translate("forms", "This number is too large."))
    return value


def check_bounds(value: float, low: float | None, high: float | None) -> None:
    """Raises ValueError when a number lies outside of its bounds."""
    if low is not None and value < low:
        if low == 0:
            raise ValueError(QCoreApplication.translate("forms", "It must not be negative."))
        raise ValueError(QCoreApplication.translate("forms", "It must be at least {0}.").format(_bound(low)))
    if high is not None and value > high:
        if 0.99 < high < 1:
            raise ValueError(QCoreApplication.translate("forms", "It must be less than 1."))
        raise ValueError(QCoreApplication.translate("forms", "It must be at most {0}.").format(_bound(high)))


def _bound(value: float) -> str:
    return format_number(int(value) if float(value).is_integer() else value)


Parser = Callable[[str, ParamEntry], Value]


def parse_several(text: str, entry: ParamEntry) -> Value:
    """Numbers between commas, spaces or ×; one alone is just that number, except in a shape, which is always a tuple.

    Pairs in brackets are kept: "(1, 1), (2, 2)". Empty is None where the entry allows it.
    """
    if entry.optional and text.strip().lower() in _NONE:
        return None
    whole = entry.kind != "floats"
    nested = re.findall(r"[(\[]([^()\[\]]*)[)\]]", text)
    if len(nested) > 1:
        return tuple(tuple(_numbers(part, whole, entry)) for part in nested)
    numbers = _numbers(re.sub(r"[()\[\]]", " ", text), whole, entry)
    if len(numbers) == 1 and entry.kind != "shape":
        return numbers[0]
    return tuple(numbers)


def _numbers(text: str, whole: bool, entry: ParamEntry) -> list[int | float | None]:
    words = [word for word in re.split(r"[,;×\s]+|(?<=\d)x(?=\d)", text.strip()) if word]
    if not words or len(words) > 1000:
        raise ValueError(QCoreApplication.translate("forms", "Type a number, or several with commas between them."))
    numbers: list[int | float | None] = []
    for word in words:
        if entry.kind == "shape" and word.lower() in ("none", "?"):
            numbers.append(None)
            continue
        number = parse_number(word, whole=whole)
        check_bounds(number, entry.low, entry.high)
        numbers.append(number)
    return numbers


def format_several(value: Value) -> str:
    """The text that `parse_several` reads back."""
    if isinstance(value, tuple):
        if any(isinstance(item, tuple) for item in value):
            return ", ".join(f"({format_several(item)})" for item in value)
        return ", ".join(format_several(item) for item in value)
    if value is None:
        return "none"
    return format_number(value) if isinstance(value, int | float) else str(value)


def parse_texts(text: str, entry: ParamEntry) -> Value:
    """Words between commas or lines."""
    words = tuple(word.strip() for word in re.split(r"[,\n]", text[:LONGEST_TEXT]) if word.strip())
    return words or (None if entry.optional else ())


def format_texts(value: Value) -> str:
    """Words with commas between them."""
    return ", ".join(str(item) for item in value) if isinstance(value, tuple) else str(value or "")


def parse_json(text: str, _entry: ParamEntry) -> Value:
    """A number, true, false, a word, or a list of those, as JSON; a word needs no quotes. Empty is None."""
    if len(text) > LONGEST_TEXT:
        raise ValueError(QCoreApplication.translate("forms", "This text is too long."))
    if text.strip().lower() in _NONE:
        return None
    try:
        return _flat(json.loads(text))
    except (json.JSONDecodeError, RecursionError):
        if re.fullmatch(r"[\w .\-]+", text.strip()):
            return text.strip()
        raise ValueError(
            QCoreApplication.translate("forms", "Type a number, a word, true or false, or a list such as [1, 2].")
        ) from None


def _flat(value: object, depth: int = 0) -> Value:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float) and abs(value) <= 1e300 and (isinstance(value, float) or abs(value) < 2**63):
        return value
    if isinstance(value, list) and depth < 2:
        return tuple(_flat(item, depth + 1) for item in value)  # type: ignore[misc]
    raise ValueError(
        QCoreApplication.translate("forms", "Type a number, a word, true or false, or a list such as [1, 2].")
    )


def format_json(value: Value) -> str:
    """The text that `parse_json` reads back."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(list(value) if isinstance(value, tuple) else value)
