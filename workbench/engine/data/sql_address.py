"""Reads databases that SQLAlchemy reaches by an address, without ever holding on to a password.

A project, and so every script made from it, has the name of an environment variable in the place of the password:
`postgresql://ada:${WORKBENCH_PASSWORD_HOST}@host/sales`. The name holds that of the host, so that a stranger's project
cannot send a password, or any other variable, to a host of its own. Addresses are never repeated in messages.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from workbench.domain.credentials import VARIABLE, holds_password
from workbench.engine.data.errors import DataError
from workbench.engine.data.optional import library
from workbench.engine.data.raw import Params, Progress
from workbench.engine.data.source_text import text_literal
from workbench.engine.data.sql_query import check_query, choose_table
from workbench.engine.data.typed_table import PIECE_ADVICE, Record, Records, different

_BLOCK = 2_000
# Others can name another host, a file to read or commands to run.
_OPTIONS = frozenset({"application_name", "charset", "driver", "encrypt", "sslmode"})
_DRIVER = re.compile(r"[A-Za-z0-9 .+-]{1,80}")
_TITLE = "A database server"


class _Address:
    """An address that was checked to hold no password. `name` is what it is called in messages."""

    def __init__(self, given: str) -> None:
        self.given = given
        if holds_password(given):
            raise DataError(
                "The address of the database holds a password, which would be saved with the project. Put it into an "
                "environment variable, and write that in its place: "
                "postgresql://user:${WORKBENCH_PASSWORD_HOST}@host/name."
            )
        self.library: ModuleType = library("sqlalchemy", "sql", _TITLE)
        try:
            self.url: Any = self.library.make_url(given)
        except (self.library.exc.ArgumentError, ValueError):
            raise DataError(  # the library's own words may repeat a password
                "The address of the database cannot be understood. Write it as postgresql://user@host/name."
            ) from None
        self.name = Path(self.url.database or self.url.host or "database").name
        self.variable = self._variable()

    def _variable(self) -> str | None:
        """The environment variable with the password, which must be the one of this host."""
        unknown = sorted(set(self.url.query) - _OPTIONS)
        if unknown or not _DRIVER.fullmatch(str(self.url.query.get("driver", "x"))):
            raise DataError(
                f"The address of the database has options that are not known to be safe. "
                f"Leave only these behind the question mark: {', '.join(sorted(_OPTIONS))}."
            )
        found = VARIABLE.fullmatch(self.url.password or "")
        wanted = "WORKBENCH_PASSWORD_" + re.sub(r"[^A-Za-z0-9]", "_", self.url.host or "").upper()
        if found and found[1] != wanted:
            raise DataError(
                f"The password of {self.name} must come from the environment variable that is named after its host. "
                f"Write ${{{wanted}}} into the address."
            )
        return found[1] if found else None

    def secret(self) -> str:
        """The password itself, empty where there is none."""
        if self.variable is None:
            return ""
        if self.variable not in os.environ:
            raise DataError(
                f"The password of {self.name} is to come from the environment variable {self.variable}, which is not "
                "set. Set it, then start the workbench again."
            )
        return os.environ[self.variable]

    @contextmanager
    def connected(self) -> Iterator[Any]:
        """A connection that only reads; whatever goes wrong becomes a DataError without the password."""
        secret = self.secret()
        try:
            with self._engine(secret).connect() as connection:
                _read_only(connection)
                yield connection
        except ImportError as error:
            raise DataError(
                f"{self.name} needs the library {error.name}, which is not installed. "
                f"Install it with: pip install {error.name}"
            ) from None
        except self.library.exc.SQLAlchemyError as error:
            text = _first_line(error, secret)
            raise DataError(
                f"{self.name}: the database says “{text}”. Check the address, the query and your rights."
            ) from None

    def _engine(self, secret: str) -> Any:
        file = self.url.database
        if self.url.get_backend_name() == "sqlite" and not (file and Path(file).is_file()):
            raise DataError("There is no file at the address of the database. Open the file itself as a database file.")
        url = self.url.set(password=secret) if secret else self.url
        return self.library.create_engine(url, poolclass=self.library.pool.NullPool)

    def tables(self, connection: Any) -> tuple[str, ...]:
        """Tables and views by name."""
        found = self.library.inspect(connection)
        return tuple(sorted({*found.get_table_names(), *found.get_view_names()}))


def address_tables(given: str) -> tuple[str, ...]:
    """The tables and views at an address. Raises DataError when it cannot be reached."""
    address = _Address(given)
    with address.connected() as connection:
        return address.tables(connection)


def address_records(params: Params, progress: Progress) -> Records:
    """The rows of a table, or of a query where `params` name one, at most `params["rows"]`."""
    address = _Address(str(params["url"]))
    most = params["rows"]
    assert isinstance(most, int)
    progress(f"Connecting to {address.name}", None)
    with address.connected() as connection:
        if params["query"]:
            query, title = check_query(str(params["query"])), address.name
        else:
            wanted = str(params["table"]) if params["table"] else None
            table = choose_table(address.name, wanted, address.tables(connection))
            query = f"SELECT * FROM {connection.dialect.identifier_preparer.quote_identifier(table)}"
            title = f"{address.name}: {table}"
        names = different(connection.exec_driver_sql(query).keys())

    def rows() -> Iterator[Record]:
        with address.connected() as connection:
            result = connection.execution_options(stream_results=True).exec_driver_sql(query)
            for block in result.partitions(_BLOCK):
                progress(f"Reading {title}", None)
                yield from (tuple(row) for row in block)

    return Records(
        title,
        Path(title),
        names,
        rows,
        imports=("import sqlalchemy", *(["import os"] if address.variable else [])),
        lines=(*_url_lines(address), *_read_lines(query, most)),
        most=most,
        advice=PIECE_ADVICE,
    )


def _url_lines(address: _Address) -> list[str]:
    lines = [f"url = sqlalchemy.make_url({text_literal(address.given)})"]
    if address.variable:
        lines.append(f"url = url.set(password=os.environ[{text_literal(address.variable)}])")
    return lines


def _read_lines(query: str, most: int) -> list[str]:
    return [
        f"QUERY = {text_literal(query)}",
        "",
        "with sqlalchemy.create_engine(url).connect() as database:",
        f"    records = database.exec_driver_sql(QUERY).fetchmany({most})",
    ]


def _read_only(connection: Any) -> None:
    """Tells the database itself that nothing is to be changed, where it knows how; what is read is never committed."""
    match connection.dialect.name:
        case "sqlite":
            connection.exec_driver_sql("PRAGMA query_only = ON")
        case "postgresql" | "mysql" | "mariadb":
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _first_line(error: Exception, secret: str) -> str:
    told = str(getattr(error, "orig", None) or error).strip().split("\n")[0][:200]
    return told.replace(secret, "…") if secret else told
