"""Spiral arms, one a class."""

from pathlib import Path

import numpy as np

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data import generated
from workbench.engine.data.params import number, whole
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="spirals",
    title="Spirals",
    group="generated",
    summary="Arms that wind around one another, each a class. The hardest of the small sets: try a deeper network.",
    params=(
        generated.SAMPLES,
        generated.noise(0.03),
        ParamEntry("arms", "int", 2, low=2, high=5, help="How many arms, each a class."),
        ParamEntry("turns", "float", 1.5, low=0.25, high=4.0, help="How often an arm winds around the middle."),
        generated.SEED,
    ),
    task="binary",
    samples=1000,
    shape=(2,),
)

_SCRIPT = """\
import numpy as np

rng = np.random.default_rng({seed})
y = np.arange({samples}) % {arms}
radius = np.sqrt(rng.uniform(0, 1, {samples}))
angle = 2 * np.pi * ({turns} * radius + y / {arms})
x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
x = x + rng.normal(0, {noise}, x.shape)
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Points of as many classes as arms."""
    samples, noise, seed = whole(params, "samples"), number(params, "noise"), whole(params, "seed")
    arms, turns = whole(params, "arms"), number(params, "turns")
    rng = np.random.default_rng(seed)
    y = np.arange(samples) % arms
    radius = np.sqrt(rng.uniform(0, 1, samples))
    angle = 2 * np.pi * (turns * radius + y / arms)
    x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    x = x + rng.normal(0, noise, x.shape)
    script = _SCRIPT.format(samples=samples, noise=noise, seed=seed, arms=arms, turns=turns)
    return generated.points(ENTRY.title, x, y, script)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """None: the points are drawn."""
    return generated.no_files()
