"""What the plug-ins of bundled data share."""

from pathlib import Path
from typing import cast

from workbench.domain.catalogue import SourceEntry
from workbench.domain.dataset import Task
from workbench.domain.resources import resource
from workbench.engine.data.arrays import read_npz
from workbench.engine.data.csv_table import read_table
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray, CsvFormat, Progress, RawData, no_progress
from workbench.engine.data.source_text import text_literal


def bundled_file(name: str) -> Path:
    """The path of a bundled data file. Raises DataError when the installation lost it."""
    path = resource(f"data/{name}")
    if not path.is_file():
        raise DataError(f"The bundled file {name} is missing. Install the workbench again.", str(path))
    return path


def bundled_arrays(name: str, arrays: tuple[str, ...]) -> dict[str, AnyArray]:
    """Some arrays of a bundled NPZ file."""
    return read_npz(bundled_file(name), arrays, no_progress)


def bundled_table(entry: SourceEntry, name: str, progress: Progress) -> RawData:
    """A bundled table, whose last column is to be learned."""
    table = read_table(bundled_file(name), CsvFormat(encoding="utf-8"), progress)
    return RawData(
        title=entry.title,
        form="table",
        table=table,
        target=table.columns[-1].name,
        task=cast("Task", entry.task),
    )


def picture_script(name: str, own_test: bool) -> str:
    """Python source that reads the grey pictures of a bundled NPZ file."""
    pairs = (
        [("x_train", "x"), ("y_train", "y"), ("x_test", "x_test"), ("y_test", "y_test")]
        if own_test
        else [("x", "x"), ("y", "y")]
    )
    lines = [
        "import numpy as np",
        "",
        f"DATA = {text_literal(str(bundled_file(name)))}",
        "",
        "with np.load(DATA) as arrays:",
    ]
    for array, variable in pairs:
        value = f'arrays["{array}"]'
        lines.append(
            f"    {variable} = {value}[..., None]" if array.startswith("x") else f"    {variable} = {value}.astype(int)"
        )
    return "\n".join(lines) + "\n"
