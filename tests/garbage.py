"""Fixtures for tests with widgets: Python's garbage is collected where the program collects it."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def collector_on_the_main_thread() -> Iterator[None]:
    """As in the program: garbage with widgets in it is never collected on a thread that happens to run.

    What lives when a file begins is not looked through again: TensorFlow's objects alone take a second each time.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def garbage_of_each_test() -> Iterator[None]:
    """Collect the young garbage of a test behind it."""
    yield
    gc.collect(1)
