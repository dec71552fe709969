"""Models leave in the other forms of the field, each opened again with what reads it."""

from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import pytest
import tensorflow as tf

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Input, Layer, ModelTree, Wrapper
from workbench.engine.build import build_model, compile_model
from workbench.engine.data import load_dataset
from workbench.engine.errors import Cancelled, EngineError
from workbench.engine.export import export
from workbench.engine.litert import write_litert
from workbench.engine.probes.base import Subject
from workbench.protocol.commands import Export, Quantization

pytestmark = [
    pytest.mark.engine,
    # TensorFlow says so of its own interpreter while that is destroyed.
    pytest.mark.filterwarnings("ignore:.*tf.lite.Interpreter is deprecated.*"),
]


def layer(node_id: str, class_name: str, **params: Any) -> Layer:
    return Layer(id=node_id, class_name=class_name, params=params)


DENSE = (
    layer("f", "Flatten"),
    layer("a", "Dense", units=12, activation="relu"),
    layer("n", "BatchNormalization"),
    layer("b", "Dense", units=10, activation="softmax"),
)
STEPS = (layer("r", "Reshape", target_shape=(8, 8)), layer("l", "LSTM", units=4), layer("b", "Dense", units=10))


def subject(*nodes: Any) -> Subject:
    project = Project(data=DatasetSpec(SourceSpec("digits")), model=ModelTree(nodes), training=TrainingSpec(seed=2))
    dataset = load_dataset(project.data)
    model = build_model(project, dataset.info, seed=2)
    compile_model(model, project, dataset.info)
    return Subject(model, project, dataset)


@pytest.fixture(scope="module")
def dense() -> Subject:
    return subject(*DENSE)


def written(made: Subject, path: Path, to: Any) -> Any:
    return export(Export(1, "", "r", str(path), to), lambda: made)


@pytest.mark.parametrize(("form", "most"), [("none", 1e-5), ("float16", 1e-2), ("dynamic", 0.05), ("int8", 0.15)])
def test_that_a_file_for_small_devices_tells_how_far_it_is_from_the_model(
    dense: Subject, tmp_path: Path, form: Quantization, most: float
) -> None:
    path = tmp_path / "m.tflite"
    lite = write_litert(dense, form, False, path)
    assert lite.difference <= most
    assert "On 100 samples" in lite.notes[1]
    interpreter = tf.lite.Interpreter(model_content=path.read_bytes())
    wanted = np.int8 if form == "int8" else np.float32
    assert interpreter.get_input_details()[0]["dtype"] == wanted
    interpreter.allocate_tensors()
    if form == "none":
        x = dense.dataset.x["validation"][:1]
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], x)
        interpreter.invoke()
        told = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
        np.testing.assert_allclose(told, dense.model.predict(x, verbose=0), atol=1e-5)


def test_that_a_file_for_small_devices_is_given_up_and_leaves_nothing(dense: Subject, tmp_path: Path) -> None:
    def cancel(text: str, fraction: float | None) -> None:
        if "Opening" in text and fraction:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_litert(dense, "none", False, tmp_path / "m.tflite", cancel)
    assert list(tmp_path.iterdir()) == []


def test_that_whole_numbers_are_smaller_than_floats(dense: Subject, tmp_path: Path) -> None:
    sizes = {}
    for form in ("none", "int8"):
        write_litert(dense, form, False, tmp_path / form)
        sizes[form] = (tmp_path / form).stat().st_size
    assert sizes["int8"] < sizes["none"]


def test_that_a_recurrent_network_in_whole_numbers_needs_its_steps_laid_out(tmp_path: Path) -> None:
    made = subject(*STEPS)
    with pytest.raises(EngineError, match=r"“lstm” does\. Lay its steps out"):
        write_litert(made, "int8", False, tmp_path / "m.tflite")
    assert not (tmp_path / "m.tflite").exists()


@pytest.mark.slow
def test_that_a_recurrent_network_goes_out_in_a_loop_and_with_its_steps_laid_out(tmp_path: Path) -> None:
    made = subject(*STEPS)
    assert write_litert(made, "none", False, tmp_path / "loop.tflite").difference < 1e-5
    assert write_litert(made, "int8", True, tmp_path / "m.tflite").difference < 0.3
    assert not made.model.get_layer("lstm").unroll


def test_that_several_inputs_and_outputs_keep_their_order(tmp_path: Path) -> None:
    first = Input(id="x", name="x")
    flat = Layer(id="f", class_name="Flatten", inputs=("x",))
    small = Layer(id="s", name="small", class_name="Dense", params={"units": 2}, inputs=("f",))
    large = Layer(id="l", name="large", class_name="Dense", params={"units": 5}, inputs=("f",))
    made = subject(first, flat, small, large)
    tree = msgspec.structs.replace(made.project.model, outputs=("l", "s"))
    project = msgspec.structs.replace(made.project, model=tree)
    model = build_model(project, made.dataset.info, seed=1)
    assert write_litert(Subject(model, project, made.dataset), "none", False, tmp_path / "m").difference < 1e-4


@pytest.mark.parametrize(("to", "reader"), [("keras", "Keras"), ("saved_model", "TensorFlow")])
def test_that_a_whole_model_is_opened_again_and_held_against_its_own_answers(
    dense: Subject, tmp_path: Path, to: Any, reader: str
) -> None:
    done = written(dense, tmp_path / "m", to)
    assert done.difference is not None
    assert done.difference < 1e-6
    assert done.notes[1].startswith(f"Opened again with {reader}: on 100 samples, its answers")
    assert " has " in done.notes[0]


def test_that_a_saved_model_does_not_train_when_it_is_called(tmp_path: Path) -> None:
    """Keras' own export of these layers scales by the mean of the batch, and so answers otherwise."""
    made = subject(
        layer("r", "Resizing", height=12, width=12),
        layer("u", "UpSampling2D"),
        layer("n", "BatchNormalization"),
        layer("g", "GlobalAveragePooling2D"),
        layer("b", "Dense", units=10),
    )
    done = written(made, tmp_path / "m", "saved_model")
    assert any("to the bit" in note for note in done.notes)
    served = tf.saved_model.load(done.path)
    before = [np.asarray(each) for each in served.variables]
    x = made.dataset.x["test"][:5]
    np.testing.assert_array_equal(served.serve(x), made.model(x, training=False))
    assert all(np.array_equal(one, np.asarray(other)) for one, other in zip(before, served.variables, strict=True))


def test_that_a_saved_model_has_signatures_by_the_names_of_its_inputs(tmp_path: Path) -> None:
    made = subject(Input(id="i", name="picture"), Layer(id="f", class_name="Flatten", inputs=("i",)))
    done = written(made, tmp_path / "m", "saved_model")
    opened = tf.saved_model.load(done.path)
    x = made.dataset.x["test"][:3]
    (told,) = opened.signatures["serving_default"](picture=tf.constant(x)).values()
    np.testing.assert_array_equal(told, x.reshape(3, -1))


def test_that_a_picture_of_the_network_shows_its_shapes(dense: Subject, tmp_path: Path) -> None:
    done = written(dense, tmp_path / "net", "picture")
    assert done.path.name == "net.svg"
    text = done.path.read_text()
    assert "BatchNormalization" in text
    assert "780 parameters" in text


def test_that_the_old_format_holds_the_same_network(dense: Subject, tmp_path: Path) -> None:
    done = written(dense, tmp_path / "m", "h5")
    assert done.path.name == "m.h5"
    opened = keras.models.load_model(done.path, compile=False)
    x = dense.dataset.x["test"][:8]
    np.testing.assert_array_equal(opened.predict(x, verbose=0), dense.model.predict(x, verbose=0))


def test_that_what_the_old_format_cannot_hold_is_refused(tmp_path: Path) -> None:
    reader = Wrapper(id="w", class_name="Bidirectional", child=layer("l", "LSTM", units=3))
    masked = subject(
        layer("f", "Flatten"),
        layer("e", "Embedding", input_dim=20, output_dim=4, mask_zero=True),
        reader,
        layer("b", "Dense", units=10),
    )
    with pytest.raises(EngineError, match=r"Export it as \.keras"):
        written(masked, tmp_path / "m", "h5")
    assert list(tmp_path.iterdir()) == []


def test_that_an_architecture_is_read_by_keras_again(dense: Subject, tmp_path: Path) -> None:
    done = written(dense, tmp_path / "m", "json")
    again = keras.models.model_from_json(done.path.read_text())
    assert again.count_params() == dense.model.count_params()


@pytest.mark.parametrize("kind", ["h5", "json", "weights"])
def test_that_what_is_but_a_part_is_opened_again_and_held_against_the_answers(
    dense: Subject, tmp_path: Path, kind: str
) -> None:
    done = written(dense, tmp_path / "part", kind)
    assert done.difference == 0
    assert "to the bit" in done.notes[-1]
    assert "The file has" in done.notes[-2]
