"""A sheet of a person's own Excel workbook."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.excel_book import excel_records
from workbench.engine.data.params import path_of, text
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.typed_table import TABLE_PARAMS, read_records

ENTRY = SourceEntry(
    kind="excel",
    title="Table (Excel)",
    group="own",
    summary="A sheet of a workbook, with the results of its formulas as Excel saved them. It needs openpyxl.",
    params=(
        ParamEntry("path", "text", required=True, help="The file, absolute or from the project's folder."),
        ParamEntry("sheet", "text", optional=True, title="Sheet", help="The sheet to read; the first when left empty."),
        ParamEntry(
            "header",
            "choice",
            "auto",
            choices=("auto", "yes", "no"),
            choice_titles=("As detected", "First row", "None"),
            help="Whether the first row names the columns.",
        ),
        *TABLE_PARAMS,
    ),
    suffixes=(".xlsx", ".xlsm"),
    table=True,
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """The columns of the sheet."""
    path = path_of(text(params, "path"), folder)
    return read_records(excel_records(path, params, progress), params, progress)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The file."""
    return (path_of(text(params, "path"), folder),)
