"""Where values were missing can be told to the network, by a column of 0 and 1 each."""

import runpy
from pathlib import Path

import msgspec
import numpy as np
import pytest

from workbench.domain.dataset import DatasetSpec, InputSpec, SourceSpec, StepSpec
from workbench.domain.first_network import first_network
from workbench.domain.project import Project
from workbench.engine.build import build_model
from workbench.engine.data import load_dataset
from workbench.engine.data.new_rows import read_new_rows
from workbench.engine.prepared_model import compare, with_preparation
from workbench.engine.probes.base import Subject

pytestmark = pytest.mark.engine


@pytest.fixture
def spec(tmp_path: Path) -> DatasetSpec:
    rng = np.random.default_rng(0)
    rows = ["age,colour,size,y"]
    for number in range(120):
        age = "" if number % 5 == 0 else f"{rng.normal():.3f}"
        colour = "" if number % 7 == 0 else rng.choice(["red", "green"])
        rows.append(f"{age},{colour},{rng.normal():.3f},{number % 2}")
    path = tmp_path / "table.csv"
    path.write_text("\n".join(rows))
    return DatasetSpec(
        SourceSpec("csv", {"path": str(path)}), target="y", missing="mean", missing_masks=True, scaling="none"
    )


NAMES = ("age", "colour = green", "colour = red", "size", "age is missing", "colour is missing")


def test_that_each_column_with_holes_gets_another_that_tells_them(spec: DatasetSpec) -> None:
    dataset = load_dataset(spec)
    assert dataset.info.features == NAMES
    assert dataset.info.input_shape == (6,)
    raw = dataset.inputs("train", range(len(dataset.x["train"])))
    np.testing.assert_array_equal(dataset.x["train"][:, 4], np.isnan(raw[:, 0]))
    np.testing.assert_array_equal(dataset.x["train"][:, 5], np.isnan(raw[:, 1]))
    assert set(np.unique(dataset.x["test"][:, 4:])) <= {0, 1}


def test_that_without_the_wish_or_without_filling_there_are_none(spec: DatasetSpec) -> None:
    for changed in ({"missing_masks": False}, {"missing": "drop_rows"}):
        assert load_dataset(msgspec.structs.replace(spec, **changed)).info.features == NAMES[:4]


def test_that_new_samples_get_them_too(spec: DatasetSpec, tmp_path: Path) -> None:
    dataset = load_dataset(spec)
    new = tmp_path / "new.csv"
    new.write_text("age,colour,size\n,red,1\n2,,1\n")
    x = dataset.prepare(read_new_rows(dataset, new).x)
    assert x[:, 4:].tolist() == [[1, 0], [0, 1]]


def test_that_steps_know_them_by_name(spec: DatasetSpec) -> None:
    step = StepSpec("powers", {"columns": ("size", "age is missing"), "squares": False})
    dataset = load_dataset(msgspec.structs.replace(spec, steps=(step,)))
    assert dataset.info.features == (*NAMES, "size · age is missing")
    x = dataset.x["train"]
    np.testing.assert_array_equal(x[:, 6], x[:, 3] * x[:, 4])


def test_that_they_enter_with_their_columns(spec: DatasetSpec) -> None:
    inputs = (InputSpec("ages", ("age",)), InputSpec("others", ("colour", "size")))
    info = load_dataset(msgspec.structs.replace(spec, inputs=inputs)).info
    names = [[info.features[place] for place in each.places] for each in info.inputs]
    assert names == [["age", "age is missing"], ["colour = green", "colour = red", "size", "colour is missing"]]


def test_that_the_script_makes_the_same_arrays(spec: DatasetSpec, tmp_path: Path) -> None:
    dataset = load_dataset(spec)
    path = tmp_path / "script.py"
    path.write_text(dataset.info.script + "\n" + dataset.info.preparation)
    made = runpy.run_path(str(path))
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(made[f"x_{part}"], dataset.x[part])


def test_that_the_model_with_its_preparation_makes_them_of_raw_rows(spec: DatasetSpec) -> None:
    dataset = load_dataset(msgspec.structs.replace(spec, scaling="standardize"))
    project = Project(data=dataset.spec, model=first_network(dataset.info))
    subject = Subject(build_model(project, dataset.info, seed=1), project, dataset)
    assert compare(subject, with_preparation(subject).model).worst < 1e-5
