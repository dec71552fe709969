"""Brings pictures to another size."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain.catalogue import ParamEntry, StepEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.limits import MAX_DOTS, check_memory
from workbench.engine.data.params import text, whole
from workbench.engine.data.raw import AnyArray, Floats, Indices, Params
from workbench.engine.data.step import FittedStep, on_all_parts

_LONGEST = 4_096
_BLOCK = 1 << 22
_MODES = ("crop", "fit", "stretch")
ENTRY = StepEntry(
    kind="resize",
    title="Size",
    summary="Brings pictures to another size. Smaller ones are learned many times faster; networks that were trained "
    "before need the size that they know.",
    forms=("pictures",),
    params=(
        ParamEntry("height", "int", 32, low=1, high=_LONGEST, help="The height of the new pictures, in dots."),
        ParamEntry("width", "int", 32, low=1, high=_LONGEST, help="The width of the new pictures, in dots."),
        ParamEntry(
            "mode",
            "choice",
            "crop",
            choices=_MODES,
            choice_titles=("Cut what is too much", "Fit into black borders", "Stretch"),
            title="Other proportions",
            help="What becomes of pictures that are wider or taller than the new size: keep the middle and cut the "
            "rest, keep all between black borders, or stretch.",
        ),
    ),
)

_SCRIPT = """\
# Pictures of another size: bilinear between the four dots around each place.
def resized(values):
    size = {height}, {width}
    values = values.astype("float32")
    spans = {spans}
    for axis, (length, span) in enumerate(zip(size, spans), start=1):
        old = values.shape[axis]
        place = (np.arange(length) + 0.5) * span / length - 0.5 + (old - span) / 2
        below = np.floor(place)
        share = (place - below).reshape([-1 if each == axis else 1 for each in range(4)])
        inside = ((place >= -0.5) & (place <= old - 0.5)).reshape(share.shape)
        first = np.clip(below, 0, old - 1).astype(int)
        second = np.clip(below + 1, 0, old - 1).astype(int)
        mixed = values.take(first, axis) * (1 - share) + values.take(second, axis) * share
        values = (mixed * inside).astype("float32")
    return values


"""


def fit(params: Params, x_train: AnyArray, names: tuple[str, ...]) -> FittedStep:
    """Nothing is learned from the data."""
    if x_train.ndim != 4:
        raise DataError(f"{ENTRY.title}: these data are no pictures. Remove the step.")
    height, width = whole(params, "height"), whole(params, "width")
    if height * width > MAX_DOTS:
        raise DataError(f"{ENTRY.title}: {height}×{width} dots are too many. Choose a smaller size.")
    old = (x_train.shape[1], x_train.shape[2])
    check_memory(4 * len(x_train) * height * width * x_train.shape[3], f"{ENTRY.title}: pictures of that size")
    spans = _spans(old, (height, width), text(params, "mode"))

    def apply(values: AnyArray) -> AnyArray:
        made = np.empty((len(values), height, width, values.shape[3]), np.float32)
        step = max(1, _BLOCK // max(1, int(np.prod(values.shape[1:]))))
        for start in range(0, len(values), step):
            made[start : start + step] = _resized(values[start : start + step], (height, width), spans)
        return made

    def on_tensors(ops: Any, x: Any) -> Any:
        x = ops.cast(x, "float32")
        for axis, (first, second, share, inside) in enumerate(_places(old, (height, width), spans), start=1):
            later = share.astype(np.float32)
            mixed = ops.take(x, first, axis=axis) * (1 - later) + ops.take(x, second, axis=axis) * later
            x = mixed * inside.astype(np.float32)
        return x

    script = _SCRIPT.format(height=height, width=width, spans=spans) + on_all_parts("resized")
    return FittedStep(apply, names, script, on_tensors=on_tensors)


def _spans(old: tuple[int, int], new: tuple[int, int], mode: str) -> tuple[float, float]:
    """How many of the old dots lie along each side of a new picture: a part of them, or more than there are."""
    if mode == "stretch":
        return float(old[0]), float(old[1])
    choose = min if mode == "crop" else max
    return float(choose(old[0], old[1] * new[0] / new[1])), float(choose(old[1], old[0] * new[1] / new[0]))


def _places(
    old: tuple[int, int], size: tuple[int, int], spans: tuple[float, float]
) -> Iterator[tuple[Indices, Indices, Floats, NDArray[np.bool_]]]:
    """For both sides the dots before and behind each new one, the share of the latter, and which are in the picture at
    all, the last two shaped to stand beside pictures. New dots are the middles of equal pieces of the span, as in
    TensorFlow's `image.resize`; what lies beyond the old picture is black."""
    for axis, (length, span, count) in enumerate(zip(size, spans, old, strict=True), start=1):
        place = (np.arange(length) + 0.5) * span / length - 0.5 + (count - span) / 2
        below = np.floor(place)
        share = (place - below).reshape([-1 if each == axis else 1 for each in range(4)])
        inside = ((place >= -0.5) & (place <= count - 0.5)).reshape(share.shape)
        yield np.clip(below, 0, count - 1).astype(int), np.clip(below + 1, 0, count - 1).astype(int), share, inside


def _resized(values: AnyArray, size: tuple[int, int], spans: tuple[float, float]) -> AnyArray:
    old = values.shape[1], values.shape[2]
    values = values.astype(np.float32)
    for axis, (first, second, share, inside) in enumerate(_places(old, size, spans), start=1):
        mixed = values.take(first, axis) * (1 - share) + values.take(second, axis) * share
        values = (mixed * inside).astype(np.float32)
    return values
