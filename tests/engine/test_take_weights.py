"""Weights from saved models: matched by name or order, with a report, and nothing hostile gets through."""

import warnings
from pathlib import Path
from typing import Any

import h5py
import keras
import msgspec
import numpy as np
import pytest
from keras import layers
from networks import info, layer, project, wrapper

from workbench.domain.edits import set_starts
from workbench.domain.project import Project
from workbench.domain.tree import Repeat
from workbench.domain.weights_report import WeightsReport
from workbench.engine.build import build_model
from workbench.engine.errors import EngineError
from workbench.engine.take_weights import take_weights

pytestmark = pytest.mark.engine
DATA = info((8, 6))


def source() -> Any:
    """Layers of all sorts, one of them a model of its own, with names as Keras or a person gives them."""
    keras.utils.set_random_seed(3)
    inner = keras.Sequential([keras.Input((8, 8)), layers.Dense(7, name="within")], name="encoder")
    x = keras.Input((8, 6))
    h = layers.Bidirectional(layers.LSTM(4, return_sequences=True), name="both")(x)
    h = layers.MultiHeadAttention(2, 3, name="attends")(h, h)
    h = layers.BatchNormalization(name="norm")(inner(h))
    h = layers.Dense(9, name="wide")(layers.Flatten()(h))
    model = keras.Model(x, layers.Dense(10, name="head")(h))
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(size=array.shape).astype("float32") for array in model.get_weights()])
    return model


def target() -> Project:
    """The same network but for the width of one layer and the name of another."""
    nodes = (
        wrapper("Bidirectional", layer("LSTM", units=4, return_sequences=True)),
        layer("MultiHeadAttention", num_heads=2, key_dim=3),
        layer("Dense", units=7),
        layer("BatchNormalization"),
        layer("Flatten"),
        layer("Dense", units=5),
        layer("Dense", units=10),
    )
    names = ("both", "attends", "within", "norm", "", "wide", "other head")
    return project(*(msgspec.structs.replace(node, name=name) for node, name in zip(nodes, names, strict=True)))


def saved(path: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source().save_weights(path) if path.name.endswith(".weights.h5") else source().save(path)
    return path


def assert_started(made: Project, folder: Path, starts: Any, pairs: dict[str, Any]) -> None:
    """The layers of the model that starts so have exactly the weights of Keras' own."""
    model = build_model(set_starts(starts)(made), DATA, seed=1, folder=folder)
    for name, theirs in pairs.items():
        mine = model.get_layer(name).get_weights()
        assert len(mine) == len(theirs.get_weights()) > 0
        for a, b in zip(mine, theirs.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("file", ["a.keras", "a.h5", "a.weights.h5"])
def test_that_layers_of_the_same_name_get_the_weights_that_keras_saved(file: str, tmp_path: Path) -> None:
    made = target()
    starts, report = take_weights(made, DATA, tmp_path, saved(tmp_path / file), "name", file)
    assert {each.layer for each in report.taken} == {"both", "attends", "within", "norm"}
    assert [(each.layer, each.source) for each in report.misfits] == [("wide", "wide")]
    assert report.missing == ("other_head",)
    assert "head" in report.unused
    origin = source()
    pairs = {name: origin.get_layer(name) for name in ("both", "attends", "norm")}
    assert_started(made, tmp_path, starts, pairs | {"within": origin.get_layer("encoder").get_layer("within")})
    assert report.sentence == f"4 of 6 layers start with weights from {file}."
    assert any("the layer needs 56×5, 5" in line for line in report.lines())


@pytest.mark.parametrize("file", ["a.keras", "a.h5", "a.weights.h5"])
def test_that_layers_without_names_in_common_take_weights_in_their_order(file: str, tmp_path: Path) -> None:
    model = keras.Sequential(
        [keras.Input((8, 6)), layers.Flatten(), layers.Dense(4, name="a"), layers.Dense(4, name="b")]
    )
    path = tmp_path / file
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save_weights(path) if path.name.endswith(".weights.h5") else model.save(path)
    made = project(layer("Flatten"), Repeat(id="r", times=3, children=(layer("Dense", units=4),)))
    starts, report = take_weights(made, DATA, tmp_path, path, "topology", file)
    assert [(each.layer, each.source) for each in report.taken] == [("dense", "a"), ("dense_1", "b")]
    assert report.missing == ("dense_2",)
    assert_started(made, tmp_path, starts, {"dense": model.get_layer("a"), "dense_1": model.get_layer("b")})
    none, report = take_weights(made, DATA, tmp_path, path, "name", file)
    assert not none
    assert "Try to match them in their order" in report.sentence


def test_that_a_weights_file_of_keras_2_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.h5"
    kernel, bias = np.arange(24, dtype="float32").reshape(6, 4), np.ones(4, "float32")
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [b"input_1", b"block1/dense"]
        file.create_group("input_1").attrs["weight_names"] = []
        group = file.create_group("block1/dense")
        group.attrs["weight_names"] = [b"block1/dense/kernel:0", b"block1/dense/bias:0"]
        group["block1/dense/kernel:0"], group["block1/dense/bias:0"] = kernel, bias
    made = project(layer("Dense", units=4))
    starts, report = take_weights(made, DATA, tmp_path, path, "topology", "old.h5")
    assert report.taken[0].source == "block1/dense"
    model = build_model(set_starts(starts)(made), DATA, folder=tmp_path)
    np.testing.assert_array_equal(model.layers[1].get_weights()[0], kernel)


def external(file: Any, beside: Path) -> None:
    file.create_dataset("0", (4,), "float32", external=[(str(beside), 0, 16)])


def packed(file: Any, _beside: Path) -> None:
    file.create_dataset("0", (10**8,), "float32", chunks=(10**6,), compression="gzip", fillvalue=0)


def claimed(file: Any, _beside: Path) -> None:
    file.create_dataset("0", (10**10,), "float32")


def linked(file: Any, beside: Path) -> None:
    file["0"] = h5py.ExternalLink(str(beside), "/x")


def soft(file: Any, _beside: Path) -> None:
    file["0"] = h5py.SoftLink("/layers")


def looped(file: Any, _beside: Path) -> None:
    file["again"] = file


HOSTILE = {each.__name__: each for each in (external, packed, claimed, linked, soft, looped)}


@pytest.mark.parametrize("kind", HOSTILE)
def test_that_a_crafted_file_is_refused_with_a_sentence(kind: str, tmp_path: Path) -> None:
    beside = tmp_path / "secret"
    beside.write_bytes(b"0123456789abcdef")
    path = tmp_path / "evil.weights.h5"
    with h5py.File(path, "w") as file:
        HOSTILE[kind](file.create_group("layers/dense/vars"), beside)
    with pytest.raises(EngineError, match=r"evil\.weights\.h5 (has|is)"):
        take_weights(project(layer("Dense", units=4)), DATA, tmp_path, path, "name", "evil")
    assert not (tmp_path / "weights").exists()


@pytest.mark.parametrize("name", ["a.txt", "a.h5", "a.keras", "gone.h5"])
def test_that_other_files_are_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    if name != "gone.h5":
        (tmp_path / name).write_bytes(b"nothing")
    with pytest.raises(EngineError, match=r"Choose|Check"):
        take_weights(project(layer("Dense", units=4)), DATA, tmp_path, tmp_path / name, "name", name)


def test_that_a_report_of_many_layers_stays_short() -> None:
    report = WeightsReport("x", "name", missing=tuple(f"layer_{number}" for number in range(100)))
    (line,) = report.lines(most=2)
    assert line == "Nothing found, so it stays as it is: layer_0, layer_1, and 98 more"
