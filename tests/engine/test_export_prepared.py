"""A model with its preparation inside takes raw samples, and answers as the workbench does."""

import dataclasses
import subprocess
import sys

import keras
import msgspec
import numpy as np
import pytest
import tensorflow as tf
from trainings import layer, new_folder, talk

from workbench.domain.dataset import DatasetSpec, Hashing, SourceSpec, StepSpec
from workbench.domain.project import Project
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import ModelTree
from workbench.engine.build import build_model
from workbench.engine.data import load_dataset
from workbench.engine.errors import EngineError
from workbench.engine.prepared_model import compare, with_preparation
from workbench.engine.probes.base import Subject
from workbench.protocol.arrays import Sample
from workbench.protocol.commands import Export, ImportModel, Predict
from workbench.protocol.events import Exported, Failed, Predicted

CLOSE = 1e-6


def subject_of(data, *nodes):
    """A network that has learned nothing yet, which is enough to compare."""
    project = Project(data=data, model=ModelTree(nodes))
    dataset = load_dataset(data)
    return Subject(build_model(project, dataset.info, seed=1), project, dataset)


def end(units=1, activation="sigmoid"):
    return layer("Dense", units=units, activation=activation)


def reopened(subject, tmp_path):
    """The model as plain Keras opens it, and what is said of it."""
    prepared = with_preparation(subject)
    prepared.model.save(tmp_path / "prepared.keras")
    return keras.saving.load_model(tmp_path / "prepared.keras", safe_mode=True), prepared.notes


def check(subject, tmp_path):
    model, notes = reopened(subject, tmp_path)
    found = compare(subject, model)
    assert found.samples > 5
    assert found.worst < CLOSE
    return model, notes


ROWS = "age,harbour,fare,y\n" + "".join(
    f"{20 + i if i % 7 else '-'},{['Cork', 'Pool', '-'][i % 3]},{10.0 ** (i % 9)},{['no', 'yes'][i % 2]}\n"
    for i in range(90)
)


def passengers(tmp_path, **fields):
    path = tmp_path / "passengers.csv"
    path.write_text(ROWS)
    return DatasetSpec(SourceSpec("csv", {"path": str(path), "missing_values": ("", "-")}), target="y", **fields)


@pytest.mark.parametrize(
    ("missing", "scaling"),
    [("mean", "standardize"), ("median", "min_max"), ("most_frequent", "min_max"), ("zero", "standardize")],
)
def test_that_a_table_goes_in_as_it_is_with_holes_and_unknown_categories(tmp_path, missing, scaling):
    steps = (StepSpec("log", {"columns": ("fare",)}), StepSpec("clip"), StepSpec("powers", {"sines": True}))
    subject = subject_of(passengers(tmp_path, missing=missing, scaling=scaling, steps=steps), end())
    model, notes = check(subject, tmp_path)
    assert "age, harbour, fare" in notes[0]
    assert {tensor.name: tensor.dtype for tensor in model.inputs} == {
        "age": "float64",
        "harbour": "string",
        "fare": "float64",
    }

    def answer(age, harbour):
        columns = {"age": [float(age)], "harbour": [harbour], "fare": [100.0]}
        return model({name: tf.constant(cells) for name, cells in columns.items()}).numpy()

    assert np.array_equal(answer(30, ""), answer(30, "Dover"))
    assert not np.array_equal(answer(30, "Cork"), answer(30, "Pool"))
    assert np.isfinite(answer(np.nan, "Pool"))


def test_that_a_date_goes_in_as_its_numbers(tmp_path):
    rows = "".join(f"2020-0{n % 9 + 1}-{n % 28 + 1:02d},{n % 7},{n % 2}\n" for n in range(60))
    (tmp_path / "sales.csv").write_text("day,amount,y\n" + rows)
    source = SourceSpec("csv", {"path": str(tmp_path / "sales.csv"), "dates": "auto"})
    model, notes = check(subject_of(DatasetSpec(source, target="y"), end()), tmp_path)
    assert {tensor.name for tensor in model.inputs} == {"day: days", "day: day of year", "day: weekday", "amount"}
    assert any("A date goes in as its numbers" in note for note in notes)


@pytest.mark.parametrize("missing", ["most_frequent", "zero", "drop_rows"])
def test_that_hashed_texts_of_a_table_go_in_as_texts(tmp_path, missing):
    rows = "".join(f"{'-' if n % 9 == 4 else f'city {n % 30}'},{n % 7},{n % 2}\n" for n in range(90))
    (tmp_path / "cities.csv").write_text("city,size,y\n" + rows)
    source = SourceSpec("csv", {"path": str(tmp_path / "cities.csv"), "missing_values": ("", "-")})
    masks = missing == "zero"
    data = DatasetSpec(source, target="y", missing=missing, missing_masks=masks, hashing=Hashing(8, above=5))
    model, notes = check(subject_of(data, end()), tmp_path)
    found = model.predict({"city": tf.constant([["Atlantis"], ["-"]]), "size": tf.constant([[1.0], [1.0]])}, verbose=0)
    assert np.isnan(found[:, 0]).tolist() == [False, missing == "drop_rows"]
    assert not any("did not know counts as missing" in note for note in notes)


def test_that_a_row_that_training_left_out_gets_no_number(tmp_path):
    model, notes = check(subject_of(passengers(tmp_path), end()), tmp_path)
    columns = {"age": [30.0, np.nan, 30.0], "harbour": ["Pool", "Pool", "Dover"], "fare": [5.0, 5.0, 5.0]}
    assert np.isnan(model({name: tf.constant(cells) for name, cells in columns.items()}).numpy()[:, 0]).tolist() == [
        False,
        True,
        True,
    ]
    assert "NaN" in notes[1]


def test_that_names_of_columns_that_keras_does_not_take_are_changed_and_told(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text(
        "km/h,km_h,größe (m),[unknown],y\n" + "".join(f"{i},{i % 5},{i / 3},{'ab'[i % 2]},{i % 3}\n" for i in range(60))
    )
    subject = subject_of(DatasetSpec(SourceSpec("csv", {"path": str(path)}), target="y"), end(3, "softmax"))
    model, notes = check(subject, tmp_path)
    assert {tensor.name for tensor in model.inputs} == {"km_h", "km_h_", "größe (m)", "[unknown]"}
    assert "Column “km/h” is called “km_h” there." in notes
    with_preparation(subject, plain_names=True).model.export(tmp_path / "saved", verbose=False)
    served = tf.saved_model.load(tmp_path / "saved")
    assert compare(subject, lambda feed: served.serve(feed), plain_names=True).worst < CLOSE


@pytest.mark.parametrize("kind", ["diabetes", "moons", "weather", "sine"])
def test_that_numbers_go_in_as_they_are(tmp_path, kind):
    subject = subject_of(
        DatasetSpec(SourceSpec(kind)), layer("Flatten"), end(1, "linear" if kind != "moons" else "tanh")
    )
    model, _ = reopened(subject, tmp_path)
    found = compare(subject, model)
    assert found.worst < 1e-4 * max(
        1.0, float(np.abs(subject.model.predict(subject.dataset.x["test"], verbose=0)).max())
    )


def test_that_logits_become_probabilities(tmp_path):
    check(subject_of(DatasetSpec(SourceSpec("moons")), end(1, None)), tmp_path)
    model, _ = check(subject_of(DatasetSpec(SourceSpec("iris")), end(3, "linear")), tmp_path)
    iris = load_dataset(DatasetSpec(SourceSpec("iris"))).raw("test", range(4))
    columns = {tensor.name: tf.constant([row[place] for row in iris]) for place, tensor in enumerate(model.inputs)}
    assert np.allclose(model(columns).numpy().sum(axis=1), 1)


@pytest.mark.parametrize("steps", [(), (StepSpec("grey"),)])
@pytest.mark.parametrize("scaling", ["auto", "standardize"])
def test_that_pictures_go_in_as_bytes(tmp_path, steps, scaling):
    data = DatasetSpec(SourceSpec("shapes", {"samples": 200}), steps=steps, scaling=scaling)
    model, notes = check(subject_of(data, layer("Flatten"), end(4, "softmax")), tmp_path)
    assert model.input.dtype == "uint8"
    assert notes == ("It takes raw pictures of the shape 32×32×3 (uint8).",)


TOKENIZED = [
    {"length": 12, "padding": padding, "cut": cut, "vocabulary_size": 60}
    for padding in ("pre", "post")
    for cut in ("pre", "post")
]
TOKENIZED += [
    {"unit": "characters", "length": 40},
    {"lower": False, "strip": False},
    {"lower": False},
    {"strip": False},
    {"ngrams": 2, "length": 25, "vocabulary_size": 80},
    {"ngrams": 2, "length": 9, "padding": "pre", "cut": "pre"},
]


@pytest.mark.parametrize("params", TOKENIZED, ids=str)
def test_that_texts_go_in_as_texts(tmp_path, params):
    data = DatasetSpec(SourceSpec("reviews", {"samples": 150}), steps=(StepSpec("tokenize", params),))
    dataset = load_dataset(data)
    size = dataset.info.vocabulary_size
    subject = subject_of(data, layer("Embedding", input_dim=size, output_dim=4), layer("Flatten"), end())
    model, notes = check(subject, tmp_path)
    assert notes == ("It takes texts, as tf.constant.",)
    odd = ["", "…", "good " * 60, "Tab\tand\nline  GOOD!"]
    expected = subject.model.predict(dataset.prepare(np.array(odd, object)), verbose=0)
    assert np.allclose(model(tf.constant(odd)).numpy(), expected, atol=CLOSE)


def test_that_a_word_that_keras_uses_itself_is_told(tmp_path):
    path = tmp_path / "texts.csv"
    path.write_text("\n".join(["text,label", *(f"[UNK] word number {i % 4},{i % 2}" for i in range(60))]))
    steps = (StepSpec("tokenize", {"output": "count", "lower": False, "strip": False}),)
    subject = subject_of(DatasetSpec(SourceSpec("text_table", {"path": str(path)}), steps=steps), end())
    with pytest.raises(EngineError, match="is a word of these texts"):
        with_preparation(subject)


def test_that_letters_that_keras_does_not_make_small_are_told(tmp_path):
    path = tmp_path / "texts.csv"
    lines = [f"{['ÉTÉ', 'hiver'][i % 2]} numéro {i % 4},{['a', 'b'][i % 2]}" for i in range(60)]
    path.write_text("\n".join(["text,label", *lines]), encoding="utf-8")
    data = DatasetSpec(
        SourceSpec("text_table", {"path": str(path)}), steps=(StepSpec("tokenize", {"output": "count"}),)
    )
    subject = subject_of(data, end())
    model, notes = reopened(subject, tmp_path)
    assert notes[-1] == "It makes only the capitals A to Z small, so other alphabets should come in small letters."
    found = compare(subject, model)
    assert found.worst > 0.01
    assert found.sentence.endswith("That is more than rounding: look at it before you use the model.")


@pytest.mark.parametrize("ngrams", [1, 2])
@pytest.mark.parametrize("output", ["multi_hot", "count", "tf_idf"])
def test_that_bags_are_filled_inside_the_model(tmp_path, output, ngrams):
    steps = (StepSpec("tokenize", {"output": output, "vocabulary_size": 50, "ngrams": ngrams}),)
    check(subject_of(DatasetSpec(SourceSpec("reviews", {"samples": 150}), steps=steps), end()), tmp_path)


def test_that_a_step_without_layers_is_named():
    data = DatasetSpec(SourceSpec("iris"), steps=(StepSpec("clip"),))
    subject = subject_of(data, end(3, "softmax"))
    steps = tuple(dataclasses.replace(step, on_tensors=None) for step in subject.dataset.pipeline.steps)
    pipeline = dataclasses.replace(subject.dataset.pipeline, steps=steps)
    subject = dataclasses.replace(subject, dataset=dataclasses.replace(subject.dataset, pipeline=pipeline))
    with pytest.raises(EngineError, match="The step “Clip outliers” cannot be put into layers"):
        with_preparation(subject)


def test_that_hashed_texts_stay_outside_of_the_model():
    steps = (StepSpec("tokenize", {"output": "count", "vocabulary_size": 50, "hashing": True}),)
    subject = subject_of(DatasetSpec(SourceSpec("reviews", {"samples": 60}), steps=steps), end())
    with pytest.raises(EngineError, match="The step “Text to numbers” cannot be put into layers"):
        with_preparation(subject)


ALONE = """
import sys, json, numpy as np, tensorflow as tf, keras
model = keras.saving.load_model(sys.argv[1], safe_mode=True)
columns = {name: tf.constant(cells) for name, cells in json.loads(sys.argv[2]).items()}
print(json.dumps(model.predict(columns, verbose=0)[:, 0].tolist()))
assert not [name for name in sys.modules if name.startswith("workbench")]
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run on the table with holes."""
    folder = tmp_path_factory.mktemp("prepared")
    data = passengers(folder, missing="median", steps=(StepSpec("log", {"columns": ("fare",)}),))
    project = Project(name="p", data=data, model=ModelTree((end(),)), training=TrainingSpec(epochs=2, batch_size=16))
    store = new_folder(folder / "p", project)
    with talk() as engine:
        return store, engine.train(store, project).run


def export(trained, path, to="keras"):
    store, run = trained
    with talk() as engine:
        engine.send(Export(3, str(store.path), run, str(path), to, with_preparation=True))
        return engine.until(msgspec.Struct, lambda event: isinstance(event, (Exported, Failed)))


def test_that_the_exported_model_answers_without_the_workbench_as_predict_does(trained, tmp_path):
    done = export(trained, tmp_path / "m.keras")
    assert isinstance(done, Exported)
    assert done.difference < CLOSE
    assert "differ from those of the workbench" in done.notes[-1]
    (tmp_path / "new.csv").write_text("age,harbour,fare\n33,Pool,1000\n,Cork,5\n41,,700000\n28,Dover,1\n")
    store, run = trained
    with talk() as engine:
        sample = Sample(path=str(tmp_path / "new.csv"))
        said = engine.ask(Predict(4, str(store.path), run, (sample,)), Predicted)
    assert "“Dover” in column “harbour” did not occur in training" in said.notes[0]
    nan = float("nan")
    columns = {"age": [33.0, nan, 41.0, 28.0], "harbour": ["Pool", "Cork", "", "Dover"], "fare": [1e3, 5.0, 7e5, 1.0]}
    words = [sys.executable, "-c", ALONE, done.path, msgspec.json.encode(columns).decode().replace("null", "NaN")]
    alone = subprocess.run(words, check=True, capture_output=True, text=True, timeout=120, cwd="/")
    answers = msgspec.json.decode(alone.stdout)
    assert np.allclose(answers, [prediction.values[1] for prediction in said.predictions], atol=CLOSE)


def test_that_a_saved_model_holds_the_preparation_too(trained, tmp_path):
    done = export(trained, tmp_path / "saved", "saved_model")
    assert isinstance(done, Exported)
    assert done.difference < CLOSE


def test_that_weights_hold_no_preparation(trained, tmp_path):
    refused = export(trained, tmp_path / "w", "weights")
    assert isinstance(refused, Failed)
    assert "can hold the preparation" in refused.message


def test_that_a_model_with_its_preparation_is_not_opened_as_a_project(trained, tmp_path):
    export(trained, tmp_path / "m.keras")
    with talk() as engine:
        engine.send(ImportModel(4, str(tmp_path / "m.keras"), str(tmp_path / "new")))
        assert "has the preparation of its data inside" in engine.until(Failed).message
