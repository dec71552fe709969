"""A person's own Python file, whose function `load` returns the data."""

from dataclasses import replace
from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.array_data import (
    Roles,
    Shaped,
    check_alike,
    check_inputs,
    check_targets,
    find_roles,
    list_arrays,
    shape_data,
)
from workbench.engine.data.arrays import ArrayHead
from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import MAX_CLASSES, check_memory
from workbench.engine.data.own_code import Returned, run_code
from workbench.engine.data.own_code_script import opening, taking
from workbench.engine.data.params import path_of, text
from workbench.engine.data.raw import AnyArray, Params, Progress, RawData
from workbench.engine.data.trusted import allowed_code

ENTRY = SourceEntry(
    kind="python",
    title="Python file of your own",
    group="own",
    summary="A file with a function load() that returns (x, y), a dict of arrays as an NPZ file has them, or a "
    "tf.data.Dataset of (x, y). It runs only once you allow it.",
    params=(
        ParamEntry("path", "text", required=True, help="The file, absolute or from the project's folder."),
        ParamEntry(
            "form",
            "choice",
            "auto",
            choices=("auto", "pictures", "arrays"),
            choice_titles=("As detected", "Pictures", "Numbers"),
            title="Inputs are",
            help="What the inputs are: pictures of height × width (× channels), or plain numbers. Texts are known "
            "as such.",
        ),
    ),
    suffixes=(".py",),
    code=True,
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """What `load()` returns. Raises DataError where the person has not allowed this code."""
    path, code = allowed_code(ENTRY, params, folder)
    returned = run_code(path, code, progress)
    shaped = _shaped(path, returned)
    if shaped.x.dtype.kind != "O":
        shaped = shape_data(shaped, text(params, "form"))
    return replace(
        shaped.raw(path.stem),
        classes=_classes(path, returned.classes, shaped),
        script="\n".join([*opening(path, returned.way), *shaped.lines]) + "\n",
    )


def _shaped(path: Path, returned: Returned) -> Shaped:
    arrays = returned.arrays
    heads = {name: ArrayHead(array.shape, array.dtype) for name, array in arrays.items()}
    roles = find_roles(heads, {})
    if roles is None or roles.y is None:
        raise DataError(
            f"{path.name}: load() returned {list_arrays(heads)}. Call the arrays x and y, or x_train, y_train, x_test "
            "and y_test."
        )
    names = {"x": roles.x, "y": roles.y, "x_test": roles.x_test, "y_test": roles.y_test}
    given = {variable: name for variable, name in names.items() if name is not None}
    for suffix in ("", "_test"):
        if f"x{suffix}" in given:
            x_name, y_name = given[f"x{suffix}"], given[f"y{suffix}"]
            _check_inputs(arrays[x_name], f"{path.name}: “{x_name}”")
            arrays[y_name] = _as_text(arrays[y_name], path)
            check_targets(arrays[y_name], len(arrays[x_name]), f"{path.name}: “{y_name}”")
    check_alike(path.name, given, {name: array.shape for name, array in arrays.items()})
    return _chosen(arrays, roles, given, returned.way)


def _chosen(arrays: dict[str, AnyArray], roles: Roles, given: dict[str, str], way: str) -> Shaped:
    is_text = arrays[roles.x].dtype.kind == "O"
    if roles.x_test and (arrays[roles.x_test].dtype.kind == "O") != is_text:
        raise DataError(f"“{roles.x}” and “{roles.x_test}” must both be texts, or both numbers. Correct the file.")
    shown = ", ".join(f"{variable} = {name}" for variable, name in given.items() if variable != name)
    return Shaped(
        form="text" if is_text else "arrays",
        x=arrays[roles.x],
        y=arrays[given["y"]],
        target="y" if way in ("pair", "pairs", "samples", "batches") else given["y"],
        x_test=arrays[roles.x_test] if roles.x_test else None,
        y_test=arrays[roles.y_test] if roles.y_test else None,
        detected={"Arrays": shown} if shown and way == "dict" else {},
        lines=taking(given, way, is_text, arrays[given["y"]].dtype.kind == "U"),
    )


def _check_inputs(x: AnyArray, what: str) -> None:
    if x.dtype.kind != "O":
        check_inputs(x, what)
    elif not len(x):
        raise DataError(f"{what} is empty. Return samples.")


def _as_text(y: AnyArray, path: Path) -> AnyArray:
    """Targets in words as an array of texts."""
    if y.dtype.kind != "O":
        return y
    check_memory(4 * len(y) * max((len(each) for each in y), default=0), f"{path.name}: the targets")
    return y.astype(str)


def _classes(path: Path, named: tuple[str, ...], shaped: Shaped) -> tuple[str, ...]:
    """The names that the person gave to class numbers."""
    if not named:
        return shaped.classes
    ys = [y for y in (shaped.y, shaped.y_test) if y is not None]
    whole = all(y.ndim == 1 and y.dtype.kind in "iub" for y in ys)
    if not whole or min(int(y.min()) for y in ys) < 0 or max(int(y.max()) for y in ys) >= len(named):
        raise DataError(
            f"{path.name}: with “classes” of {len(named)} names, y must be whole numbers from 0 to {len(named) - 1}. "
            "Correct one of them."
        )
    if len(named) > MAX_CLASSES or len(set(named)) < len(named):
        raise DataError(f"{path.name}: “classes” has a name twice, or more than {MAX_CLASSES} of them. Correct it.")
    return named


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The file, so that a change of the code is noticed."""
    return (path_of(text(params, "path"), folder),)
