"""A circle inside a circle."""

from pathlib import Path

import numpy as np

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data import generated
from workbench.engine.data.params import number, whole
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="circles",
    title="Circles",
    group="generated",
    summary="A circle inside a circle. The network has to close a line around the inner one.",
    params=(
        generated.SAMPLES,
        generated.noise(0.08),
        ParamEntry("inner", "float", 0.5, low=0.05, high=0.95, help="The radius of the inner circle; the outer has 1."),
        generated.SEED,
    ),
    task="binary",
    samples=1000,
    shape=(2,),
)

_SCRIPT = """\
import numpy as np

rng = np.random.default_rng({seed})
y = np.arange({samples}) % 2
angle = rng.uniform(0, 2 * np.pi, {samples})
radius = np.where(y == 0, 1.0, {inner})
x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
x = x + rng.normal(0, {noise}, x.shape)
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Points of two classes: 0 outside, 1 inside."""
    samples, noise, seed = whole(params, "samples"), number(params, "noise"), whole(params, "seed")
    inner = number(params, "inner")
    rng = np.random.default_rng(seed)
    y = np.arange(samples) % 2
    angle = rng.uniform(0, 2 * np.pi, samples)
    radius = np.where(y == 0, 1.0, inner)
    x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    x = x + rng.normal(0, noise, x.shape)
    return generated.points(ENTRY.title, x, y, _SCRIPT.format(samples=samples, noise=noise, seed=seed, inner=inner))


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """None: the points are drawn."""
    return generated.no_files()
