"""Several columns of numbers are learned at once, each known by its name."""

import runpy
from pathlib import Path

import msgspec
import numpy as np
import pytest

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.first_network import first_network
from workbench.domain.project import Project
from workbench.domain.tree import Layer
from workbench.engine.build import build_model
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.new_rows import read_new_rows
from workbench.engine.outputs import named_numbers
from workbench.engine.probes.base import Subject
from workbench.engine.probes.kinds import feature_maps
from workbench.protocol.arrays import Sample

pytestmark = pytest.mark.engine


@pytest.fixture
def spec(tmp_path: Path) -> DatasetSpec:
    rng = np.random.default_rng(0)
    rows = ["a,b,price,rooms,kind"]
    for _ in range(100):
        a, b = rng.normal(size=2)
        rows.append(f"{a:.4f},{b:.4f},{100_000 + 30_000 * a:.0f},{3 + b:.2f},{rng.choice(['x', 'y'])}")
    path = tmp_path / "houses.csv"
    path.write_text("\n".join(rows))
    return DatasetSpec(SourceSpec("csv", {"path": str(path)}), target="price", more_targets=("rooms",))


def test_that_several_columns_of_numbers_are_a_regression(spec: DatasetSpec) -> None:
    dataset = load_dataset(spec)
    info = dataset.info
    assert (info.task, info.target_shape, info.classes) == ("regression", (2,), ())
    assert info.target_text == "price, rooms"
    assert "price" not in info.features
    for place, told in enumerate(info.targets):
        assert told.mean == pytest.approx(dataset.y["train"][:, place].mean(), rel=1e-5)
        assert told.std == pytest.approx(dataset.y["train"][:, place].std(), rel=1e-5)


def test_that_a_first_network_begins_near_each_of_them(spec: DatasetSpec) -> None:
    info = load_dataset(spec).info
    dense, last = first_network(info).nodes[-2:]
    assert isinstance(dense, Layer)
    assert isinstance(last, Layer)
    assert dense.params == {"units": 2}
    offsets = last.params["offset"]
    assert isinstance(offsets, tuple)
    for offset, told in zip(offsets, info.targets, strict=True):
        assert isinstance(offset, float)
        assert offset == pytest.approx(told.mean, rel=0.1)


def test_that_the_script_makes_the_same_targets(spec: DatasetSpec, tmp_path: Path) -> None:
    dataset = load_dataset(spec)
    path = tmp_path / "script.py"
    path.write_text(dataset.info.script + "\n" + dataset.info.preparation)
    made = runpy.run_path(str(path))
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(made[f"y_{part}"], dataset.y[part])


def test_that_new_rows_know_their_right_answers(spec: DatasetSpec, tmp_path: Path) -> None:
    dataset = load_dataset(spec)
    new = tmp_path / "new.csv"
    new.write_text("a,b,kind,price,rooms\n1,2,x,90000,4\n1,2,y,,3\n")
    truths = read_new_rows(dataset, new).truths
    assert truths[0] is not None
    assert named_numbers(dataset.info, truths[0]) == "price 90000, rooms 4"
    assert truths[1] is None


def test_that_a_look_at_the_network_tells_all_right_answers(spec: DatasetSpec) -> None:
    dataset = load_dataset(spec)
    project = Project(data=spec, model=first_network(dataset.info))
    subject = Subject(build_model(project, dataset.info, seed=1), project, dataset)
    seen = feature_maps.prepare(subject, {}, Sample(part="test", index=0))()
    assert seen.facts["truth"] == tuple(dataset.values["test"][0].tolist())


def test_that_a_text_among_them_is_refused_or_has_an_output_of_its_own(spec: DatasetSpec) -> None:
    several = msgspec.structs.replace(spec, more_targets=("rooms", "kind"))
    assert load_dataset(several).info.task == "multi_output"
    with pytest.raises(DataError, match="“kind” holds texts, but several targets must be numbers"):
        load_dataset(msgspec.structs.replace(several, task="regression"))
