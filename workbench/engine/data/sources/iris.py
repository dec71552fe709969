"""Fisher's flowers."""

from pathlib import Path

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.bundled import bundled_file, bundled_table
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="iris",
    title="Iris",
    group="bundled",
    summary="150 flowers of three species, each measured four times: the classic first table.",
    licence="BSD-3-Clause (scikit-learn, R. A. Fisher)",
    task="multiclass",
    samples=150,
    shape=(4,),
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """A table whose last column is to be learned."""
    return bundled_table(ENTRY, "iris.csv", progress)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The bundled file."""
    return (bundled_file("iris.csv"),)
