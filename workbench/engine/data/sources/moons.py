"""Two interleaving half circles."""

from pathlib import Path

import numpy as np

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data import generated
from workbench.engine.data.params import number, whole
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="moons",
    title="Two moons",
    group="generated",
    summary="Two half circles that reach into one another. A straight line cannot part them; a small network can.",
    params=(generated.SAMPLES, generated.noise(0.15), generated.SEED),
    task="binary",
    samples=1000,
    shape=(2,),
)

_SCRIPT = """\
import numpy as np

rng = np.random.default_rng({seed})
y = np.arange({samples}) % 2
angle = rng.uniform(0, np.pi, {samples})
upper = np.column_stack([np.cos(angle), np.sin(angle)])
lower = np.column_stack([1 - np.cos(angle), 0.5 - np.sin(angle)])
x = np.where(y[:, None] == 0, upper, lower) + rng.normal(0, {noise}, ({samples}, 2))
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Points of two classes."""
    samples, noise, seed = whole(params, "samples"), number(params, "noise"), whole(params, "seed")
    rng = np.random.default_rng(seed)
    y = np.arange(samples) % 2
    angle = rng.uniform(0, np.pi, samples)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1 - np.cos(angle), 0.5 - np.sin(angle)])
    x = np.where(y[:, None] == 0, upper, lower) + rng.normal(0, noise, (samples, 2))
    return generated.points(ENTRY.title, x, y, _SCRIPT.format(samples=samples, noise=noise, seed=seed))


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """None: the points are drawn."""
    return generated.no_files()
