"""Takes the logarithm, so that values over many powers of ten come close together."""

from typing import Any

import numpy as np

from workbench.domain.catalogue import ParamEntry, StepEntry
from workbench.engine.data.params import texts
from workbench.engine.data.raw import AnyArray, Params
from workbench.engine.data.step import FittedStep, in_columns, on_all_parts, places_of

ENTRY = StepEntry(
    kind="log",
    title="Logarithm",
    summary="Each value becomes the logarithm of 1 + its size and keeps its sign. Prices, incomes and counts, of which "
    "a few are a thousand times as large as most, are learned better so.",
    forms=("table", "points", "arrays"),
    params=(ParamEntry("columns", "texts", (), help="The columns to take the logarithm of; all when left empty."),),
)

_SCRIPT = """\
# The logarithm of 1 + the size of a value, with its sign.
def logarithm(values):
    values = values.astype("float64")
    values[:, {columns}] = np.sign(values[:, {columns}]) * np.log1p(np.abs(values[:, {columns}]))
    return values


"""


def fit(params: Params, x_train: AnyArray, names: tuple[str, ...]) -> FittedStep:
    """Nothing is learned from the data."""
    places = places_of(texts(params, "columns"), names, x_train, ENTRY.title)

    def apply(values: AnyArray) -> AnyArray:
        result = values.astype(np.float64)
        result[:, places] = np.sign(result[:, places]) * np.log1p(np.abs(result[:, places]))
        return result

    def on_tensors(ops: Any, x: Any) -> Any:
        return in_columns(ops, x, places, lambda values: ops.sign(values) * ops.log1p(ops.abs(values)))

    script = _SCRIPT.format(columns=places) + on_all_parts("logarithm")
    return FittedStep(apply, names, script, on_tensors=on_tensors)
