"""What the runs of a series on several folds have in common."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain import project_file
from workbench.domain.dataset import DatasetSpec, SourceSpec, Split
from workbench.domain.folds import next_fold, series_of, spreads, trains_all_folds, with_fold
from workbench.domain.project import Project
from workbench.domain.run import RunRecord


def record(number: int, fold: int, series: str = "s", **more: object) -> RunRecord:
    made = RunRecord(id=f"{number:03}", name="", status="ended", started="", seed=0, epochs_planned=1)
    return msgspec.structs.replace(made, fold=fold, folds=3, series=series, **more)


def test_that_an_old_project_file_has_no_folds_and_a_new_one_without_them_says_nothing_of_them() -> None:
    old = b'{"version": 1, "data": {"source": {"kind": "iris"}, "split": {"validation": 0.2, "seed": 3}}}'
    project = msgspec.json.decode(old, type=Project)
    assert project.data.split == Split(0.2, seed=3)
    written = msgspec.json.decode(project_file.encode(project))
    assert set(written["data"]["split"]) <= {"validation", "test", "stratify", "seed"}


def test_that_only_a_project_with_folds_and_none_chosen_trains_all() -> None:
    def project(**fields: int) -> Project:
        return Project(data=DatasetSpec(SourceSpec("iris"), split=Split(**fields)))

    assert trains_all_folds(project(folds=5))
    assert not trains_all_folds(project(folds=5, fold=2))
    assert not trains_all_folds(project())
    assert with_fold(project(folds=5), 3).data.split.fold == 3


def test_that_the_next_fold_is_the_first_that_nobody_trained() -> None:
    runs = [record(1, 1), record(2, 3), record(3, 2, "other"), record(4, 2, "")]
    assert next_fold(runs, runs[0]) == 2
    assert next_fold([*runs, record(5, 2)], runs[0]) is None
    assert next_fold(runs, runs[3]) is None, "a run of its own has no series"
    assert next_fold([], runs[1]) == 1


def test_that_of_several_runs_on_a_fold_the_newest_counts() -> None:
    runs = [record(1, 1), record(2, 2), record(3, 1), record(4, 1, "other")]
    assert [each.id for each in series_of(reversed(runs), "s")] == ["003", "002"]
    assert series_of(runs, "") == []


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20))
def test_that_mean_and_deviation_are_those_of_the_sample(values: list[float]) -> None:
    (spread,) = spreads([{"loss": value} for value in values]).values()
    mean = sum(values) / len(values)
    assert spread.mean == pytest.approx(mean, abs=1e-6)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    assert spread.deviation == pytest.approx(math.sqrt(variance), abs=1e-4)
    assert spread.folds == len(values)


def test_that_metrics_that_a_run_lacks_or_that_are_no_numbers_are_told_so() -> None:
    found = spreads([{"loss": 1.0, "accuracy": 0.5}, {"loss": math.nan}, {}])
    assert math.isnan(found["loss"].mean)
    assert (found["accuracy"].mean, found["accuracy"].deviation, found["accuracy"].folds) == (0.5, None, 1)
