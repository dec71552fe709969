"""The bundled and generated data are what they are known to be."""

import subprocess
import sys

import numpy as np
import pytest

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.resources import resource
from workbench.engine.data import DataError, load_dataset
from workbench.engine.data.sources import all_sources, photographs, source


def load(kind, **params):
    return load_dataset(DatasetSpec(SourceSpec(kind, params)))


def table(kind):
    return {column.name: column for column in load(kind).info.columns}


def total_counts(info):
    return tuple(sum(counts) for counts in zip(*info.class_counts.values(), strict=True))


def test_that_reading_data_needs_no_tensorflow():
    code = (
        "import sys, workbench.engine.data as d; d.load_dataset; assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_that_every_source_of_the_issue_is_found():
    kinds = {entry.kind for entry in all_sources()}
    assert kinds >= {"digits", "iris", "wine", "breast_cancer", "diabetes", "fashion_mnist"}
    assert kinds >= {"moons", "circles", "spirals", "xor", "blobs", "sine", "csv", "npz", "images"}
    assert [entry.group for entry in all_sources()] == sorted(
        (entry.group for entry in all_sources()), key=["bundled", "generated", "keras", "own"].index
    )


@pytest.mark.parametrize(
    "entry", [e for e in all_sources() if e.group in ("bundled", "generated")], ids=lambda e: e.kind
)
def test_that_an_entry_tells_the_truth_of_its_data(entry):
    info = load_dataset(DatasetSpec(SourceSpec(entry.kind), missing="median")).info
    assert info.task == entry.task
    assert info.input_shape == entry.shape
    assert sum(info.sizes.values()) == entry.samples
    assert all(info.sizes.values())


def test_that_digits_have_the_published_classes():
    # scikit-learn, "Optical recognition of handwritten digits dataset": 1797 pictures, values 0..16.
    dataset = load("digits")
    assert total_counts(dataset.info) == (178, 182, 177, 183, 181, 182, 181, 179, 174, 180)
    assert dataset.info.scaling == "divide_max"
    assert dataset.x["train"].max() == 1.0
    raw = dataset.raw("train", [0])
    assert raw.shape == (1, 8, 8, 1)
    assert raw.dtype == np.uint8


def test_that_iris_has_the_published_means():
    # UCI iris.names, summary statistics (mean): 5.84, 3.05 (3.06 after rounding), 3.76, 1.20.
    info = load("iris").info
    means = [column.mean for column in info.columns[:4]]
    assert means == pytest.approx([5.8433, 3.0573, 3.7580, 1.1993], abs=1e-4)
    assert total_counts(info) == (50, 50, 50)
    assert info.classes == ("setosa", "versicolor", "virginica")


def test_that_wine_has_the_published_numbers():
    # UCI wine.names: classes of 59, 71, 48; scikit-learn's DESCR: alcohol 11.0 to 14.8, mean 13.0, proline 746.
    info = load("wine").info
    assert total_counts(info) == (59, 71, 48)
    columns = table("wine")
    assert (columns["alcohol"].low, columns["alcohol"].high) == pytest.approx((11.03, 14.83))
    assert columns["alcohol"].mean == pytest.approx(13.0, abs=0.01)
    assert columns["proline"].mean == pytest.approx(746, abs=1)


def test_that_breast_cancer_has_the_published_numbers():
    # UCI wdbc.names: 357 benign, 212 malignant; scikit-learn's DESCR: mean radius 6.981 to 28.11, worst area to 4254.
    info = load("breast_cancer").info
    assert dict(zip(info.classes, total_counts(info), strict=True)) == {"benign": 357, "malignant": 212}
    columns = table("breast_cancer")
    assert (columns["mean radius"].low, columns["mean radius"].high) == pytest.approx((6.981, 28.11))
    assert columns["worst area"].high == pytest.approx(4254)


def test_that_diabetes_has_the_published_target():
    # Efron et al. 2004, as scikit-learn's load_diabetes: 442 patients, target 25 to 346 with mean 152.133.
    info = load("diabetes").info
    target = info.columns[-1]
    assert target.role == "target"
    assert (target.low, target.high) == (25, 346)
    assert target.mean == pytest.approx(152.13348, abs=1e-4)
    assert info.target_shape == (1,)
    assert info.labels == "number"


def test_that_fashion_mnist_keeps_its_own_test_set():
    dataset = load("fashion_mnist")
    assert dataset.info.sizes == {"train": 8500, "validation": 1500, "test": 2000}
    assert dataset.info.class_counts["test"] == (200,) * 10
    assert dataset.info.class_counts["validation"] == (150,) * 10
    assert dataset.info.scaling == "divide_255"
    assert dataset.info.classes[9] == "Ankle boot"
    with np.load(resource("data/fashion_mnist.npz")) as arrays:
        assert np.array_equal(dataset.raw("test", range(2000))[..., 0], arrays["x_test"])


@pytest.mark.parametrize("kind", ["moons", "circles", "spirals", "xor", "blobs"])
def test_that_generated_points_follow_their_parameters(kind):
    dataset = load(kind, samples=200, noise=0.1, seed=3)
    assert sum(dataset.info.sizes.values()) == 200
    counts = total_counts(dataset.info)
    assert max(counts) - min(counts) < 50
    again = load(kind, samples=200, noise=0.1, seed=4)
    assert not np.array_equal(dataset.source.x, again.source.x)


def test_that_circles_without_noise_lie_on_circles():
    dataset = load("circles", noise=0.0, inner=0.3)
    radius = np.hypot(*dataset.source.x.T)
    assert np.allclose(radius[dataset.source.y == 0], 1.0)
    assert np.allclose(radius[dataset.source.y == 1], 0.3)


def test_that_spirals_have_a_class_an_arm():
    assert load("spirals", arms=4).info.classes == ("0", "1", "2", "3")


def test_that_the_sine_without_noise_is_one():
    dataset = load("sine", noise=0.0, periods=1.0)
    assert np.allclose(dataset.source.y, np.sin(np.pi * dataset.source.x[:, 0]))
    assert dataset.info.columns[-1].role == "target"


@pytest.mark.parametrize(
    ("kind", "params", "word"),
    [
        ("moons", {"samples": 5}, "at least 20"),
        ("moons", {"samples": 10**9}, "at most"),
        ("moons", {"noise": "much"}, "a number"),
        ("moons", {"noise": float("nan")}, "a number"),
        ("moons", {"samples": True}, "a whole number"),
        ("moons", {"colour": 1}, "no parameter"),
        ("csv", {}, "needs a value"),
        ("csv", {"path": "x.csv", "header": "perhaps"}, "one of auto, yes, no"),
        ("nothing", {}, "There is no data source"),
    ],
)
def test_that_wrong_parameters_get_a_sentence(kind, params, word):
    with pytest.raises(DataError, match=word):
        load(kind, **params)


def test_that_every_plug_in_names_its_files():
    for entry in all_sources():
        if entry.group == "bundled":
            assert all(path.is_file() for path in source(entry.kind).files({}, None))
        if entry.group == "generated":
            assert source(entry.kind).files({}, None) == ()


def test_that_shapes_are_drawn_in_their_colours_where_they_can_be_seen():
    dataset = load_dataset(DatasetSpec(SourceSpec("shapes", {"samples": 80, "noise": 0.0})))
    assert dataset.info.classes == ("circle", "square", "triangle", "cross")
    assert dataset.info.input_shape == (32, 32, 3)
    for picture in dataset.source.x[:40]:
        colours = np.unique(picture.reshape(-1, 3), axis=0)
        assert len(colours) == 2, "the paper and the ink"


def test_that_too_many_shapes_are_refused_before_they_are_drawn():
    with pytest.raises(DataError, match="too many"):
        load_dataset(DatasetSpec(SourceSpec("shapes", {"samples": 20_000, "size": 128})))


def test_that_no_two_tiles_of_photographs_share_a_dot():
    dataset = load("photographs", size=40, tiles=1_000)
    assert dataset.info.form == "pictures"
    counts = total_counts(dataset.info)
    # 512×512 dots have room for 12 × 12 tiles of 40, the cat (451×300) for 11 × 7
    assert dict(zip(dataset.info.classes, counts, strict=True)) == {
        "bricks": 144,
        "cat": 77,
        "coffee": 126,
        "galaxies": 144,
        "grass": 144,
        "gravel": 144,
        "retina": 144,
        "rocket": 150,
    }
    seen = np.unique(dataset.source.x[:144].reshape(144, -1), axis=0)
    assert len(seen) == 144


@pytest.mark.parametrize("length", [300, 451, 512])
@pytest.mark.parametrize("size", [8, 33, 128])
def test_that_tiles_lie_side_by_side_at_places_that_the_seed_chooses(length, size):
    first, again, other = (photographs._edges(length, size, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first[0] >= 0
    assert first[-1] + size <= length
    assert np.all(np.diff(first) >= size)


def test_that_the_licence_of_every_photograph_is_told():
    told = resource("data/LICENCES.md").read_text(encoding="utf-8")
    for path in resource("data/photographs").iterdir():
        line = next(line for line in told.splitlines() if line.startswith(f"| `{path.name}`"))
        assert "CC0 1.0" in line or "ublic domain" in line
    assert sum(path.stat().st_size for path in resource("data/photographs").iterdir()) < 1_500_000
