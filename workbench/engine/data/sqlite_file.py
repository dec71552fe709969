"""Reads SQLite files without trusting them: opened for reading only, and nothing but a SELECT is let through."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from workbench.engine.data.errors import DataError
from workbench.engine.data.files import Stamp, stamp_of
from workbench.engine.data.params import whole
from workbench.engine.data.raw import Params, Progress, no_progress
from workbench.engine.data.source_text import text_literal
from workbench.engine.data.sql_query import check_query, choose_table, quoted
from workbench.engine.data.typed_stream import Ranges
from workbench.engine.data.typed_table import PIECE_ADVICE, Record, Records, different

_PIECE = 2_048
_LONGEST_VALUE = 16 << 20
_STEPS = 20_000
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
_REFUSED_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer"})


def sqlite_tables(path: Path, progress: Progress) -> tuple[str, ...]:
    """The tables of a file by name, then its views. Raises DataError when it is no SQLite file."""
    listing = (
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY type, name"
    )
    with _opened(path, progress) as connection:
        return tuple(str(row[0]) for row in connection.execute(listing))


def sqlite_records(path: Path, params: Params, progress: Progress) -> Records:
    """The rows of a table, or of a query where `params` name one, at most `params["rows"]`."""
    table = _table(path, params, progress)
    query = check_query(str(params["query"])) if table is None else f"SELECT * FROM {quoted(table)}"
    title = path.name if table is None else f"{path.name}: {table}"
    most = whole(params, "rows")
    with _opened(path, progress) as connection:
        cursor = connection.execute(query)
        names = different(column[0] for column in cursor.description or ())

    def rows() -> Iterator[Record]:
        with _opened(path, progress) as connection:
            yield from connection.execute(query)

    return Records(
        title,
        path,
        names,
        rows,
        imports=("import sqlite3", "from pathlib import Path"),
        lines=(
            f"DATA = {text_literal(str(path))}",
            f"QUERY = {text_literal(query)}",
            "",
            'database = sqlite3.connect(Path(DATA).absolute().as_uri() + "?mode=ro", uri=True)',
            f"records = database.execute(QUERY).fetchmany({most})",
            "database.close()",
        ),
        most=most,
        advice=PIECE_ADVICE,
    )


def sqlite_count(path: Path, params: Params, progress: Progress) -> int:
    """How many rows there are to read."""
    table = _table(path, params, progress)
    rows = f"({check_query(str(params['query']))})" if table is None else quoted(table)
    with _opened(path, progress) as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {rows}").fetchone()
    return min(int(count), whole(params, "rows"))


def sqlite_ranges(path: Path, params: Params, progress: Progress) -> Ranges | None:
    """The rows of a table in pieces, by the numbers that SQLite gives them; None of what has no such numbers, as a
    query, a view or a table made WITHOUT ROWID."""
    table, most, stamp = _table(path, params, progress), whole(params, "rows"), _stamp(path)
    if table is None:
        return None
    counts: list[int] = []
    bounds: list[tuple[int, int]] = []
    with _opened(path, progress) as connection:
        number = _row_number(connection, table)
        if number is None:
            return None
        cursor = connection.execute(f"SELECT {number} FROM {quoted(table)} ORDER BY {number} LIMIT {most + 1}")
        left = most
        while left and (block := cursor.fetchmany(min(_PIECE, left))):
            counts.append(len(block))
            bounds.append((block[0][0], block[-1][0]))
            left -= len(block)
        more = cursor.fetchone() is not None

    def opened(piece: int) -> Iterator[Record]:
        if _stamp(path) != stamp:
            raise DataError(f"{path.name} was changed while it was in use. Load the data again.")
        query = f"SELECT * FROM {quoted(table)} WHERE {number} BETWEEN ? AND ? ORDER BY {number}"
        with _opened(path, no_progress) as connection:
            yield from connection.execute(query, bounds[piece])

    return Ranges(np.array(counts, np.int64), opened, more)


def _table(path: Path, params: Params, progress: Progress) -> str | None:
    """The table to read; None where there is a query."""
    if params["query"]:
        return None
    wanted = str(params["table"]) if params["table"] else None
    return choose_table(path.name, wanted, sqlite_tables(path, progress))


def _row_number(connection: sqlite3.Connection, table: str) -> str | None:
    """The name under which a table has the numbers of its rows, which a column can hide."""
    (found,) = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ? AND sql NOT LIKE 'CREATE VIRTUAL%'",
        (table,),
    ).fetchone()
    columns = {column[0].lower() for column in connection.execute(f"SELECT * FROM {quoted(table)} LIMIT 0").description}
    name = next((name for name in ("rowid", "_rowid_", "oid") if name not in columns), None)
    if not found or name is None:
        return None
    try:
        connection.execute(f"SELECT {name} FROM {quoted(table)} LIMIT 1").fetchone()
    except sqlite3.OperationalError as error:
        if "no such column" in str(error):
            return None
        raise
    return name


def _stamp(path: Path) -> tuple[Stamp, Stamp | None]:
    """Of the file, and of the one beside it with the newest changes, if it has any."""
    newest = path.with_name(path.name + "-wal")
    found = stamp_of(newest) if newest.exists() else (0, 0)
    return stamp_of(path), found if found[0] else None


def _only_reading(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action not in _ALLOWED or (action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _REFUSED_FUNCTIONS):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


@contextmanager
def _opened(path: Path, progress: Progress) -> Iterator[sqlite3.Connection]:
    stopped: list[BaseException] = []

    def step() -> int:
        try:
            progress(f"Reading {path.name}", None)
        except BaseException as error:  # noqa: BLE001 - SQLite only hears a number; it is raised again below
            stopped.append(error)
        return len(stopped)

    try:
        connection = sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
            connection.set_authorizer(_only_reading)
            connection.set_progress_handler(step, _STEPS)
            yield connection
        finally:
            connection.close()
    except sqlite3.Error as error:
        if stopped:
            raise stopped[0] from None
        raise _told(path, error) from error


def _told(path: Path, error: sqlite3.Error) -> DataError:
    text = str(error)
    if "not a database" in text or "malformed" in text:
        return DataError(f"{path.name} is damaged, or is no SQLite file. Choose another.", text)
    if "locked" in text or "busy" in text:
        return DataError(f"{path.name} is in use by another program. Close that, then try again.", text)
    if "unable to open" in text:
        return DataError(f"{path.name} cannot be opened. Check the file and its rights.", text)
    if "not authorized" in text or "prohibited" in text:
        return DataError(f"The query does more than read from {path.name}. Use a plain SELECT.", text)
    return DataError(
        f"{path.name}: the database says “{text[:200]}”. Correct the query, or choose another table.", text
    )
