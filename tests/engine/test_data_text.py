"""Texts: cut and numbered as Keras does it, learned from the training part alone, and the same in a script."""

import numpy as np
import pytest

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, StepSpec
from workbench.domain.first_network import first_network
from workbench.domain.samples import sample
from workbench.domain.tree import Layer, Wrapper
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.fingerprint import content_hash
from workbench.engine.data.raw import RawData
from workbench.engine.data.steps import step
from workbench.engine.data.tokens import Cutter

TEXTS = np.array(
    [
        "The cat sat on the mat.",
        "the dog didn't   sit (on) the mat!",
        "A cat & a dog:\tdon't\nsit",
        "",
        "... !",
        "MAT mat Mat cat-like über straße",
        "zebra yak xylophone",
    ],
    dtype=object,
)
NEW = np.array(["The unheard-of zebra sat", "on on on the the dog", "?"], dtype=object)


def fitted(texts=TEXTS, **params):
    plug_in = step("tokenize")
    complete = {param.name: param.default for param in plug_in.ENTRY.params} | params
    return plug_in.fit(complete, texts, ())


def by_keras(texts, new, **params):
    import keras

    layer = keras.layers.TextVectorization(**params)
    layer.adapt(texts.tolist(), batch_size=3)
    return np.asarray(layer(new.tolist())), layer.get_vocabulary()


@pytest.mark.engine
@pytest.mark.parametrize("unit", ["words", "characters"])
@pytest.mark.parametrize("output", ["int", "multi_hot", "count", "tf_idf"])
@pytest.mark.parametrize("size", [6, 1_000])
def test_that_tokens_get_the_numbers_that_keras_gives_them(output, unit, size):
    same = {"split": {"words": "whitespace", "characters": "character"}[unit], "output_mode": output}
    if output == "int":
        same["output_sequence_length"] = 9
    for new in (TEXTS, NEW):
        expected, vocabulary = by_keras(TEXTS, new, max_tokens=size, **same)
        made = fitted(unit=unit, output=output, vocabulary_size=size, length=9 if output == "int" else None)
        assert made.tokenizer.size == len(vocabulary)
        assert list(made.tokenizer.numbers) == vocabulary[2 if output == "int" else 1 :]
        assert np.allclose(made.apply(new), expected, rtol=1e-6)


@pytest.mark.engine
def test_that_reviews_get_the_numbers_that_keras_gives_them():
    texts = load_dataset(DatasetSpec(SourceSpec("reviews", {"samples": 300}))).source.x
    expected, _ = by_keras(texts, texts, max_tokens=100, output_sequence_length=20)
    assert np.array_equal(fitted(texts, vocabulary_size=100, length=20).apply(texts), expected)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"length": 7, "padding": "pre", "cut": "pre", "vocabulary_size": 40},
        {"unit": "characters", "lower": False, "strip": False},
        {"output": "multi_hot"},
        {"output": "count", "vocabulary_size": 30, "lower": False},
        {"output": "tf_idf", "strip": False},
    ],
    ids=str,
)
def test_that_the_script_and_new_texts_get_the_same_numbers(params):
    spec = DatasetSpec(SourceSpec("reviews", {"samples": 200}), steps=(StepSpec("tokenize", params),))
    dataset = load_dataset(spec)
    assert "workbench" not in dataset.info.script + dataset.info.preparation
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        assert variables[f"x_{part}"].dtype == np.float32
        assert np.array_equal(variables[f"x_{part}"], dataset.x[part])
        again = dataset.prepare(dataset.inputs(part, range(len(dataset.x[part]))))
        assert np.array_equal(again, dataset.x[part])


def test_that_a_vocabulary_knows_the_training_texts_alone():
    dataset = load_dataset(DatasetSpec(SourceSpec("reviews", {"samples": 40})))
    words = {word for text in dataset.raw("train", range(28)) for word in Cutter("words", True, True)(text)}
    assert set(dataset.pipeline.tokenizer.numbers) == words
    assert dataset.info.vocabulary_size == len(words) + 2
    assert (dataset.x["validation"] == 1).any()
    assert not (dataset.x["train"] == 1).any()


def test_that_texts_are_numbered_without_being_asked_and_stay_unscaled():
    plain = load_dataset(DatasetSpec(SourceSpec("reviews", {"samples": 200})))
    asked = load_dataset(DatasetSpec(SourceSpec("reviews", {"samples": 200}), steps=(StepSpec("tokenize"),)))
    assert np.array_equal(plain.x["train"], asked.x["train"])
    assert plain.info.scaling == "none"
    assert plain.info.integer_input
    assert plain.info.sample_shape == ()
    assert plain.raw("test", [0])[0] == plain.source.x[plain.indices["test"][0]]


def test_that_the_length_is_that_of_most_training_texts():
    texts = np.array(["word " * (count + 1) for count in range(100)], dtype=object)
    assert fitted(texts).apply(texts).shape == (100, 96)
    long = np.array(["a b c " * 1_000] * 3, dtype=object)
    assert fitted(long).apply(long).shape == (3, 512)


def test_that_short_texts_are_filled_and_long_ones_cut_on_the_chosen_side():
    texts = np.array(["a a a b b c", "c"], dtype=object)
    a, c, b = 2, 3, 4  # of two that are as frequent, the one later in the alphabet comes first
    assert fitted(texts, length=4).apply(texts).tolist() == [[a, a, a, b], [c, 0, 0, 0]]
    assert fitted(texts, length=4, cut="pre").apply(texts).tolist() == [[a, b, b, c], [c, 0, 0, 0]]
    assert fitted(texts, length=4, padding="pre").apply(texts).tolist() == [[a, a, a, b], [0, 0, 0, c]]


def test_that_the_places_of_tokens_are_those_in_the_text():
    odd = ("İstanbul'da ΟΔΟΣ, ΟΔΟΣ\u2003\x1cΟΔΟΣ!", "🎬 ' \ud800 ...")
    for text in (*TEXTS, *NEW, *odd):
        words, characters = Cutter("words", True, True), Cutter("characters", False, True)
        assert [token for _, _, token in words.places(text)] == words(text)
        assert [token for _, _, token in characters.places(text)] == characters(text)
    assert [token for _, _, token in Cutter("characters", True, False).places("aİb")] == list("aİb".lower())
    spans = fitted(length=3).tokenizer.spans("The (unheard) dog sat there")
    assert spans == [(0, 3, True), (4, 13, False), (14, 17, True)]


def test_that_one_word_for_all_is_no_reason_to_fail():
    texts = np.array(["same"] * 5, dtype=object)
    assert fitted(texts).apply(texts).tolist() == [[2]] * 5


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((StepSpec("tokenize"), StepSpec("tokenize")), "numbers already"),
        ((StepSpec("clip"),), "not for data of this kind"),
        ((StepSpec("tokenize", {"vocabulary_size": 1}),), "at least 3"),
    ],
)
def test_that_steps_that_do_not_suit_texts_say_so(steps, words):
    with pytest.raises(DataError, match=words):
        load_dataset(DatasetSpec(SourceSpec("reviews", {"samples": 30}), steps=steps))


def test_that_texts_without_a_word_say_so():
    with pytest.raises(DataError, match="no words"):
        fitted(np.array(["...", "", "!"], dtype=object))


def test_that_the_name_of_texts_tells_them_apart():
    def name(*texts):
        return content_hash(RawData(title="t", form="text", x=np.array(texts, dtype=object), y=np.zeros(2)))

    assert name("a", "bc") == name("a", "".join(["b", "c"]))
    assert len({name("a", "bc"), name("ab", "c"), name("a", "bd"), name("\ud800", "")}) == 4


def test_that_texts_count_with_what_they_hold():
    raw = RawData(title="t", form="text", x=np.array(["a" * 100_000, "b"], dtype=object))
    assert raw.bytes > 100_000


def test_that_reviews_are_drawn_by_their_seed_and_say_what_their_class_is():
    def texts(**params):
        return load_dataset(DatasetSpec(SourceSpec("reviews", {"samples": 60, **params}))).source.x.tolist()

    assert texts() == texts(seed=0)
    assert texts() != texts(seed=1)
    plain = load_dataset(DatasetSpec(SourceSpec("reviews", {"samples": 400, "negated": 0.0, "mixed": 0.0}))).source
    good = ["brilliant" in text.lower() for text in plain.x]
    assert any(good)
    assert all(plain.classes[label] == "positive" for label, found in zip(plain.y, good, strict=True) if found)


@pytest.mark.parametrize(
    ("params", "classes"),
    [
        ({}, ["Embedding", "Bidirectional", "Dense"]),
        ({"length": 300}, ["Embedding", "GlobalAveragePooling1D", "Dense", "Dense"]),
        ({"output": "multi_hot"}, ["Dense", "Dense", "Dense"]),
    ],
)
def test_that_a_first_network_for_texts_reads_them_in_their_order(params, classes):
    spec = DatasetSpec(SourceSpec("reviews", {"samples": 60}), steps=(StepSpec("tokenize", params),))
    info = load_dataset(spec).info
    nodes = first_network(info).nodes
    assert [node.class_name for node in nodes if isinstance(node, Layer | Wrapper)] == classes
    if classes[0] == "Embedding":
        assert nodes[0].params == {"input_dim": info.vocabulary_size, "output_dim": 32, "mask_zero": True}


def test_that_the_dictionary_gives_pieces_and_the_characters_behind_them():
    dataset = load_dataset(DatasetSpec(SourceSpec("devils_dictionary", {"length": 10, "stride": 10})))
    pieces, names = dataset.source.x, dataset.info.classes
    assert pieces[0] == "the devil'"
    behind = [" " if names[label] == "space" else names[label] for label in dataset.source.y[:-1]]
    assert behind == [piece[0] for piece in pieces[1:]]
    assert np.array_equal(dataset.indices["train"], np.arange(dataset.info.sizes["train"]))
    assert dataset.info.form == "text"


def test_that_knowing_the_character_before_leaves_the_perplexity_that_the_sample_names():
    dataset = load_dataset(sample("devils_dictionary").project.data)
    counts = np.ones((dataset.info.vocabulary_size, len(dataset.info.classes)))
    np.add.at(counts, (dataset.x["train"][:, -1].astype(int), dataset.values["train"]), 1)
    chances = (counts / counts.sum(axis=1, keepdims=True))[dataset.x["test"][:, -1].astype(int), dataset.values["test"]]
    assert 11 < np.exp(-np.log(chances).mean()) < 11.5
