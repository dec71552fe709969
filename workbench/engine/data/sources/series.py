"""A person's own measurements over time, as a table."""

from pathlib import Path

from msgspec import structs

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.csv_format import describe, detect
from workbench.engine.data.csv_params import BAD_NUMBERS, FORMAT_PARAMS, wishes_of
from workbench.engine.data.csv_table import read_table
from workbench.engine.data.files import check_file
from workbench.engine.data.params import path_of, text
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.series_source import read_series, window_params

ENTRY = SourceEntry(
    kind="series",
    title="Time series (CSV, TSV)",
    group="own",
    summary="Measurements of yours over time, one row a step. Windows of the past predict a value some steps ahead.",
    params=(
        ParamEntry("path", "text", required=True, help="The file, absolute or from the project's folder."),
        ParamEntry(
            "targets",
            "texts",
            (),
            title="To be learned",
            help="The columns to predict. None: one called target, label or y, else the last column of numbers.",
        ),
        ParamEntry(
            "inputs", "texts", (), help="The columns that go in. None: all numbers that are not mostly missing."
        ),
        *window_params(length=24, stride=1, horizon=1, gaps="drop"),
        ParamEntry(
            "time",
            "texts",
            (),
            help="The column of dates, or those called year, month, day, hour … None: as detected, else the order of "
            "the rows.",
            advanced=True,
        ),
        ParamEntry(
            "group",
            "text",
            "",
            title="Station or sensor",
            help="The column that tells several series apart. Empty: as detected where times occur more than once.",
            advanced=True,
        ),
        *(structs.replace(param, advanced=True) for param in (*FORMAT_PARAMS, BAD_NUMBERS)),
    ),
    suffixes=(".csv", ".tsv", ".tab", ".txt"),
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Windows of the file's columns."""
    path = path_of(text(params, "path"), folder)
    check_file(path)
    written = detect(path, wishes_of(params))
    table = read_table(path, written, progress, (), text(params, "bad_numbers") == "missing")
    progress("Cutting windows", None)
    raw = read_series(path.stem, table, params)
    numbers = sum(column.numbers is not None for column in table.columns)
    found = describe(written, numbers, len(table.columns) - numbers)
    raw.detected["File"] = f"{found['Encoding']}, {found['Delimiter']}, header {found['Header']}; {found['Types']}"
    return raw


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The file."""
    return (path_of(text(params, "path"), folder),)
