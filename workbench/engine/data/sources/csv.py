"""A person's own table as CSV or TSV."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.csv_format import DELIMITERS, MISSING, Wishes, describe, detect
from workbench.engine.data.csv_table import read_table
from workbench.engine.data.files import check_file
from workbench.engine.data.params import path_of, text, texts
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="csv",
    title="Table (CSV, TSV)",
    group="own",
    summary="A table of yours as text. Header, delimiter and types are detected; you choose what is to be learned.",
    params=(
        ParamEntry("path", "text", required=True, help="The file, absolute or from the project's folder."),
        ParamEntry(
            "delimiter",
            "choice",
            "auto",
            choices=("auto", *DELIMITERS.values()),
            choice_titles=("As detected", *(name.capitalize() for name in DELIMITERS.values())),
            help="What stands between two cells.",
        ),
        ParamEntry(
            "header",
            "choice",
            "auto",
            choices=("auto", "yes", "no"),
            choice_titles=("As detected", "First row", "None"),
            help="Whether the first row names the columns.",
        ),
        ParamEntry(
            "decimal",
            "choice",
            "auto",
            choices=("auto", "point", "comma"),
            choice_titles=("As detected", "Point", "Comma"),
            title="Decimal sign",
            help="The decimal sign of the numbers.",
        ),
        ParamEntry(
            "encoding",
            "choice",
            "auto",
            choices=("auto", "utf-8", "utf-16", "latin-1"),
            choice_titles=("As detected", "UTF-8", "UTF-16", "Latin-1"),
            help="How letters are stored.",
            advanced=True,
        ),
        ParamEntry(
            "missing_values",
            "texts",
            MISSING,
            title="Cells that are missing",
            help="Cells that mean: there is no value.",
            advanced=True,
        ),
        ParamEntry(
            "text_columns", "texts", (), title="Read as text", help="Columns to read as text even if they hold numbers."
        ),
        ParamEntry(
            "bad_numbers",
            "choice",
            "error",
            choices=("error", "missing"),
            choice_titles=("Is an error", "Is missing"),
            title="Text among numbers",
            help="What to do with text in a column of numbers: stop with an error, or take it as missing.",
        ),
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
    table = read_table(path, written, progress, texts(params, "text_columns"), text(params, "bad_numbers") == "missing")
    numbers = sum(column.numbers is not None for column in table.columns)
    detected = describe(written, numbers, len(table.columns) - numbers)
    return RawData(title=path.stem, form="table", table=table, detected=detected, notes=table.notes)


def wishes_of(params: Params) -> Wishes:
    """What the person says of the file's format."""
    delimiters = {name: sign for sign, name in DELIMITERS.items()}
    encoding, header = text(params, "encoding"), text(params, "header")
    return Wishes(
        encoding=None if encoding == "auto" else {"utf-8": "utf-8-sig"}.get(encoding, encoding),
        delimiter=delimiters.get(text(params, "delimiter")),
        header=None if header == "auto" else header == "yes",
        decimal={"point": ".", "comma": ","}.get(text(params, "decimal")),
        missing=texts(params, "missing_values"),
    )


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The file."""
    return (path_of(text(params, "path"), folder),)
