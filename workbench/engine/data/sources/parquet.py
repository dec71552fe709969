"""A person's own table as Parquet."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.limits import memory_budget
from workbench.engine.data.params import READING, path_of, text
from workbench.engine.data.parquet_file import parquet_ranges, parquet_records, parquet_size
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.typed_stream import read_ranges
from workbench.engine.data.typed_table import TABLE_PARAMS, read_records

ENTRY = SourceEntry(
    kind="parquet",
    title="Table (Parquet)",
    group="own",
    summary="A table as pandas, Spark and others save it, with columns that know their types. It needs pyarrow.",
    params=(
        ParamEntry("path", "text", required=True, help="The file, absolute or from the project's folder."),
        *TABLE_PARAMS,
        READING,
    ),
    suffixes=(".parquet", ".pq"),
    table=True,
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """The columns of the file."""
    path = path_of(text(params, "path"), folder)
    if _in_pieces(path, text(params, "reading")):
        return read_ranges(parquet_records(path, whole=False), parquet_ranges(path), params, progress)
    return read_records(parquet_records(path), params, progress)


def _in_pieces(path: Path, reading: str) -> bool:
    if reading != "auto":
        return reading == "pieces"
    return parquet_size(path).bytes > memory_budget()


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The file."""
    return (path_of(text(params, "path"), folder),)
