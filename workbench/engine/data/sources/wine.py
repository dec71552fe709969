"""Chemical analyses of wines."""

from pathlib import Path

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.bundled import bundled_file, bundled_table
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="wine",
    title="Wine",
    group="bundled",
    summary="178 wines from three cultivars, told apart by 13 chemical measurements.",
    licence="BSD-3-Clause (scikit-learn, UCI)",
    task="multiclass",
    samples=178,
    shape=(13,),
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """A table whose last column is to be learned."""
    return bundled_table(ENTRY, "wine.csv", progress)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The bundled file."""
    return (bundled_file("wine.csv"),)
