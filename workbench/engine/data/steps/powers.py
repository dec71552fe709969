"""Adds squares, products and sines of the columns, as one does by hand before a linear model."""

from itertools import combinations
from typing import Any

import numpy as np

from workbench.domain.catalogue import ParamEntry, StepEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.params import texts
from workbench.engine.data.raw import AnyArray, Params
from workbench.engine.data.step import FittedStep, on_all_parts, places_of

MOST = 2_000
ENTRY = StepEntry(
    kind="powers",
    title="Squares, products, sines",
    summary="Adds columns made from the others: x², x·y, sin x. With them a single layer can bend its border; without, "
    "the network has to find such things by itself.",
    forms=("table", "points", "arrays"),
    params=(
        ParamEntry("columns", "texts", (), help="The columns to make new ones from; all when left empty."),
        ParamEntry("squares", "bool", True, help="Add the square of each."),
        ParamEntry("products", "bool", True, help="Add the product of each two."),
        ParamEntry("sines", "bool", False, help="Add the sine of each."),
    ),
)

_SCRIPT = """\
# New columns: squares, products or sines of the others.
def with_powers(values):
    values = values.astype("float64")
    parts = [values]
{lines}
    return np.column_stack(parts)


"""


def fit(params: Params, x_train: AnyArray, names: tuple[str, ...]) -> FittedStep:
    """Nothing is learned from the data."""
    places = places_of(texts(params, "columns"), names, x_train, ENTRY.title)
    pairs = list(combinations(places, 2)) if params["products"] else []
    added = len(pairs) + len(places) * (bool(params["squares"]) + bool(params["sines"]))
    if not added:
        raise DataError(f"{ENTRY.title}: nothing is to be added. Switch squares, products or sines on, or remove it.")
    if added > MOST:
        raise DataError(f"{ENTRY.title}: that adds {added:,} columns; at most {MOST:,} can be added. Name fewer.")
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    parts: list[str] = []
    if params["squares"]:
        parts.append(f"values[:, {places}] ** 2")
    if pairs:
        parts.append(f"values[:, {first}] * values[:, {second}]")
    if params["sines"]:
        parts.append(f"np.sin(values[:, {places}])")

    def apply(values: AnyArray) -> AnyArray:
        numbers = values.astype(np.float64)
        new = [numbers]
        if params["squares"]:
            new.append(numbers[:, places] ** 2)
        if pairs:
            new.append(numbers[:, first] * numbers[:, second])
        if params["sines"]:
            new.append(np.sin(numbers[:, places]))
        return np.column_stack(new)

    def on_tensors(ops: Any, x: Any) -> Any:
        values = ops.cast(x, "float64")
        chosen = ops.take(values, places, axis=1)
        new = [values]
        if params["squares"]:
            new.append(ops.multiply(chosen, chosen))
        if pairs:
            new.append(ops.take(values, first, axis=1) * ops.take(values, second, axis=1))
        if params["sines"]:
            new.append(ops.sin(chosen))
        return ops.concatenate(new, axis=1)

    known = names or tuple(f"column {place + 1}" for place in range(x_train.shape[1]))
    squares = [f"{known[place]}²" for place in places] if params["squares"] else []
    products = [f"{known[a]} · {known[b]}" for a, b in pairs]
    sines = [f"sin {known[place]}" for place in places] if params["sines"] else []
    lines = "\n".join(f"    parts.append({part})" for part in parts)
    script = _SCRIPT.format(lines=lines) + on_all_parts("with_powers")
    return FittedStep(
        apply,
        (*known, *squares, *products, *sines),
        script,
        on_tensors=on_tensors,
        made_of=_made_of(len(known), places, pairs, params),
    )


def _made_of(
    columns: int, places: list[int], pairs: list[tuple[int, int]], params: Params
) -> tuple[tuple[int, ...], ...]:
    alone = tuple((place,) for place in places)
    before = tuple((place,) for place in range(columns))
    return (*before, *(alone if params["squares"] else ()), *pairs, *(alone if params["sines"] else ()))
