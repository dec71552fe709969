"""Cuts off what lies outside of two bounds."""

from typing import Any

import numpy as np

from workbench.domain.catalogue import ParamEntry, StepEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.params import number, texts
from workbench.engine.data.raw import AnyArray, Params
from workbench.engine.data.step import FittedStep, in_columns, on_all_parts, places_of

ENTRY = StepEntry(
    kind="clip",
    title="Clip outliers",
    summary="Values beyond a share of the training part take the value at its edge, so that a few extremes do not "
    "set the scale for all the others.",
    forms=("table", "points", "arrays"),
    params=(
        ParamEntry("columns", "texts", (), help="The columns to clip; all when left empty."),
        ParamEntry(
            "low", "float", 0.01, low=0.0, high=0.5, title="Lower share", help="The share of small values to clip."
        ),
        ParamEntry(
            "high", "float", 0.99, low=0.5, high=1.0, title="Upper share", help="Beyond this share, values are clipped."
        ),
    ),
)

_SCRIPT = """\
# Outliers take the value at the edge of what most of the training part has.
columns = {columns}
lowest, highest = np.quantile(x_train[:, columns].astype("float64"), [{low}, {high}], axis=0)


def clipped(values):
    values = values.astype("float64")
    values[:, columns] = np.clip(values[:, columns], lowest, highest)
    return values


"""


def fit(params: Params, x_train: AnyArray, names: tuple[str, ...]) -> FittedStep:
    """Bounds from the quantiles of the training part."""
    low, high = number(params, "low"), number(params, "high")
    if low >= high:
        raise DataError(f"{ENTRY.title}: the lower share must be below the upper one. Correct them.")
    places = places_of(texts(params, "columns"), names, x_train, ENTRY.title)
    lowest, highest = np.quantile(x_train[:, places].astype(np.float64), [low, high], axis=0)

    def apply(values: AnyArray) -> AnyArray:
        clipped = values.astype(np.float64)
        clipped[:, places] = np.clip(clipped[:, places], lowest, highest)
        return clipped

    def on_tensors(ops: Any, x: Any) -> Any:
        low, high = np.zeros(x.shape[-1]), np.zeros(x.shape[-1])
        low[places], high[places] = lowest, highest
        return in_columns(ops, x, places, lambda values: ops.minimum(ops.maximum(values, low), high))

    script = _SCRIPT.format(columns=places, low=low, high=high) + on_all_parts("clipped")
    return FittedStep(apply, names, script, on_tensors=on_tensors)
