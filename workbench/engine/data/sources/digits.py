"""Handwritten digits, 8×8."""

from pathlib import Path

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.bundled import bundled_arrays, bundled_file, picture_script
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="digits",
    title="Handwritten digits",
    group="bundled",
    summary="1,797 handwritten digits of 8×8 dots with grey values from 0 to 16: small enough to train in seconds.",
    licence="BSD-3-Clause (scikit-learn, UCI)",
    task="multiclass",
    samples=1797,
    shape=(8, 8, 1),
)
_FILE = "digits.npz"


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Pictures of ten classes."""
    arrays = bundled_arrays(_FILE, ("x", "y"))
    return RawData(
        title=ENTRY.title,
        form="pictures",
        x=arrays["x"][..., None],
        y=arrays["y"].astype("int64"),
        classes=tuple("0123456789"),
        target="digit",
        task="multiclass",
        full_scale=16.0,
        script=picture_script(_FILE, own_test=False),
    )


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The bundled file."""
    return (bundled_file(_FILE),)
