"""A table or query of a database that SQLAlchemy reaches."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.params import READING, text
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.sql_address import address_records
from workbench.engine.data.sql_query import QUERY_PARAMS
from workbench.engine.data.trusted import check_address
from workbench.engine.data.typed_stream import read_aside
from workbench.engine.data.typed_table import read_records

ENTRY = SourceEntry(
    kind="sql_server",
    title="Database server (SQL)",
    group="own",
    summary="A table of PostgreSQL, MySQL or another database, or what a query of yours finds there. It needs "
    "SQLAlchemy. The password comes from an environment variable and is never saved.",
    params=(
        ParamEntry(
            "url",
            "text",
            required=True,
            title="Address",
            help="As SQLAlchemy writes it, with a variable for the password: postgresql://user:${WORKBENCH_PASSWORD_HOST}@host/name",
        ),
        *QUERY_PARAMS,
        READING,
    ),
    table=True,
    remote=True,
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """The columns of the table or query. Raises DataError where the person has not allowed to ask this address."""
    check_address(ENTRY, params, folder)
    read_all = read_aside if text(params, "reading") == "pieces" else read_records
    return read_all(address_records(params, progress), params, progress)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """None: nothing tells when a server's data change."""
    return ()
