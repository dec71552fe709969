"""A class, or numbers, for each dot of a picture: defaults, checks, training, prediction, the exported script."""

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
from workbench.engine.data import load_dataset
from workbench.engine.describe import describe
from workbench.engine.outputs import probabilities
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import Evaluate, Predict, Probe
from workbench.protocol.events import Evaluated, Predicted, Probed
from workbench.ui.arrays import to_numpy

pytestmark = pytest.mark.engine
SHAPES = SourceSpec("shapes", {"samples": 160, "size": 16, "learn": "mask", "noise": 0.0})


def marks(classes: int, labels: str = "integer") -> DatasetInfo:
    return DatasetInfo(
        title="Any",
        form="pictures",
        task="segmentation",
        input_shape=(24, 20, 3),
        target_shape=(24, 20, classes if labels == "one_hot" else 1),
        labels=labels,  # type: ignore[arg-type]
        sizes={"train": 100, "validation": 20, "test": 20},
        classes=tuple("abcdefgh"[:classes]),
        class_counts={"train": (9_000, *([10] * (classes - 1)))},
    )


def last(filters: int, activation: str | None) -> Project:
    params = {"filters": filters, "kernel_size": 1, "activation": activation}
    return Project(model=ModelTree((Layer(id="x", class_name="Conv2D", params=params),)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("info", "filters", "activation", "loss", "logits", "metrics"),
    [
        (marks(2), 1, "sigmoid", "BinaryCrossentropy", False, ("BinaryAccuracy", "BinaryIoU")),
        (marks(2), 1, None, "BinaryCrossentropy", True, ("BinaryAccuracy", "BinaryIoU")),
        (marks(2), 2, "softmax", "SparseCategoricalCrossentropy", False, ("SparseCategoricalAccuracy", "MeanIoU")),
        (marks(5), 5, "softmax", "SparseCategoricalCrossentropy", False, ("SparseCategoricalAccuracy", "MeanIoU")),
        (marks(5, "one_hot"), 5, None, "CategoricalCrossentropy", True, ("CategoricalAccuracy", "OneHotMeanIoU")),
    ],
)
def test_that_loss_and_metrics_fit_masks(info, filters, activation, loss, logits, metrics):
    project = last(filters, activation)
    resolved = resolve(project, info)
    assert (resolved.loss.class_name, bool(resolved.loss.params.get("from_logits"))) == (loss, logits)
    assert tuple(metric.class_name for metric in resolved.metrics) == metrics
    assert [metric.params["name"] for metric in resolved.metrics] == ["accuracy", "mean_iou"]
    summary = describe(project, info)
    assert (summary.loss_error, summary.training_error) == (None, None)
    assert find_problems(project, info, summary) == ()


def test_that_the_first_network_marks_dots_without_a_problem():
    for info in (marks(2), marks(5), marks(5, "one_hot")):
        project = Project(model=first_network(info))
        assert find_problems(project, info, describe(project, info)) == ()


@pytest.mark.parametrize(("filters", "problem"), [(3, "output_form"), (1, "output_form")])
def test_that_a_wrong_number_of_classes_for_each_dot_is_mended(filters, problem):
    info, project = marks(5), last(filters, "softmax" if filters > 1 else "sigmoid")
    found = [each for each in find_problems(project, info, describe(project, info)) if each.code == problem]
    assert found
    assert "24×20×5 are to be learned" in found[0].message
    mended = found[0].repairs[0].edit(project)
    codes = [each.code for each in find_problems(mended, info, describe(mended, info)) if each.severity == "error"]
    assert codes == []


def test_that_a_flat_network_is_told_to_keep_the_places():
    info = marks(5)
    nodes = (Layer(id="f", class_name="Flatten"), Layer(id="d", class_name="Dense", params={"units": 5}))
    project = Project(model=ModelTree(nodes))
    (problem,) = find_problems(project, info, describe(project, info))
    assert problem.code == "output_form"
    assert "gives 5 numbers for each sample, but 24×20×5" in problem.message
    assert find_problems(problem.repairs[-1].edit(project), info) == ()


def test_that_probabilities_of_dots_add_up_to_one():
    logits = np.random.default_rng(0).normal(size=(2, 24, 20, 1)).astype(np.float32)
    both = probabilities(last(1, None), marks(2), logits)
    assert both.shape == (2, 24, 20, 2)
    assert both[..., 1] == pytest.approx(1 / (1 + np.exp(-logits[..., 0])), abs=1e-6)
    many = probabilities(last(5, None), marks(5), np.repeat(logits, 5, axis=-1))
    assert many == pytest.approx(np.full((2, 24, 20, 5), 0.2), abs=1e-6)


@pytest.mark.slow
def test_that_a_network_learns_to_mark_shapes_and_says_so(tmp_path):
    data = DatasetSpec(SHAPES)
    training = TrainingSpec(epochs=25, seed=3, batch_size=16, optimizer=ObjectSpec("Adam", {"learning_rate": 0.005}))
    project = Project(data=data, model=first_network(load_dataset(data).info), training=training)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
        evaluated = engine.ask(Evaluate(3, str(folder.path), ended.run, "test"), Evaluated)
        samples = tuple(Sample(part="test", index=place) for place in range(24))
        predicted = engine.ask(Predict(4, str(folder.path), ended.run, samples), Predicted)
        probed = engine.ask(Probe(5, str(folder.path), ended.run, "feature_maps", {}, samples[0]), Probed)
    dataset = load_dataset(data)
    background = (dataset.values["test"] == 0).mean()
    assert evaluated.metrics["accuracy"] > background + 0.02, "better than seeing no shape at all"
    measured = [prediction.measures["accuracy"] for prediction in predicted.predictions]
    assert np.mean(measured) == pytest.approx(evaluated.metrics["accuracy"], abs=1e-5)
    first = predicted.predictions[0]
    mask, right = to_numpy(probed.arrays["mask"]), to_numpy(probed.arrays["true_mask"])
    assert np.array_equal(right, dataset.values["test"][0])
    assert first.values == pytest.approx(np.bincount(mask.ravel(), minlength=5) / 256)
    assert first.measures["accuracy"] == pytest.approx((mask == right).mean())
    assert first.label in dataset.info.classes
    assert sum(first.values) == pytest.approx(1)


@pytest.mark.slow
def test_that_the_script_of_a_segmentation_trains_to_the_same_numbers(tmp_path, monkeypatch):
    data = DatasetSpec(SourceSpec("shapes", {"samples": 60, "size": 12, "learn": "mask"}))
    project = Project(data=data, model=first_network(load_dataset(data).info), training=spec(epochs=2))
    epochs, _ = trained(project, tmp_path / "project")
    assert_same(epochs, scripted(project, tmp_path / "project", monkeypatch)["history"].history)


def test_that_pictures_are_learned_from_pictures(tmp_path):
    rng = np.random.default_rng(1)
    x = rng.integers(0, 256, (60, 12, 12, 3), dtype=np.uint8)
    np.savez(tmp_path / "dark.npz", x=x, y=x[..., :1] // 2)
    data = DatasetSpec(SourceSpec("npz", {"path": str(tmp_path / "dark.npz")}))
    info = load_dataset(data).info
    project = Project(data=data, model=first_network(info), training=TrainingSpec(epochs=2))
    assert find_problems(project, info, describe(project, info)) == ()
    folder = new_folder(tmp_path / "p", project)
    sample = Sample(part="test", index=0)
    with talk() as engine:
        ended = engine.train(folder, project)
        predicted = engine.ask(Predict(4, str(folder.path), ended.run, (sample,)), Predicted)
        probed = engine.ask(Probe(5, str(folder.path), ended.run, "feature_maps", {}, sample), Probed)
    seen = {name: to_numpy(probed.arrays[name]) for name in ("prediction", "target")}
    assert np.array_equal(seen["target"], load_dataset(data).y["test"][0])
    off = np.abs(seen["prediction"] - seen["target"]).mean()
    assert predicted.predictions[0].measures["mae"] == pytest.approx(off, rel=1e-4)
