"""Finds out what is to be learned, and encodes it: classes as numbers, numbers as they are."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import LabelEncoding, Task
from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import MAX_CLASSES
from workbench.engine.data.raw import AnyArray

_FEW = 20
_LONG_NAME = 500


@dataclass(frozen=True)
class Target:
    """What is to be learned. `values` are class numbers (n,) as int64, or numbers (n, k) as float64, none at all where
    the input itself is learned; for each dot class numbers (n, height, width) as uint8, or numbers (n, height, width,
    channels) as they came, which `divisor` makes smaller; for several labels 0 and 1 (n, labels) as uint8; for several
    outputs (n, heads) as float64 what each of `heads` learns. `renumbered` says that the raw values were not these
    class numbers already."""

    task: Task
    classes: tuple[str, ...]
    values: AnyArray
    renumbered: bool = False
    notes: tuple[str, ...] = ()
    divisor: float = 1.0
    heads: tuple["Target", ...] = ()

    @property
    def of_places(self) -> bool:
        """Whether there is something for each place of a sample: a mask, a picture, a sequence."""
        return self.task == "segmentation" or self.values.ndim > 2


def infer(y: AnyArray, classes: tuple[str, ...], wish: Task | Literal["auto"], name: str) -> Target:
    """The target of all samples. `y` is (n,) or, for several numbers a sample, (n, k); `classes` names class numbers
    where the source knows them; `name` is what the target is called. Raises DataError when the wish does not fit."""
    if y.ndim == 2 and y.shape[1] > 1:
        if wish not in ("auto", "regression"):
            raise DataError(
                f"“{name}” has {y.shape[1]} numbers a sample, which are no classes. Choose the task regression."
            )
        return Target("regression", (), y.astype(np.float64))
    y = y.reshape(len(y))
    if wish == "regression" or (wish == "auto" and not classes and not _are_classes(y)):
        if y.dtype.kind in "US":
            raise DataError(f"“{name}” holds text, so it cannot be learned as a number. Choose another target or task.")
        return Target("regression", (), y.astype(np.float64).reshape(-1, 1))
    return _classes(y, classes, wish, name)


def _are_classes(y: AnyArray) -> bool:
    """Text, truth values, and whole numbers of which there are few different ones."""
    if y.dtype.kind in "USb":
        return True
    if y.dtype.kind == "f" and not np.all(y == np.floor(y)):
        return False
    different = np.unique(y)
    if len(different) <= 2:
        return True
    if len(different) <= _FEW:
        return len(different) * 2 <= len(y)
    from_zero = int(different[0]) == 0 and int(different[-1]) == len(different) - 1
    return y.dtype.kind in "iu" and from_zero and len(different) <= MAX_CLASSES and len(different) * 10 <= len(y)


def _classes(y: AnyArray, classes: tuple[str, ...], wish: Task | Literal["auto"], name: str) -> Target:
    renumbered = False
    notes: tuple[str, ...] = ()
    if classes:
        values = y.astype(np.int64)
    else:
        different, values = np.unique(y, return_inverse=True)
        if len(different) > MAX_CLASSES:
            raise _too_many(name, len(different))
        classes = tuple(class_name(value) for value in different.tolist())
        renumbered = y.dtype.kind not in "iu" or not np.array_equal(different, np.arange(len(different)))
    if len(classes) > MAX_CLASSES:
        raise _too_many(name, len(classes))
    if len(classes) < 2:
        shown = classes[0][:40]
        raise DataError(
            f"“{name}” is “{shown}” in every sample, so there is nothing to tell apart. Choose another target."
        )
    if any(len(label) > _LONG_NAME for label in classes):
        raise DataError(f"“{name}” holds long texts, which are no classes. Choose another target.")
    if wish == "binary" and len(classes) > 2:
        raise DataError(f"“{name}” has {len(classes)} classes, but a binary task has two. Choose the task multi-class.")
    if wish == "auto":
        wish = "binary" if len(classes) == 2 else "multiclass"
    return Target(wish, classes, values.astype(np.int64), renumbered, notes)


def _too_many(name: str, count: int) -> DataError:
    return DataError(
        f"“{name}” has {count} different values; at most {MAX_CLASSES} can be classes. "
        "Choose another target, or the task regression."
    )


def class_name(value: object) -> str:
    """What the class of a raw value is called."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def encoding_for(target: Target, wish: LabelEncoding | Literal["auto"]) -> LabelEncoding:
    """How the target is encoded: numbers for regression, else as wished, by default as class numbers."""
    if target.task == "multilabel":
        return "multi_hot"
    if not target.classes:
        return "number"
    return "integer" if wish == "auto" or wish == "multi_hot" else wish


def encode(
    values: AnyArray, classes: int, encoding: LabelEncoding, divisor: float = 1.0
) -> NDArray[np.int32] | NDArray[np.float32]:
    """Targets ready to train on: (n,) int32 class numbers, (n, classes) float32 one-hot, or (n, k) float32 numbers; for
    each dot (n, height, width, 1) int32 class numbers, (n, height, width, classes) float32 one-hot, or (n, height,
    width, channels) float32 numbers, divided; for several labels (n, labels) float32 of 0 and 1."""
    if encoding == "integer":
        numbers = values.astype(np.int32)
        return numbers if values.ndim == 1 else numbers[..., None]
    if encoding == "one_hot":
        return np.eye(classes, dtype=np.float32)[values]
    if encoding == "multi_hot":
        return values.astype(np.float32)
    if values.ndim > 2:
        return values.astype(np.float32) / np.float32(divisor)
    return np.column_stack([values]).astype(np.float32)


def target_shape(target: Target, encoding: LabelEncoding) -> tuple[int, ...]:
    """The shape of one target."""
    if encoding == "multi_hot":
        return (len(target.classes),)
    places = target.values.shape[1:] if target.classes else ()
    if encoding == "integer":
        return (*places, 1) if places else ()
    if encoding == "one_hot":
        return (*places, len(target.classes))
    return target.values.shape[1:] if target.values.ndim > 1 else (1,)


def spread(values: AnyArray) -> tuple[float | None, float | None]:
    """Mean and deviation of numbers; None where they are too large for either."""
    with np.errstate(over="ignore", invalid="ignore"):
        mean, std = (float(each) for each in (values.mean(dtype=np.float64), values.std(dtype=np.float64)))
    return (mean, std) if np.isfinite(mean) and np.isfinite(std) else (None, None)
