"""A person's own table as CSV or TSV."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.csv_format import describe, detect
from workbench.engine.data.csv_params import BAD_NUMBERS, FORMAT_PARAMS, wishes_of
from workbench.engine.data.csv_pieces import ENCODINGS
from workbench.engine.data.csv_stream import read_csv_stream
from workbench.engine.data.csv_table import read_table
from workbench.engine.data.files import check_file
from workbench.engine.data.limits import LARGE_FILE, memory_budget
from workbench.engine.data.params import READING, path_of, text, texts
from workbench.engine.data.raw import CsvFormat, Params, Progress, RawData

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
        return read_csv_stream(path, written, texts(params, "text_columns"), progress)
    table = read_table(path, written, progress, texts(params, "text_columns"), text(params, "bad_numbers") == "missing")
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
