"""Edits of the split."""

import pytest

from workbench.domain.dataset import Split
from workbench.domain.edits import set_split, split_by
from workbench.domain.edits.split import suggest_column
from workbench.domain.project import Project


def test_that_a_fold_does_not_outlast_other_folds() -> None:
    project = set_split(folds=5, fold=3)(Project())
    assert project.data.split == Split(folds=5, fold=3)
    assert set_split(seed=9)(project).data.split.fold == 3
    for field in ({"folds": 4}, {"repeats": 2}, {"test_file": "t.csv"}, {"column": "who"}):
        assert set_split(**field)(project).data.split.fold == 0
    assert split_by("time", ())(project).data.split.fold == 0


@pytest.mark.parametrize(
    ("way", "keys", "column"),
    [
        ("group", ("pulse", "Patient-ID", "site"), "Patient-ID"),
        ("group", ("pulse", "weight"), None),
        ("group", ("station",), "station"),
        ("time", ("year", "measured date"), "measured date"),
        ("column", ("a", "Split"), "Split"),
        ("column", ("departure", "a"), None),
    ],
)
def test_that_the_likely_column_is_found_by_its_words(way, keys, column) -> None:
    assert suggest_column(way, keys) == column
    assert split_by(way, keys)(Project()).data.split.column == column
