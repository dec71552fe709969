"""A noisy sine wave, for regression."""

from pathlib import Path

import numpy as np

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data import generated
from workbench.engine.data.params import number, whole
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="sine",
    title="Noisy sine",
    group="generated",
    summary="One number in, one number out: a sine wave under noise. The smallest regression there is.",
    params=(
        generated.SAMPLES,
        generated.noise(0.1),
        ParamEntry("periods", "float", 2.0, low=0.25, high=8.0, help="How many waves lie between −1 and 1."),
        generated.SEED,
    ),
    task="regression",
    samples=1000,
    shape=(1,),
)

_SCRIPT = """\
import numpy as np

rng = np.random.default_rng({seed})
x = rng.uniform(-1, 1, ({samples}, 1))
y = np.sin({periods} * np.pi * x[:, 0]) + rng.normal(0, {noise}, {samples})
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Numbers and the sine of each."""
    samples, noise, seed = whole(params, "samples"), number(params, "noise"), whole(params, "seed")
    periods = number(params, "periods")
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, (samples, 1))
    y = np.sin(periods * np.pi * x[:, 0]) + rng.normal(0, noise, samples)
    script = _SCRIPT.format(samples=samples, noise=noise, seed=seed, periods=periods)
    return RawData(
        title=ENTRY.title, form="points", x=x, y=y, names=("x",), target="y", task="regression", script=script
    )


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """None: the points are drawn."""
    return generated.no_files()
