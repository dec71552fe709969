"""New samples from files come in the form that the data set takes."""

import numpy as np
import pytest
from PIL import Image

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.engine.data import DataError, load_dataset, read_inputs

TABLE = "age,harbour,y\n" + "".join(f"{20 + i},{['Cork', 'Pool'][i % 2]},{['no', 'yes'][i % 2]}\n" for i in range(30))


@pytest.fixture
def trained(tmp_path):
    (tmp_path / "train.csv").write_text(TABLE)
    return load_dataset(DatasetSpec(SourceSpec("csv", {"path": str(tmp_path / "train.csv")}), missing="median"))


def write(tmp_path, text, name="new.csv"):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_that_rows_are_read_by_the_names_of_their_columns(trained, tmp_path):
    inputs = read_inputs(trained, write(tmp_path, "y,harbour,other,age\nyes,Pool,1,33\nno,Cork,2,20\n"))
    assert inputs.names == ("new.csv row 1", "new.csv row 2")
    assert inputs.x.tolist() == [[33, 0, 1], [20, 1, 0]]
    assert [truth.item() for truth in inputs.truths] == [1, 0]


def test_that_the_data_themselves_are_read_as_they_were_trained_on(trained, tmp_path):
    inputs = read_inputs(trained, tmp_path / "train.csv")
    prepared = trained.prepare(inputs.x)
    for part in ("train", "validation", "test"):
        rows = trained.selection.rows[trained.indices[part]]
        assert np.array_equal(prepared[rows], trained.x[part])


def test_that_unknown_texts_and_missing_values_are_no_error(trained, tmp_path):
    inputs = read_inputs(trained, write(tmp_path, "age,harbour\nNA,Dover\n33,\n40,Pool\n50,Pool\n"))
    assert inputs.x[0, 1:].tolist() == [0, 0]
    assert np.isfinite(trained.prepare(inputs.x)).all()
    assert inputs.truths == (None,) * 4


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("age\n1\n", "has no column “harbour”"),
        ("", "is empty"),
        ("age,harbour\nold,Pool\nyoung,Cork\n", "column “age” must hold numbers"),
        ("age,harbour\ninf,Pool\n", "infinite"),
    ],
)
def test_that_rows_that_do_not_fit_are_told(trained, tmp_path, text, sentence):
    with pytest.raises(DataError, match=sentence):
        read_inputs(trained, write(tmp_path, text))


def test_that_points_are_read_from_a_table_without_header(tmp_path):
    dataset = load_dataset(DatasetSpec(SourceSpec("moons")))
    inputs = read_inputs(dataset, write(tmp_path, "0.5,1\n-1,2\n"))
    assert inputs.x.tolist() == [[0.5, 1], [-1, 2]]


def test_that_a_picture_becomes_a_sample_of_the_digits(tmp_path):
    dataset = load_dataset(DatasetSpec(SourceSpec("digits")))
    path = tmp_path / "drawn.png"
    Image.new("RGB", (80, 80), (255, 255, 255)).save(path)
    inputs = read_inputs(dataset, path)
    assert inputs.x.shape == (1, 8, 8, 1)
    assert dataset.prepare(inputs.x).max() == pytest.approx(1.0)
    folder = tmp_path / "several"
    folder.mkdir()
    for number in range(3):
        Image.new("L", (8, 8)).save(folder / f"{number}.png")
    assert read_inputs(dataset, folder).names == ("0.png", "1.png", "2.png")


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 1), (5, 8, 8), (5, 8, 8, 1)])
def test_that_arrays_of_one_or_many_samples_are_read(tmp_path, shape):
    dataset = load_dataset(DatasetSpec(SourceSpec("digits")))
    np.save(tmp_path / "new.npy", np.zeros(shape))
    count = 5 if shape[0] == 5 else 1
    assert read_inputs(dataset, tmp_path / "new.npy").x.shape == (count, 8, 8, 1)


def test_that_targets_beside_the_inputs_are_the_truth(tmp_path):
    dataset = load_dataset(DatasetSpec(SourceSpec("digits")))
    np.savez(tmp_path / "new.npz", x=np.zeros((3, 8, 8)), y=[7, 1, 99])
    inputs = read_inputs(dataset, tmp_path / "new.npz")
    assert [None if truth is None else truth.item() for truth in inputs.truths] == [7, 1, None]
    np.savez(tmp_path / "lone.npz", x=np.zeros((3, 8, 8)))
    assert len(read_inputs(dataset, tmp_path / "lone.npz").x) == 3


def test_that_files_of_another_kind_are_told(trained, tmp_path):
    Image.new("L", (8, 8)).save(tmp_path / "one.png")
    with pytest.raises(DataError, match="the network does not take pictures"):
        read_inputs(trained, tmp_path / "one.png")
    pictures = load_dataset(DatasetSpec(SourceSpec("digits")))
    with pytest.raises(DataError, match="the network takes pictures of 8×8×1"):
        read_inputs(pictures, tmp_path / "train.csv")
    with pytest.raises(DataError, match="There is no file"):
        read_inputs(pictures, tmp_path / "nowhere.png")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="has no pictures in it"):
        read_inputs(pictures, tmp_path / "empty")
