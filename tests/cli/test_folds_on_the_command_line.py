"""A project with folds is trained on each of them, one ordinary run after the other."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from calling import Call

from workbench.cli.documents import SeriesDocument
from workbench.domain.project import Project
from workbench.domain.samples import sample
from workbench.domain.store import ProjectFolder
from workbench.engine.data import load_dataset

pytestmark = pytest.mark.engine


def with_split(project: Project, **fields: object) -> Project:
    split = msgspec.structs.replace(project.data.split, **fields)
    return msgspec.structs.replace(project, data=msgspec.structs.replace(project.data, split=split))


@pytest.fixture
def iris(tmp_path: Path) -> ProjectFolder:
    """Iris in three folds."""
    return ProjectFolder.create(tmp_path / "iris", with_split(sample("iris").project, folds=3))


def test_that_training_trains_each_fold_and_tells_what_they_say_together(iris: ProjectFolder, call: Call) -> None:
    result = call("train", iris.path, "--epochs", 2, "--json")
    assert result.code == 0, result.err
    *lines, last = result.lines()
    assert [line["event"] for line in lines].count("run_ended") == 3
    assert last["event"] == "series_ended"
    told = msgspec.convert(last, SeriesDocument)
    records = iris.list_runs()[::-1]
    assert told.runs == tuple(record.id for record in records)
    assert [(record.fold, record.folds, record.series) for record in records] == [
        (number, 3, told.series) for number in (1, 2, 3)
    ]
    assert [record.name for record in records] == [f"Run {number}, fold {number} of 3" for number in (1, 2, 3)]
    for name, spread in told.last.items():
        values = [record.last[name] for record in records]
        assert spread.folds == 3
        assert spread.mean == pytest.approx(np.mean(values))
        assert spread.deviation == pytest.approx(np.std(values, ddof=1))
    assert set(told.last) == {"loss", "accuracy", "val_loss", "val_accuracy"}


def test_that_each_run_keeps_its_fold(iris: ProjectFolder, call: Call) -> None:
    assert call("train", iris.path, "--epochs", 1).code == 0
    validated = []
    for record in iris.list_runs():
        project = iris.project_of_run(record.id)
        assert project.data.split.fold == record.fold
        validated += load_dataset(project.data).indices["validation"].tolist()
    assert len(validated) == len(set(validated)) == 127, "each sample that is not for testing validates once"
    assert iris.load().data.split.fold == 0, "the project itself stays as it is"


def test_that_people_see_which_fold_is_trained_and_the_mean(iris: ProjectFolder, call: Call) -> None:
    result = call("train", iris.path, "--epochs", 1)
    assert "fold 2 of 3, 1 epochs" in result.err
    assert "3 of 3 folds, mean ± standard deviation:" in result.out
    assert "val_accuracy 0." in result.out


def test_that_one_fold_alone_is_an_ordinary_run(iris: ProjectFolder, call: Call) -> None:
    result = call("train", iris.path, "--epochs", 1, "--fold", 2, "--json")
    assert result.lines()[-1]["event"] == "run_ended"
    (record,) = iris.list_runs()
    assert (record.fold, record.folds, record.series) == (2, 3, "")
    assert record.name == "Run 1, fold 2 of 3"
    assert iris.project_of_run(record.id).data.split.fold == 2


def test_that_a_fold_that_is_not_there_gets_a_sentence(iris: ProjectFolder, call: Call, tmp_path: Path) -> None:
    result = call("train", iris.path, "--fold", 4)
    assert result.code == 1
    assert "There is no fold 4. Choose one from 1 to 3." in result.err
    plain = ProjectFolder.create(tmp_path / "plain", sample("iris").project)
    result = call("train", plain.path, "--fold", 1)
    assert result.code == 2
    assert "has no folds" in result.err
    result = call("train", iris.path, "--resume", "--fold", 1)
    assert result.code == 2


def test_that_a_series_goes_on_behind_the_fold_that_is_resumed(iris: ProjectFolder, call: Call) -> None:
    assert call("train", iris.path, "--epochs", 2).code == 0
    third, second, _ = iris.list_runs()
    iris.delete_run(third.id)
    stopped = msgspec.structs.replace(second, reason="stopped", epochs_planned=3)
    iris.write_run(stopped)
    result = call("train", iris.path, "--resume", "--json")
    assert result.code == 0, result.err
    ended = [line["run"] for line in result.lines() if line["event"] == "run_ended"]
    assert ended[0] == second.id
    assert [iris.read_run(run).fold for run in ended] == [2, 3]
    assert result.lines()[-1]["folds"] == 3
    assert len(result.lines()[-1]["runs"]) == 3  # type: ignore[arg-type]
