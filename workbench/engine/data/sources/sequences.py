"""Sequences of figures that are to come out in another order."""

from pathlib import Path

import numpy as np

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data import generated
from workbench.engine.data.params import text, whole
from workbench.engine.data.raw import Params, Progress, RawData

_SYMBOLS = 10
ENTRY = SourceEntry(
    kind="sequences",
    title="Sequences of figures",
    group="generated",
    summary="Rows of figures from 0 to 9, and the same reversed or sorted: made for an encoder that reads, a decoder "
    "that writes, and attention that lets one look at the other.",
    params=(
        ParamEntry("samples", "int", 4000, low=20, high=100_000, help="How many sequences to draw."),
        ParamEntry("length", "int", 12, low=2, high=100, help="How many figures a sequence has."),
        ParamEntry(
            "order",
            "choice",
            "reversed",
            choices=("reversed", "sorted"),
            choice_titles=("From back to front", "By size"),
            title="To learn",
            help="In which order the figures are to come out.",
        ),
        generated.SEED,
    ),
    task="segmentation",
    samples=4000,
    shape=(12,),
)

_SCRIPT = """\
import numpy as np

rng = np.random.default_rng({seed})
x = rng.integers({symbols}, size=({samples}, {length}))
y = {order}[..., None]
"""
_ORDERS = {"reversed": "x[:, ::-1]", "sorted": "np.sort(x, axis=1)"}


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Figures (n, length), and for each place the figure that is to stand there (n, length, 1)."""
    samples, length, seed = whole(params, "samples"), whole(params, "length"), whole(params, "seed")
    order = text(params, "order")
    rng = np.random.default_rng(seed)
    x = rng.integers(_SYMBOLS, size=(samples, length))
    y = x[:, ::-1] if order == "reversed" else np.sort(x, axis=1)
    return RawData(
        title=ENTRY.title,
        form="arrays",
        x=x,
        y=np.ascontiguousarray(y)[..., None],
        classes=tuple(map(str, range(_SYMBOLS))),
        target="figures",
        task="segmentation",
        script=_SCRIPT.format(seed=seed, symbols=_SYMBOLS, samples=samples, length=length, order=_ORDERS[order]),
    )


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """None: the figures are drawn."""
    return generated.no_files()
