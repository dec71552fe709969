"""Networks with several inputs train, predict and are exported as Keras does it."""

import runpy
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import pytest

from workbench.domain.dataset import DatasetSpec, InputSpec, SourceSpec, StepSpec
from workbench.domain.first_network import first_network
from workbench.domain.project import Project
from workbench.domain.script import export_script
from workbench.domain.training import TrainingSpec
from workbench.engine.build import build_model, compile_model
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.prepared_model import compare, with_preparation
from workbench.engine.probes.base import Subject
from workbench.engine.training.feed import feed
from workbench.engine.training.order import epoch_order
from workbench.engine.training.plans import Kind, prepare, runner

pytestmark = pytest.mark.engine

BATCH = 16
INPUTS = (InputSpec("numbers", ("a", "b")), InputSpec("kinds", ("colour", "a")))


@pytest.fixture
def spec(tmp_path: Path) -> DatasetSpec:
    rng = np.random.default_rng(0)
    rows = ["a,b,colour,size,y"]
    for _ in range(200):
        a, b = rng.normal(size=2)
        colour = rng.choice(["red", "green", "blue"])
        rows.append(f"{a:.4f},{b:.4f},{colour},{rng.choice(['S', 'M'])},{int(a + b + (colour == 'red') > 0)}")
    path = tmp_path / "table.csv"
    path.write_text("\n".join(rows))
    return DatasetSpec(SourceSpec("csv", {"path": str(path)}), target="y", inputs=INPUTS)


def made(spec: DatasetSpec) -> Subject:
    dataset = load_dataset(spec)
    training = TrainingSpec(epochs=2, seed=3, batch_size=BATCH, plan="exact", keep_best=False)
    project = Project(data=spec, model=first_network(dataset.info), training=training)
    model = build_model(project, dataset.info, seed=3)
    compile_model(model, project, dataset.info)
    return Subject(model, project, dataset)


def train(subject: Subject, kind: Kind) -> Any:
    model, data = subject.model, feed(subject.dataset, "train", BATCH)
    assert data is not None
    prepare(model, data, BATCH)
    steps = runner(model, data, BATCH, "train_step", kind)
    for epoch in range(2):
        data.begin(3, epoch, shuffle=True)
        steps.run(0, steps.batches)
    return model


def test_that_each_input_gets_its_own_columns(spec: DatasetSpec) -> None:
    subject = made(spec)
    x = subject.dataset.x["train"]
    assert subject.dataset.info.features == ("a", "b", "colour = blue", "colour = green", "colour = red")
    numbers, kinds = subject.fed(x)
    np.testing.assert_array_equal(numbers, x[:, :2])
    np.testing.assert_array_equal(kinds, x[:, [0, 2, 3, 4]])
    assert [tuple(tensor.shape) for tensor in subject.model.inputs] == [(None, 2), (None, 4)]


@pytest.mark.parametrize("kind", ["graph", "keras"])
def test_that_the_weights_are_those_of_fit(spec: DatasetSpec, kind: Kind) -> None:
    ours, theirs = made(spec), made(spec)
    trained = train(ours, kind)
    x, y = theirs.dataset.x["train"], theirs.dataset.y["train"]
    for epoch in range(2):
        order = epoch_order(3, epoch, len(x), shuffle=True)
        chosen = x[order]
        theirs.model.fit((chosen[:, :2], chosen[:, [0, 2, 3, 4]]), y[order], batch_size=BATCH, shuffle=False, verbose=0)
    for got, expected in zip(trained.get_weights(), theirs.model.get_weights(), strict=True):
        np.testing.assert_allclose(got, expected, rtol=0, atol=0 if kind == "graph" else 1e-6)


@pytest.mark.slow
def test_that_xla_can_have_them(spec: DatasetSpec) -> None:
    compiled, plain = train(made(spec), "xla"), train(made(spec), "graph")
    for got, expected in zip(compiled.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(got, expected, atol=1e-4)


def test_that_new_columns_belong_to_the_inputs_that_have_what_they_are_made_of(spec: DatasetSpec) -> None:
    step = StepSpec("powers", {"columns": ("a", "b")})
    info = load_dataset(msgspec.structs.replace(spec, steps=(step,))).info
    names = {each.name: [info.features[place] for place in each.places] for each in info.inputs}
    assert names["numbers"] == ["a", "b", "a²", "b²", "a · b"]
    assert names["kinds"] == ["a", "colour = blue", "colour = green", "colour = red", "a²"]


def test_that_the_exported_script_ends_where_the_workbench_ends(
    spec: DatasetSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = made(spec)
    path = tmp_path / "script.py"
    path.write_text(export_script(subject.project, subject.dataset.info))
    monkeypatch.chdir(tmp_path)
    keras.utils.set_random_seed(3)
    theirs = runpy.run_path(str(path))["model"]
    for got, expected in zip(train(subject, "graph").get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(got, expected)


def test_that_a_model_with_its_preparation_takes_raw_rows(spec: DatasetSpec) -> None:
    subject = made(spec)
    assert compare(subject, with_preparation(subject).model).worst < 1e-5


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ((InputSpec("a b", ("a",)),), "cannot be called"),
        ((InputSpec("a", ("a",)), InputSpec("a", ("b",))), "Two inputs are called"),
        ((InputSpec("a", ("a",)), InputSpec("b", ())), "has no column"),
        ((InputSpec("a", ("nothing",)),), "has no column “nothing”"),
    ],
)
def test_that_inputs_that_cannot_be_are_refused(spec: DatasetSpec, inputs: tuple[InputSpec, ...], message: str) -> None:
    with pytest.raises(DataError, match=message):
        load_dataset(msgspec.structs.replace(spec, inputs=inputs))
