"""Columns of many texts are hashed into bins, as Keras hashes them."""

import keras
import msgspec
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from test_data_scripts import check

from workbench.domain.dataset import DatasetSpec, Hashing, SourceSpec
from workbench.engine.data import DataError, csv_pieces, load_dataset
from workbench.engine.data.hashing import bins_of
from workbench.engine.data.new_rows import read_new_rows
from workbench.engine.data.piece import read_piece
from workbench.engine.data.siphash import SALT, siphash, siphash_all

SIXTEEN = Hashing(16)
CITIES = [f"city {number}" for number in range(80)]


def write(folder, gaps=0, rows=400):
    """A column of 80 texts, one of 3, one of another text in every row."""
    lines = ["city,colour,name,size,y"]
    for row in range(rows):
        city = "" if gaps and row % gaps == 3 else CITIES[row * 7 % 80]
        lines.append(
            f"{city},{('red', 'green', 'blue')[row % 3]},person {row},{row * 0.1:.1f},{('no', 'yes')[row % 2]}"
        )
    path = folder / "people.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def spec_of(path, hashing=SIXTEEN, **fields):
    params = {"path": str(path), **fields.pop("params", {})}
    return DatasetSpec(SourceSpec("csv", params), target="y", hashing=hashing, **fields)


@given(st.lists(st.text(max_size=40), max_size=20))
def test_that_many_texts_are_hashed_as_each_alone(texts):
    assert siphash_all(texts).tolist() == [siphash(text) for text in texts]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), min_size=1, max_size=20), st.integers(2, 999))
def test_that_bins_are_those_of_keras(texts, bins):
    expected = keras.layers.Hashing(bins, salt=SALT)(tf.constant(texts))
    assert bins_of(texts, bins).tolist() == np.asarray(expected).tolist()


@pytest.mark.parametrize("gaps", [0, 9])
@pytest.mark.parametrize("missing", ["drop_rows", "most_frequent", "zero"])
def test_that_the_script_hashes_alike(tmp_path, gaps, missing):
    dataset = check(spec_of(write(tmp_path, gaps), missing=missing))
    info = dataset.info
    assert info.features[:2] == ("city bin 0", "city bin 1")
    assert len(info.features) == 16 + 3 + 1
    assert "Text is hashed into 16 columns: city (80)." in info.notes
    assert "Text becomes one column a category: colour (3)." in info.notes


def test_that_the_inputs_are_those_of_the_layer_of_keras(tmp_path):
    dataset = load_dataset(spec_of(write(tmp_path), scaling="none"))
    layer = keras.layers.Hashing(16, salt=SALT, output_mode="one_hot")
    rows = [row[0] for row in dataset.raw("train", range(50))]
    assert np.array_equal(dataset.x["train"][:50, :16], np.asarray(layer(np.array(rows)[:, None])))


def test_that_many_texts_are_left_out_and_told_where_nothing_is_said(tmp_path):
    info = load_dataset(spec_of(write(tmp_path), None)).info
    assert info.features == ("colour = blue", "colour = green", "colour = red", "size")
    assert any("“city” has 80 different texts and was left out; hash its texts" in note for note in info.notes)


def test_that_a_text_in_nearly_every_row_is_hashed_only_where_it_is_chosen(tmp_path):
    path = write(tmp_path)
    info = load_dataset(spec_of(path)).info
    assert not any("name" in name for name in info.features)
    told = (
        "“name” has 400 different texts and was left out, as hardly any comes twice; add it to the columns to use it."
    )
    assert f"Column {told}" in info.notes
    chosen = load_dataset(spec_of(path, features=("name", "size")))
    assert chosen.info.input_shape == (17,)
    with pytest.raises(DataError, match="1001 different texts; at most 1000 can become columns"):
        load_dataset(spec_of(write(tmp_path, rows=1001), None, features=("name", "size")))


def test_that_sentences_are_told_to_be_read_as_texts(tmp_path):
    path = tmp_path / "reviews.csv"
    rows = "".join(f"the film number {row} was quite good,{row},{row % 2}\n" for row in range(60))
    path.write_text("review,stars,y\n" + rows)
    notes = load_dataset(spec_of(path, None)).info.notes
    assert any("“review” has 60 different texts and was left out; to learn from its words" in note for note in notes)


def test_that_fewer_texts_are_hashed_where_it_is_wanted(tmp_path):
    info = load_dataset(spec_of(write(tmp_path), Hashing(8, above=2))).info
    assert info.input_shape == (8 + 8 + 1,)


@pytest.mark.parametrize("hashing", [Hashing(1), Hashing(10_001), Hashing(8, above=0)])
def test_that_numbers_that_cannot_be_are_told(tmp_path, hashing):
    with pytest.raises(DataError, match="Choose from 2 to 10,000 bins"):
        load_dataset(spec_of(write(tmp_path), hashing))


@pytest.mark.parametrize("gaps", [0, 9])
def test_that_new_texts_have_a_bin_too(tmp_path, gaps):
    dataset = load_dataset(spec_of(write(tmp_path, gaps), missing="zero", features=("city", "size")))
    new = tmp_path / "new.csv"
    new.write_text("size,city\n1,Atlantis\n2,city 7\n")
    found = read_new_rows(dataset, new)
    assert found.notes == ()
    assert found.x[:, :16].argmax(axis=1).tolist() == [siphash("Atlantis") % 16, siphash("city 7") % 16]


def test_that_pieces_are_hashed_alike(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_pieces, "_LEAST_PIECE", 512)
    path = write(tmp_path, 9)
    streamed = load_dataset(spec_of(path, params={"reading": "pieces"}, missing="zero", scaling="none"))
    held = load_dataset(spec_of(path, missing="zero", scaling="none"))
    pieces = [read_piece(streamed, piece)[0] for piece in range(len(streamed.source.stream.counts))]
    assert np.array_equal(np.concatenate(pieces), np.nan_to_num(held.selection.x).astype(np.float32))


def test_that_a_project_keeps_what_it_hashes():
    spec = DatasetSpec(SourceSpec("csv"), hashing=Hashing(32))
    assert msgspec.json.decode(msgspec.json.encode(spec), type=DatasetSpec) == spec
    assert b"hashing" not in msgspec.json.encode(DatasetSpec(SourceSpec("csv")))
