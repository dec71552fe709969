"""Smoothing and thinning: the arithmetic under the curves."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.ui.plots.series import Pyramid, Series
from workbench.ui.plots.smoothing import Smoother, smooth

FLOATS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300)
STRENGTHS = st.one_of(st.just(0.0), st.floats(0.001, 0.999))


@given(value=st.floats(-1e9, 1e9), count=st.integers(1, 400), strength=STRENGTHS)
def test_that_a_constant_stays_constant(value: float, count: int, strength: float) -> None:
    np.testing.assert_allclose(smooth([value] * count, strength), value, rtol=1e-9)


@given(values=FLOATS, strength=STRENGTHS, cut=st.integers(0, 300))
def test_that_a_prefix_does_not_change_when_more_arrives(values: list[float], strength: float, cut: int) -> None:
    whole = smooth(values, strength)
    np.testing.assert_array_equal(smooth(values[:cut], strength), whole[:cut])
    smoother = Smoother(strength)
    np.testing.assert_array_equal(np.concatenate((smoother.extend(values[:cut]), smoother.extend(values[cut:]))), whole)


@given(values=FLOATS, strength=st.floats(0.001, 0.999))
def test_that_smoothing_is_the_weighted_mean_it_claims_to_be(values: list[float], strength: float) -> None:
    expected, state = [], 0.0
    for count, value in enumerate(values, 1):
        state = strength * state + (1 - strength) * value
        expected.append(state / (1 - strength**count))
    np.testing.assert_allclose(smooth(values, strength), expected, rtol=1e-6, atol=1e-6 * max(map(abs, values)) + 1e-12)


def test_that_values_that_are_not_numbers_leave_gaps_and_count_for_nothing() -> None:
    smoothed = smooth([1.0, float("nan"), 1.0, float("inf"), 1.0], 0.9)
    np.testing.assert_allclose(smoothed, [1, np.nan, 1, np.nan, 1])


@given(
    values=st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), min_size=1, max_size=700),
    cuts=st.lists(st.integers(0, 700), max_size=5),
    start=st.integers(0, 700),
    length=st.integers(1, 700),
    buckets=st.integers(1, 50),
)
@settings(max_examples=200)
def test_that_thinning_never_loses_an_extreme(
    values: list[float], cuts: list[int], start: int, length: int, buckets: int
) -> None:
    pyramid = Pyramid()
    edges = sorted({0, len(values), *(cut for cut in cuts if cut < len(values))})
    for left, right in itertools.pairwise(edges):
        pyramid.extend(np.array(values[left:right]))
    start = min(start, len(values) - 1)
    stop = min(start + length, len(values))
    places, lows, highs = pyramid.view(start, stop, buckets)
    assert (np.diff(places) > 0).all()
    assert len(places) <= 4 * buckets + 3 * 10
    shown = np.array(values[start:stop])
    if np.isfinite(shown).any():
        assert np.nanmin(lows) <= np.nanmin(shown)
        assert np.nanmax(highs) >= np.nanmax(shown)
    if np.isfinite(values).any():
        assert pyramid.extent() == (np.nanmin(values), np.nanmax(values))
    else:
        assert pyramid.extent() is None


def test_that_a_single_spike_among_a_million_values_is_drawn() -> None:
    series = Series()
    y = np.zeros(1_000_000)
    y[654_321], y[123] = 7.0, -3.0
    series.extend(np.arange(len(y)), y)
    x, shown = series.shown(0, len(y), 800)
    assert len(x) < 8_000
    assert shown.max() == 7.0
    assert shown.min() == -3.0
    assert x[shown.argmax()] == pytest.approx(654_321, abs=2_000)


def test_that_zoomed_in_every_point_is_drawn_and_lines_go_on_beyond_the_edges() -> None:
    series = Series()
    series.extend(np.arange(10_000), np.arange(10_000))
    x, y = series.shown(100.5, 120.5, 800)
    np.testing.assert_array_equal(x, np.arange(100, 122))
    np.testing.assert_array_equal(y, x)


def test_that_the_nearest_point_is_found() -> None:
    series = Series()
    assert series.nearest(1.0) is None
    series.extend([1.0, 2.0, 4.0], [5.0, float("inf"), -1.0])
    assert [series.nearest(x) for x in (-9, 1.4, 1.6, 3.1, 99)] == [0, 0, 1, 2, 2]
    assert series.extent() == (-1.0, 5.0)
    assert series.smallest_positive() == 5.0
