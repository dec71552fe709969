"""Measurements of tumours."""

from pathlib import Path

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.bundled import bundled_file, bundled_table
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="breast_cancer",
    title="Breast cancer",
    group="bundled",
    summary="569 tumours, benign or malignant, each with 30 measurements of its cells.",
    licence="BSD-3-Clause (scikit-learn, UCI)",
    task="binary",
    samples=569,
    shape=(30,),
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """A table whose last column is to be learned."""
    return bundled_table(ENTRY, "breast_cancer.csv", progress)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The bundled file."""
    return (bundled_file("breast_cancer.csv"),)
