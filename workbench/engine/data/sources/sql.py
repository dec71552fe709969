"""A table or query of a person's own SQLite file."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.files import check_file
from workbench.engine.data.params import path_of, text
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.sql_query import QUERY_PARAMS
from workbench.engine.data.sqlite_file import sqlite_records
from workbench.engine.data.typed_table import read_records

ENTRY = SourceEntry(
    kind="sql",
    title="Database file (SQLite)",
    group="own",
    summary="A table of a database file, or what a query of yours finds in it. The file is only read.",
    params=(
        ParamEntry("path", "text", required=True, help="The file, absolute or from the project's folder."),
        *QUERY_PARAMS,
    ),
    suffixes=(".sqlite", ".sqlite3", ".db", ".db3"),
    table=True,
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """The columns of the table or query."""
    path = path_of(text(params, "path"), folder)
    check_file(path)
    return read_records(sqlite_records(path, params, progress), params, progress)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The file, and the one beside it with the newest changes."""
    path = path_of(text(params, "path"), folder)
    return (path, path.with_name(path.name + "-wal"))
