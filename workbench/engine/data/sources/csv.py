"""A person's own table as CSV or TSV."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.csv_format import describe, detect
from workbench.engine.data.csv_params import BAD_NUMBERS, FORMAT_PARAMS, wishes_of
from workbench.engine.data.csv_pieces import ENCODINGS
from workbench.engine.data.csv_stream import read_csv_stream
from workbench.engine.data.csv_table import read_table
from workbench.engine.data.files import check_file
from workbench.engine.data.inspect_dates import likely_dates
from workbench.engine.data.limits import LARGE_FILE, memory_budget
from workbench.engine.data.params import READING, path_of, text, texts
from workbench.engine.data.raw import CsvFormat, Params, Progress, RawData
from workbench.engine.data.table_dates import DATES, find_dates, with_dates

ENTRY = SourceEntry(
    kind="csv",
    title="Table (CSV, TSV)",
    group="own",
    summary="A table of yours as text. Header, delimiter and types are detected; you choose what is to be learned.",
    params=(
        ParamEntry("path", "text", required=True, help="The file, absolute or from the project's folder."),
        *FORMAT_PARAMS,
        ParamEntry(
            "text_columns", "texts", (), title="Read as text", help="Columns to read as text even if they hold numbers."
        ),
        BAD_NUMBERS,
        DATES,
        READING,
    ),
    suffixes=(".csv", ".tsv", ".tab", ".txt"),
    table=True,
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """The columns of the file."""
    path = path_of(text(params, "path"), folder)
    check_file(path)
    wishes = wishes_of(params)
    written = detect(path, wishes)
    if _in_pieces(path, written, text(params, "reading")):
        return read_csv_stream(path, written, params, progress)
    kept, bad_is_missing = texts(params, "text_columns"), text(params, "bad_numbers") == "missing"
    likely = likely_dates(path, written, params) if bad_is_missing else ()  # else dates are bad numbers, and missing
    table = read_table(path, written, progress, (*kept, *likely), bad_is_missing)
    table = with_dates(table, find_dates(table, params, kept), bad_is_missing)
    numbers = sum(column.numbers is not None for column in table.columns)
    detected = describe(written, numbers, len(table.columns) - numbers)
    return RawData(title=path.stem, form="table", table=table, detected=detected, notes=table.notes)


def _in_pieces(path: Path, written: CsvFormat, reading: str) -> bool:
    if reading != "auto":
        return reading == "pieces"
    size = path.stat().st_size
    return written.encoding in ENCODINGS and size > min(LARGE_FILE, memory_budget() // 2)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The file."""
    return (path_of(text(params, "path"), folder),)
