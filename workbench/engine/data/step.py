"""What a step of preparation gives: a change of the inputs, fitted on the training part, and the same as a script."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from workbench.domain.catalogue import StepEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray, Params
from workbench.engine.data.tokens import Tokenizer


@dataclass(frozen=True)
class FittedStep:
    """`apply` changes inputs (n, …) of any part, and of new samples. `names` are what the inputs are called then, empty
    where they have no names. `script` is Python source that does the same with numpy alone: it takes and leaves
    `x_train`, `x_validation` and `x_test`, bit for bit. `tokenizer` is set where the step turns texts into numbers.

    `on_tensors(ops, x)` does the same to a tensor (batch, …) with the functions of `keras.ops`, so that the step can
    stand inside a model; None where it cannot. `made_of` says for each column that comes out which of those that went
    in it is made of; empty where each comes out in its place."""

    apply: Callable[[AnyArray], AnyArray]
    names: tuple[str, ...]
    script: str
    notes: tuple[str, ...] = ()
    tokenizer: Tokenizer | None = None
    on_tensors: Callable[[Any, Any], Any] | None = None
    made_of: tuple[tuple[int, ...], ...] = ()


class Step(Protocol):
    """What a plug-in file in `steps/` has."""

    ENTRY: StepEntry

    def fit(self, params: Params, x_train: AnyArray, names: tuple[str, ...]) -> FittedStep:
        """Learn from the training part (n, …) whatever the step needs. `params` are checked against the entry and
        complete. Raises DataError when the step cannot be used on such inputs."""
        ...


def places_of(wanted: Sequence[str], names: tuple[str, ...], x_train: AnyArray, title: str) -> list[int]:
    """The positions of the columns that a person named, all where none is named. Raises DataError on an unknown one,
    and on inputs without columns."""
    if x_train.ndim != 2:
        raise DataError(f"{title} works on columns of numbers, which these data do not have. Remove the step.")
    if not wanted:
        return list(range(x_train.shape[1]))
    unknown = [name for name in wanted if name not in names]
    if unknown:
        known = ", ".join(f"“{name}”" for name in names[:12]) + (" …" if len(names) > 12 else "")
        raise DataError(f"{title}: there is no column “{unknown[0]}”. Choose from: {known}.")
    return [names.index(name) for name in wanted]


def on_all_parts(function: str) -> str:
    """Script lines that lead each part through a function of the script."""
    return "\n".join(f"x_{part} = {function}(x_{part})" for part in ("train", "validation", "test"))


def in_columns(ops: Any, x: Any, places: Sequence[int], change: Callable[[Any], Any]) -> Any:
    """A tensor (batch, columns) as float64, changed in some of its columns; `change` gives all of them."""
    chosen = np.zeros(x.shape[-1], dtype=bool)
    chosen[list(places)] = True
    values = ops.cast(x, "float64")
    return ops.where(chosen, change(values), values)
