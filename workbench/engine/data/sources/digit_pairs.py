"""Pairs of handwritten digits: is it twice the same digit?"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data import generated
from workbench.engine.data.bundled import bundled_arrays, bundled_file, picture_script
from workbench.engine.data.params import whole
from workbench.engine.data.raw import Params, Progress, RawData

_FILE = "digits.npz"
_LEARNED = 1200  # pictures that pairs for learning are made of; the other 597 are only in pairs for testing
_TESTED = 1000
ENTRY = SourceEntry(
    kind="digit_pairs",
    title="Pairs of digits",
    group="bundled",
    summary="Two handwritten digits of 8×8 dots beside each other, the same one or two different ones: made for a "
    "network that compares. No picture of the test pairs is in a pair for learning.",
    params=(
        ParamEntry("samples", "int", 4000, low=100, high=50_000, help="How many pairs to draw for learning."),
        generated.SEED,
    ),
    licence="BSD-3-Clause (scikit-learn, UCI)",
    task="binary",
    samples=4000 + _TESTED,
    shape=(2, 8, 8, 1),
)

_SCRIPT = """\
rng = np.random.default_rng({seed})


def pairs(pictures, digits, count):
    first = rng.integers(len(digits), size=count)
    same = np.arange(count) % 2
    matches = digits[first][:, None] == digits[None, :]
    matches = np.where(same[:, None] == 1, matches, ~matches)
    second = np.array([rng.choice(np.flatnonzero(row)) for row in matches])
    return np.stack([pictures[first], pictures[second]], axis=1), same


single, digit = x, y
x, y = pairs(single[:{learned}], digit[:{learned}], {samples})
x_test, y_test = pairs(single[{learned}:], digit[{learned}:], {tested})
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Pairs (n, 2, 8, 8, 1), every other one of the same digit, and 1,000 for testing."""
    arrays = bundled_arrays(_FILE, ("x", "y"))
    x, y = arrays["x"][..., None], arrays["y"].astype("int64")
    samples, seed = whole(params, "samples"), whole(params, "seed")
    rng = np.random.default_rng(seed)
    x_train, y_train = _pairs(rng, x[:_LEARNED], y[:_LEARNED], samples)
    x_test, y_test = _pairs(rng, x[_LEARNED:], y[_LEARNED:], _TESTED)
    script = _SCRIPT.format(seed=seed, samples=samples, learned=_LEARNED, tested=_TESTED)
    return RawData(
        title=ENTRY.title,
        form="volumes",
        x=x_train,
        y=y_train,
        x_test=x_test,
        y_test=y_test,
        classes=("different", "same"),
        target="same digit",
        task="binary",
        full_scale=16.0,
        script=f"{picture_script(_FILE, own_test=False)}\n{script}",
    )


def _pairs(
    rng: np.random.Generator, pictures: NDArray[np.uint8], digits: NDArray[np.int64], count: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    first = rng.integers(len(digits), size=count)
    same = np.arange(count) % 2
    matches = digits[first][:, None] == digits[None, :]
    matches = np.where(same[:, None] == 1, matches, ~matches)
    second = np.array([rng.choice(np.flatnonzero(row)) for row in matches])
    return np.stack([pictures[first], pictures[second]], axis=1), same


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The bundled file."""
    return (bundled_file(_FILE),)
