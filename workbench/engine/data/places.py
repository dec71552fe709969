"""Targets that have something for each place of a sample: masks of class numbers, pictures beside pictures, and
sequences, which have something for each step."""

import numpy as np

from workbench.domain.dataset import DatasetSpec, Task
from workbench.engine.data.errors import DataError
from workbench.engine.data.labels import Target, class_name
from workbench.engine.data.raw import AnyArray

MOST_CLASSES = 256
FEW = 32


def fits(x: AnyArray, y: AnyArray) -> bool:
    """Whether targets (n, …) have a class number, or numbers, for each place of inputs (n, places …, channels), or of
    rows (n, steps)."""
    places = _places(x)
    return y.ndim > 1 and (y.shape[1:] == places or y.shape[1:-1] == places)


def _places(x: AnyArray) -> tuple[int, ...]:
    return x.shape[1:-1] if x.ndim > 2 else x.shape[1:]


def infer_places(x: AnyArray, y: AnyArray, classes: tuple[str, ...], spec: DatasetSpec, name: str) -> Target:
    """The target of all samples, where `y` has more than two axes: (n, places …) or (n, places …, channels). Raises
    DataError when it does not fit the inputs or the wish."""
    if not fits(x, y):
        raise DataError(
            f"“{name}” has the shape {_shape(y)} for each sample, but the inputs {_shape(x)}. "
            "Give masks or pictures of the same height and width, sequences as long, or one row a sample."
        )
    wish = spec.task
    if wish not in ("auto", "segmentation", "regression"):
        raise DataError(f"“{name}” has something for each place. Choose the task segmentation or regression.")
    axes = 1 + len(_places(x))
    single = y.ndim == axes or y.shape[-1] == 1
    if wish == "segmentation" or (wish == "auto" and single and (classes or _are_masks(y))):
        if not single:
            numbers = f"“{name}” has {y.shape[-1]} numbers for each place"
            raise DataError(f"{numbers}, which are no classes. Choose the task regression.")
        return _masks(y.reshape(y.shape[:axes]), classes, name)
    values = y.reshape(*y.shape[:axes], -1)
    return Target("regression", (), values, divisor=255.0 if y.dtype == np.uint8 else 1.0)


def _are_masks(y: AnyArray) -> bool:
    """Whole numbers of which there are few different ones."""
    if y.dtype.kind not in "biuf" or (y.dtype.kind == "f" and not np.array_equal(y, np.floor(y))):
        return False
    return len(np.unique(y)) <= FEW


def _masks(y: AnyArray, classes: tuple[str, ...], name: str) -> Target:
    if classes:
        return Target(_SEGMENTATION, classes, y.astype(np.uint8))
    different, numbers = np.unique(y, return_inverse=True)
    if not 2 <= len(different) <= MOST_CLASSES:
        raise DataError(
            f"The places of “{name}” have {len(different)} different values, but from 2 to {MOST_CLASSES} classes are "
            "possible. Choose another target, or the task regression."
        )
    renumbered = y.dtype.kind not in "iu" or not np.array_equal(different, np.arange(len(different)))
    names = names_of(different) if y.ndim > 2 else tuple(class_name(value) for value in different.tolist())
    return Target(_SEGMENTATION, names, numbers.reshape(y.shape).astype(np.uint8), renumbered)


def names_of(values: AnyArray) -> tuple[str, ...]:
    """What the classes of the dots are called: by their values, but for 0, which is the background."""
    if len(values) == 2 and values[0] == 0:
        return ("background", "object")
    return tuple("background" if value == 0 else class_name(value) for value in values.tolist())


def check_still_fits(x: AnyArray, y: AnyArray) -> None:
    """Raises DataError when the steps made the inputs of another size than what is to be learned beside them."""
    if _places(x) != y.shape[1:-1]:
        raise DataError(
            f"The steps of preparation make the inputs {_shape(x)}, but what is learned beside them stays {_shape(y)}. "
            "Remove the step that changes their size."
        )


def _shape(array: AnyArray) -> str:
    return "×".join(map(str, array.shape[1:])) or "one number"


_SEGMENTATION: Task = "segmentation"
