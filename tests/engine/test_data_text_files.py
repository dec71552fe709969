"""Texts of a person's own: folders and tables, good and bad, and as the input of a prediction."""

import os

import numpy as np
import pytest

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.inspect import inspect_path
from workbench.engine.data.show import show_samples
from workbench.engine.data.texts import MAX_TEXT
from workbench.engine.samples import load_samples
from workbench.protocol.arrays import Array, Sample
from workbench.protocol.commands import ShowSamples

WORDS = ["sun", "moon", "star", "cloud", "rain", "wind", "snow", "storm"]


def write(folder, count=8, encoding="utf-8", first=0):
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(first, first + count):
        words = " ".join(WORDS[(n * k) % 8] for k in range(2, 6 + n % 3))
        (folder / f"{n}.txt").write_text(f"Größe {n}:\r\n{words} {folder.name}!", encoding=encoding, newline="")


def folder_spec(path, **params):
    return DatasetSpec(SourceSpec("text_folder", {"path": str(path), **params}))


def table_spec(path, **params):
    return DatasetSpec(SourceSpec("text_table", {"path": str(path), **params}))


def check(spec):
    """The script gives the same arrays, with nothing of the workbench."""
    dataset = load_dataset(spec)
    assert "workbench" not in "\n".join(line for line in dataset.info.script.splitlines() if "import" in line)
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        assert np.array_equal(variables[f"x_{part}"], dataset.x[part])
        assert np.array_equal(variables[f"y_{part}"], dataset.y[part])
        assert variables[f"y_{part}"].dtype == dataset.y[part].dtype
    return dataset


@pytest.mark.parametrize("own_test", [False, True])
@pytest.mark.parametrize(("encoding", "wish"), [("utf-8", "auto"), ("utf-16", "auto"), ("latin-1", "latin-1")])
def test_that_a_folder_of_texts_is_read_and_its_script_does_the_same(tmp_path, encoding, wish, own_test):
    for part in ("train", "test") if own_test else ("",):
        for name in ("day and night", "weather 🌦" if encoding != "latin-1" else "weather"):
            write(tmp_path / part / name, encoding=encoding)
    dataset = check(folder_spec(tmp_path, encoding=wish))
    assert dataset.info.form == "text"
    assert dataset.info.classes[0] == "day and night"
    assert sum(dataset.info.sizes.values()) == (32 if own_test else 16)
    assert dataset.info.sizes["test"] == (16 if own_test else 2)
    assert dataset.source.x[0] == "Größe 0:\nsun sun sun sun day and night!"


def test_that_broken_texts_are_skipped_and_named_or_stop_the_reading(tmp_path):
    write(tmp_path / "a")
    write(tmp_path / "b")
    (tmp_path / "a" / "bad.txt").write_bytes(b"caf\xe9 au lait")
    (tmp_path / "b" / "zeros.txt").write_bytes(b"text\0text")
    with (tmp_path / "b" / "huge.txt").open("wb") as file:
        file.truncate(MAX_TEXT + 1)
    dataset = check(folder_spec(tmp_path))
    assert sum(dataset.info.sizes.values()) == 16
    note = " ".join(dataset.info.notes)
    assert "3 files could not be read and were skipped: a/bad.txt, b/huge.txt, b/zeros.txt" in note
    with pytest.raises(DataError, match=r"a/bad.txt: it is not written in UTF-8. Remove the file, or choose"):
        load_dataset(folder_spec(tmp_path, broken="error"))


def test_that_a_folder_with_one_class_more_in_training_leaves_it_out(tmp_path):
    for part in ("train", "test"):
        for name in ("neg", "pos"):
            write(tmp_path / part / name)
    write(tmp_path / "train" / "unsup")
    dataset = check(folder_spec(tmp_path))
    assert dataset.info.classes == ("neg", "pos")
    assert "unsup" in " ".join(dataset.info.notes)


def test_that_folders_without_texts_say_what_is_missing(tmp_path):
    with pytest.raises(DataError, match="no sub-folders"):
        load_dataset(folder_spec(tmp_path))
    (tmp_path / "a").mkdir()
    with pytest.raises(DataError, match="No sub-folder"):
        load_dataset(folder_spec(tmp_path))
    write(tmp_path / "b")
    with pytest.raises(DataError, match="Only the sub-folder “b”"):
        load_dataset(folder_spec(tmp_path))
    os.mkfifo(tmp_path / "a" / "pipe.txt")
    with pytest.raises(DataError, match="Only the sub-folder “b”"):
        load_dataset(folder_spec(tmp_path))


def test_that_a_folder_of_texts_is_recognised(tmp_path):
    for part in ("train", "test"):
        for name in ("neg", "pos"):
            write(tmp_path / "own" / part / name)
    write(tmp_path / "flat" / "neg")
    write(tmp_path / "flat" / "pos")
    found = inspect_path(tmp_path / "own")
    assert found.source == SourceSpec("text_folder", {"path": str(tmp_path / "own")})
    assert found.detected == {"Classes": "2", "Texts": "32", "Test set": "its own, 16 texts"}
    assert inspect_path(tmp_path / "flat").preview == (("neg", "8"), ("pos", "8"))


def table(path, rows, header="review,stars"):
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


ROWS = [f'"{WORDS[n % 8]} and {WORDS[n // 8]}, once more no {n}",{"good" if n % 2 else "bad"}' for n in range(40)]


def test_that_texts_in_a_table_are_read_and_the_script_does_the_same(tmp_path):
    path = table(tmp_path / "reviews.csv", [*ROWS, ",good", '"no opinion here at all",'])
    dataset = check(table_spec(path))
    assert dataset.info.classes == ("bad", "good")
    assert dataset.info.target == "stars"
    assert sum(dataset.info.sizes.values()) == 40
    assert "2 rows without a text or a target left out." in dataset.info.notes
    assert dataset.source.x[9] == "moon and moon, once more no 9"


def test_that_texts_teach_numbers_and_any_columns_can_be_chosen(tmp_path):
    rows = [f"{n * 1.5 + 0.25};{n % 3};the {WORDS[n % 8]} shines on {n};x{n}" for n in range(40)]
    path = table(tmp_path / "mixed.csv", [row.replace(".", ",") for row in rows], "price;kind;story;code")
    dataset = check(table_spec(path, text="story", target="price"))
    assert dataset.info.task == "regression"
    assert dataset.values["train"].max() > 20
    assert check(table_spec(path, target="kind")).info.classes == ("0", "1", "2")


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text": "story"}, "no column “story”"),
        ({"text": "stars", "target": "stars"}, "cannot be both"),
        ({"target": "review", "text": "stars"}, "Choose"),
    ],
)
def test_that_columns_that_do_not_suit_say_so(tmp_path, params, words):
    rows = [f'"{WORDS[n % 8]} no {n} {"very " * 120}",{n % 2}' for n in range(30)]
    with pytest.raises(DataError, match=words):
        load_dataset(table_spec(table(tmp_path / "t.csv", rows), **params))


def test_that_a_table_of_sentences_is_recognised_and_others_are_not(tmp_path):
    found = inspect_path(table(tmp_path / "reviews.csv", ROWS))
    assert found.source.kind == "text_table"
    assert (found.source.params["text"], found.source.params["target"]) == ("review", "stars")
    assert check(DatasetSpec(found.source, target=found.suggested_target)).info.form == "text"
    words = [f"{WORDS[n % 8]},{n % 2}" for n in range(40)]
    assert inspect_path(table(tmp_path / "words.csv", words, "word,kind")).source.kind == "csv"


def shown(dataset, **more):
    wanted = {"start": 0, "count": 8} | more
    return show_samples(dataset, ShowSamples(1, dataset.spec, **wanted))


def test_that_texts_are_shown_with_their_tokens_and_frequent_words(tmp_path):
    path = table(tmp_path / "t.csv", [f'"Cat, cat and {WORDS[n % 8]}!",{"ab"[n % 2]}' for n in range(40)])
    dataset = load_dataset(table_spec(path))
    event = shown(dataset, part="validation", count=2)
    assert event.inputs is None
    assert event.total == 6
    assert event.counted == 6
    assert event.frequent[0] == ("cat", 12)
    assert event.frequent[1] == ("and", 6)
    first = event.texts[0]
    assert [first.text[start:end] for start, end, _ in first.spans][:3] == ["Cat,", "cat", "and"]
    assert (first.tokens, first.left_out) == (4, 0)
    assert shown(dataset, part="validation", start=2, count=2).frequent == ()
    of_class = shown(dataset, part="train", count=40, label=1)
    assert dict(of_class.frequent)["cat"] == 2 * len(of_class.texts)
    assert all(dataset.info.classes[label] == "b" for label in of_class.labels)


def test_that_a_text_file_is_read_for_a_prediction(tmp_path):
    dataset = load_dataset(DatasetSpec(SourceSpec("reviews", {"samples": 60})))
    text = dataset.raw("test", [3])[0]
    own = tmp_path / "some text.txt"
    own.write_text(text, encoding="utf-16")
    batch = load_samples(dataset, [Sample(part="test", index=3), Sample(path=str(own))])
    assert np.array_equal(batch.x[0], batch.x[1])
    assert batch.names == ("test 3", "some text.txt")
    typed = load_samples(dataset, [Sample(text=text)])
    assert np.array_equal(typed.x[0], batch.x[0])
    with pytest.raises(DataError, match="reads no texts"):
        load_samples(load_dataset(DatasetSpec(SourceSpec("iris"))), [Sample(text=text)])


def test_that_what_is_no_text_is_refused_with_a_sentence(tmp_path):
    dataset = load_dataset(DatasetSpec(SourceSpec("reviews", {"samples": 60})))
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfa")
    for sample, words in (
        (Sample(path=str(tmp_path / "a.png")), "no text file"),
        (Sample(path=str(tmp_path / "bad.txt")), "Save it as a text file in UTF-8"),
        (Sample(array=Array("float32", (1,), b"\0\0\0\0")), "Give a text"),
    ):
        with pytest.raises(DataError, match=words):
            load_samples(dataset, [sample])


def test_that_a_long_text_is_cut_into_pieces_with_the_character_behind_each(tmp_path):
    path = tmp_path / "tale.txt"
    path.write_text("Once upon a time,\r\n  there was a Löwe. €\r\n" * 40, encoding="utf-16", newline="")
    found = inspect_path(path)
    assert found.source == SourceSpec("text_file", {"path": str(path)})
    assert found.preview[0] == ("Once upon a time,",)
    dataset = check(DatasetSpec(found.source))
    assert dataset.source.x[0] == "once upon a time, there "
    assert dataset.info.classes[:3] == ("space", ",", ".")
    assert dataset.info.input_shape == (24,)
    with_capitals = check(DatasetSpec(SourceSpec("text_file", {"path": str(path), "lower": False, "length": 5})))
    assert "L" in with_capitals.info.classes
    assert with_capitals.source.x[0] == "Once "


def test_that_seldom_characters_are_left_out_and_a_short_text_says_so(tmp_path):
    path = tmp_path / "tale.txt"
    path.write_text("abba " * 30 + "xyz", encoding="utf-8")
    dataset = check(DatasetSpec(SourceSpec("text_file", {"path": str(path), "stride": 1})))
    assert dataset.info.classes == ("space", "a", "b")
    assert "3 seldom characters were left out." in dataset.info.notes
    path.write_text('"Quiet", he said. "\n"What?\n' * 9, encoding="utf-8")
    assert inspect_path(path).source.kind == "text_file"
    path.write_text("short", encoding="utf-8")
    with pytest.raises(DataError, match="too short"):
        load_dataset(DatasetSpec(SourceSpec("text_file", {"path": str(path), "stride": 2})))


def test_that_a_table_that_ends_in_txt_is_still_a_table(tmp_path):
    rows = [f"{n},{n % 2}" for n in range(40)]
    assert inspect_path(table(tmp_path / "t.txt", rows, "size,kind")).source.kind == "csv"
