"""The quick starts of the Keras book: they open without their data, say which file is wanted, and are as the book has
them once it is there. What they reach is held to the real files, where this machine has them."""

import hashlib
import io
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import keras
import msgspec
import numpy as np
import pytest
from trainings import new_folder, talk

from workbench.domain.checks import find_problems
from workbench.domain.dataset import SourceSpec
from workbench.domain.defaults import resolve
from workbench.domain.samples import sample, samples
from workbench.engine.build import build_model
from workbench.engine.data import DataError, load_dataset
from workbench.engine.data.load import forget_loaded
from workbench.engine.data.sources import keras_boston_housing, keras_imdb, keras_mnist, keras_reuters
from workbench.engine.describe import describe
from workbench.protocol.commands import Evaluate
from workbench.protocol.events import Evaluated

RNG = np.random.default_rng(3)
SOURCES = {
    "keras_mnist": keras_mnist,
    "keras_imdb": keras_imdb,
    "keras_reuters": keras_reuters,
    "keras_boston": keras_boston_housing,
}


def texts(count):
    array = np.empty(count, object)
    array[:] = [RNG.integers(1, 12_000, RNG.integers(5, 60)).tolist() for _ in range(count)]
    return array


ARRAYS = {
    "keras_mnist": lambda: {
        "x_train": RNG.integers(0, 256, (300, 28, 28), np.uint8),
        "y_train": np.arange(300, dtype=np.uint8) % 10,
        "x_test": RNG.integers(0, 256, (60, 28, 28), np.uint8),
        "y_test": np.arange(60, dtype=np.uint8) % 10,
    },
    "keras_imdb": lambda: {
        "x_train": texts(1200),
        "y_train": np.arange(1200) % 2,
        "x_test": texts(40),
        "y_test": np.arange(40) % 2,
    },
    "keras_reuters": lambda: {"x": texts(1150), "y": np.arange(1150) % 46},
    "keras_boston": lambda: {"x": RNG.normal(size=(506, 13)), "y": RNG.normal(22, 9, size=506)},
}


@pytest.fixture
def offline(tmp_path, monkeypatch):
    """Keras' folder, empty, and no network."""

    def no_network(url, **_):
        raise urllib.error.URLError("no network in tests")

    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "workbench-home"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(urllib.request, "urlopen", no_network)
    forget_loaded()
    return tmp_path / "keras" / "datasets"


@pytest.fixture(params=SOURCES)
def ready(request, offline, monkeypatch):
    """The project of a quick start, with a small file in the place of the real one."""
    source = SOURCES[request.param]
    stream = io.BytesIO()
    np.savez(stream, **ARRAYS[request.param]())
    file = replace(source.FILE, digest=hashlib.sha256(stream.getvalue()).hexdigest())
    monkeypatch.setattr(source, "FILE", file)
    offline.mkdir(parents=True)
    (offline / file.name).write_bytes(stream.getvalue())
    return sample(request.param).project


def test_that_there_are_the_four_of_the_book():
    assert {entry.id for entry in samples() if entry.project.data.source.kind.startswith("keras_")} == set(SOURCES)


@pytest.mark.parametrize("name", SOURCES)
def test_that_without_the_data_a_sentence_says_which_file_to_get_and_where_to_put_it(offline, name):
    with pytest.raises(DataError) as caught:
        load_dataset(sample(name).project.data)
    file = SOURCES[name].FILE
    assert file.url in caught.value.message
    assert f"drop it on the window, or put it into {offline}." in caught.value.message


def test_that_they_have_no_problem_and_train_once_the_file_is_there(ready, tmp_path):
    info = load_dataset(ready.data).info
    summary = describe(ready, info)
    assert summary.error is None
    assert find_problems(ready, info, summary) == ()
    project = msgspec.structs.replace(ready, training=msgspec.structs.replace(ready.training, epochs=1))
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        assert engine.train(folder, project).reason == "completed"


def test_that_they_are_the_networks_of_the_book(ready):
    info = load_dataset(ready.data).info
    ours = build_model(ready, info)
    dense = keras.layers.Dense
    book = {
        "MNIST, first network": ([dense(512, "relu"), dense(10, "softmax")], 128, 5),
        "IMDB, two classes": ([dense(16, "relu"), dense(16, "relu"), dense(1, "sigmoid")], 512, 4),
        "Reuters, 46 classes": ([dense(64, "relu"), dense(64, "relu"), dense(46, "softmax")], 512, 9),
        "Boston housing, regression": ([dense(64, "relu"), dense(64, "relu"), dense(1)], 16, 130),
    }
    layers, batch, epochs = book[ready.name]
    theirs = keras.Sequential([keras.Input(ours.input_shape[1:]), keras.layers.Flatten(), *layers])
    assert [weight.shape for weight in ours.weights] == [weight.shape for weight in theirs.weights]
    assert [each.activation for each in ours.layers if hasattr(each, "activation")] == [
        each.activation for each in layers
    ]
    training = resolve(ready, info)
    assert (training.optimizer.class_name, training.batch_size, ready.training.epochs) == ("RMSprop", batch, epochs)


def real_file(name):
    """The file on this machine, whatever home the tests have."""
    return Path.home() / ".keras" / "datasets" / SOURCES[name].FILE.name


REACHED = {
    "keras_mnist": ("accuracy", 0.975, 0.99),
    "keras_imdb": ("accuracy", 0.865, 0.90),
    "keras_reuters": ("accuracy", 0.77, 0.82),
    "keras_boston": ("mae", 2.0, 3.6),
}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", SOURCES)
def test_that_they_reach_what_the_book_says(tmp_path, name):
    if not real_file(name).is_file():
        pytest.skip(f"{real_file(name)} is not there")
    project = sample(name).project
    source = SourceSpec(project.data.source.kind, {**project.data.source.params, "path": str(real_file(name))})
    project = msgspec.structs.replace(project, data=msgspec.structs.replace(project.data, source=source))
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        run = engine.train(folder, project).run
        metrics = engine.ask(Evaluate(5, str(folder.path), run), Evaluated).metrics
    metric, low, high = REACHED[name]
    assert low < metrics[metric] < high
