"""Makes pictures grey."""

from typing import Any

import numpy as np

from workbench.domain.catalogue import StepEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray, Params
from workbench.engine.data.step import FittedStep, on_all_parts

RED, GREEN, BLUE = 0.299, 0.587, 0.114
ENTRY = StepEntry(
    kind="grey",
    title="Grey",
    summary="One channel of brightness in the place of red, green and blue (ITU-R BT.601: 0.299, 0.587, 0.114). A "
    "network that need not tell colours learns with a third of the inputs.",
    forms=("pictures",),
    colour=True,
)

_SCRIPT = f"""\
# The brightness of each dot, in the place of red, green and blue.
def grey(values):
    values = values.astype("float32")
    return ({RED} * values[..., :1] + {GREEN} * values[..., 1:2] + {BLUE} * values[..., 2:3]).astype("float32")


"""


def fit(params: Params, x_train: AnyArray, names: tuple[str, ...]) -> FittedStep:
    """Nothing is learned from the data."""
    if x_train.ndim != 4 or x_train.shape[-1] not in (3, 4):
        raise DataError(f"{ENTRY.title}: these pictures are not in colour. Remove the step.")

    def apply(values: AnyArray) -> AnyArray:
        colours = values.astype(np.float32)
        mixed: AnyArray = RED * colours[..., :1] + GREEN * colours[..., 1:2] + BLUE * colours[..., 2:3]
        return mixed.astype(np.float32)

    def on_tensors(ops: Any, x: Any) -> Any:
        weights = np.zeros(x.shape[-1], np.float32)
        weights[:3] = RED, GREEN, BLUE
        return ops.sum(ops.cast(x, "float32") * weights, axis=-1, keepdims=True)

    return FittedStep(apply, names, _SCRIPT + on_all_parts("grey"), on_tensors=on_tensors)
