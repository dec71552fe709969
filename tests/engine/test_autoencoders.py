"""Networks that learn their own input: a first one for every shape, training, evaluation, prediction, the script."""

import numpy as np
import pytest
from PIL import Image
from test_script_parity import assert_same, scripted, spec, trained
from trainings import new_folder, talk

from workbench.domain.checks import find_problems
from workbench.domain.dataset import DatasetInfo, DatasetSpec, Noise, SourceSpec
from workbench.domain.first_network import first_network
from workbench.domain.project import Project
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Layer, ModelTree
from workbench.engine.data import load_dataset
from workbench.engine.describe import describe
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import Evaluate, Predict, Probe
from workbench.protocol.events import Evaluated, Predicted, Probed, RunEnded
from workbench.ui.arrays import to_numpy

pytestmark = pytest.mark.engine


def project(kind: str, noise: Noise | None = None, **training: object) -> Project:
    data = DatasetSpec(SourceSpec(kind), task="reconstruction", noise=noise)
    return Project(data=data, model=first_network(load_dataset(data).info), training=TrainingSpec(**training))


def of_shape(*shape: int, low: float = 0.0, form: str = "pictures") -> DatasetInfo:
    return DatasetInfo(
        title="Any",
        form=form,  # type: ignore[arg-type]
        task="reconstruction",
        input_shape=shape,
        target_shape=shape,
        labels="number",
        sizes={"train": 100, "validation": 20, "test": 20},
        target_low=low,
        target_high=1.0,
        input_low=low,
    )


FLAT = ((1,), (2,), (7,), (300,), (24, 3), (2, 2), (97, 1), (64, 6, 2))
WIDE = ((8, 8, 1), (28, 28, 1), (17, 31, 3), (4, 4, 1), (3, 40, 3), (5, 12, 9, 1), (16, 16, 16, 2))


@pytest.mark.parametrize("shape", [*FLAT, *WIDE], ids=lambda shape: "x".join(map(str, shape)))
def test_that_the_first_network_gives_what_it_gets_whatever_the_shape(shape: tuple[int, ...]) -> None:
    info = of_shape(*shape)
    made = Project(model=first_network(info))
    summary = describe(made, info)
    assert summary.output_shape == shape
    assert find_problems(made, info, summary) == ()


def test_that_the_loss_follows_the_range_of_what_is_learned() -> None:
    for low, ends, loss in ((0.0, "sigmoid", "BinaryCrossentropy"), (-1.0, "linear", "MeanSquaredError")):
        info = of_shape(8, 8, 1, low=low)
        network = first_network(info)
        last = network.nodes[-1]
        assert isinstance(last, Layer)
        assert last.params["activation"] == ends
        from workbench.domain.defaults import resolve

        resolved = resolve(Project(model=network), info)
        assert (resolved.loss.class_name, resolved.metrics[0].params["name"]) == (loss, "mae")


def test_that_an_output_of_another_form_is_a_problem_with_a_repair() -> None:
    info = of_shape(8, 8, 1)
    nodes = (
        Layer(id="a", class_name="MaxPooling2D"),
        Layer(id="b", class_name="Conv2D", params={"filters": 1, "kernel_size": 3, "padding": "same"}),
    )
    made = Project(model=ModelTree(nodes))
    (problem,) = find_problems(made, info, describe(made, info))
    assert problem.code == "output_form"
    assert problem.message.startswith("The network gives 4×4×1 for each sample, but 8×8×1 are to be learned.")
    for repair in problem.repairs:
        mended = repair.edit(made)
        assert find_problems(mended, info, describe(mended, info)) == (), repair.title


@pytest.mark.parametrize(
    ("kind", "noise"), [("digits", None), ("wine", Noise()), ("moons", None)], ids=["pictures", "table", "points"]
)
def test_that_training_brings_the_output_nearer_to_the_input(kind, noise, tmp_path):
    made = project(kind, noise, epochs=6, seed=3)
    folder = new_folder(tmp_path / "p", made)
    with talk() as engine:
        ended = engine.train(folder, made)
        assert ended.reason == "completed"
        evaluated = engine.ask(Evaluate(3, str(folder.path), ended.run, "test"), Evaluated)
        samples = (Sample(part="test", index=0), Sample(part="train", index=1))
        predicted = engine.ask(Predict(4, str(folder.path), ended.run, samples), Predicted)
        probed = engine.ask(Probe(5, str(folder.path), ended.run, "feature_maps", {}, samples[0]), Probed)
    dataset = load_dataset(made.data)
    blank = float(np.abs(dataset.y["test"] - dataset.y["train"].mean(axis=0)).mean())
    assert evaluated.metrics["mae"] < blank, "better than always saying the mean"
    first = predicted.predictions[0]
    assert (first.label, first.truth, predicted.classes) == (None, None, ())
    output = np.reshape(first.values, dataset.info.target_shape)
    assert first.measures["mae"] == pytest.approx(np.abs(output - dataset.y["test"][0]).mean(), rel=1e-5)
    assert first.measures["mse"] == pytest.approx(((output - dataset.y["test"][0]) ** 2).mean(), rel=1e-5)
    seen = {name: to_numpy(probed.arrays[name]) for name in ("input", "prediction", "target")}
    assert np.array_equal(seen["input"], dataset.x["test"][0])
    assert np.array_equal(seen["target"], dataset.y["test"][0])
    assert seen["prediction"] == pytest.approx(output, abs=1e-6)
    assert probed.facts.get("truth") is None


def test_that_a_picture_of_ones_own_is_compared_with_itself(tmp_path):
    made = project("digits", Noise("masking", 0.5), epochs=1)
    folder = new_folder(tmp_path / "p", made)
    Image.fromarray(np.full((8, 8), 255, np.uint8)).save(tmp_path / "white.png")
    sample = Sample(path=str(tmp_path / "white.png"))
    with talk() as engine:
        ended: RunEnded = engine.train(folder, made)
        predicted = engine.ask(Predict(4, str(folder.path), ended.run, (sample,)), Predicted)
        probed = engine.ask(Probe(5, str(folder.path), ended.run, "feature_maps", {}, sample), Probed)
    values = np.asarray(predicted.predictions[0].values)
    assert predicted.predictions[0].measures["mae"] == pytest.approx(np.abs(values - 1).mean(), rel=1e-5)
    assert np.array_equal(to_numpy(probed.arrays["target"]), np.ones((8, 8, 1), np.float32))


def test_that_the_script_of_an_autoencoder_trains_to_the_same_numbers(tmp_path, monkeypatch):
    data = DatasetSpec(SourceSpec("wine"), task="reconstruction", noise=Noise("salt_and_pepper", 0.2))
    made = Project(data=data, model=first_network(load_dataset(data).info), training=spec(epochs=2))
    epochs, _ = trained(made, tmp_path / "project")
    assert_same(epochs, scripted(made, tmp_path / "project", monkeypatch)["history"].history)
