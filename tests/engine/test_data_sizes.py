"""Pictures brought to another size, and grey ones to three channels."""

import keras
import numpy as np
import pytest

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, StepSpec
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError


def pictures(tmp_path, *steps, shape=(9, 15, 3)):
    x = np.random.default_rng(0).integers(0, 256, (40, *shape)).astype(np.uint8)
    np.savez(tmp_path / "a.npz", x=x, y=np.arange(40) % 2)
    spec = DatasetSpec(SourceSpec("npz", {"path": str(tmp_path / "a.npz")}), steps=steps, scaling="none")
    return load_dataset(spec)


def size(height, width, mode="crop"):
    return StepSpec("resize", {"height": height, "width": width, "mode": mode})


@pytest.mark.parametrize("mode", ["crop", "fit", "stretch"])
@pytest.mark.parametrize(("height", "width"), [(6, 6), (20, 11), (9, 15), (1, 30)])
def test_that_the_script_and_new_pictures_get_the_same_size(tmp_path, mode, height, width):
    dataset = pictures(tmp_path, size(height, width, mode))
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        assert dataset.x[part].shape[1:] == (height, width, 3)
        assert np.array_equal(variables[f"x_{part}"], dataset.x[part])
        assert np.array_equal(dataset.prepare(dataset.inputs(part, range(len(dataset.x[part])))), dataset.x[part])


@pytest.mark.parametrize(("height", "width"), [(4, 5), (9, 15), (27, 20)])
def test_that_stretched_pictures_are_those_of_keras(tmp_path, height, width):
    dataset = pictures(tmp_path, size(height, width, "stretch"))
    raw = dataset.raw("train", range(5)).astype("float32")
    expected = keras.layers.Resizing(height, width, interpolation="bilinear")(raw)
    np.testing.assert_allclose(dataset.x["train"][:5], expected, atol=1e-3)


@pytest.mark.parametrize(("mode", "argument"), [("crop", "crop_to_aspect_ratio"), ("fit", "pad_to_aspect_ratio")])
def test_that_proportions_are_kept_as_keras_keeps_them(tmp_path, mode, argument):
    dataset = pictures(tmp_path, size(5, 5, mode), shape=(10, 30, 1))
    raw = dataset.raw("train", range(5)).astype("float32")
    if mode == "fit":  # padded first, as here
        raw = np.pad(raw, ((0, 0), (10, 10), (0, 0), (0, 0)))
        argument = "crop_to_aspect_ratio"
    expected = keras.layers.Resizing(5, 5, **{argument: True})(raw)
    given = dataset.x["train"][:5]
    inside = slice(None) if mode == "crop" else slice(2, 3)  # at the border Keras blends with black
    np.testing.assert_allclose(given[:, inside], np.asarray(expected)[:, inside], atol=1e-3)
    if mode == "fit":
        assert not given[:, 0].any()
        assert not given[:, 4].any()


def test_that_the_same_size_changes_nothing(tmp_path):
    dataset = pictures(tmp_path, size(9, 15))
    assert np.array_equal(dataset.x["test"], dataset.raw("test", range(len(dataset.x["test"]))))


def test_that_sizes_that_cannot_be_held_are_refused_before_they_are_made(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.engine.data.limits.memory_bytes", lambda: 100 << 20)
    with pytest.raises(DataError, match="Use a smaller part"):
        pictures(tmp_path, size(4096, 4096))


def test_that_grey_pictures_get_three_channels(tmp_path):
    dataset = load_dataset(DatasetSpec(SourceSpec("digits"), steps=(StepSpec("colour"), size(16, 12))))
    assert dataset.info.input_shape == (16, 12, 3)
    assert np.array_equal(dataset.x["test"][..., 0], dataset.x["test"][..., 2])
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    assert np.array_equal(variables["x_train"], dataset.x["train"])
    with pytest.raises(DataError, match="not grey"):
        pictures(tmp_path, StepSpec("colour"))


@pytest.mark.parametrize("mode", ["crop", "fit", "stretch"])
def test_that_the_steps_can_stand_inside_a_model(tmp_path, mode):
    dataset = pictures(tmp_path, StepSpec("colour"), size(6, 7, mode), shape=(9, 15, 1))
    inputs = keras.Input((9, 15, 1), dtype="uint8")
    x = inputs
    for fitted in dataset.pipeline.steps:
        x = fitted.on_tensors(keras.ops, x)
    raw = dataset.raw("test", range(6))
    made = keras.Model(inputs, x).predict(raw, verbose=0)
    np.testing.assert_allclose(made, dataset.x["test"][:6], atol=1e-3)
