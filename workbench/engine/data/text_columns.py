"""Tells which column of a table holds texts to read, and which one is to be learned from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from workbench.engine.data.csv_table import rows_of
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import CsvFormat
from workbench.engine.data.table import suggest_target

_LOOKED_AT = 200


@dataclass(frozen=True)
class TextColumns:
    """Positions of the texts and of what is learned."""

    text: int
    target: int


def find_columns(
    path: Path, written: CsvFormat, names: Sequence[str], text: str | None, target: str | None
) -> TextColumns:
    """The columns that a person named; else the column with the longest texts, and the one of the others that looks
    most like a target. Raises DataError on an unknown name, and where there are no two columns."""
    if len(names) < 2:
        raise DataError(
            f"{path.name} has only one column; a column of texts and one to learn are needed. Choose another file."
        )
    for name in (text, target):
        if name and name not in names:
            known = ", ".join(f"“{each}”" for each in names[:12]) + (" …" if len(names) > 12 else "")
            raise DataError(f"{path.name} has no column “{name}”. Choose from: {known}.")
    if text and text == target:
        raise DataError(f"“{text}” cannot be both the text and what is learned. Choose another column.")
    if text:
        place = names.index(text)
    else:
        with rows_of(path, written) as rows:
            shown = list(islice(rows, _LOOKED_AT))
        lengths = [sum(len(row[place]) for row in shown if place < len(row)) for place in range(len(names))]
        place = max((place for place in range(len(names)) if names[place] != target), key=lambda place: lengths[place])
    others = tuple(name for number, name in enumerate(names) if number != place)
    return TextColumns(place, names.index(target or suggest_target(others)))
