"""Looks into databases, workbooks, Parquet files and those of Keras: what is in them, and what can be chosen."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from workbench.domain.dataset import SourceSpec
from workbench.domain.values import Value
from workbench.engine.data.errors import DataError
from workbench.engine.data.excel_book import excel_records, sheet_names
from workbench.engine.data.keras_files import is_right
from workbench.engine.data.params import complete
from workbench.engine.data.parquet_file import parquet_records
from workbench.engine.data.raw import Params, Progress, no_progress
from workbench.engine.data.sources import all_sources, source
from workbench.engine.data.sql_address import address_records, address_tables
from workbench.engine.data.sql_query import choose_table
from workbench.engine.data.sqlite_file import sqlite_records, sqlite_tables
from workbench.engine.data.table import suggest_target
from workbench.engine.data.tfrecord_file import find_target, read_features
from workbench.engine.data.typed_table import Records, preview
from workbench.protocol.events import FileInspected

_PREVIEW_ROWS = 8
_LOOKED_AT = 200
_PATIENCE = 10.0


def inspect_sqlite(path: Path, ticket: int, params: Mapping[str, Value]) -> FileInspected:
    """Tables and views of an SQLite file, and the columns of the chosen one."""
    in_time = _patient(path.name)
    tables = sqlite_tables(path, in_time)
    chosen = _chosen("sql", path, params, "table", choose_table(path.name, None, tables[:1]))
    records = sqlite_records(path, chosen, in_time)
    return _found(path, ticket, chosen, records, "sql", {"table": tables}, {"Tables": str(len(tables))})


def inspect_address(url: str, ticket: int, params: Mapping[str, Value]) -> FileInspected:
    """Tables and views at the address of a database, and the columns of the chosen one."""
    tables = address_tables(url)
    wished = {**params, "url": url}
    if not wished.get("table") and not wished.get("query"):
        wished["table"] = choose_table("The database", None, tables[:1])
    chosen = complete(source("sql_server").ENTRY, wished)
    records = address_records(chosen, no_progress)
    return _found(url, ticket, chosen, records, "sql_server", {"table": tables}, {"Tables": str(len(tables))})


def inspect_excel(path: Path, ticket: int, params: Mapping[str, Value]) -> FileInspected:
    """Sheets of a workbook, and the columns of the chosen one."""
    sheets = sheet_names(path)
    chosen = _chosen("excel", path, params, "sheet", next(iter(sheets), ""))
    records = excel_records(path, chosen, no_progress)
    return _found(path, ticket, chosen, records, "excel", {"sheet": sheets}, {"Sheets": str(len(sheets))})


def inspect_parquet(path: Path, ticket: int, params: Mapping[str, Value]) -> FileInspected:
    """The columns of a Parquet file."""
    records = parquet_records(path, whole=False)
    chosen = complete(source("parquet").ENTRY, {**params, "path": str(path)})
    return _found(path, ticket, chosen, records, "parquet", {}, {"Rows": f"{records.expected:,}"})


def inspect_keras(path: Path, ticket: int) -> FileInspected | None:
    """The Keras data set that a file is of, by its name and hash; None for all other files."""
    for entry in all_sources():
        for file in getattr(source(entry.kind), "FILES", ()):
            if path.name in (file.name, *file.cached) and is_right(file, path, no_progress):
                return FileInspected(ticket, str(path), SourceSpec(entry.kind, {"path": str(path)}), entry.title)
    return None


def inspect_tfrecord(path: Path, ticket: int) -> FileInspected:
    """The features of a TFRecord file, from its first records."""
    found = read_features(path, no_progress, most=_LOOKED_AT)
    shapes = {name: "×".join(map(str, array.shape[1:])) or "1" for name, array in found.items()}
    names = tuple(found)
    return FileInspected(
        ticket,
        str(path),
        SourceSpec("tfrecord", {"path": str(path)}),
        path.stem,
        {"Features": str(len(found)), "Targets": find_target(found)},
        suggested_target=find_target(found) or None,
        preview=tuple((name, shape) for name, shape in shapes.items()),
        choices={"x": tuple(name for name in names if found[name].dtype != object), "y": names},
    )


def _patient(title: str) -> Progress:
    """A progress callback that gives up on what takes longer than a glance, as a view that counts without end."""
    end = time.monotonic() + _PATIENCE

    def progress(text: str, fraction: float | None) -> None:
        if time.monotonic() > end:
            raise DataError(f"{title} takes too long to look into. Choose another table, or a simpler query.")

    return progress


def _chosen(kind: str, path: Path, params: Mapping[str, Value], part: str, first: str) -> Params:
    """All parameters, with the first table or sheet where none is chosen yet."""
    wished = {**params, "path": str(path)}
    if not wished.get(part) and not wished.get("query"):
        wished[part] = first
    return complete(source(kind).ENTRY, wished)


def _found(
    path: "Path | str",
    ticket: int,
    params: Params,
    records: Records,
    kind: str,
    choices: dict[str, tuple[str, ...]],
    detected: dict[str, str],
) -> FileInspected:
    names, rows = preview(replace(records, most=_PREVIEW_ROWS), _PREVIEW_ROWS)
    given = {name: params[name] for name in ("path", "url", *choices) if params.get(name)}
    return FileInspected(
        ticket,
        str(path),
        SourceSpec(kind, given),
        records.title,
        {**detected, "Columns": str(len(names))},
        names,
        suggested_target=suggest_target(names) if names else None,
        preview=rows,
        choices=choices,
    )
