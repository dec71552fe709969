"""What the page shows: samples as the person knows them, and what a file would be opened as."""

import numpy as np
import pytest
from PIL import Image

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.engine.data import DataError, inspect_path, load_dataset, show_samples
from workbench.protocol.codec import decode_event, encode
from workbench.protocol.commands import ShowSamples


def show(kind, part="train", start=0, count=5, label=None):
    spec = DatasetSpec(SourceSpec(kind))
    dataset = load_dataset(spec)
    shown = show_samples(dataset, ShowSamples(7, spec, part, start, count, label))
    assert decode_event(encode(shown)[4:]) == shown
    return dataset, shown


def array_of(shown):
    return np.frombuffer(shown.inputs.data, shown.inputs.dtype).reshape(shown.inputs.shape)


def test_that_pictures_are_shown_raw():
    dataset, shown = show("digits", "test", 10, 5)
    assert shown.total == 270
    assert shown.indices == (10, 11, 12, 13, 14)
    assert array_of(shown).dtype == np.uint8
    assert np.array_equal(array_of(shown) / np.float32(16), dataset.x["test"][10:15])
    assert shown.labels == tuple(dataset.y["test"][10:15])


def test_that_one_class_is_shown():
    dataset, shown = show("digits", "train", 3, 6, label=4)
    assert shown.labels == (4,) * 6
    assert shown.total == dataset.info.class_counts["train"][4]
    assert all(dataset.y["train"][index] == 4 for index in shown.indices)
    with pytest.raises(DataError, match="no class with the number 10"):
        show("digits", label=10)


def test_that_tables_are_shown_as_rows():
    _, shown = show("iris")
    assert shown.inputs is None
    assert len(shown.rows) == 5
    assert all(len(row) == 5 and row[4] in ("setosa", "versicolor", "virginica") for row in shown.rows)


def test_that_numbers_to_learn_are_shown():
    dataset, shown = show("sine")
    assert shown.labels == ()
    assert shown.targets == pytest.approx(dataset.y["train"][:5, 0])


@pytest.mark.parametrize(
    ("start", "count", "expected"), [(268, 5, 2), (270, 5, 0), (10**9, 5, 0), (0, 0, 0), (-5, 3, 3)]
)
def test_that_the_end_is_the_end(start, count, expected):
    _, shown = show("digits", "test", start, count)
    assert len(shown.indices) == expected
    assert shown.total == 270


def test_that_no_answer_is_too_large_to_send():
    _, shown = show("fashion_mnist", "train", 0, 10**9)
    assert len(shown.indices) == 5000


# --- files ----------------------------------------------------------------------------------------------------------


def test_that_a_table_is_recognised_with_what_was_detected(tmp_path):
    path = tmp_path / "mine.dat"
    path.write_text("size;weight;target;note\n1,5;2;yes;a\n2,5;3;no;b\n", encoding="utf-8-sig")
    found = inspect_path(path, 3)
    assert found.ticket == 3
    assert found.source == SourceSpec("csv", {"path": str(path)})
    assert found.columns == ("size", "weight", "target", "note")
    assert found.suggested_target == "target"
    assert found.preview == (("1,5", "2", "yes", "a"), ("2,5", "3", "no", "b"))
    assert found.detected["Delimiter"] == "semicolon"
    assert found.detected["Decimal sign"] == "comma"
    assert found.detected["Types"] == "2 numbers, 2 texts"


def test_that_arrays_are_recognised_whatever_their_file_is_called(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.zeros((9, 4)), y=np.arange(9), z=np.zeros(3))
    (tmp_path / "a.npz").rename(tmp_path / "mine.bin")
    found = inspect_path(tmp_path / "mine.bin")
    assert found.source.kind == "npz"
    assert found.arrays == {"x": (9, 4), "y": (9,), "z": (3,)}
    assert found.suggested_target == "y"
    np.save(tmp_path / "b.npy", np.zeros((5, 3)))
    assert inspect_path(tmp_path / "b.npy").arrays == {"b": (5, 3)}


def test_that_a_folder_of_pictures_is_recognised(tmp_path):
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        Image.new("L", (4, 4)).save(tmp_path / name / "1.png")
    found = inspect_path(str(tmp_path))
    assert found.source == SourceSpec("images", {"path": str(tmp_path)})
    assert found.preview == (("cat", "1"), ("dog", "1"))


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("book.xls", b"\xd0\xcf", "is an Excel workbook of the old kind"),
        ("run.pkl", b"\x80", "could run code"),
        ("one.png", b"\x89PNG", "is a single picture. Open the folder"),
        ("model.keras", b"PK", "is a model, not data"),
        ("noise.bin", bytes(range(256)) * 4, "is not a text file"),
        ("empty.csv", b"", "is empty"),
        ("single.csv", b"a\n1\n2\n", "has only one column"),
    ],
)
def test_that_what_no_source_opens_is_told(tmp_path, name, data, sentence):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataError, match=sentence):
        inspect_path(tmp_path / name)


def test_that_a_missing_path_is_told(tmp_path):
    with pytest.raises(DataError, match="There is no file"):
        inspect_path(tmp_path / "nowhere.csv")
    with pytest.raises(DataError, match="No file is named"):
        inspect_path("")
