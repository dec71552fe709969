"""Progression of diabetes."""

from pathlib import Path

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.bundled import bundled_file, bundled_table
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="diabetes",
    title="Diabetes",
    group="bundled",
    summary="442 patients with ten measurements; how far the disease went in one year is to be predicted.",
    licence="BSD-3-Clause (scikit-learn, B. Efron et al.)",
    task="regression",
    samples=442,
    shape=(10,),
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """A table whose last column is to be learned."""
    return bundled_table(ENTRY, "diabetes.csv", progress)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The bundled file."""
    return (bundled_file("diabetes.csv"),)
