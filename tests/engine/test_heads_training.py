"""Networks with an output for each of several targets train, predict and are exported as Keras does it."""

import inspect
import runpy
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import pytest

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec
from workbench.domain.edits import set_params
from workbench.domain.first_network import first_network
from workbench.domain.measured import GO_UP, measured_names
from workbench.domain.project import Project
from workbench.domain.script import export_script
from workbench.domain.store import ProjectFolder
from workbench.domain.training import EarlyStopping, TrainingSpec
from workbench.engine.build import build_model, compile_model
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.describe import describe
from workbench.engine.prepared_model import compare, with_preparation
from workbench.engine.probes.base import Subject
from workbench.engine.probes.kinds import feature_maps
from workbench.engine.targets import Targets
from workbench.engine.trained import TrainedRuns
from workbench.engine.training.feed import feed
from workbench.engine.training.order import epoch_order
from workbench.engine.training.plans import Kind, prepare, runner
from workbench.engine.training.stopping import metric_goes_up
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import Predict
from workbench.protocol.probes import head_prediction, head_truth

pytestmark = pytest.mark.engine

BATCH = 16


@pytest.fixture
def spec(tmp_path: Path) -> DatasetSpec:
    rng = np.random.default_rng(0)
    rows = ["weight,power,gear,fuel,price,sold"]
    for number in range(220):
        weight, power = rng.normal(size=2)
        fuel = "" if number == 7 else "diesel" if weight > 0.5 else "petrol" if power > 0 else "gas"
        rows.append(
            f"{weight:.4f},{power:.4f},{rng.choice(['auto', 'hand'])},{fuel},{1000 * weight + 50 * power:.1f},"
            f"{int(power > 0)}"
        )
    path = tmp_path / "cars.csv"
    path.write_text("\n".join(rows))
    return DatasetSpec(SourceSpec("csv", {"path": str(path)}), target="fuel", more_targets=("price", "sold"))


def made(spec: DatasetSpec, **fields: Any) -> Subject:
    dataset = load_dataset(spec)
    training = TrainingSpec(epochs=2, seed=3, batch_size=BATCH, plan="exact", keep_best=False)
    training = msgspec.structs.replace(training, **fields)
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


def test_that_texts_and_numbers_are_learned_at_once(spec: DatasetSpec) -> None:
    dataset = load_dataset(spec)
    info = dataset.info
    assert info.task == "multi_output"
    assert [(head.name, head.task) for head in info.heads] == [
        ("fuel", "multiclass"),
        ("price", "regression"),
        ("sold", "binary"),
    ]
    assert info.heads[0].classes == ("diesel", "gas", "petrol")
    assert sum(info.heads[0].class_counts["train"]) == info.sizes["train"] == len(dataset.y["train"])
    price = np.concatenate([dataset.y[part][:, 1] for part in PARTS])
    assert info.heads[1].low == pytest.approx(price.min())
    assert info.heads[1].mean == pytest.approx(dataset.y["train"][:, 1].mean(), rel=1e-5)
    assert info.features == ("weight", "power", "gear = auto", "gear = hand")


def test_that_numbers_alone_stay_one_output_unless_the_person_wants_several(spec: DatasetSpec) -> None:
    numbers = msgspec.structs.replace(spec, target="price", more_targets=("sold",))
    assert load_dataset(numbers).info.task == "regression"
    several = load_dataset(msgspec.structs.replace(numbers, task="multi_output")).info
    assert [head.task for head in several.heads] == ["regression", "binary"]
    told = msgspec.structs.replace(numbers, task="multi_output", target_tasks={"sold": "regression"})
    assert [head.task for head in load_dataset(told).info.heads] == ["regression", "regression"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"task": "multi_output", "more_targets": ()}, "Several outputs need several targets"),
        ({"target_tasks": {"fuel": "regression"}}, "“fuel” holds text"),
        ({"target_tasks": {"fuel": "binary"}}, "“fuel” has 3 classes"),
        ({"more_targets": ("nothing",)}, "no column “nothing”"),
    ],
)
def test_that_targets_that_cannot_be_are_refused(spec: DatasetSpec, change: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        load_dataset(msgspec.structs.replace(spec, **change))


def test_that_several_outputs_of_pictures_are_refused() -> None:
    with pytest.raises(DataError, match="columns of a table"):
        load_dataset(DatasetSpec(SourceSpec("digits"), task="multi_output"))


@pytest.mark.parametrize("kind", ["graph", pytest.param("keras", marks=pytest.mark.slow)])
def test_that_the_weights_are_those_of_fit(spec: DatasetSpec, kind: Kind) -> None:
    ours, theirs = made(spec), made(spec)
    trained = train(ours, kind)
    x, y = theirs.dataset.x["train"], theirs.dataset.y["train"]
    for epoch in range(2):
        order = epoch_order(3, epoch, len(x), shuffle=True)
        told = (y[order, 0].astype("int32"), y[order, 1:2], y[order, 2].astype("int32"))
        theirs.model.fit(x[order], told, batch_size=BATCH, shuffle=False, verbose=0)
    for got, expected in zip(trained.get_weights(), theirs.model.get_weights(), strict=True):
        np.testing.assert_allclose(got, expected, rtol=0, atol=0 if kind == "graph" else 1e-6)


@pytest.mark.slow
def test_that_xla_trains_several_outputs(spec: DatasetSpec) -> None:
    compiled, plain = train(made(spec), "xla"), train(made(spec), "graph")
    for got, expected in zip(compiled.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(got, expected, atol=1e-4)


def test_that_outputs_in_another_order_learn_the_targets_of_their_names(spec: DatasetSpec) -> None:
    subject = made(spec)
    turned = msgspec.structs.replace(subject.project.model, outputs=subject.project.model.outputs[::-1])
    project = msgspec.structs.replace(subject.project, model=turned)
    assert build_model(project, subject.dataset.info).output_names == ["fuel", "price", "sold"]
    assert describe(project, subject.dataset.info).loss_errors == {}


def test_that_what_is_measured_is_named_as_keras_does(spec: DatasetSpec) -> None:
    subject = made(spec)
    model = train(subject, "graph")
    from workbench.domain.defaults import resolve

    wanted = measured_names(resolve(subject.project, subject.dataset.info))
    assert set(model.get_metrics_result()) == set(wanted)
    assert metric_goes_up(model, "val_fuel_accuracy")
    assert not metric_goes_up(model, "val_price_mae")
    assert not metric_goes_up(model, "val_fuel_loss")


def test_that_the_metrics_that_go_up_are_those_of_keras() -> None:
    up = set()
    known = [{}, {"num_classes": 3}, {"target_class_ids": [0]}, {"num_classes": 3, "target_class_ids": [0]}]
    known += [{name: 0.5} for name in ("recall", "precision", "sensitivity", "specificity")]
    for name, kind in vars(keras.metrics).items():
        if inspect.isclass(kind):
            for params in known:
                try:
                    direction = getattr(kind(**params), "_direction", None)
                except TypeError:
                    continue
                up |= {name} if direction == "up" else set()
                break
    assert up == GO_UP


def test_that_the_exported_script_ends_where_the_workbench_ends(
    spec: DatasetSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = made(spec, early_stopping=EarlyStopping("val_fuel_accuracy", restore_best=False), keep_best=True)
    path = tmp_path / "script.py"
    path.write_text(export_script(subject.project, subject.dataset.info))
    monkeypatch.chdir(tmp_path)
    keras.utils.set_random_seed(3)
    names = runpy.run_path(str(path))
    for part in PARTS:
        np.testing.assert_array_equal(names[f"y_{part}"], subject.dataset.y[part])
        np.testing.assert_array_equal(names[f"x_{part}"], subject.dataset.x[part])
    for got, expected in zip(train(subject, "graph").get_weights(), names["model"].get_weights(), strict=True):
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("missing", ["drop_rows", "mean"])
def test_that_a_model_with_its_preparation_gives_probabilities_and_numbers(spec: DatasetSpec, missing: str) -> None:
    subject = made(msgspec.structs.replace(spec, missing=missing))
    fuel = next(node for node in subject.project.model.nodes if node.name == "fuel")
    logits = set_params((fuel.id,), {"activation": "linear"})(subject.project)
    model = build_model(logits, subject.dataset.info, seed=3)
    subject = Subject(model, logits, subject.dataset)
    prepared = with_preparation(subject).model
    assert compare(subject, prepared).worst < 1e-3
    rows = {name: np.array([value]) for name, value in {"weight": 0.1, "power": 1.0}.items()}
    rows["gear"] = np.array(["auto"])
    told = prepared({name: keras.ops.convert_to_tensor(value) for name, value in rows.items()})
    assert float(np.sum(told[0])) == pytest.approx(1.0, abs=1e-5)


def test_that_each_output_of_a_run_is_told_by_name(spec: DatasetSpec, tmp_path: Path) -> None:
    subject = made(spec)
    train(subject, "graph")
    runs = TrainedRuns()
    folder = ProjectFolder.create(tmp_path / "project", subject.project)
    run = folder.path / "runs" / "r"
    run.mkdir(parents=True)
    (run / "project.json").write_bytes((folder.path / "project.json").read_bytes())
    subject.model.save(run / "model.keras")
    new = tmp_path / "new.csv"
    new.write_text("weight,power,gear,fuel,sold\n1.0,0.1,auto,diesel,1\n-1,-1,hand,steam,\n")
    answer = runs.predict(
        Predict(1, str(folder.path), "r", (Sample("train", 0), Sample(path=str(new)))), lambda *_: None
    )
    first, known, unknown = answer.predictions
    assert [head.name for head in first.heads] == ["fuel", "price", "sold"]
    assert first.heads[0].label in ("diesel", "gas", "petrol")
    assert sum(first.heads[0].values) == pytest.approx(1, abs=1e-5)
    assert first.heads[1].label is None
    assert float(first.heads[1].truth or "nan") == pytest.approx(subject.dataset.y["train"][0, 1], rel=1e-4)
    assert [head.truth for head in known.heads] == ["diesel", None, "1"]
    assert known.truth == "fuel diesel, sold 1"
    assert unknown.truth is None
    look = feature_maps.prepare(subject, {}, Sample("train", 0))()
    for head in subject.dataset.info.heads:
        assert len(look.arrays[head_prediction(head.name)]) == len(first.heads[head.place].values)
        assert look.facts[head_truth(head.name)] == pytest.approx(subject.dataset.values["train"][0, head.place])


def test_that_targets_are_cut_the_same_from_arrays_and_tensors(spec: DatasetSpec) -> None:
    dataset = load_dataset(spec)
    cut = Targets(dataset.info.heads)
    y = dataset.y["train"]
    for plain, tensor in zip(cut(y), cut(keras.ops.convert_to_tensor(y)), strict=True):
        np.testing.assert_array_equal(plain, keras.ops.convert_to_numpy(tensor))
        assert str(plain.dtype) == keras.backend.standardize_dtype(tensor.dtype)
