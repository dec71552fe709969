"""Networks that tell several labels: defaults, checks, training, prediction, the exported script."""

import numpy as np
import pytest
from test_script_parity import assert_same, scripted, spec, trained
from trainings import new_folder, talk

from workbench.domain.checks import find_problems
from workbench.domain.dataset import DatasetInfo, DatasetSpec, SourceSpec
from workbench.domain.defaults import resolve
from workbench.domain.first_network import first_network
from workbench.domain.project import Project
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Layer, ModelTree
from workbench.domain.values import ObjectSpec
from workbench.engine.build import build_model
from workbench.engine.data import load_dataset
from workbench.engine.describe import describe
from workbench.engine.outputs import label_names
from workbench.engine.prepared_model import compare, with_preparation
from workbench.engine.probes.base import Subject
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import Evaluate, Predict, Probe
from workbench.protocol.events import Evaluated, Predicted, Probed

pytestmark = pytest.mark.engine
INFO = DatasetInfo(
    title="Any",
    form="table",
    task="multilabel",
    input_shape=(4,),
    target_shape=(3,),
    labels="multi_hot",
    sizes={"train": 100, "validation": 20, "test": 20},
    classes=("red", "round", "large"),
    class_counts={"train": (90, 5, 2)},
)


def last(units: int, activation: str | None, **training: object) -> Project:
    node = Layer(id="x", class_name="Dense", params={"units": units, "activation": activation})
    return Project(model=ModelTree((node,)), training=TrainingSpec(**training))  # type: ignore[arg-type]


@pytest.mark.parametrize(("activation", "logits"), [("sigmoid", False), (None, True)])
def test_that_each_label_is_a_yes_or_a_no(activation, logits):
    project = last(3, activation)
    resolved = resolve(project, INFO)
    assert (resolved.loss.class_name, bool(resolved.loss.params.get("from_logits"))) == ("BinaryCrossentropy", logits)
    metric = resolved.metrics[0]
    assert (metric.class_name, metric.params["name"]) == ("BinaryAccuracy", "binary_accuracy")
    assert metric.params.get("threshold", 0.5) == (0.0 if logits else 0.5)
    summary = describe(project, INFO)
    assert find_problems(project, INFO, summary) == ()


@pytest.mark.parametrize(
    ("project", "code"),
    [
        (last(3, "softmax"), "activation_of_labels"),
        (last(3, "relu"), "activation_of_labels"),
        (last(2, "sigmoid"), "units_against_classes"),
        (last(3, "sigmoid", loss=ObjectSpec("SparseCategoricalCrossentropy")), "loss_against_labels"),
        (last(3, "sigmoid", metrics=(ObjectSpec("CategoricalAccuracy"),)), "metric_against_labels"),
    ],
)
def test_that_what_suits_one_class_only_is_told_and_mended(project, code):
    found = {problem.code: problem for problem in find_problems(project, INFO, describe(project, INFO))}
    assert code in found
    mended = found[code].repairs[0].edit(project)
    assert code not in {problem.code for problem in find_problems(mended, INFO, describe(mended, INFO))}


def test_that_the_first_network_has_an_output_a_label_and_no_problem():
    project = Project(model=first_network(INFO))
    summary = describe(project, INFO)
    assert summary.output_shape == (3,)
    assert find_problems(project, INFO, summary) == ()


def test_that_labels_are_named_in_a_row():
    assert label_names(INFO, np.array([1, 0, 1])) == "red, large"
    assert label_names(INFO, np.zeros(3)) == "none"


@pytest.fixture
def data(tmp_path):
    x = np.random.default_rng(0).normal(size=(300, 2))
    np.savez(tmp_path / "signs.npz", x=x, y=(x > 0).astype(np.uint8))
    return DatasetSpec(SourceSpec("npz", {"path": str(tmp_path / "signs.npz")}))


def test_that_a_network_learns_labels_that_do_not_depend_on_one_another(data, tmp_path):
    project = Project(data=data, model=first_network(load_dataset(data).info), training=TrainingSpec(epochs=25, seed=2))
    folder = new_folder(tmp_path / "p", project)
    samples = tuple(Sample(part="test", index=place) for place in range(45))
    with talk() as engine:
        ended = engine.train(folder, project)
        evaluated = engine.ask(Evaluate(3, str(folder.path), ended.run, "test"), Evaluated)
        predicted = engine.ask(Predict(4, str(folder.path), ended.run, samples), Predicted)
        probed = engine.ask(Probe(5, str(folder.path), ended.run, "feature_maps", {}, samples[0]), Probed)
    assert evaluated.metrics["binary_accuracy"] > 0.9
    dataset = load_dataset(data)
    values = np.array([prediction.values for prediction in predicted.predictions])
    share = ((values >= 0.5) == dataset.values["test"]).mean()
    assert share == pytest.approx(evaluated.metrics["binary_accuracy"], abs=1e-5)
    first = predicted.predictions[0]
    assert first.truth == label_names(dataset.info, dataset.values["test"][0])
    assert first.label == label_names(dataset.info, values[0] >= 0.5)
    assert predicted.classes == ("label 0", "label 1")
    assert probed.facts["truths"] == tuple(np.flatnonzero(dataset.values["test"][0]).tolist())
    assert probed.facts["label"] == first.label


def test_that_a_model_with_its_preparation_gives_each_label_a_probability(data):
    dataset = load_dataset(data)
    network = ModelTree((Layer(id="x", class_name="Dense", params={"units": 2}),))
    project = Project(data=data, model=network)
    subject = Subject(build_model(project, dataset.info), project, dataset)
    made = with_preparation(subject).model
    assert compare(subject, made).worst < 1e-5


def test_that_the_script_of_several_labels_trains_to_the_same_numbers(data, tmp_path, monkeypatch):
    project = Project(data=data, model=first_network(load_dataset(data).info), training=spec(epochs=2))
    epochs, _ = trained(project, tmp_path / "project")
    assert_same(epochs, scripted(project, tmp_path / "project", monkeypatch)["history"].history)
