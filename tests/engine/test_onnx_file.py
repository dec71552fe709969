"""Models leave as ONNX files, from which ONNX Runtime answers as Keras does. Skipped where its libraries lack."""

import importlib
import queue
import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Input, Layer, ModelTree, Wrapper
from workbench.engine import onnx_file
from workbench.engine.build import build_model
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.errors import Cancelled, EngineError
from workbench.engine.export import export
from workbench.engine.onnx_child import _wait
from workbench.engine.onnx_file import write_onnx
from workbench.engine.probes.base import Subject
from workbench.engine.real_samples import compared
from workbench.protocol.commands import Export

for each in ("onnx", "tf2onnx", "onnxruntime"):
    pytest.importorskip(each)

import onnx  # noqa: E402 - what comes before says whether it is there
import onnxruntime as ort  # noqa: E402 - what comes before says whether it is there

pytestmark = pytest.mark.engine


def layer(node_id: str, class_name: str, *inputs: str, **params: Any) -> Layer:
    return Layer(id=node_id, class_name=class_name, params=params, inputs=inputs)


def subject(*nodes: Any, outputs: tuple[str, ...] = ()) -> Subject:
    tree = ModelTree(nodes, outputs)
    project = Project(data=DatasetSpec(SourceSpec("digits")), model=tree, training=TrainingSpec(seed=2))
    dataset = load_dataset(project.data)
    return Subject(build_model(project, dataset.info, seed=2), project, dataset)


PICTURES = (
    layer("c", "Conv2D", filters=4, kernel_size=3, padding="same", activation="gelu"),
    layer("n", "BatchNormalization"),
    layer("o", "Conv2D", filters=4, kernel_size=3, groups=2),
    layer("p", "MaxPooling2D"),
    layer("t", "Conv2DTranspose", filters=3, kernel_size=2, strides=2),
    layer("u", "UpSampling2D", interpolation="bilinear"),
    layer("f", "Flatten"),
    layer("d", "Dropout", rate=0.5),
    layer("b", "Dense", units=10, activation="softmax"),
)
STEPS = (
    layer("r", "Reshape", target_shape=(8, 8)),
    Wrapper(id="w", class_name="Bidirectional", child=layer("l", "LSTM", units=4, return_sequences=True)),
    layer("g", "GRU", units=3),
    layer("b", "Dense", units=10),
)
ATTENTION = (
    layer("r", "Reshape", target_shape=(8, 8)),
    layer("a", "MultiHeadAttention", num_heads=2, key_dim=3),
    layer("n", "LayerNormalization"),
    layer("p", "GlobalAveragePooling1D"),
    layer("b", "Dense", units=10),
)


@pytest.mark.parametrize("nodes", [PICTURES, STEPS, ATTENTION], ids=["pictures", "steps", "attention"])
def test_that_an_onnx_file_answers_as_the_model_does(nodes: tuple[Any, ...], tmp_path: Path) -> None:
    made = subject(*nodes)
    done = export(Export(1, "", "r", str(tmp_path / "m"), "onnx"), lambda: made)
    assert done.path.name == "m.onnx"
    assert done.difference is not None
    assert done.difference < 1e-5
    assert "On 100 samples".lower() in done.notes[1]
    session = ort.InferenceSession(done.path, providers=["CPUExecutionProvider"])
    (taken,) = session.get_inputs()
    assert taken.name == made.model.inputs[0].name
    x = made.dataset.x["validation"][:7]
    (told,) = session.run(None, {taken.name: x})
    np.testing.assert_allclose(told, made.model.predict(x, verbose=0), atol=1e-5)


def test_that_several_inputs_and_outputs_keep_names_and_order(tmp_path: Path) -> None:
    made = subject(
        Input(id="i", name="picture"),
        layer("f", "Flatten", "i"),
        Layer(id="s", name="small", class_name="Dense", params={"units": 2}, inputs=("f",)),
        Layer(id="l", name="large", class_name="Dense", params={"units": 5}, inputs=("f",)),
        outputs=("l", "s"),
    )
    done = write_onnx(made, tmp_path / "m.onnx")
    assert done.difference < 1e-5
    session = ort.InferenceSession(tmp_path / "m.onnx", providers=["CPUExecutionProvider"])
    assert [taken.name for taken in session.get_inputs()] == ["picture"]
    assert [given.name for given in session.get_outputs()] == ["large", "small"]


def test_that_numbers_which_a_layer_learned_from_data_go_along(tmp_path: Path) -> None:
    made = subject(layer("n", "Normalization", mean=3.0, variance=4.0), layer("f", "Flatten"))
    assert write_onnx(made, tmp_path / "m.onnx").difference < 1e-5


def test_that_an_operation_which_onnx_has_not_is_named_with_its_layer(tmp_path: Path) -> None:
    made = subject(layer("f", "Flatten"), layer("d", "Discretization", bin_boundaries=(0.2, 0.5)))
    with pytest.raises(EngineError, match=r"Bucketize.*in “discretization”.*Export it as a SavedModel"):
        write_onnx(made, tmp_path / "m.onnx")
    assert list(tmp_path.iterdir()) == []


def test_that_a_missing_library_is_told_with_the_command_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = importlib.import_module

    def without(name: str, package: str | None = None) -> Any:
        if name == "tf2onnx":
            raise ImportError(name)
        return found(name, package)

    made = subject(layer("f", "Flatten"))
    monkeypatch.setattr(importlib, "import_module", without)
    with pytest.raises(DataError, match=r'tf2onnx, which is not installed. Install it with: pip install "workbench\['):
        write_onnx(made, tmp_path / "m.onnx")


def test_that_a_difference_is_seen() -> None:
    made = subject(layer("f", "Flatten"), layer("b", "Dense", units=3))
    found = compared(made, lambda arrays: [made.model.predict(arrays[0], verbose=0) + 0.5])
    assert found.difference == pytest.approx(0.5, abs=1e-6)
    same = compared(made, lambda arrays: [keras.ops.convert_to_numpy(made.model(arrays[0]))])
    assert "to the bit" in same.sentence


def test_that_a_large_network_is_converted_in_a_process_of_its_own_that_tells_what_it_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = subject(*PICTURES)
    write_onnx(made, tmp_path / "here.onnx")
    monkeypatch.setattr(onnx_file, "MOST_HERE", 0)
    told: list[str] = []
    there = write_onnx(made, tmp_path / "m.onnx", lambda text, _fraction: told.append(text))
    assert there.difference < 1e-5
    here, child = (onnx.load(tmp_path / name).graph.node for name in ("here.onnx", "m.onnx"))
    assert [node.op_type for node in child] == [node.op_type for node in here]
    stages = list(dict.fromkeys(re.sub(r"\d+$", "", text) for text in told))
    assert stages == [
        "Reading the network",
        "Putting the weights into the graph",
        "Starting the converter",
        "Turning the operations into those of ONNX",
        "Simplifying the network, step ",
        "Opening the file with ONNX Runtime",
    ]


@pytest.mark.parametrize("when", ["Putting the weights", "Starting the converter"])
def test_that_an_export_is_given_up_and_leaves_nothing(
    when: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def give_up(text: str, _fraction: float | None) -> None:
        if text.startswith(when):
            raise Cancelled

    monkeypatch.setattr(onnx_file, "MOST_HERE", 0)
    with pytest.raises(Cancelled):
        write_onnx(subject(layer("f", "Flatten"), layer("b", "Dense", units=3)), tmp_path / "m.onnx", give_up)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [(b'{"type":"done","message":"ONNX has nothing for this."}', "ONNX has nothing for this"), (b"", "ended early")],
)
def test_that_what_the_process_says_at_its_end_is_told(line: bytes, said: str) -> None:
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    lines.put(line)
    with pytest.raises(EngineError, match=said):
        _wait(lines, lambda _text, _fraction: None)
