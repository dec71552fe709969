"""A model that was opened from a file, and whose project has no data that fit it."""

from pathlib import Path

import keras
import pytest
import tensorflow as tf

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.engine.data import load_dataset
from workbench.engine.errors import EngineError
from workbench.engine.evaluation import metrics_on
from workbench.engine.export import export
from workbench.engine.fitting import check_fits, fits
from workbench.engine.litert import write_litert
from workbench.engine.probes.base import Subject
from workbench.protocol.commands import Export

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:.*tf.lite.Interpreter is deprecated.*"),
]


def opened(*shape: int | None) -> Subject:
    """A network for samples of this shape beside digits of 8×8×1, as it comes from a file."""
    layers = [keras.Input(shape), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(10, activation="softmax")]
    project = Project(data=DatasetSpec(SourceSpec("digits")))
    return Subject(keras.Sequential(layers), project, load_dataset(project.data))


def test_that_a_network_without_data_of_its_own_goes_out_all_the_same(tmp_path: Path) -> None:
    subject = opened(12, None, 3)
    done = export(Export(1, "", "r", str(tmp_path / "m"), "keras"), lambda: subject)
    assert done.notes[1].startswith("Opened again with Keras: on 100 random samples, as the run has no data that fit")
    assert done.difference == 0
    lite = write_litert(opened(12, 12, 3), "none", False, tmp_path / "m.tflite")
    assert lite.notes[1].startswith("On 100 random samples, as the run has no data")
    shape = tf.lite.Interpreter(model_content=(tmp_path / "m.tflite").read_bytes()).get_input_details()[0]["shape"]
    assert list(shape) == [1, 12, 12, 3]


def test_that_what_needs_real_samples_says_that_there_are_none(tmp_path: Path) -> None:
    subject = opened(12, 12, 3)
    with pytest.raises(EngineError, match="it takes 12×12×3, and they are 8×8×1"):
        metrics_on(subject, "test", lambda _text, _fraction: None)
    with pytest.raises(EngineError, match="made by looking at real samples"):
        write_litert(subject, "int8", False, tmp_path / "m.tflite")
    assert list(tmp_path.iterdir()) == []


def test_that_a_network_whose_file_has_no_loss_is_evaluated_with_that_of_the_project() -> None:
    subject = opened(8, 8, 1)
    assert not subject.model.compiled
    found = metrics_on(subject, "test", lambda _text, _fraction: None)
    assert set(found) == {"loss", "accuracy"}


@pytest.mark.parametrize(("shape", "wanted"), [((8, 8, 1), True), ((None, None, 1), True), ((8, 8, 3), False)])
def test_that_shapes_fit_as_keras_says(shape: tuple[int | None, ...], wanted: bool) -> None:
    subject = opened(*shape)
    assert fits(subject) is wanted
    if wanted:
        check_fits(subject)
