"""Gives grey pictures three channels."""

from typing import Any

import numpy as np

from workbench.domain.catalogue import StepEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray, Params
from workbench.engine.data.step import FittedStep, on_all_parts

ENTRY = StepEntry(
    kind="colour",
    title="Three channels",
    summary="The brightness of grey pictures as red, green and blue alike. Networks that were trained on coloured "
    "pictures take no others.",
    forms=("pictures",),
    grey=True,
)

_SCRIPT = """\
# Grey as red, green and blue alike.
def with_three_channels(values):
    return np.repeat(values, 3, axis=-1)


"""


def fit(params: Params, x_train: AnyArray, names: tuple[str, ...]) -> FittedStep:
    """Nothing is learned from the data."""
    if x_train.ndim != 4 or x_train.shape[-1] != 1:
        raise DataError(f"{ENTRY.title}: these pictures are not grey. Remove the step.")

    def apply(values: AnyArray) -> AnyArray:
        return np.repeat(values, 3, axis=-1)

    def on_tensors(ops: Any, x: Any) -> Any:
        return ops.repeat(x, 3, axis=-1)

    return FittedStep(apply, names, _SCRIPT + on_all_parts("with_three_channels"), on_tensors=on_tensors)
