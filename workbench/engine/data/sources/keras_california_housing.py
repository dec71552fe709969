"""Prices of houses in California, 1990."""

from pathlib import Path

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.keras_files import STORE, KerasFile
from workbench.engine.data.keras_houses import read_houses
from workbench.engine.data.keras_sets import PATH, set_files
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="keras_california_housing",
    title="California housing",
    group="keras",
    summary="20,640 districts of California in 1990, with the median price of a house in dollars, and eight numbers; a "
    "fifth is set aside as a test set. 0.8 MB to load.",
    params=(PATH,),
    suffixes=(".npz",),
    licence="No licence stated (StatLib, R. Kelley Pace and Ronald Barry)",
    task="regression",
    samples=20_640,
    shape=(8,),
)
FILE = KerasFile(
    "california_housing.npz",
    f"{STORE}california_housing.npz",
    "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f",
    most=20_000_000,
)
FILES = (FILE,)
_NAMES = tuple(f"x{place}" for place in range(1, 9))  # Keras does not say in which order they stand


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Districts with a price each."""
    return read_houses(ENTRY, FILE, _NAMES, params, folder, progress)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """Where the file may lie."""
    return set_files(FILE, params, folder)
