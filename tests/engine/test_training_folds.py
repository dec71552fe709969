"""A run on one fold is an ordinary run: it records its fold, is resumed, and its script makes the same fold."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from trainings import Talk, moons_project, talk

from workbench.domain.dataset import PARTS
from workbench.domain.folds import with_fold
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.engine.data import load_dataset
from workbench.protocol.commands import Evaluate, Export, Stop, Train
from workbench.protocol.events import Evaluated, Exported, RunEnded, RunStarted


@pytest.fixture
def engine() -> Iterator[Talk]:
    """A session of its own."""
    with talk() as session:
        yield session


def in_folds(project: Project, folds: int) -> Project:
    split = msgspec.structs.replace(project.data.split, folds=folds)
    return msgspec.structs.replace(project, data=msgspec.structs.replace(project.data, split=split))


def test_that_a_project_with_folds_begins_with_the_first(engine: Talk, tmp_path: Path) -> None:
    folder = ProjectFolder(tmp_path)
    ended = engine.train(folder, in_folds(moons_project(), 4), series="abc")
    record = folder.read_run(ended.run)
    assert (record.name, record.fold, record.folds, record.series) == ("Run 1, fold 1 of 4", 1, 4, "abc")
    assert folder.project_of_run(ended.run).data.split.fold == 1
    plain = folder.read_run(engine.train(folder, moons_project()).run)
    assert (plain.name, plain.fold, plain.folds, plain.series) == ("Run 2", 0, 0, "")


def test_that_a_stopped_fold_goes_on_as_it_would_have(engine: Talk, tmp_path: Path) -> None:
    project = with_fold(in_folds(moons_project(epochs=3), 3), 2)
    whole = engine.train(ProjectFolder(tmp_path / "whole"), project)
    folder = ProjectFolder(tmp_path / "parts")
    run = engine.start(folder, project)
    engine.send(Stop())
    assert engine.until(RunEnded).reason == "stopped"
    engine.send(Train(in_folds(moons_project(), 7), str(folder.path), run=run, ticket=2))
    assert engine.until(RunStarted).record.fold == 2
    assert engine.until(RunEnded).metrics == whole.metrics


def test_that_the_run_of_a_fold_is_evaluated_and_exported_on_its_fold(engine: Talk, tmp_path: Path) -> None:
    folder = ProjectFolder(tmp_path)
    project = with_fold(in_folds(moons_project(), 3), 3)
    ended = engine.train(folder, project)
    answer = engine.ask(Evaluate(5, str(folder.path), ended.run, "validation"), Evaluated)
    for name, value in answer.metrics.items():
        assert value == np.float32(ended.metrics[f"val_{name}"])
    path = engine.ask(Export(6, str(folder.path), ended.run, str(tmp_path / "fold.py"), "script"), Exported).path
    text = Path(path).read_text(encoding="utf-8")
    assert "# Fold 3 of 3" in text
    variables: dict[str, object] = {}
    exec(text.partition("# The network.")[0], variables)
    dataset = load_dataset(project.data)
    for part in PARTS:
        assert np.array_equal(variables[f"x_{part}"], dataset.x[part])
        assert np.array_equal(variables[f"y_{part}"], dataset.y[part])
