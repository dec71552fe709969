"""Checks the parameters of a source or a step against its entry, so that plug-ins can trust them."""

import math
from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry, StepEntry
from workbench.domain.input_pipeline import StageEntry
from workbench.domain.values import Value
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import Params

BROKEN = ParamEntry(
    "broken",
    "choice",
    "skip",
    choices=("skip", "error"),
    choice_titles=("Skip them", "Are an error"),
    title="Unreadable files",
    help="What to do with files that cannot be read: skip them and name them, or stop with an error.",
)

READING = ParamEntry(
    "reading",
    "choice",
    "auto",
    choices=("auto", "memory", "pieces"),
    choice_titles=("Automatic", "All in memory", "Piece by piece"),
    title="Reading",
    help="Hold all in memory, or read piece by piece while training: what is too large to be held. Of data read piece "
    "by piece a sample is shown, and steps and scaling are fitted on the training part of it.",
    advanced=True,
)


def complete(entry: SourceEntry | StepEntry | StageEntry, given: Params) -> dict[str, Value]:
    """All parameters of a plug-in, with defaults for those not given. Raises DataError on an unknown name, a missing
    required one, or a value of the wrong kind or out of bounds."""
    known = {param.name: param for param in entry.params}
    for name in given:
        if name not in known:
            names = ", ".join(known) or "none"
            raise DataError(f"{entry.title} has no parameter “{name}”. Remove it; it knows: {names}.")
    values: dict[str, Value] = {}
    for name, param in known.items():
        value = given.get(name, param.default)
        if value is None:
            if param.required:
                raise DataError(f"{entry.title} needs a value for “{name}”. Choose one.")
            values[name] = None
        else:
            values[name] = _checked(entry.title, param, value)
    return values


def _checked(title: str, param: ParamEntry, value: Value) -> Value:
    match param.kind:
        case "int":
            good = isinstance(value, int) and not isinstance(value, bool)
        case "float":
            good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        case "bool":
            good = isinstance(value, bool)
        case "choice":
            good = value in param.choices
        case "texts":
            good = isinstance(value, tuple) and all(isinstance(item, str) for item in value)
        case "ints":
            items = value if isinstance(value, tuple) else (value,)
            good = all(isinstance(item, int) and not isinstance(item, bool) for item in items)
        case _:
            good = isinstance(value, str)
    if not good:
        wanted = f"one of {', '.join(param.choices)}" if param.choices else _WANTED.get(param.kind, "a text")
        raise DataError(f"{title}: “{param.name}” must be {wanted}, not {value!r}. Correct it.")
    for number in value if isinstance(value, tuple) else (value,):
        if isinstance(number, int | float):
            _check_bounds(title, param, number)
    return value


_WANTED = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "texts": "a list of texts",
    "ints": "whole numbers",
}


def _check_bounds(title: str, param: ParamEntry, number: float) -> None:
    if param.low is not None and number < param.low:
        raise DataError(
            f"{title}: “{param.name}” is {number:g}, but at least {param.low:g} is needed. Choose a larger value."
        )
    if param.high is not None and number > param.high:
        raise DataError(
            f"{title}: “{param.name}” is {number:g}, but at most {param.high:g} is possible. Choose a smaller value."
        )


def whole(params: Params, name: str) -> int:
    """A parameter that was checked to be a whole number."""
    value = params[name]
    assert isinstance(value, int)
    return value


def number(params: Params, name: str) -> float:
    """A parameter that was checked to be a number."""
    value = params[name]
    assert isinstance(value, int | float)
    return float(value)


def text(params: Params, name: str) -> str:
    """A parameter that was checked to be a text."""
    value = params[name]
    assert isinstance(value, str)
    return value


def texts(params: Params, name: str) -> tuple[str, ...]:
    """A parameter that was checked to be several texts; empty when not given."""
    value = params[name]
    if value is None:
        return ()
    assert isinstance(value, tuple)
    return tuple(str(item) for item in value)


def path_of(given: str, folder: Path | None) -> Path:
    """The absolute path that a person gave; a relative one starts from the project's folder, where there is one."""
    if "\0" in given or not given.strip():
        raise DataError("No file is named. Choose a file or a folder.")
    try:
        path = Path(given).expanduser()
    except RuntimeError as error:
        raise DataError(
            f"The folder that {given} starts with is not known. Give the whole path.", str(error)
        ) from error
    if not path.is_absolute() and folder is not None:
        path = folder / path
    return path.absolute()
