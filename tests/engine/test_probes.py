"""Probes show what the network really computes, within their bounds."""

from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from trainings import digits_project, layer, moons_project, new_folder, talk

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.domain.tree import ModelTree
from workbench.engine.data.load import load_dataset
from workbench.engine.probes.kinds.feature_maps import bounded, is_relu_like
from workbench.engine.probes.loader import all_kinds
from workbench.protocol.arrays import Array, Sample
from workbench.protocol.commands import Evaluate, Predict, Probe
from workbench.protocol.events import Evaluated, Failed, Predicted, Probed
from workbench.protocol.probes import activation, fact, kernel

Trained = tuple[Project, ProjectFolder, str, Any]


def numbers(array: Array) -> NDArray[Any]:
    return np.frombuffer(array.data, array.dtype).reshape(array.shape)


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A trained run on the digits, and its model as plain Keras opens it."""
    project = digits_project(epochs=1)
    folder = new_folder(tmp_path_factory.mktemp("digits") / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
    return project, folder, ended.run, keras.models.load_model(ended.model)


def probe(trained: Trained, name: str, sample: Sample | None = None, **params: Any) -> Probed:
    _, folder, run, _ = trained
    with talk() as engine:
        return engine.ask(Probe(5, str(folder.path), run, name, params, sample), Probed)


def test_that_the_kinds_are_found_by_their_files() -> None:
    assert set(all_kinds()) >= {"feature_maps", "decision_surface"}


def test_that_feature_maps_are_what_keras_computes(digits: Trained) -> None:
    project, _, _, model = digits
    seen = probe(digits, "feature_maps", Sample("test", 3))
    dataset = load_dataset(project.data)
    x = dataset.x["test"][3:4]
    names = [each.name for each in model.layers if not isinstance(each, keras.layers.InputLayer)]
    assert list(seen.facts["layers"]) == names
    np.testing.assert_array_equal(numbers(seen.arrays["input"]), x[0])
    for each in model.layers[1:]:
        expected = np.asarray(keras.Model(model.input, each.output)(x, training=False))[0]
        np.testing.assert_allclose(numbers(seen.arrays[activation(each.name)]), expected, atol=1e-6)
        assert seen.facts[fact(each.name, "max")] == pytest.approx(expected.max(), abs=1e-6)
        assert tuple(seen.facts[fact(each.name, "shape")]) == expected.shape
    convolution = model.layers[1]
    np.testing.assert_array_equal(numbers(seen.arrays[kernel(convolution.name)]), convolution.kernel.numpy())
    maps = np.asarray(keras.Model(model.input, convolution.output)(x))[0]
    dead = (maps.reshape(-1, maps.shape[-1]).max(axis=0) <= 0).mean()
    assert seen.facts[fact(convolution.name, "dead")] == pytest.approx(dead)
    assert fact(model.layers[-1].name, "dead") not in seen.facts
    np.testing.assert_allclose(numbers(seen.arrays["prediction"]), model.predict(x, verbose=0)[0], atol=1e-6)
    assert seen.facts["truth"] == int(dataset.values["test"][3])


def test_that_one_layer_is_looked_at_alone(digits: Trained) -> None:
    name = digits[3].layers[1].name
    seen = probe(digits, "feature_maps", layer=name)
    assert [key for key in seen.arrays if key.startswith("activation:")] == [activation(name)]
    assert len(seen.facts["layers"]) == 5


def test_that_an_unknown_layer_or_sample_gets_a_sentence(digits: Trained) -> None:
    _, folder, run, _ = digits
    with talk() as engine:
        engine.send(Probe(5, str(folder.path), run, "feature_maps", {"layer": "nothing"}))
        assert "no layer named" in engine.until(Failed).message
        engine.send(Probe(5, str(folder.path), run, "feature_maps", {}, Sample("test", 10**6)))
        assert "counted from 0" in engine.until(Failed).message
        engine.send(Probe(5, str(folder.path), "20200101-000000-000-dead", "feature_maps"))
        assert "no run" in engine.until(Failed).message
        engine.send(Probe(5, str(folder.path), run, "decision_surface"))
        assert "coordinates" in engine.until(Failed).message


def test_that_large_maps_are_averaged_and_many_are_left_out() -> None:
    maps = np.random.default_rng(0).random((130, 100, 70), np.float32)
    small = bounded(maps)
    assert small.shape == (44, 34, 64)
    np.testing.assert_allclose(small[1, 2], maps[3:6, 6:9, :64].mean(axis=(0, 1)), rtol=1e-5)
    np.testing.assert_allclose(small[43, 33], maps[129:, 99:, :64].mean(axis=(0, 1)), rtol=1e-5)
    assert bounded(np.ones((5, 4, 3, 2), np.float32)).shape == (4, 3, 2)
    assert bounded(np.ones(9999, np.float32)).shape == (4096,)


def test_that_only_relu_like_layers_can_die() -> None:
    layers = keras.layers
    assert is_relu_like(layers.Dense(1, activation="relu"))
    assert is_relu_like(layers.ReLU())
    assert not is_relu_like(layers.ReLU(negative_slope=0.1))
    assert not is_relu_like(layers.Dense(1, activation="tanh"))


def test_that_the_decision_surface_is_what_the_network_says_at_each_point(tmp_path: Path) -> None:
    project = moons_project(epochs=1)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
        seen = engine.ask(Probe(5, str(folder.path), ended.run, "decision_surface", {"resolution": 9}), Probed)
    x, y, surface = (numbers(seen.arrays[name]) for name in ("x", "y", "surface"))
    assert surface.shape == (9, 9, 1)
    model = keras.models.load_model(ended.model)
    dataset = load_dataset(project.data)
    points = dataset.prepare(np.array([[x[2], y[7]], [x[8], y[0]]], np.float32))
    np.testing.assert_allclose([surface[7, 2, 0], surface[0, 8, 0]], model.predict(points, verbose=0)[:, 0], atol=1e-6)
    raw = dataset.inputs("train", range(10))
    assert x[0] < raw[:, 0].min()
    assert x[-1] > raw[:, 0].max()


def test_that_a_line_of_numbers_has_a_curve(tmp_path: Path) -> None:
    project = moons_project(epochs=1)
    nodes = (layer("Dense", units=4, activation="tanh"), layer("Dense", units=1))
    project = msgspec.structs.replace(project, data=DatasetSpec(SourceSpec("sine")), model=ModelTree(nodes))
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
        seen = engine.ask(Probe(5, str(folder.path), ended.run, "decision_surface"), Probed)
    assert numbers(seen.arrays["curve"]).shape == numbers(seen.arrays["x"]).shape == (64,)
    assert seen.facts["task"] == "regression"


def test_that_evaluation_gives_the_numbers_of_keras(digits: Trained) -> None:
    project, folder, run, model = digits
    dataset = load_dataset(project.data)
    with talk() as engine:
        evaluated = engine.ask(Evaluate(6, str(folder.path), run), Evaluated)
    expected = model.evaluate(
        dataset.x["test"], dataset.y["test"], batch_size=project.training.batch_size, verbose=0, return_dict=True
    )
    assert evaluated.metrics == expected


def test_that_predictions_are_those_of_keras_for_every_kind_of_sample(digits: Trained, tmp_path: Path) -> None:
    project, folder, run, model = digits
    dataset = load_dataset(project.data)
    raw = np.asarray(dataset.raw("test", [0, 1]), np.float32)
    np.savez(tmp_path / "two.npz", x=raw)
    np.save(tmp_path / "one.npy", raw[0])
    picture = np.round(raw[0, :, :, 0] * 255 / 16).astype(np.uint8)
    Image.fromarray(picture).save(tmp_path / "digit.png")
    drawn = Array("float32", raw[0].shape, raw[0].tobytes())
    samples = (
        Sample("test", 0),
        Sample(array=drawn),
        Sample(path=str(tmp_path / "two.npz")),
        Sample(path=str(tmp_path / "one.npy")),
        Sample(path=str(tmp_path / "digit.png")),
    )
    with talk() as engine:
        predicted = engine.ask(Predict(7, str(folder.path), run, samples), Predicted)
    expected = model.predict(dataset.x["test"][:2], verbose=0)
    names = [prediction.name for prediction in predicted.predictions]
    assert names == ["test 0", "drawing 2", "two.npz 1", "two.npz 2", "one.npy 1", "digit.png"]
    for prediction, row in zip(predicted.predictions, expected[[0, 0, 0, 1, 0]], strict=False):
        np.testing.assert_allclose(prediction.values, row, atol=1e-6)
        assert prediction.label == dataset.info.classes[int(row.argmax())]
    np.testing.assert_allclose(predicted.predictions[5].values, expected[0], atol=0.02)
    assert predicted.predictions[0].truth == dataset.info.classes[int(dataset.values["test"][0])]
    assert predicted.predictions[1].truth is None


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        (Sample(path="nothing.png"), "is not there"),
        (Sample(array=Array("float32", (8, 8, 1), b"1234")), "another number of values"),
        (Sample(array=Array("object", (8, 8, 1), b"")), "cannot be used"),
        (Sample(array=Array("float32", (3,), bytes(12))), "does not fit"),
        (Sample("nowhere", 0), "no part named"),
    ],
)
def test_that_a_bad_sample_gets_a_sentence(digits: Trained, sample: Sample, words: str) -> None:
    _, folder, run, _ = digits
    with talk() as engine:
        engine.send(Predict(7, str(folder.path), run, (sample,)))
        assert words in engine.until(Failed).message


def test_that_a_binary_network_with_one_unit_gives_both_probabilities(tmp_path: Path) -> None:
    project = moons_project(epochs=1)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
        predicted = engine.ask(Predict(7, str(folder.path), ended.run, (Sample("test", 0),)), Predicted)
    assert sum(predicted.predictions[0].values) == pytest.approx(1)
    assert len(predicted.predictions[0].values) == 2


def test_that_a_run_in_pause_can_be_looked_into(tmp_path: Path) -> None:
    project = digits_project()
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        run = engine.start(folder, project)
        first = engine.ask(Evaluate(6, str(folder.path), run), Evaluated)
        engine.step(5)
        second = engine.ask(Evaluate(7, str(folder.path), run), Evaluated)
    assert first.metrics != second.metrics
