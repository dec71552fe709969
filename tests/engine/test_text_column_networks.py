"""Networks that learn from the words in columns of a table: trained, asked for new rows, exported."""

import random
import runpy
from pathlib import Path

import keras
import msgspec
import numpy as np
import pytest
from test_data_text_columns import BAG, ROW, spec_of, write

from workbench.domain.checks import find_problems
from workbench.domain.dataset import DatasetSpec, InputSpec, SourceSpec, TextColumn
from workbench.domain.first_network import first_network
from workbench.domain.project import Project
from workbench.domain.script import export_script
from workbench.domain.training import TrainingSpec
from workbench.engine.build import build_model, compile_model
from workbench.engine.data import load_dataset
from workbench.engine.errors import EngineError
from workbench.engine.prepared_model import compare, with_preparation
from workbench.engine.probes.base import Subject
from workbench.engine.samples import load_samples
from workbench.protocol.arrays import Sample

pytestmark = pytest.mark.engine

OWN = (InputSpec("numbers", ("stars", "colour")), InputSpec("review", ("review",)))
INPUTS = {"inputs": OWN, "missing": "mean", "missing_masks": True}


def made(spec: DatasetSpec, epochs: int = 2) -> Subject:
    """The first network that is offered for these data, compiled."""
    dataset = load_dataset(spec)
    training = TrainingSpec(epochs=epochs, seed=3, batch_size=16, plan="exact", keep_best=False)
    project = Project(data=spec, model=first_network(dataset.info), training=training)
    model = build_model(project, dataset.info, seed=3)
    compile_model(model, project, dataset.info)
    return Subject(model, project, dataset)


def opinions(folder: Path) -> Path:
    """Whether somebody is content stands in the words and, a little, in the number."""
    rng = random.Random(1)
    lines = ["visits,comment,content"]
    for _ in range(200):
        content = rng.random() < 0.5
        word = rng.choice(["splendid", "kind", "quick"] if content else ["dreadful", "rude", "slow"])
        visits = rng.gauss(0.3 if content else -0.3, 1)
        lines.append(f"{visits:.3f},the waiter was {word} to us {rng.choice('abcdef')},{int(content)}")
    path = folder / "opinions.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("params", [BAG, {"output": "int", "length": 8}], ids=["bag", "row"])
@pytest.mark.slow
def test_that_a_network_learns_more_with_the_words(tmp_path: Path, params: dict[str, object]) -> None:
    source = SourceSpec("csv", {"path": str(opinions(tmp_path))})
    numbers = DatasetSpec(source, target="content", features=("visits",))
    inputs = (InputSpec("numbers", ("visits",)), InputSpec("comment", ("comment",)))
    texts = (TextColumn("comment", params),)
    words = msgspec.structs.replace(numbers, texts=texts, inputs=inputs)
    reached = []
    for spec in (numbers, words):
        subject = made(spec)
        subject.model.optimizer.learning_rate = 0.02
        dataset = subject.dataset
        subject.model.fit(subject.fed(dataset.x["train"]), dataset.y["train"], epochs=7, batch_size=25, verbose=0)
        reached.append(subject.model.evaluate(subject.fed(dataset.x["test"]), dataset.y["test"], verbose=0)[1])
    assert reached[1] > 0.9 > 0.75 > reached[0]


def test_that_the_first_network_reads_tokens_by_an_embedding_and_nothing_is_wrong_with_it(tmp_path: Path) -> None:
    subject = made(spec_of(write(tmp_path), ROW, **INPUTS))
    kinds = {type(each).__name__ for each in subject.model.layers}
    assert {"Embedding", "Bidirectional", "Concatenate"} <= kinds
    assert not find_problems(subject.project, subject.dataset.info)
    assert subject.fed(subject.dataset.x["train"])[1].max() == ROW["vocabulary_size"] - 1


def test_that_the_exported_script_feeds_the_same(tmp_path: Path) -> None:
    subject = made(spec_of(write(tmp_path), ROW, **INPUTS), epochs=1)
    script = export_script(subject.project, subject.dataset.info)
    path = tmp_path / "script.py"
    path.write_text(script)
    ran = runpy.run_path(str(path))
    for got, expected in zip(ran["inputs_of"](ran["x_test"]), subject.fed(subject.dataset.x["test"]), strict=True):
        np.testing.assert_array_equal(got, expected)
    assert [each.name for each in ran["model"].inputs] == ["numbers", "review"]


def test_that_rows_of_a_file_with_unknown_words_are_samples(tmp_path: Path) -> None:
    dataset = load_dataset(spec_of(write(tmp_path), BAG, **INPUTS))
    new = tmp_path / "new.csv"
    new.write_text("stars,review,colour,y\n3,good martians,red,no\n,,green,yes\n")
    batch = load_samples(dataset, [Sample(path=str(new))])
    words = batch.x[:, dataset.info.texts[0].start :]
    assert words[0].sum() == 2  # "good", and one for all unknown ones
    assert words[0, 0] == 1
    assert not words[1].any()
    assert [int(truth) for truth in batch.truths if truth is not None] == [0, 1]


FORMS = [
    {"output": "multi_hot", "vocabulary_size": 6},
    {"output": "count", "ngrams": 2, "vocabulary_size": 20},
    {"output": "tf_idf"},
    {"output": "int", "length": 5},
    {"output": "int", "length": 5, "padding": "pre", "cut": "pre"},
]


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("params", FORMS)
def test_that_a_model_with_its_preparation_reads_the_words_of_raw_rows(
    tmp_path: Path, params: dict[str, object], plain: bool
) -> None:
    subject = made(spec_of(write(tmp_path), params, **INPUTS))
    prepared = with_preparation(subject, plain)
    assert set(prepared.model.input) == {"stars", "colour", "review"}
    assert compare(subject, prepared.model, plain).worst < 1e-5


def test_that_a_model_of_texts_alone_has_its_preparation_inside_after_it_was_saved(tmp_path: Path) -> None:
    texts = (TextColumn("review", {"output": "tf_idf"}), TextColumn("colour", {"output": "int", "length": 2}))
    inputs = (InputSpec("words", ("review",)), InputSpec("colours", ("colour",)))
    subject = made(spec_of(write(tmp_path), texts=texts, inputs=inputs))
    path = tmp_path / "prepared.keras"
    with_preparation(subject).model.save(path)
    opened = keras.models.load_model(path)
    assert compare(subject, opened).worst < 1e-5


def test_that_several_outputs_learn_from_words_too(tmp_path: Path) -> None:
    inputs = (InputSpec("colours", ("colour",)), InputSpec("review", ("review",)))
    spec = spec_of(write(tmp_path), ROW, inputs=inputs, more_targets=("stars",))
    subject = made(spec)
    assert len(subject.model.outputs) == 2
    assert compare(subject, with_preparation(subject).model).worst < 1e-5


def test_that_hashed_words_cannot_be_put_into_layers(tmp_path: Path) -> None:
    subject = made(spec_of(write(tmp_path), {**BAG, "hashing": True, "vocabulary_size": 8}))
    with pytest.raises(EngineError, match="hashed words of “review” cannot be put into layers"):
        with_preparation(subject)
