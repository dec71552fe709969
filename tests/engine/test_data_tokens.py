"""Several words or characters in a row, and numbers reckoned from letters: as Keras has them, and in a script."""

import numpy as np
import pytest

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, StepSpec
from workbench.domain.project import Project
from workbench.domain.script import export_script
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.siphash import SALT, siphash
from workbench.engine.data.steps import step
from workbench.engine.data.tokens import Cutter

TEXTS = np.array(
    [
        "The film is not good, not good at all.",
        "good film",
        "a film!",
        "",
        "... !",
        "über die Straße, die  Straße",
        "not\ta good\nfilm at all",
    ],
    dtype=object,
)
NEW = np.array(["not good at all, über und über", "unheard", "?"], dtype=object)


def fitted(texts=TEXTS, **params):
    plug_in = step("tokenize")
    complete = {param.name: param.default for param in plug_in.ENTRY.params} | params
    return plug_in.fit(complete, texts, ())


@pytest.mark.engine
@pytest.mark.parametrize("ngrams", [2, 3])
@pytest.mark.parametrize("unit", ["words", "characters"])
@pytest.mark.parametrize("output", ["int", "multi_hot", "count", "tf_idf"])
def test_that_ngrams_get_the_numbers_that_keras_gives_them(ngrams, unit, output):
    import keras

    split = {"words": "whitespace", "characters": "character"}[unit]
    extra = {"output_sequence_length": 12} if output == "int" else {}
    layer = keras.layers.TextVectorization(max_tokens=60, ngrams=ngrams, split=split, output_mode=output, **extra)
    layer.adapt(TEXTS.tolist(), batch_size=2)
    made = fitted(ngrams=ngrams, unit=unit, output=output, vocabulary_size=60, length=12 if extra else None)
    assert list(made.tokenizer.numbers) == layer.get_vocabulary()[2 if output == "int" else 1 :]
    for texts in (TEXTS, NEW):
        assert np.allclose(made.apply(texts), np.asarray(layer(texts.tolist())), rtol=1e-6)


@pytest.mark.engine
def test_that_the_hash_is_that_of_keras():
    import keras

    words = [*"abc", "", "not good", "straße", "数字", "x" * 7, "x" * 8, "x" * 255, "x" * 256, "y" * 1000]
    for bins in (7, 1_000, 99_991):
        expected = keras.layers.Hashing(bins, salt=SALT)(np.array(words))
        assert np.asarray(expected).tolist() == [siphash(word) % bins for word in words]


@pytest.mark.engine
@pytest.mark.parametrize("output", ["int", "multi_hot", "count"])
def test_that_hashed_words_get_the_numbers_that_keras_gives_them(output):
    import keras

    cut = Cutter("words", True, True, 2)
    made = fitted(ngrams=2, output=output, hashing=True, vocabulary_size=50, length=20 if output == "int" else None)
    tokens = [cut(text) for text in (*TEXTS, *NEW)]
    if output == "int":
        layer = keras.layers.Hashing(50, mask_value="", salt=SALT)
        expected = np.asarray(layer(np.array([(row + [""] * 20)[:20] for row in tokens])))
    else:
        layer = keras.layers.Hashing(50, salt=SALT, output_mode=output)
        empty = np.zeros((1, 50), np.float32)
        expected = np.concatenate([np.asarray(layer(np.array([row]))) if row else empty for row in tokens])
    assert np.array_equal(made.apply(np.concatenate([TEXTS, NEW])), expected)


@pytest.mark.parametrize(
    "params",
    [
        {"ngrams": 2},
        {"ngrams": 3, "unit": "characters", "output": "multi_hot", "vocabulary_size": 90},
        {"ngrams": 2, "output": "tf_idf", "strip": False},
        {"ngrams": 2, "cut": "pre", "padding": "pre", "length": 9},
        {"hashing": True, "vocabulary_size": 100},
        {"hashing": True, "vocabulary_size": 64, "output": "count", "ngrams": 2, "strip": False},
        {"hashing": True, "padding": "pre", "length": 6, "lower": False},
    ],
    ids=str,
)
def test_that_the_script_has_the_same_numbers(params):
    spec = DatasetSpec(SourceSpec("reviews", {"samples": 80}), steps=(StepSpec("tokenize", params),))
    dataset = load_dataset(spec)
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        assert np.array_equal(variables[f"x_{part}"], dataset.x[part])
    compile(export_script(Project(data=spec), dataset.info), "script.py", "exec")


def test_that_hashed_words_need_no_vocabulary_and_nothing_is_unknown():
    made = fitted(hashing=True, vocabulary_size=1_000, length=4)
    other = fitted(np.array(["something else"], dtype=object), hashing=True, vocabulary_size=1_000, length=4)
    assert np.array_equal(made.apply(NEW), other.apply(NEW))
    rows = made.apply(NEW)
    assert rows[0].min() >= 1
    assert rows.max() < 1_000
    assert rows[1, 1:].tolist() == [0, 0, 0]
    assert all(known for _, _, known in made.tokenizer.spans(NEW[0]))
    with pytest.raises(DataError, match="tf-idf needs a vocabulary"):
        fitted(hashing=True, output="tf_idf")
    with pytest.raises(DataError, match="no words in them"):
        fitted(np.array(["", "!"], dtype=object), hashing=True)


def test_that_the_places_of_words_leave_out_what_ngrams_pushed_away():
    text = "one two three four"
    first = fitted(np.array([text], dtype=object), ngrams=2, length=3).tokenizer
    assert [text[start:end] for start, end, _ in first.spans(text)] == ["one", "two", "three"]
    last = fitted(np.array([text], dtype=object), ngrams=2, length=5, cut="pre").tokenizer
    assert [text[start:end] for start, end, _ in last.spans(text)] == ["three", "four"]
    bag = fitted(np.array([text], dtype=object), ngrams=2, output="count").tokenizer
    assert len(bag.spans(text)) == 4
