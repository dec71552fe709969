"""t-SNE: against its own definition, against numbers we did not write, and by what it is for."""

import numpy as np
import pytest

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec
from workbench.engine.data import load_dataset
from workbench.engine.data.analyses import look_at, tsne
from workbench.engine.data.errors import Cancelled
from workbench.engine.data.raw import no_progress
from workbench.engine.data.tsne import affinities, divergence, embed, gradient

RNG = np.random.default_rng(0)


def distances(points):
    """Squared, with infinity on the diagonal."""
    found = ((points[:, None] - points[None]) ** 2).sum(axis=-1)
    np.fill_diagonal(found, np.inf)
    return found


def clouds(count, apart=8.0):
    labels = np.arange(count) % 3
    return RNG.normal(size=(count, 5)) + apart * np.eye(5)[labels], labels


def test_that_near_is_what_a_gaussian_with_the_wanted_perplexity_says():
    x, _ = clouds(24)
    near = affinities(x, 6.0, no_progress)
    assert near.sum() == pytest.approx(1)
    assert np.array_equal(near, near.T)
    assert not near.diagonal().any()
    expected = np.zeros((24, 24))
    widths = np.geomspace(0.1, 20, 20_001)[:, None]  # all are tried, instead of looking for the best one
    for row, squares in enumerate(distances(x)):
        p = np.exp(-squares / (2 * widths**2))
        p /= np.maximum(p.sum(axis=1, keepdims=True), 1e-300)
        entropy = -(p * np.log(np.maximum(p, 1e-300))).sum(axis=1)
        expected[row] = p[np.abs(entropy - np.log(6.0)).argmin()]
    assert np.allclose(near, (expected + expected.T) / 48, atol=2e-6)


def test_that_the_slope_is_that_of_the_divergence():
    x, _ = clouds(30)
    near = affinities(x, 8.0, no_progress)
    y = RNG.normal(size=(30, 2))
    slope = gradient(near, y)
    for point, axis in ((0, 0), (7, 1), (29, 0)):
        shift = np.zeros_like(y)
        shift[point, axis] = 1e-5
        numeric = (divergence(near, y + shift) - divergence(near, y - shift)) / 2e-5
        assert slope[point, axis] == pytest.approx(numeric, rel=1e-4)


def test_that_the_divergence_is_that_of_kullback_and_leibler():
    x, _ = clouds(20)
    near, y = affinities(x, 5.0, no_progress), RNG.normal(size=(20, 2))
    kernel = 1 / (1 + distances(y))
    terms = near * np.log(np.maximum(near, 1e-300) / np.maximum(kernel / kernel.sum(), 1e-300))
    assert divergence(near, y) == pytest.approx(terms.sum(), rel=1e-6)


def test_that_neighbours_on_the_map_of_the_digits_are_of_the_same_class(monkeypatch):
    monkeypatch.setattr(tsne, "MOST", 700)
    dataset = load_dataset(DatasetSpec(SourceSpec("digits")))
    found = look_at(dataset, "tsne", no_progress)
    points, labels = found.arrays["points"].astype(np.float64), found.arrays["labels"]
    assert len(points) == len(labels) <= 700
    assert (labels == labels[distances(points).argmin(axis=1)]).mean() > 0.93
    for number, part in enumerate(PARTS):
        on_map = found.arrays["parts"] == number
        assert np.array_equal(labels[on_map], dataset.values[part][found.arrays["indices"][on_map]])
    assert found.facts["total"] == 1797
    assert 0 < found.facts["divergence"] < 1
    plain = look_at(dataset, "map", no_progress).arrays
    flat, flat_labels = plain["points"].astype(np.float64), plain["labels"]
    assert (flat_labels == flat_labels[distances(flat).argmin(axis=1)]).mean() < 0.75, "so it is worth its time"


def test_that_clouds_that_lie_apart_form_groups_and_the_same_seed_gives_the_same_map():
    x, labels = clouds(120)
    points, _ = embed(x, no_progress)
    again, _ = embed(x, no_progress)
    other, _ = embed(x, no_progress, seed=1)
    assert np.array_equal(points, again)
    assert not np.array_equal(points, other)
    centres = np.array([points[labels == label].mean(axis=0) for label in range(3)])
    nearest = ((points[:, None] - centres) ** 2).sum(axis=-1).argmin(axis=1)
    assert np.array_equal(nearest, labels)


@pytest.mark.parametrize(
    "x",
    [
        np.ones((9, 4)),
        np.repeat([[0.0, 1.0], [1e6, 2.0]], 6, axis=0),
        np.arange(12.0)[:, None] * [[1, 0, 0]],
        1e-9 * np.eye(3),
    ],
    ids=["all alike", "only two different", "on a line", "three"],
)
def test_that_odd_samples_get_a_place_all_the_same(x):
    points, lost = embed(x.astype(np.float64), no_progress)
    assert points.shape == (len(x), 2)
    assert np.isfinite(points).all()
    assert np.isfinite(lost)


def test_that_it_tells_how_far_it_is_and_can_be_given_up():
    told = []

    def progress(text, fraction):
        told.append((text, fraction))
        if fraction and fraction > 0.3 and text.startswith("Placing"):
            raise Cancelled

    with pytest.raises(Cancelled):
        embed(clouds(300)[0], progress)
    assert len({text for text, _ in told}) == 2
    fractions = [fraction for text, fraction in told if text.startswith("Placing")]
    assert fractions == sorted(fractions)
    assert len(fractions) > 10


def test_that_as_little_is_lost_as_by_scikit_learn():
    manifold = pytest.importorskip("sklearn.manifold")
    dataset = load_dataset(DatasetSpec(SourceSpec("digits")))
    x = dataset.x["train"][:500].reshape(500, -1).astype(np.float64)
    x -= x.mean(axis=0)
    x = x @ np.linalg.svd(x, full_matrices=False)[2][:50].T
    theirs = manifold.TSNE(method="exact", init="pca", random_state=0).fit(x).kl_divergence_
    assert embed(x, no_progress)[1] < theirs * 1.1
