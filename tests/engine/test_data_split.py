"""Samples are split by fractions, in proportion, and the same way on every machine."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.dataset import PARTS, Split
from workbench.engine.data.errors import DataError
from workbench.engine.data.split import part_sizes, split_indices, spread_classes

fractions = st.floats(0.0, 0.45)


@given(st.integers(20, 500), fractions, fractions, st.integers(0, 2**31 - 1), st.integers(2, 6))
def test_that_each_sample_is_in_exactly_one_part(count, validation, test, seed, classes):
    labels = np.arange(count) % classes
    indices = split_indices(count, labels, Split(validation, test, True, seed), own_test=False)
    together = np.concatenate([indices[part] for part in PARTS])
    assert np.array_equal(np.sort(together), np.arange(count))


@given(st.integers(20, 100_000), fractions, fractions)
def test_that_parts_are_rounded_and_never_empty_by_accident(count, validation, test):
    sizes = part_sizes(count, Split(validation, test), own_test=False)
    assert sizes.train + sizes.validation + sizes.test == count
    assert abs(sizes.validation - count * validation) <= max(0.5, 1 - count * validation)
    assert (sizes.validation > 0) == (validation > 0)
    assert (sizes.test > 0) == (test > 0)
    assert sizes.train > 0


@given(st.lists(st.integers(0, 4), min_size=30, max_size=300), st.integers(0, 2**31 - 1))
def test_that_every_part_has_the_classes_in_proportion(labels, seed):
    labels = np.array(labels)
    split = Split(0.2, 0.2, True, seed)
    indices = split_indices(len(labels), labels, split, own_test=False)
    for part in PARTS:
        share = len(indices[part]) / len(labels)
        for label in np.unique(labels):
            expected = (labels == label).sum() * share
            assert abs((labels[indices[part]] == label).sum() - expected) <= 3.5


@given(st.integers(0, 1000))
def test_that_a_class_of_one_sample_is_learned_from(seed):
    labels = np.zeros(50, int)
    labels[17] = 1
    indices = split_indices(50, labels, Split(0.15, 0.15, True, seed), own_test=False)
    assert 17 in indices["train"]


def test_that_the_seed_decides_the_split():
    labels = np.arange(100) % 3
    first, same, other = (
        split_indices(100, labels, Split(seed=seed), own_test=False)["train"].tolist() for seed in (5, 5, 6)
    )
    assert first == same != other


def test_that_the_split_is_the_same_everywhere():
    indices = split_indices(12, np.arange(12) % 2, Split(0.25, 0.25, True, 0), own_test=False)
    assert {part: places.tolist() for part, places in indices.items()} == {
        "train": [9, 2, 7, 4, 5, 0],
        "validation": [11, 6, 3],
        "test": [10, 8, 1],
    }


def test_that_without_stratifying_the_order_is_just_shuffled():
    indices = split_indices(20, np.arange(20) % 2, Split(stratify=False, seed=1), own_test=False)
    order = np.random.default_rng(1).permutation(20)
    assert np.concatenate([indices[part] for part in PARTS]).tolist() == order.tolist()


def test_that_an_own_test_set_leaves_only_validation_to_split_off():
    sizes = part_sizes(100, Split(0.2, 0.9), own_test=True)
    assert (sizes.train, sizes.validation, sizes.test) == (80, 20, 0)


@pytest.mark.parametrize(
    ("split", "count"), [(Split(0.5, 0.5), 100), (Split(0.9, 0.3), 100), (Split(0.49, 0.49), 2), (Split(-0.1, 0.1), 9)]
)
def test_that_impossible_fractions_get_a_sentence(split, count):
    with pytest.raises(DataError, match="Choose"):
        part_sizes(count, split, own_test=False)


def test_that_spreading_keeps_every_prefix_in_proportion():
    labels = np.array([0] * 90 + [1] * 10)
    order = spread_classes(np.random.default_rng(0).permutation(100), labels)
    for cut in range(10, 101, 10):
        assert (labels[order[:cut]] == 1).sum() == cut // 10
