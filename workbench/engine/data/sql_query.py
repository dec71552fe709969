"""What databases share: which queries are allowed, and the parameters of their sources."""

import re

from workbench.domain.catalogue import ParamEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.typed_table import TABLE_PARAMS

MOST_ROWS = 100_000_000
_ASIDE = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/", re.DOTALL)
_CHANGES = re.compile(
    r"\b(insert|update|delete|drop|alter|create|attach|detach|pragma|vacuum|grant|revoke|truncate|merge|call|exec|"
    r"execute|copy|into)\b",
    re.IGNORECASE,
)

QUERY_PARAMS = (
    ParamEntry("table", "text", optional=True, title="Table", help="The table or view to read."),
    ParamEntry(
        "query",
        "text",
        optional=True,
        title="Query",
        help="One SELECT instead of a table, as in: SELECT rooms, price FROM houses WHERE price > 0",
    ),
    ParamEntry(
        "rows",
        "int",
        1_000_000,
        low=3,
        high=MOST_ROWS,
        title="Rows at most",
        help="Rows behind these are not read.",
        advanced=True,
    ),
    *TABLE_PARAMS,
)


def check_query(query: str) -> str:
    """The query without the sign that ends it. Raises DataError unless it is a single SELECT."""
    if "\\" in query or "/*!" in query:  # to some databases these say that a text ends, or a comment does not count
        raise DataError("The query has a backslash or /*!, which databases read in different ways. Take it out.")
    plain = _ASIDE.sub(" ", query).strip().rstrip(";").strip()
    words = re.findall(r"[a-z_]+", plain.lower())
    if not words or words[0] not in ("select", "with", "values"):
        raise DataError("The query must be a SELECT, since data are only read. Correct the query.")
    if ";" in plain:
        raise DataError("The query has more than one statement. Leave a single SELECT.")
    change = _CHANGES.search(plain)
    if change:
        raise DataError(
            f"The query has the word {change[0].upper()}, but data are only read. "
            "Take it out, or put a name in double quotes."
        )
    return query.strip().rstrip(";").rstrip()


def quoted(name: str) -> str:
    """A name of a table as standard SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def choose_table(title: str, wanted: str | None, names: tuple[str, ...]) -> str:
    """The table that is read. Raises DataError that says which there are."""
    if wanted in names and wanted is not None:
        return wanted
    if not names:
        raise DataError(f"{title} has no tables. Choose another database.")
    if not wanted and len(names) == 1:
        return names[0]
    shown = ", ".join(f"“{name}”" for name in names[:12]) + (" …" if len(names) > 12 else "")
    problem = f"has no table “{wanted}”" if wanted else f"has {len(names)} tables"
    raise DataError(f"{title} {problem}. Choose one of: {shown}.")
