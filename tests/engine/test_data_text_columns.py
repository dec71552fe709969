"""Columns of a table that hold sentences are read for their words, beside numbers and categories."""

import csv
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import keras
import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_data_scripts import check

from workbench.domain.dataset import PARTS, DatasetSpec, InputSpec, Noise, SourceSpec, Split, StepSpec, TextColumn
from workbench.engine.data import DataError, csv_pieces, limits, load_dataset, prepare
from workbench.engine.data.analyses import look_at
from workbench.engine.data.new_rows import read_new_rows
from workbench.engine.data.piece import read_piece
from workbench.engine.data.raw import no_progress
from workbench.engine.data.tensor import show_tensor
from workbench.protocol.commands import ShowTensor

WORDS = ["good", "bad", "film", "story", "actor", "music", "Long", "short,", "wonderful!", "boring", "plot", "müde"]
BAG = {"output": "multi_hot"}
ROW = {"output": "int", "vocabulary_size": 8, "length": 6}


def write(folder: Path, rows: int = 150, gaps: int = 11) -> Path:
    """Stars with holes, a review with holes, a colour, and whether the review is good."""
    rng = random.Random(3)
    path = folder / "reviews.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["stars", "review", "colour", "y"])
        for row in range(rows):
            words = rng.choices(WORDS, k=rng.randint(3, 12))
            text = "NA" if row % gaps == 5 else " ".join(words)
            writer.writerow(
                ["" if row % 9 == 4 else row * 0.5, text, ("red", "green")[row % 2], ["no", "yes"][row % 3 > 0]]
            )
    return path


def spec_of(path: Path, params: dict | None = None, **fields) -> DatasetSpec:
    source = SourceSpec("csv", {"path": str(path), **fields.pop("source", {})})
    texts = (TextColumn("review", BAG if params is None else params),)
    return DatasetSpec(source, target="y", **{"texts": texts, **fields})


def reviews(dataset, part):
    """The texts of a part as a person sees them."""
    names = [column.name for column in dataset.info.columns]
    rows = dataset.raw(part, range(len(dataset.x[part])))
    return [row[names.index("review")] or "" for row in rows]


FORMS = [
    {"output": "multi_hot"},
    {"output": "count", "vocabulary_size": 6},
    {"output": "tf_idf", "vocabulary_size": 9, "ngrams": 2},
    {"output": "int"},
    {"output": "int", "length": 4, "padding": "pre", "cut": "pre", "unit": "characters"},
    {"output": "count", "vocabulary_size": 6, "hashing": True, "lower": False},
]


@pytest.mark.parametrize("missing", ["drop_rows", "mean"])
@pytest.mark.parametrize("params", FORMS, ids=lambda params: params["output"])
def test_that_the_script_makes_the_same_of_words(tmp_path, params, missing):
    dataset = check(spec_of(write(tmp_path), params, missing=missing, missing_masks=True))
    for part in PARTS:
        raw = dataset.inputs(part, range(len(dataset.x[part])))
        assert np.array_equal(dataset.prepare(raw), dataset.x[part])


@pytest.mark.parametrize("output", ["multi_hot", "count", "tf_idf", "int"])
@pytest.mark.parametrize("ngrams", [1, 2])
def test_that_words_are_those_of_the_layer_of_keras(tmp_path, output, ngrams):
    params = {"output": output, "ngrams": ngrams, "vocabulary_size": 30, "length": 7 if output == "int" else None}
    dataset = load_dataset(spec_of(write(tmp_path), params))
    layer = keras.layers.TextVectorization(
        max_tokens=30,
        output_mode=output,
        ngrams=ngrams,
        output_sequence_length=7 if output == "int" else None,
    )
    layer.adapt(np.array(reviews(dataset, "train")))
    words = dataset.info.texts[0]
    for part in PARTS:
        found = dataset.x[part][:, words.start :]
        np.testing.assert_allclose(found, np.asarray(layer(np.array(reviews(dataset, part)))), rtol=1e-6)


def test_that_words_are_called_by_themselves_and_stand_behind_numbers_and_categories(tmp_path):
    dataset = load_dataset(spec_of(write(tmp_path), missing="mean", missing_masks=True))
    info = dataset.info
    assert info.features[:5] == ("stars", "colour = green", "colour = red", "stars is missing", "review: [unknown]")
    assert "review: good" in info.features
    assert len(info.features) == info.input_shape[0] == dataset.x["train"].shape[1]
    assert dataset.raw_names[3] == "review: [unknown]"
    assert info.texts[0].start == 4
    assert info.texts[0].width == len(WORDS) + 1
    assert [column.role for column in info.columns] == ["feature", "feature", "feature", "target"]
    assert info.columns[1].prose
    assert any("words of “review” became 13 columns" in note for note in info.notes)
    shown = show_tensor(dataset, ShowTensor(1, dataset.spec, part="train", form="raw", what="batch"))
    assert shown.names == dataset.raw_names


@pytest.mark.parametrize("scaling", ["standardize", "min_max", "none"])
def test_that_words_are_not_scaled(tmp_path, scaling):
    dataset = load_dataset(spec_of(write(tmp_path), scaling=scaling))
    words = dataset.x["train"][:, dataset.info.texts[0].start :]
    assert set(np.unique(words)) == {0, 1}
    raw = dataset.inputs("train", range(len(dataset.x["train"])))
    assert np.array_equal(dataset.scaler(dataset.unscaled(raw)), dataset.x["train"])


def test_that_steps_go_past_words(tmp_path):
    steps = (StepSpec("clip"), StepSpec("powers"))
    dataset = check(spec_of(write(tmp_path), ROW, steps=steps, missing="mean"))
    assert dataset.info.features[-6:] == tuple(f"review: token {place}" for place in range(1, 7))
    assert dataset.x["train"][:, -6:].max() == 7
    assert not any("review" in name for name in dataset.info.stages[0].names)
    assert len(dataset.info.sample_names) == dataset.info.sample_shape[0]


def test_that_a_missing_text_is_an_empty_one(tmp_path):
    path = write(tmp_path, gaps=7)
    dataset = load_dataset(spec_of(path, features=("review", "colour")))
    assert sum(dataset.info.sizes.values()) == 150  # no row is left out for it
    empty = [place for place, text in enumerate(reviews(dataset, "train")) if not text]
    assert empty
    assert not dataset.x["train"][empty, dataset.info.texts[0].start :].any()
    found = look_at(dataset, "findings", no_progress)
    assert not any("missing" in each.text for each in found.findings)


def test_that_a_table_of_texts_alone_can_be_learned(tmp_path):
    dataset = check(spec_of(write(tmp_path), {"output": "int"}, features=("review",)))
    assert dataset.info.vocabulary_size == len(WORDS) + 2
    assert dataset.info.scaling == "none"
    assert dataset.info.integer_input
    check(spec_of(write(tmp_path), BAG, features=("review",), scaling="standardize", missing="mean"))


def test_that_two_columns_are_read_in_two_ways(tmp_path):
    path = tmp_path / "two.csv"
    lines = [f"the {row % 5} title,some {row % 7} words about {row},{row}\n" for row in range(60)]
    path.write_text("title,text,y\n" + "".join(lines))
    texts = (TextColumn("text", {"output": "int", "length": 3}), TextColumn("title", {"output": "count"}))
    dataset = check(spec_of(path, texts=texts))
    assert [each.column for each in dataset.info.texts] == ["text", "title"]
    assert dataset.info.input_shape == (3 + dataset.info.texts[1].width,)
    assert dataset.info.vocabulary_size is None
    assert dataset.info.input_high <= 1  # numbers of tokens are no quantities


def test_that_an_input_of_its_own_takes_the_row_of_tokens(tmp_path):
    inputs = (InputSpec("numbers", ("stars", "colour")), InputSpec("review", ("review",)))
    info = load_dataset(spec_of(write(tmp_path), ROW, inputs=inputs, missing="mean")).info
    assert [(each.name, each.shape, each.vocabulary_size) for each in info.inputs] == [
        ("numbers", (3,), None),
        ("review", (6,), 8),
    ]
    assert info.inputs[1].places == tuple(info.texts[0].places)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_that_words_are_fitted_on_the_training_part_alone(tmp_path, data):
    """Whatever stands in the other parts, the training arrays and the names of the words are the same."""
    rows = 40
    parts = ["train"] * 24 + ["validation"] * 8 + ["test"] * 8
    texts = [f"{WORDS[row % 5]} {WORDS[row % 3]}" for row in range(24)]
    others = data.draw(st.lists(st.text("abc xyzgood", max_size=20), min_size=16, max_size=16))
    params = data.draw(st.sampled_from(FORMS[:4]))
    found = []
    for number, more in enumerate((others, ["good"] * 16)):
        path = tmp_path / f"parts{number}.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["review", "size", "part", "y"])
            writer.writerows(zip([*texts, *more], range(rows), parts, [row % 2 for row in range(rows)], strict=True))
        split = Split(way="column", column="part")
        source = {"text_columns": ("review",)}
        found.append(load_dataset(spec_of(path, params, split=split, source=source, features=("review", "size"))))
    assert found[0].info.features == found[1].info.features
    assert np.array_equal(found[0].x["train"], found[1].x["train"])


@pytest.mark.parametrize("way", ["fractions", "group", "column", "time"])
def test_that_the_script_splits_texts_with_their_rows(tmp_path, way):
    path = tmp_path / "ways.csv"
    parts = ["train", "train", "train", "validation", "test"]
    words = [word.strip(",!") for word in WORDS]
    lines = [f"{' '.join(words[row % 7 :][:4])},{row},{row // 4},{parts[row % 5]},{row % 2}\n" for row in range(80)]
    path.write_text("review,day,house,part,y\n" + "".join(lines), encoding="utf-8")
    column = {"group": "house", "column": "part", "time": "day"}.get(way)
    split = Split(way=way, column=column)
    check(spec_of(path, ROW, split=split))
    check(spec_of(path, BAG, split=msgspec.structs.replace(split, folds=3, fold=2)))


def test_that_bags_can_be_learned_themselves_and_tokens_cannot(tmp_path):
    path = write(tmp_path)
    spec = msgspec.structs.replace(spec_of(path, task="reconstruction", missing="mean"), target=None)
    dataset = load_dataset(spec)
    assert np.array_equal(dataset.x["train"], dataset.y["train"])
    check(spec)
    with pytest.raises(DataError, match="token numbers of “review” cannot be learned"):
        load_dataset(msgspec.structs.replace(spec, texts=(TextColumn("review", ROW),)))


@pytest.mark.parametrize("noise", ["gaussian", "salt_and_pepper", "masking"])
def test_that_the_script_lays_the_same_noise_on_words(tmp_path, noise):
    spec = spec_of(write(tmp_path), BAG, task="reconstruction", missing="mean", noise=Noise(noise))
    check(msgspec.structs.replace(spec, target=None))


@pytest.mark.parametrize("missing", ["drop_rows", "mean"])
@pytest.mark.parametrize(
    "fields",
    [
        {"target": "tags", "task": "multilabel"},
        {"target": "a", "more_targets": ("b",)},
        {"target": "tags", "more_targets": ("b",)},
    ],
    ids=["labels", "numbers", "outputs"],
)
def test_that_the_script_keeps_texts_beside_targets_of_every_kind(tmp_path, fields, missing):
    path = tmp_path / "targets.csv"
    lines = ["a,b,size,review,tags"]
    for row in range(90):
        text = "" if row % 8 == 3 else f"{WORDS[row % 5]} {WORDS[row % 3]}"
        holes = ["" if row % 13 == place else str(row * 0.3 + place) for place in range(3)]
        lines.append(",".join([*holes, text, "red;round" if row % 2 else "red" if row % 3 else "round"]))
    path.write_text("\n".join(lines) + "\n")
    spec = spec_of(path, ROW, features=("size", "review"), missing=missing)
    check(msgspec.structs.replace(spec, **fields))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30), min_size=24, max_size=24))
def test_that_the_script_reads_any_texts_alike(tmp_path, texts):
    """Quotes, line ends, marks of right-to-left, what looks like a number or like nothing."""
    path = tmp_path / "any.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["review", "y"])
        writer.writerows([[f"word {text}" if row < 12 else text, "ab"[row % 2]] for row, text in enumerate(texts)])
    source = {"text_columns": ("review",), "delimiter": "comma", "encoding": "utf-8", "header": "yes"}
    check(spec_of(path, {"output": "count", "vocabulary_size": 20}, source=source))


@pytest.mark.parametrize("missing", ["drop_rows", "mean"])
def test_that_new_rows_with_unknown_words_are_predicted(tmp_path, missing):
    dataset = load_dataset(spec_of(write(tmp_path), ROW, missing=missing))
    new = tmp_path / "new.csv"
    new.write_text("review,colour,stars\nGood martian film,red,2\n,green,1\n123,red,1\n")
    found = read_new_rows(dataset, new)
    assert found.left_out == 0
    x = dataset.prepare(found.x)[:, dataset.info.texts[0].start :]
    numbers = dataset.words.columns[0].tokenizer.numbers
    assert x[0].tolist() == [numbers.get("good", 1), 1, numbers.get("film", 1), 0, 0, 0]
    assert not x[1].any()
    assert x[2].tolist() == [1, 0, 0, 0, 0, 0]
    new.write_text("colour,stars\nred,2\n")
    with pytest.raises(DataError, match="lacks columns that the network was trained on: “review”"):
        read_new_rows(dataset, new)


def test_that_pieces_know_the_words_of_the_sample(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_pieces, "_LEAST_PIECE", 512)
    path = write(tmp_path, 900)
    fields = {"missing": "mean", "scaling": "none"}
    streamed = load_dataset(spec_of(path, BAG, source={"reading": "pieces"}, **fields))
    held = load_dataset(spec_of(path, BAG, **fields))
    assert sorted(streamed.info.features) == sorted(held.info.features)
    places = [held.info.features.index(name) for name in streamed.info.features]
    pieces = np.concatenate([read_piece(streamed, n)[0] for n in range(len(streamed.source.stream.counts))])
    rows = held.words.of_rows(np.arange(900))
    first = held.info.texts[0].start
    assert np.array_equal(pieces[:, first:], rows[:, np.array(places[first:]) - first])


def test_that_pieces_too_large_with_their_words_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_pieces, "_LEAST_PIECE", 512)
    monkeypatch.setattr(prepare, "MOST_PIECE", 500)
    with pytest.raises(DataError, match=r"13 inputs from words a piece would take .* Choose a smaller vocabulary"):
        load_dataset(spec_of(write(tmp_path, 900), BAG, source={"reading": "pieces"}))


def test_that_texts_of_further_files_are_known_by_the_words_of_the_first(tmp_path):
    path, other = write(tmp_path), tmp_path / "other.csv"
    other.write_text("colour,y,stars,review\nred,no,1,martian film\ngreen,yes,2,\n")
    dataset = check(spec_of(path, split=Split(way="files", test_file=str(other)), missing="mean"))
    words = dataset.x["test"][:, dataset.info.texts[0].start :]
    assert words.sum(axis=1).tolist() == [2, 0]
    assert words[0, 0] == 1


def write_rows(kind, path):
    """The reviews as a workbook, a database or a Parquet file."""
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    values = [[float(row[0]) if row[0] else None, None if row[1] == "NA" else row[1], *row[2:]] for row in rows]
    target = path.with_suffix(f".{kind}")
    if kind == "xlsx":
        book = pytest.importorskip("openpyxl").Workbook()
        for line in (header, *values):
            book.active.append(line)
        book.save(target)
    elif kind == "parquet":
        columns = {name: [row[place] for row in values] for place, name in enumerate(header)}
        arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        parquet.write_table(arrow.table(columns), target)
    else:
        with closing(sqlite3.connect(target)) as database:
            database.execute(f"create table reviews ({', '.join(header)})")
            database.executemany("insert into reviews values (?, ?, ?, ?)", values)
            database.commit()
    return target


@pytest.mark.parametrize(("kind", "source"), [("xlsx", "excel"), ("parquet", "parquet"), ("db", "sql")])
def test_that_other_tables_are_read_for_their_words_alike(tmp_path, kind, source):
    path = write(tmp_path)
    spec = spec_of(path, BAG, missing="mean")
    params = {"path": str(write_rows(kind, path))}
    params |= {"table": "reviews"} if source == "sql" else {}
    dataset = check(msgspec.structs.replace(spec, source=SourceSpec(source, params)))
    assert np.array_equal(dataset.x["train"], load_dataset(spec).x["train"])


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ((TextColumn("rewiev"),), "has no column “rewiev” to read for its words"),
        ((TextColumn("review"), TextColumn("review")), "read for its words twice"),
        ((TextColumn("stars"),), "“stars” holds numbers, so it has no words"),
        ((TextColumn("review", {"strip": "maybe"}),), "“review”: Text to numbers: “strip” must be true or false"),
        ((TextColumn("review", {"output": "tf_idf", "hashing": True}),), "“review”: .*tf-idf needs a vocabulary"),
    ],
)
def test_that_wrong_wishes_are_told(tmp_path, texts, sentence):
    with pytest.raises(DataError, match=sentence):
        load_dataset(spec_of(write(tmp_path), texts=texts))


def test_that_a_column_that_is_learned_or_not_used_is_not_read(tmp_path):
    path = write(tmp_path)
    assert load_dataset(spec_of(path, features=("stars",))).info.texts == ()
    lines = [f"{row % 3} of them,{row}\n" for row in range(40)]
    path.write_text("review,size\n" + "".join(lines))
    info = load_dataset(msgspec.structs.replace(spec_of(path), target="review")).info
    assert (info.texts, info.features) == ((), ("size",))


def test_that_too_many_words_are_refused_before_they_take_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "memory_bytes", lambda: 800_000)
    with pytest.raises(DataError, match=r"inputs from words.* would take .* Choose a smaller vocabulary"):
        load_dataset(spec_of(write(tmp_path), {"output": "count", "ngrams": 3}, source={"reading": "memory"}))


def test_that_a_project_without_texts_is_written_as_before():
    assert b"texts" not in msgspec.json.encode(DatasetSpec(SourceSpec("csv")))
    spec = DatasetSpec(SourceSpec("csv"), texts=(TextColumn("review", {"output": "int", "length": 5}),))
    assert msgspec.json.decode(msgspec.json.encode(spec), type=DatasetSpec) == spec


def test_that_tokens_do_not_count_as_quantities_on_maps_and_in_correlations(tmp_path):
    path = write(tmp_path)
    with_tokens, without = (
        load_dataset(spec_of(path, missing="mean", **fields))
        for fields in ({"params": {**ROW, "vocabulary_size": 5_000}}, {"texts": (), "features": ("stars", "colour")})
    )
    for kind, name in (("map", "points"), ("correlations", "matrix")):
        looks = [look_at(dataset, kind, no_progress).arrays[name] for dataset in (with_tokens, without)]
        np.testing.assert_allclose(*looks, atol=1e-5)
