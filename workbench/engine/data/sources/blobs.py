"""Clouds of points, one a class."""

from pathlib import Path

import numpy as np

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data import generated
from workbench.engine.data.params import number, whole
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="blobs",
    title="Blobs",
    group="generated",
    summary="Round clouds of points on a circle, each a class. The easiest of the small sets.",
    params=(
        generated.SAMPLES,
        generated.noise(0.3),
        ParamEntry("classes", "int", 3, low=2, high=10, help="How many clouds, each a class."),
        generated.SEED,
    ),
    task="multiclass",
    samples=1000,
    shape=(2,),
)

_SCRIPT = """\
import numpy as np

rng = np.random.default_rng({seed})
y = np.arange({samples}) % {classes}
angle = 2 * np.pi * y / {classes}
x = np.column_stack([np.cos(angle), np.sin(angle)])
x = x + rng.normal(0, {noise}, x.shape)
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Points of as many classes as clouds."""
    samples, noise, seed = whole(params, "samples"), number(params, "noise"), whole(params, "seed")
    classes = whole(params, "classes")
    rng = np.random.default_rng(seed)
    y = np.arange(samples) % classes
    angle = 2 * np.pi * y / classes
    x = np.column_stack([np.cos(angle), np.sin(angle)])
    x = x + rng.normal(0, noise, x.shape)
    script = _SCRIPT.format(samples=samples, noise=noise, seed=seed, classes=classes)
    return generated.points(ENTRY.title, x, y, script)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """None: the points are drawn."""
    return generated.no_files()
