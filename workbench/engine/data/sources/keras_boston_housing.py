"""Prices of houses in Boston, 1978."""

from pathlib import Path

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.keras_files import STORE, KerasFile
from workbench.engine.data.keras_houses import read_houses
from workbench.engine.data.keras_sets import PATH, set_files
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="keras_boston_housing",
    title="Boston housing",
    group="keras",
    summary="506 districts of Boston in the 1970s with the median price of a house, in old books. One of its numbers "
    "assumes that segregation by race sets prices; it is not loaded by itself, so choose the file if you have it.",
    params=(PATH,),
    suffixes=(".npz",),
    licence="No licence stated (StatLib, David Harrison and Daniel Rubinfeld)",
    task="regression",
    samples=506,
    shape=(13,),
)
FILE = KerasFile(
    "boston_housing.npz",
    f"{STORE}boston_housing.npz",
    "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5",
    most=20_000_000,
    downloads=False,
)
FILES = (FILE,)
_NAMES = ("CRIM", "ZN", "INDUS", "CHAS", "NOX", "RM", "AGE", "DIS", "RAD", "TAX", "PTRATIO", "B", "LSTAT")


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Districts with a price each."""
    return read_houses(ENTRY, FILE, _NAMES, params, folder, progress)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """Where the file may lie."""
    return set_files(FILE, params, folder)
