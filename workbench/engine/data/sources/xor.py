"""Four squares, opposite ones of one class."""

from pathlib import Path

import numpy as np

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data import generated
from workbench.engine.data.params import number, whole
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="xor",
    title="XOR",
    group="generated",
    summary="Four squares, opposite ones of one class: what one neuron alone can never learn.",
    params=(generated.SAMPLES, generated.noise(0.05), generated.SEED),
    task="binary",
    samples=1000,
    shape=(2,),
)

_SCRIPT = """\
import numpy as np

rng = np.random.default_rng({seed})
x = rng.uniform(-1, 1, ({samples}, 2))
y = ((x[:, 0] > 0) ^ (x[:, 1] > 0)).astype(int)
x = x + rng.normal(0, {noise}, x.shape)
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Points of two classes: 1 where the coordinates have different signs (before the noise)."""
    samples, noise, seed = whole(params, "samples"), number(params, "noise"), whole(params, "seed")
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, (samples, 2))
    y = ((x[:, 0] > 0) ^ (x[:, 1] > 0)).astype(np.int64)
    x = x + rng.normal(0, noise, x.shape)
    return generated.points(ENTRY.title, x, y, _SCRIPT.format(samples=samples, noise=noise, seed=seed))


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """None: the points are drawn."""
    return generated.no_files()
