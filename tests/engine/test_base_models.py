"""Bases: applications of Keras, saved models and runs as one node that gives what the original gives."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from networks import info, layer, project

from workbench.domain.applications import APPLICATIONS, BUNDLED, BaseSource
from workbench.domain.checks import find_problems
from workbench.domain.edits import set_trainable
from workbench.domain.graph import layout
from workbench.domain.project import Project
from workbench.domain.run import RunRecord
from workbench.domain.run_store import MODEL_FILE
from workbench.domain.store import ProjectFolder
from workbench.domain.tree import Base
from workbench.engine.base_models import _with_preprocessing, make_base
from workbench.engine.build import build_model
from workbench.engine.describe import describe
from workbench.engine.errors import EngineError

pytestmark = pytest.mark.engine
PICTURES = np.random.default_rng(0).uniform(0, 255, (2, 40, 40, 3)).astype("float32")


def outputs(base: Base, folder: Path, pictures: Any = PICTURES) -> Any:
    model = build_model(project(base), info(pictures.shape[1:]), seed=1, folder=folder)
    return model.predict(pictures, verbose=0)


def saved() -> Any:
    keras.utils.set_random_seed(4)
    x = keras.Input((40, 40, 3), name="entry")
    a = layers.Conv2D(3, 3, padding="same", activation="relu", name="first")(x)
    h = layers.BatchNormalization(name="norm")(layers.Add()([a, x]))
    h = layers.GlobalAveragePooling2D(name="pool")(layers.Conv2D(8, 3, name="second")(h))
    return keras.Model(x, layers.Dense(4, name="top")(h))


def test_that_the_list_of_applications_is_that_of_keras() -> None:
    assert set(APPLICATIONS) == {name for name in vars(keras.applications) if name[0].isupper()}


@pytest.mark.parametrize(("top", "cut", "end"), [(True, "", "top"), (False, "", "pool"), (False, "norm", "norm")])
def test_that_a_saved_model_gives_the_same_whole_without_its_top_or_cut(
    top: bool, cut: str, end: str, tmp_path: Path
) -> None:
    model = saved()
    model.save(tmp_path / "mine.keras")
    base = make_base(BaseSource(str(tmp_path / "mine.keras"), top=top, cut=cut), tmp_path, (40, 40, 3))
    assert (base.name, base.trainable, base.shape, base.pixels) == ("mine", False, (40, 40, 3), False)
    assert not any(step.trainable for step in layout(project(base).model).steps if step.kind == "layer")
    expected = keras.Model(model.inputs, model.get_layer(end).output).predict(PICTURES, verbose=0)
    np.testing.assert_array_equal(outputs(base, tmp_path), expected)


def test_that_a_base_from_a_run_is_called_as_the_run(tmp_path: Path) -> None:
    store = ProjectFolder.create(tmp_path / "p", Project())
    record = RunRecord(id=store.new_run_id(), name="Night run", status="ended", started="", seed=0, epochs_planned=1)
    file = store.create_run(record) / MODEL_FILE
    saved().save(file)
    assert make_base(BaseSource(str(file)), store.path, (40, 40, 3)).name == "Night run"


def test_that_what_cannot_be_a_base_is_refused_with_a_sentence(tmp_path: Path) -> None:
    x, y = keras.Input((3,)), keras.Input((3,))
    keras.Model([x, y], layers.Add()([x, y])).save(tmp_path / "two.keras")
    saved().save(tmp_path / "mine.keras")
    for name, cut, words in (
        ("two.keras", "", "has 2 inputs"),
        ("gone.keras", "", "is not there"),
        ("mine.keras", "nowhere", "has no layer “nowhere”. Its last ones are"),
    ):
        with pytest.raises(EngineError, match=words):
            make_base(BaseSource(str(tmp_path / name), cut=cut), tmp_path, (40, 40, 3))
    assert not (tmp_path / "weights").exists()


def kept_file(name: str, folder: Path) -> tuple[Any, Path]:
    """An application without its top, with weights of its own in a file as Keras writes them."""
    model = getattr(keras.applications, name)(weights=None, include_top=False, input_shape=(40, 40, 3))
    rng = np.random.default_rng(0)
    model.set_weights([array + rng.uniform(0, 0.05, array.shape).astype(array.dtype) for array in model.get_weights()])
    path = folder / "own.weights.h5"
    model.save_weights(path)
    return model, path


@pytest.mark.parametrize(
    ("name", "module"), [("VGG16", "vgg16"), ("MobileNet", "mobilenet"), ("DenseNet121", "densenet")]
)
def test_that_a_base_prepares_pixels_as_keras_does(name: str, module: str, tmp_path: Path) -> None:
    """One of each way: channels turned round and a mean off, from -1 to 1, by mean and deviation."""
    base = _with_preprocessing(Base(id="b", source=name), name, tmp_path)
    assert base.pixels
    expected = getattr(keras.applications, module).preprocess_input(PICTURES.copy())
    np.testing.assert_allclose(outputs(base, tmp_path), expected, rtol=1e-5, atol=1e-4)
    assert not [
        step
        for step in layout(project(base).model).steps
        if step.kind == "layer" and step.params and step.trainable and step.class_name == "Conv2D"
    ]


def test_that_an_application_gives_what_keras_gives(tmp_path: Path) -> None:
    model, path = kept_file("MobileNet", tmp_path)
    base = make_base(BaseSource("MobileNet", weights=str(path)), tmp_path, (40, 40, 3))
    expected = model.predict(keras.applications.mobilenet.preprocess_input(PICTURES.copy()), verbose=0)
    np.testing.assert_allclose(outputs(base, tmp_path), expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())
    summary = describe(project(base), info((40, 40, 3)), tmp_path)
    assert {each.start for each in summary.layers if each.params} == {"kept"}


def test_that_without_weights_a_base_starts_afresh_and_asks_for_pictures_that_fit(tmp_path: Path) -> None:
    base = make_base(BaseSource("MobileNetV2", weights="none"), tmp_path, (28, 28, 1))
    assert base.shape == (96, 96, 3)
    assert not (tmp_path / "weights").exists()
    summary = describe(project(base), info((96, 96, 3)), tmp_path)
    assert summary.total_params == 2_257_984  # as keras.io says of it without its top
    assert {each.start for each in summary.layers} == {""}
    assert make_base(BaseSource("MobileNetV2", weights="none"), tmp_path, (64, 48, 3)).shape == (None, None, 3)


def test_that_small_grey_pictures_are_brought_to_a_base_by_one_repair(tmp_path: Path) -> None:
    base = make_base(BaseSource(BUNDLED), tmp_path, (8, 8, 1))
    made, data = project(base, layer("GlobalAveragePooling2D"), layer("Dense", units=10)), info((8, 8, 1))
    (problem,) = [
        each for each in find_problems(made, data, describe(made, data, tmp_path)) if each.code == "base_shape"
    ]
    mended = problem.repairs[0].edit(made)
    summary = describe(mended, data, tmp_path)
    assert summary.error is None
    assert {each.start for each in summary.layers if each.params} == {"kept", ""}
    assert summary.trainable_params == 10 * 1281
    assert not [each for each in find_problems(mended, data, summary) if each.code.startswith(("base_", "start_"))]


def test_that_without_the_internet_a_sentence_says_where_the_file_belongs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keras.src.backend import config
    from keras.src.utils import file_utils

    def fail(*_: Any, **__: Any) -> str:
        raise OSError("no network")

    monkeypatch.setattr(file_utils, "get_file", fail)
    monkeypatch.setattr(config, "keras_home", lambda: str(tmp_path / "keras"))
    with pytest.raises(EngineError, match=r"Put the file mobilenet_1_0_224_tf_no_top\.h5 into .*keras.models"):
        make_base(BaseSource("MobileNet"), tmp_path, (40, 40, 3))
    assert file_utils.get_file is fail
    place = tmp_path / "keras" / "models" / "mobilenet_1_0_224_tf_no_top.h5"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"not weights")
    with pytest.raises(EngineError, match="damaged"):
        make_base(BaseSource("MobileNet"), tmp_path, (40, 40, 3))
    assert place.read_bytes() == b"not weights"


def test_that_a_base_lies_between_other_layers_of_a_network(tmp_path: Path) -> None:
    saved().save(tmp_path / "mine.keras")
    base = make_base(BaseSource(str(tmp_path / "mine.keras")), tmp_path, (40, 40, 3))
    made = project(layer("RandomFlip"), base, layer("Dense", units=2))
    summary = describe(made, info((40, 40, 3)), tmp_path)
    assert summary.error is None
    assert summary.trainable_params == 8 * 2 + 2


def test_that_the_bundled_base_gives_the_features_of_the_original(tmp_path: Path) -> None:
    """`packaging/convert_efficientnet_lite0.py` wrote what PyTorch's own gives for a picture made of waves."""
    rows, columns = np.mgrid[0:224, 0:224]
    waves = [np.sin(rows / 9.0) * np.cos(columns / 13.0), np.sin((rows + columns) / 21.0), np.cos(columns / 5.0)]
    picture = np.round(127.5 + 127.5 * np.stack(waves, axis=-1)).astype("float32")
    base = make_base(BaseSource(BUNDLED), tmp_path, (224, 224, 3))
    features = outputs(base, tmp_path, picture[None])[0]
    assert features.shape == (7, 7, 1280)
    with np.load(Path(__file__).with_name("efficientnet_lite0_reference.npz")) as original:
        np.testing.assert_allclose(features.mean((0, 1)), original["pooled"], atol=0.02)
        np.testing.assert_allclose(features[:2, :2, :64], original["corner"], atol=0.12)
    summary = describe(project(base), info((64, 64, 3)), tmp_path)
    assert {each.start for each in summary.layers if each.params} == {"kept"}
    assert summary.total_params == 3_413_024
    assert not summary.trainable_params
    cut = make_base(BaseSource(BUNDLED, cut="block5c"), tmp_path, (64, 64, 3))
    assert describe(project(cut), info((64, 64, 3)), tmp_path).output_shape == (4, 4, 112)
    with pytest.raises(EngineError, match="no block “nowhere”"):
        make_base(BaseSource(BUNDLED, cut="nowhere"), tmp_path, (64, 64, 3))
    with pytest.raises(EngineError, match="without its top"):
        make_base(BaseSource(BUNDLED, top=True), tmp_path, (64, 64, 3))


def test_that_a_frozen_base_is_not_said_to_need_the_memory_of_one_that_learns(tmp_path: Path) -> None:
    """Measured for ResNet50 at batch 16: 480 MB frozen, where all that it gives would take 3.4 GB."""
    base = make_base(BaseSource(BUNDLED), tmp_path, (224, 224, 3))
    frozen = project(base, layer("GlobalAveragePooling2D"), layer("Dense", units=10))
    data = info((224, 224, 3))
    learning = set_trainable((base.id,), True)(frozen)
    assert 4 * describe(frozen, data).peak_bytes < describe(learning, data).peak_bytes
