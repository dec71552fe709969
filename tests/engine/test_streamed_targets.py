"""What can be learned of data that are read piece by piece: the input itself too, but for noise and several labels."""

import numpy as np
import pytest
from PIL import Image

from workbench.domain.dataset import DatasetSpec, Noise, SourceSpec
from workbench.engine.data import DataError, csv_pieces, load_dataset
from workbench.engine.data.piece import read_piece

RNG = np.random.default_rng(4)


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_pieces, "_LEAST_PIECE", 512)
    path = tmp_path / "table.csv"
    rows = RNG.normal(size=(1_500, 3))
    path.write_text("\n".join(["a,b,c,red,round", *(f"{a:.3f},{b:.3f},{c:.3f},1,0" for a, b, c in rows)]) + "\n")
    return path


def load(kind, path, **more):
    return load_dataset(DatasetSpec(SourceSpec(kind, {"path": str(path), "reading": "pieces"}), **more))


def check_pieces(dataset):
    assert dataset.info.task == "reconstruction"
    for part in ("train", "validation", "test"):
        x, y = read_piece(dataset, int(dataset.pieces[part][0]))
        assert x.shape[1:] == dataset.info.input_shape == dataset.info.target_shape
        assert np.array_equal(x, y)


def test_that_a_streamed_table_learns_itself(table):
    dataset = load("csv", table, task="reconstruction", features=("a", "b", "c"))
    assert dataset.info.stream is not None
    check_pieces(dataset)


def test_that_streamed_pictures_without_classes_learn_themselves(tmp_path):
    for place in range(800):
        Image.fromarray(RNG.integers(0, 256, (4, 4), dtype=np.uint8)).save(tmp_path / f"{place}.png")
    check_pieces(load("images", tmp_path))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"task": "reconstruction", "noise": Noise()}, "Inputs with noise cannot be had so"),
        ({"task": "multilabel", "target": "red", "more_targets": ("round",)}, "Several targets cannot be had so"),
    ],
)
def test_that_what_cannot_be_made_of_pieces_is_told(table, more, sentence):
    with pytest.raises(DataError, match=sentence):
        load("csv", table, **more)
