"""The sample “Mixed table” keeps what its notes say: preparation matters, and goes along inside the exported model."""

import json
import subprocess
import sys

import msgspec
import numpy as np
import pytest
from trainings import new_folder, talk

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.samples import sample
from workbench.engine.data import load_dataset
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import Evaluate, Export, Predict
from workbench.protocol.events import Evaluated, Exported, Predicted

PROJECT = sample("mixed_table").project
ROWS = [
    ("amount", [8000.0, 8000.0, 120000.0]),
    ("months", [48.0, 48.0, 12.0]),
    ("income", [42000.0, None, 9000.0]),
    ("savings", [9000.0, 9000.0, 3.5]),
    ("age", [44.0, 44.0, 23.0]),
    ("late payments", [0.0, 0.0, 7.0]),
    ("work", ["civil servant", "civil servant", "juggler"]),
    ("home", ["owns", "owns", "rents"]),
    ("purpose", ["kitchen", "kitchen", "boat"]),
]
ALONE = """
import sys, json, tensorflow as tf, keras
model = keras.saving.load_model(sys.argv[1], safe_mode=True)
table = json.loads(sys.argv[2].replace("null", "NaN"))
columns = {name: tf.constant(cells) for name, cells in table}
print(json.dumps(model.predict(columns, verbose=0)[:, 0].tolist()))
"""


def test_that_loans_are_as_they_are_said_to_be():
    dataset = load_dataset(PROJECT.data)
    columns = {column.name: column for column in dataset.info.columns}
    income = columns["income"]
    assert income.missing == pytest.approx(0.15 * 5000, abs=2)
    assert income.high / income.low > 500
    assert columns["purpose"].histogram[columns["purpose"].categories.index("boat")] < 0.02 * 5000
    quiet = np.array([cell[2] is None for cell in dataset.raw("train", range(dataset.info.sizes["train"]))])
    paid = dataset.values["train"] == dataset.info.classes.index("paid back")
    assert paid[quiet].mean() < paid[~quiet].mean() - 0.2


def test_that_other_loans_are_drawn_with_another_seed_or_without_holes():
    def load(**params):
        return load_dataset(DatasetSpec(SourceSpec("loans", {"samples": 200, **params}))).source.table.columns

    assert np.array_equal(load()[0].numbers, load()[0].numbers)
    assert not np.array_equal(load()[0].numbers, load(seed=1)[0].numbers)
    assert not any(column.missing.any() for column in load(holes=0.0))


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The sample, trained the whole way."""
    folder = new_folder(tmp_path_factory.mktemp("mixed") / "p", PROJECT)
    with talk() as engine:
        return folder, engine.train(folder, PROJECT).run


def evaluated(folder, run):
    with talk() as engine:
        return engine.ask(Evaluate(5, str(folder.path), run), Evaluated).metrics


def trained_otherwise(path, **changes):
    project = msgspec.structs.replace(PROJECT, data=msgspec.structs.replace(PROJECT.data, **changes))
    folder = new_folder(path, project)
    with talk() as engine:
        run = engine.train(folder, project).run
    return evaluated(folder, run)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_that_preparation_matters_as_the_notes_say(trained, tmp_path):
    prepared = evaluated(*trained)
    assert prepared["accuracy"] == pytest.approx(0.86, abs=0.015)
    assert prepared["loss"] == pytest.approx(0.30, abs=0.02)
    unlogged = trained_otherwise(tmp_path / "unlogged", steps=())
    assert unlogged["accuracy"] == pytest.approx(0.82, abs=0.015)
    raw = trained_otherwise(tmp_path / "raw", steps=(), scaling="none")
    assert raw["accuracy"] < 0.83
    assert raw["loss"] > 10
    hidden = trained_otherwise(tmp_path / "hidden", missing="median")
    assert hidden["loss"] == pytest.approx(0.34, abs=0.02)


def test_that_a_raw_row_goes_into_the_exported_model_and_a_probability_comes_out(trained, tmp_path):
    folder, run = trained
    lines = [[name for name, _ in ROWS], *zip(*(cells for _, cells in ROWS), strict=True)]
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in line) for line in lines)
    (tmp_path / "new.csv").write_text(text + "\n")
    with talk() as engine:
        ask = Export(3, str(folder.path), run, str(tmp_path / "m.keras"), "keras", with_preparation=True)
        done = engine.ask(ask, Exported)
        said = engine.ask(Predict(4, str(folder.path), run, (Sample(path=str(tmp_path / "new.csv")),)), Predicted)
    assert done.difference < 1e-6
    words = [sys.executable, "-c", ALONE, done.path, json.dumps(ROWS)]
    alone = subprocess.run(words, check=True, capture_output=True, text=True, timeout=120, cwd="/")
    answers = json.loads(alone.stdout)
    assert np.allclose(answers, [prediction.values[1] for prediction in said.predictions], atol=1e-6)
    solid, silent, risky = answers
    assert risky < 0.05 < silent < solid
