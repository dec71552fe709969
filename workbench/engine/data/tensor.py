"""Shows an array of the data as it lies in memory: shape, type, strides, and what stands where."""

from collections.abc import Sequence

import numpy as np

from workbench.domain.axes import CHANNELS, sample_axes
from workbench.domain.dataset import Part
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray
from workbench.engine.data.show import to_array
from workbench.protocol.arrays import Array
from workbench.protocol.commands import ShowTensor
from workbench.protocol.events import TensorShown

_MOST_BYTES = 256 << 20
_WINDOW = 48
_LONGEST_TEXT = 300
_MOST_NAMES = 1_000
_TRAVEL = frozenset({"uint8", "int8", "int16", "int32", "int64", "float32", "float64", "bool"})


def show_tensor(dataset: Dataset, command: ShowTensor) -> TensorShown:
    """The array that is asked for. Raises DataError where the part is empty."""
    array, notes = _chosen(dataset, command)
    axes = sample_axes(dataset.info.form, array.ndim - (command.what != "sample"), tokens=_is_tokens(dataset, command))
    axes = axes if command.what == "sample" else ("sample", *axes)
    array, axes = _looked_at(array, axes, command.look)
    place = tuple(
        min(max(0, index), size - 1)
        for index, size in zip((*command.place, *([0] * array.ndim)), array.shape, strict=False)
    )
    value = array[place]
    across = _window_axes(axes, array.shape)
    window, start = _window(array, place, across)
    return TensorShown(
        command.ticket,
        shape=array.shape,
        dtype="text" if array.dtype.kind in "OU" else array.dtype.name,
        item_size=array.itemsize,
        bytes=array.nbytes,
        strides=array.strides,
        contiguous=bool(array.flags.c_contiguous),
        axes=axes,
        place=place,
        value=str(value)[:_LONGEST_TEXT] if array.dtype.kind in "OU" else float(value),
        offset=sum(index * stride for index, stride in zip(place, array.strides, strict=True)),
        names=_names(dataset, command, array),
        window=window,
        window_axes=across,
        window_start=start,
        notes=notes,
    )


def _chosen(dataset: Dataset, command: ShowTensor) -> tuple[AnyArray, tuple[str, ...]]:
    """The sample, the batch or the part; and what is to be said of it."""
    size = len(dataset.x[command.part])
    if not size:
        raise DataError(f"The {command.part} part has no samples. Choose another part.")
    index = min(max(0, command.index), size - 1)
    if command.what == "part":
        return _part(dataset, command)
    batch = min(max(1, command.batch_size), 65_536)
    start = index if command.what == "sample" else index // batch * batch
    several = _samples(dataset, command, range(start, min(size, start + (1 if command.what == "sample" else batch))))
    notes = _text_notes(several)
    return (several.reshape(several.shape[1:]) if command.what == "sample" else several), notes


def _part(dataset: Dataset, command: ShowTensor) -> tuple[AnyArray, tuple[str, ...]]:
    notes = ("These data are read piece by piece; this is a sample of them.",) if dataset.info.stream else ()
    if command.form == "prepared":
        return dataset.x[command.part], notes
    size = len(dataset.x[command.part])
    each = max(1, dataset.inputs(command.part, [0]).nbytes)
    count = max(1, min(size, _MOST_BYTES // each))
    array = _samples(dataset, command, range(count))
    if count == size:
        return array, (*notes, *_text_notes(array))
    few = f"Only the first {count:,} of {size:,} samples are shown, as more would take too much memory here."
    return array, (*notes, few)


def _samples(dataset: Dataset, command: ShowTensor, indices: Sequence[int]) -> AnyArray:
    part: Part = command.part
    if command.form == "prepared":
        return dataset.x[part][indices[0] : indices[-1] + 1]
    return np.ascontiguousarray(dataset.inputs(part, indices))


def _text_notes(array: AnyArray) -> tuple[str, ...]:
    if array.dtype.kind != "O":
        return ()
    return (f"The array holds references of {array.itemsize} bytes each; the texts lie elsewhere in memory.",)


def _looked_at(array: AnyArray, axes: tuple[str, ...], look: str) -> tuple[AnyArray, tuple[str, ...]]:
    """Another way of looking at the same memory; nothing is copied."""
    match look:
        case "transposed":
            return array.T, axes[::-1]
        case "every_second" if array.ndim:
            return array[::2], axes
        case "reversed" if array.ndim:
            return array[::-1], axes
        case "flat":
            return array.reshape(-1), ("position",)
    return array, axes


def _is_tokens(dataset: Dataset, command: ShowTensor) -> bool:
    return command.form == "prepared" and dataset.info.vocabulary_size is not None


def _names(dataset: Dataset, command: ShowTensor, array: AnyArray) -> tuple[str, ...]:
    """What the indices along the last axis are called, where they have names and the axis is still the last."""
    if command.look in ("transposed", "flat") or not array.ndim:
        return ()
    if dataset.info.form in ("pictures", "volumes"):
        return CHANNELS.get(array.shape[-1], ()) if array.ndim >= 3 else ()
    names = dataset.raw_names if command.form == "raw" else dataset.info.features
    names_the_axis = len(names) == array.shape[-1] and (command.what == "sample" or array.ndim > 1)
    return names if names_the_axis and len(names) <= _MOST_NAMES else ()


def _window_axes(axes: tuple[str, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    """Which axes are shown as rows and columns: of pictures height and width, else the last two that have several
    indices."""
    if {"height", "width"} <= set(axes):
        return tuple(sorted((axes.index("height"), axes.index("width"))))
    several = [axis for axis, size in enumerate(shape) if size > 1] or list(range(len(shape)))
    return tuple(several[-2:])


def _window(array: AnyArray, place: tuple[int, ...], across: tuple[int, ...]) -> tuple[Array | None, tuple[int, int]]:
    """The values along these axes around a place, as rows and columns."""
    if not across or array.dtype.kind not in "biuf":
        return None, (0, 0)
    rows = array[tuple(slice(None) if axis in across else at for axis, at in enumerate(place))]
    at = [place[axis] for axis in across]
    if rows.ndim == 1:
        rows, at = rows[np.newaxis], [0, *at]
    starts = [max(0, min(index - _WINDOW // 2, size - _WINDOW)) for index, size in zip(at, rows.shape, strict=True)]
    part = rows[starts[0] : starts[0] + _WINDOW, starts[1] : starts[1] + _WINDOW]
    sent = part if part.dtype.name in _TRAVEL else part.astype(np.float64)
    return to_array(sent), (starts[0], starts[1])
