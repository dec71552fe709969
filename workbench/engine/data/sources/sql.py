"""A table or query of a person's own SQLite file."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.files import check_file
from workbench.engine.data.limits import memory_budget
from workbench.engine.data.params import READING, path_of, text, whole
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.sql_query import QUERY_PARAMS
from workbench.engine.data.sqlite_file import sqlite_count, sqlite_ranges, sqlite_records
from workbench.engine.data.typed_stream import read_aside, read_ranges
from workbench.engine.data.typed_table import Records, read_records

ENTRY = SourceEntry(
    kind="sql",
    title="Database file (SQLite)",
    group="own",
    summary="A table of a database file, or what a query of yours finds in it. The file is only read.",
    params=(
        ParamEntry("path", "text", required=True, help="The file, absolute or from the project's folder."),
        *QUERY_PARAMS,
        READING,
    ),
    suffixes=(".sqlite", ".sqlite3", ".db", ".db3"),
    table=True,
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """The columns of the table or query."""
    path = path_of(text(params, "path"), folder)
    check_file(path)
    records = sqlite_records(path, params, progress)
    if not _in_pieces(path, records, params, progress):
        return read_records(records, params, progress)
    ranges = sqlite_ranges(path, params, progress)
    if ranges is None:
        return read_aside(records, params, progress)
    return read_ranges(records, ranges, params, progress)


def _in_pieces(path: Path, records: Records, params: Params, progress: Progress) -> bool:
    if text(params, "reading") != "auto":
        return text(params, "reading") == "pieces"
    most = memory_budget() // (8 * max(1, len(records.names)))
    return whole(params, "rows") > most and sqlite_count(path, params, progress) > most


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The file, and the one beside it with the newest changes."""
    path = path_of(text(params, "path"), folder)
    return (path, path.with_name(path.name + "-wal"))
