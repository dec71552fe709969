"""Tells which columns of a text table hold dates, before it is opened, and shows their numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from workbench.domain.values import Value
from workbench.engine.data.csv_format import looks_like_number
from workbench.engine.data.csv_table import column_names, rows_of
from workbench.engine.data.dates import Found, Written, find_written
from workbench.engine.data.params import text
from workbench.engine.data.raw import CsvFormat, Params
from workbench.engine.data.table_dates import date_names, order_of

_LOOKED_AT = 2_000


@dataclass(frozen=True)
class Dated:
    """The columns of a table and some of its rows with numbers in the places of dates; `plain` are the columns that
    are none of those, and `params` say that dates are to become numbers, where there are any."""

    params: dict[str, Value]
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    plain: tuple[str, ...]


def look_for_dates(
    names: Sequence[str], rows: Sequence[Sequence[str]], written: CsvFormat, params: Mapping[str, Value]
) -> Dated:
    """What becomes of dates in some rows of a table, whose parameters are empty as long as it is not opened."""
    wish = str(params.get("dates", "text" if "path" in params else "auto"))
    dates = _found(rows, written, wish) if wish != "text" else {}
    found = {place: each.written for place, each in dates.items() if each.written is not None}
    parts = dict(zip(found, date_names(names, list(found)), strict=True))
    plain = tuple(name for place, name in enumerate(names) if place not in found)
    shown = [name for place, name in enumerate(names) for name in parts.get(place, (name,))]
    lines = tuple(
        tuple(cell for place, text in enumerate(row) for cell in _cells(text, found.get(place))) for row in rows
    )
    return Dated({"dates": "auto"} if dates else {}, tuple(shown), lines, plain or tuple(shown))


def likely_dates(path: Path, written: CsvFormat, params: Params) -> tuple[str, ...]:
    """The columns that hold dates, by the first rows, where dates are to become numbers."""
    if text(params, "dates") == "text":
        return ()
    names, _ = column_names(path, written)
    with rows_of(path, written) as rows:
        shown = list(islice(rows, _LOOKED_AT))
    return tuple(names[place] for place in _found(shown, written, text(params, "dates")) if place < len(names))


def _found(rows: Sequence[Sequence[str]], written: CsvFormat, wish: str) -> dict[int, Found]:
    """How the dates of each column are written that holds some."""
    missing = {token.strip().lower() for token in written.missing}
    found: dict[int, Found] = {}
    for place, cells in enumerate(zip(*rows, strict=False)):
        texts = sorted({cell.strip() for cell in cells if cell.strip().lower() not in missing})
        dates = None if not texts or looks_like_number(texts, written) else find_written(texts, order_of(wish))
        if dates is not None:
            found[place] = dates
    return found


def _cells(given: str, written: Written | None) -> list[str]:
    if written is None:
        return [given.strip()]
    try:
        return [f"{part:.10g}" for part in written.parts(given)]
    except ValueError:
        return ["", "", ""]
