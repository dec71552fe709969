"""SavedModels and models of Keras 2 become projects; graphs of strangers are read and never run.

`keras_2` holds a model that tf_keras 2.21 wrote in both of its formats, and what it said of four samples. The graph of
the SavedModel is left out, as nothing of it is read.
"""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.domain.tree import Input, Layer, ModelTree
from workbench.engine.build import build_model
from workbench.engine.data import load_dataset
from workbench.engine.errors import EngineError
from workbench.engine.export import export
from workbench.engine.model_import import import_model
from workbench.engine.probes.base import Subject
from workbench.engine.reading.files import read_model_file
from workbench.engine.reading.keras_2 import is_of_keras_2, modern
from workbench.engine.reading.saved_model import DESCRIPTION
from workbench.protocol.commands import Export

pytestmark = pytest.mark.engine

KERAS_2 = Path(__file__).parent / "keras_2"


def answers(folder: Path, run: str, x: Any) -> Any:
    model = keras.models.load_model(ProjectFolder(folder).run_folder(run) / "model.keras")
    return model.predict(x, verbose=0)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Subject]:
    """A network of the workbench as a SavedModel."""
    nodes = (
        Layer(id="f", class_name="Flatten"),
        Layer(id="n", class_name="BatchNormalization"),
        Layer(id="d", class_name="Dropout", params={"rate": 0.5, "seed": 3}),
        Layer(id="b", class_name="Dense", params={"units": 10}, trainable=False),
    )
    project = Project(data=DatasetSpec(SourceSpec("digits")), model=ModelTree(nodes))
    dataset = load_dataset(project.data)
    model = build_model(project, dataset.info, seed=1)
    random = np.random.default_rng(0)
    model.set_weights([random.random(weight.shape, np.float32) for weight in model.weights])
    made = Subject(model, project, dataset)
    target = tmp_path_factory.mktemp("out") / "digits"
    return export(Export(1, "", "r", str(target), "saved_model"), lambda: made).path, made


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.rglob("*"):
            archive.write(file, Path(folder.name) / file.relative_to(folder))
    return path


@pytest.mark.parametrize("form", ["folder", "file", "zip"])
def test_that_a_saved_model_of_the_workbench_comes_back_to_the_bit(
    saved: tuple[Path, Subject], tmp_path: Path, form: str
) -> None:
    folder, made = saved
    paths = {"folder": lambda: folder, "file": lambda: folder / "saved_model.pb"}
    path = paths[form]() if form in paths else zipped(folder, tmp_path / "digits.zip")
    done = import_model(path, str(tmp_path / "p"))
    assert [getattr(node, "class_name", "") for node in done.project.model.nodes][-4:] == [
        "Flatten", "BatchNormalization", "Dropout", "Dense",
    ]  # fmt: skip
    x = made.dataset.x["test"][:9]
    np.testing.assert_array_equal(answers(tmp_path / "p", done.run, x), made.model.predict(x, verbose=0))
    assert not done.has_data


@pytest.mark.parametrize("name", ["saved_model.zip", "model.h5"])
def test_that_a_model_of_keras_2_answers_as_it_did_there(name: str, tmp_path: Path) -> None:
    run = import_model(KERAS_2 / name, str(tmp_path / "p")).run
    known = np.load(KERAS_2 / "answers.npz")
    np.testing.assert_allclose(answers(tmp_path / "p", run, known["x"]), known["y"], rtol=1e-5)


@pytest.mark.parametrize("is_list", [False, True])
def test_that_a_sequence_of_an_early_keras_2_takes_its_input_from_its_first_layer(
    tmp_path: Path, is_list: bool
) -> None:
    made = {"class_name": "VarianceScaling", "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform"}}
    shared = {"use_bias": True, "kernel_initializer": made, "trainable": True}
    layers = [
        {"class_name": "Dense", "config": {"name": "d1", "batch_input_shape": [None, 4], "units": 3, **shared}},
        {"class_name": "Dense", "config": {"name": "d2", "units": 2, "activation": "relu", **shared}},
    ]
    config = {"class_name": "Sequential", "config": layers if is_list else {"name": "s", "layers": layers}}
    x, kernels = np.eye(4)[:3], (np.arange(12).reshape(4, 3) - 5.0, np.arange(6).reshape(3, 2) - 3.0)
    with h5py.File(tmp_path / "old.h5", "w") as file:
        file.attrs.update({"keras_version": "2.2.0", "backend": "tensorflow", "model_config": json.dumps(config)})
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = [b"d1", b"d2"]
        for name, kernel in zip(("d1", "d2"), kernels, strict=True):
            group = weights.create_group(name)
            group.attrs["weight_names"] = [b"kernel:0", b"bias:0"]
            group["kernel:0"], group["bias:0"] = kernel.astype("f4"), np.ones(kernel.shape[1], "f4")
    done = import_model(tmp_path / "old.h5", str(tmp_path / "p"))
    assert done.project.model.nodes[0] == Input(id=done.project.model.nodes[0].id, name="d1_input", shape=(4,))
    assert [node.params.get("kernel_initializer") for node in done.project.model.nodes[1:]] == [None, None]  # type: ignore[union-attr]
    known = np.maximum((x @ kernels[0] + 1) @ kernels[1] + 1, 0)
    np.testing.assert_allclose(answers(tmp_path / "p", done.run, x.astype("f4")), known)


def test_that_what_layers_do_not_have_any_more_is_left_out_only_where_nothing_is_lost() -> None:
    def lstm(**more: Any) -> Any:
        first = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 3, 2], "name": "i"}}
        return {
            "class_name": "Sequential",
            "config": {"name": "s", "layers": [first, {"class_name": "LSTM", "config": {"units": 2, **more}}]},
        }

    assert modern(lstm(time_major=False, implementation=2))["config"]["layers"][1]["config"] == {"units": 2}
    kept = modern(lstm(time_major=True))["config"]["layers"][1]["config"]
    assert kept == {"units": 2, "time_major": True}  # which Keras then refuses
    assert is_of_keras_2({"keras_version": "2.15.0", "module": "keras"})
    assert not is_of_keras_2({"module": "keras"})


class Harmful(tf.Module):  # type: ignore[misc]
    @tf.function(input_signature=[tf.TensorSpec((None, 2))])
    def __call__(self, x: Any) -> Any:
        tf.io.write_file("stolen.txt", tf.io.read_file("secret.txt"))
        return x + 1


def test_that_a_graph_without_layers_is_refused_with_what_was_found_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.txt").write_text("mine")
    tf.saved_model.save(Harmful(), tmp_path / "m")
    with pytest.raises(EngineError, match=r"more than compute: ReadFile, WriteFile\. Ask for the model as a \.keras"):
        read_model_file(tmp_path / "m")
    assert not (tmp_path / "stolen.txt").exists()
    keras.Sequential([keras.Input((2,)), layers.Dense(1)]).export(tmp_path / "plain", verbose=False)
    with pytest.raises(
        EngineError,
        match=r"no description of layers by Keras, so it cannot become a tree of layers\. Open it as a project",
    ) as plain:
        read_model_file(tmp_path / "plain")
    assert "Some of them" not in str(plain.value)


def _text(text: str) -> Callable[[Path], None]:
    return lambda folder: folder.joinpath(*DESCRIPTION).write_text(text) and None


def _larger(folder: Path) -> None:
    file = folder.joinpath(*DESCRIPTION)
    file.write_text(file.read_text().replace('"units": 10', '"units": 1000000000'))


def _other_shape(folder: Path) -> None:
    file = folder.joinpath(*DESCRIPTION)
    file.write_text(file.read_text().replace('"units": 10', '"units": 9'))


def _no_weights(folder: Path) -> None:
    (folder / "variables" / "variables.index").write_bytes(b"\x00" * 64)


def _with_code(folder: Path) -> None:
    file = folder.joinpath(*DESCRIPTION)
    file.write_text(file.read_text().replace('"Flatten"', '"Lambda"'))


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_text("{"), "cannot be read"),
        (_text("[]"), "describes no network"),
        (_larger, "weights, but the folder has fewer"),
        (_other_shape, "do not fit its layer"),
        (_no_weights, "its weights cannot be read"),
        (_with_code, "holds program code"),
    ],
)
def test_that_a_damaged_or_hostile_saved_model_is_refused(
    saved: tuple[Path, Subject], tmp_path: Path, harm: Callable[[Path], None], words: str
) -> None:
    folder = tmp_path / "m"
    shutil.copytree(saved[0], folder)
    harm(folder)
    with pytest.raises(EngineError, match=words):
        import_model(folder, str(tmp_path / "p"))
    assert not (tmp_path / "p").exists()


def test_that_strange_archives_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.zip"
    path.write_bytes(b"PK")
    with pytest.raises(EngineError, match="no ZIP file"):
        read_model_file(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no model")
    with pytest.raises(EngineError, match="does not hold one SavedModel"):
        read_model_file(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("m/saved_model.pb", b"")
        archive.writestr("m/variables/bomb", b"\0" * 40_000_000)
    with pytest.raises(EngineError, match="too large to open here: unpacked it has"):
        read_model_file(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("m/saved_model.pb", b"")
        archive.writestr("m/variables/../../../escaped.txt", b"out")
    with pytest.raises(EngineError, match="0 operations of TensorFlow"):
        read_model_file(path)
    assert not list(tmp_path.rglob("escaped.txt"))
    with pytest.raises(EngineError, match=r"has no saved_model\.pb"):
        read_model_file(tmp_path)
