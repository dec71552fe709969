"""Reads SQLite files without trusting them: opened for reading only, and nothing but a SELECT is let through."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import Params, Progress
from workbench.engine.data.source_text import text_literal
from workbench.engine.data.sql_query import check_query, choose_table, quoted
from workbench.engine.data.typed_table import Record, Records, different

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
    if params["query"]:
        query = check_query(str(params["query"]))
        title = path.name
    else:
        wanted = str(params["table"]) if params["table"] else None
        table = choose_table(path.name, wanted, sqlite_tables(path, progress))
        query, title = f"SELECT * FROM {quoted(table)}", f"{path.name}: {table}"
    most = params["rows"]
    assert isinstance(most, int)
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
    )


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
