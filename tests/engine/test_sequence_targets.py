"""Targets that are sequences: numbers or a class for each step of a sample."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from trainings import new_folder, talk

from workbench.domain.checks import find_problems
from workbench.domain.dataset import DatasetSpec, SourceSpec, Task
from workbench.domain.first_network import first_network
from workbench.domain.project import Project
from workbench.domain.training import TrainingSpec
from workbench.engine.build import build_model
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.describe import describe
from workbench.engine.probes.base import Subject
from workbench.engine.probes.kinds import feature_maps
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import Evaluate, Predict
from workbench.protocol.events import Evaluated, Predicted

pytestmark = pytest.mark.engine

STEPS = 12
RNG = np.random.default_rng(0)
X = RNG.random((120, STEPS, 3)).astype(np.float32)
TAGS = (X[..., 0] * 3).astype(int)


def spec(path: Path, x: Any, y: Any, task: Task | str = "auto") -> DatasetSpec:
    np.savez(path / "data.npz", x=x, y=y)
    return DatasetSpec(SourceSpec("npz", {"path": str(path / "data.npz")}), task=task)  # type: ignore[arg-type]


CASES = {
    "numbers": (X, np.cumsum(X[..., :2], axis=1), "auto", "regression", (STEPS, 2), np.float32),
    "classes": (X, TAGS, "segmentation", "segmentation", (STEPS, 1), np.int32),
    "classes on an axis": (X, TAGS[..., None] + 5, "auto", "segmentation", (STEPS, 1), np.int32),
    "tokens": (RNG.integers(1, 20, (120, STEPS)), TAGS[..., None], "auto", "segmentation", (STEPS, 1), np.int32),
}


@pytest.mark.parametrize("name", CASES)
def test_that_sequences_are_learned_step_by_step(tmp_path: Path, name: str) -> None:
    x, y, wish, task, shape, kind = CASES[name]
    dataset = load_dataset(spec(tmp_path, x, y, wish))
    info = dataset.info
    assert (info.task, info.target_shape, info.learns_steps) == (task, shape, True)
    assert dataset.y["train"].shape[1:] == shape
    assert dataset.y["train"].dtype == kind
    project = Project(data=dataset.spec, model=first_network(info))
    assert find_problems(project, info, describe(project, info)) == ()
    path = tmp_path / "script.py"
    path.write_text(info.script + "\n" + info.preparation)
    np.testing.assert_array_equal(runpy.run_path(str(path))["y_train"], dataset.y["train"])


def test_that_rows_of_numbers_stay_numbers_unless_classes_are_wished(tmp_path: Path) -> None:
    info = load_dataset(spec(tmp_path, X, TAGS)).info
    assert (info.task, info.target_shape, info.learns_steps) == ("regression", (STEPS,), False)


def test_that_a_sequence_of_another_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has the shape 11×1 for each sample, but the inputs 12×3"):
        load_dataset(spec(tmp_path, X, TAGS[:, 1:, None]))


@pytest.mark.slow
def test_that_a_network_learns_tags_and_says_them_in_their_order(tmp_path: Path) -> None:
    data = spec(tmp_path, X, TAGS, "segmentation")
    model = first_network(load_dataset(data).info)
    project = Project(data=data, model=model, training=TrainingSpec(epochs=25, batch_size=8))
    folder = new_folder(tmp_path / "project", project)
    with talk() as engine:
        run = engine.train(folder, project).run
        assert engine.ask(Evaluate(5, str(folder.path), run), Evaluated).metrics["accuracy"] > 0.7
        sample = (Sample(part="test", index=0),)
        said = engine.ask(Predict(6, str(folder.path), run, sample), Predicted).predictions[0]
    assert said.label is not None
    words = said.label.split()
    assert len(words) == STEPS
    truth = load_dataset(data).values["test"][0]
    right = np.mean([int(word) == number for word, number in zip(words, truth.tolist(), strict=True)])
    assert said.measures["accuracy"] == pytest.approx(right)


@pytest.mark.parametrize(
    ("name", "told", "right"), [("numbers", "prediction", "target"), ("classes", "mask", "true_mask")]
)
def test_that_a_look_shows_the_steps(tmp_path: Path, name: str, told: str, right: str) -> None:
    x, y, wish, *_ = CASES[name]
    dataset = load_dataset(spec(tmp_path, x, y, wish))
    project = Project(data=dataset.spec, model=first_network(dataset.info))
    subject = Subject(build_model(project, dataset.info, seed=1), project, dataset)
    seen = feature_maps.prepare(subject, {}, Sample(part="test", index=0))()
    assert seen.facts["steps"] is True
    assert seen.arrays[told].shape == seen.arrays[right].shape
    np.testing.assert_array_equal(seen.arrays[right], dataset.values["test"][0])
