"""An array of the data as it lies in memory: numpy's own facts, and the value where Σ index · stride says."""

import numpy as np
import pytest

from workbench.domain.dataset import DatasetSpec, SourceSpec, Split
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.tensor import show_tensor
from workbench.protocol.commands import ShowTensor


def shown(kind="digits", **wish):
    spec = DatasetSpec(SourceSpec(kind))
    return show_tensor(load_dataset(spec), ShowTensor(4, spec, **wish))


def window(event):
    return np.frombuffer(event.window.data, event.window.dtype).reshape(event.window.shape)


def test_that_a_batch_tells_its_shape_its_memory_and_its_axes():
    event = shown(what="batch", index=40, place=(3, 2, 5, 0))
    x = load_dataset(DatasetSpec(SourceSpec("digits"))).x["train"]
    assert (event.shape, event.dtype, event.item_size) == ((32, 8, 8, 1), "float32", 4)
    assert (event.bytes, event.strides, event.contiguous) == (32 * 64 * 4, (256, 32, 4, 4), True)
    assert event.axes == ("sample", "height", "width", "channel")
    assert event.value == x[32 + 3, 2, 5, 0]
    assert event.offset == 3 * 256 + 2 * 32 + 5 * 4
    assert event.window_axes == (1, 2)
    assert np.array_equal(window(event), x[35, :, :, 0])


def test_that_what_comes_in_differs_from_what_the_network_gets():
    raw, prepared = (shown(index=7, place=(4, 4, 0), form=form) for form in ("raw", "prepared"))
    assert (raw.dtype, raw.bytes, raw.strides) == ("uint8", 64, (8, 1, 1))
    assert (prepared.dtype, prepared.bytes) == ("float32", 256)
    assert prepared.value == np.float32(raw.value / 16)


@pytest.mark.parametrize("look", ["as_is", "transposed", "every_second", "reversed", "flat"])
@pytest.mark.parametrize("form", ["raw", "prepared"])
@pytest.mark.parametrize("what", ["sample", "batch", "part"])
@pytest.mark.parametrize("kind", ["digits", "iris", "weather"])
def test_that_the_value_lies_where_the_strides_say(kind, what, form, look):
    place = (2, 1, 3, 0)
    event = shown(kind, what=what, form=form, look=look, index=5, place=place)
    dataset = load_dataset(DatasetSpec(SourceSpec(kind)))
    array = dataset.x["train"] if form == "prepared" else dataset.inputs("train", range(len(dataset.x["train"])))
    array = {"sample": array[5], "batch": array[:32], "part": array}[what]
    seen = {"transposed": array.T, "every_second": array[::2], "reversed": array[::-1], "flat": array.reshape(-1)}
    view = seen.get(look, array)
    assert (event.shape, event.strides, event.bytes) == (view.shape, view.strides, view.nbytes)
    assert len(event.axes) == view.ndim
    assert event.offset == sum(at * stride for at, stride in zip(event.place, view.strides, strict=True))
    first = view.__array_interface__["data"][0] - array.__array_interface__["data"][0]
    assert event.value == np.frombuffer(array.tobytes(), array.dtype)[(first + event.offset) // array.itemsize]
    assert event.contiguous == view.flags.c_contiguous


def test_that_a_place_out_of_bounds_becomes_the_nearest():
    assert shown(place=(99, -5)).place == (7, 0, 0)
    assert shown(index=10**9, what="batch").shape[0] == 1257 % 32


def test_that_indices_have_the_names_of_their_columns():
    event = shown("iris", place=(2,))
    assert event.axes == ("feature",)
    assert event.names[2] == "petal length (cm)"
    assert event.window_axes == (0,)
    assert window(event).shape == (1, 4)
    assert shown("iris", look="flat").names == ()
    assert shown("iris", what="batch", look="transposed").names == ()


def test_that_texts_are_shown_as_references_and_as_tokens():
    raw = shown("reviews", form="raw")
    assert (raw.dtype, raw.shape, raw.axes, raw.window) == ("text", (), (), None)
    assert " " in raw.value
    assert "references" in raw.notes[0]
    assert shown("reviews").axes == ("token",)
    assert shown("weather", what="batch").axes == ("sample", "step", "feature")


def test_that_large_windows_are_bounded_and_hold_the_value():
    event = shown("weather", what="part", place=(4000, 60, 2))
    values, start = window(event), event.window_start
    assert max(values.shape) <= 48
    assert values[60 - start[0], 2 - start[1]] == event.value


def test_that_an_empty_part_is_told_in_a_sentence():
    spec = DatasetSpec(SourceSpec("iris"), split=Split(0.2, 0.0))
    with pytest.raises(DataError, match="The test part has no samples"):
        show_tensor(load_dataset(spec), ShowTensor(1, spec, "test"))
