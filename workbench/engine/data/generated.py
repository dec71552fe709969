"""What the plug-ins of generated sets share: their common parameters and how their script begins."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.domain.catalogue import ParamEntry
from workbench.domain.dataset import Task
from workbench.engine.data.raw import Floats, RawData

SAMPLES = ParamEntry("samples", "int", 1000, low=20, high=200_000, help="How many points to draw.")
SEED = ParamEntry("seed", "int", 0, low=0, high=2**31 - 1, help="The same seed draws the same points.")


def noise(default: float) -> ParamEntry:
    """The parameter `noise`."""
    text = "How far points stray: the standard deviation of what is added to each coordinate."
    return ParamEntry("noise", "float", default, low=0.0, high=2.0, help=text)


def no_files() -> tuple[Path, ...]:
    """Generated data come from no file."""
    return ()


def points(title: str, x: Floats, y: NDArray[np.int64], script: str) -> RawData:
    """Points of the plane with classes 0, 1, …"""
    classes = tuple(str(label) for label in range(int(y.max()) + 1))
    task: Task = "binary" if len(classes) == 2 else "multiclass"
    return RawData(
        title=title,
        form="points",
        x=x,
        y=y,
        classes=classes,
        names=("x1", "x2"),
        target="class",
        task=task,
        script=script,
    )
