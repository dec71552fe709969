"""Writes the Python source that reads the chosen columns of a text table into numpy arrays, with nothing but csv."""

from collections.abc import Sequence

from workbench.engine.data.csv_format import MISSING
from workbench.engine.data.heads_script import heads_lines
from workbench.engine.data.labels import Target
from workbench.engine.data.raw import CsvFormat, Table
from workbench.engine.data.siphash import SOURCE as SIPHASH
from workbench.engine.data.source_text import comment, list_literal, text_literal
from workbench.engine.data.table import Feature, Selection
from workbench.engine.data.table_texts import TextFeature


def table_script(selection: Selection, target: Target, bad_is_missing: bool) -> str:
    """Source that defines `x` (NaN where values are to be filled) and `y` as the selection has them, and as `target`
    makes classes of it."""
    parts = [
        opening_of(selection.table),
        _readers(selection, bad_is_missing),
        _x_lines(selection),
        _texts_lines(selection.texts),
        heads_lines(selection, target) if target.heads else _y_lines(selection, target.task == "regression"),
    ]
    if selection.texts and selection.dropped:
        parts.append("texts = texts[complete]\n")
    return "\n".join(part for part in parts if part)


def opening_of(table: Table) -> str:
    """Source that defines `rows`, the rows of a table as lists of texts."""
    if table.opening:
        return table.opening
    written = table.format
    encoding = "utf-8" if written.encoding == "utf-8" else written.encoding
    lines = [
        "import csv",
        "",
        "import numpy as np",
        "",
        f"DATA = {text_literal(str(table.path))}",
        "",
        f'with open(DATA, encoding="{encoding}", newline="") as file:',
        f"    lines = csv.reader(file, delimiter={text_literal(written.delimiter)}, skipinitialspace=True)",
        "    rows = [row for row in lines if row]"
        + ("[1:]  # the first row names the columns" if written.header else ""),
    ]
    return "\n".join(lines) + "\n"


def _missing_anywhere(selection: Selection) -> bool:
    return selection.dropped or selection.has_missing


def _readers(selection: Selection, bad_is_missing: bool) -> str:
    """The functions that turn a column into numbers; only those that this table needs."""
    written = selection.table.format
    careful = _missing_anywhere(selection)
    parts: list[str] = []
    if careful or any(text.column.missing.any() for text in selection.texts):
        tokens = sorted({token.strip().lower() for token in written.missing or MISSING})
        parts.append(f"MISSING = {list_literal(tokens)}\n")
    targets = (selection.target, *(column for _, column in selection.more_targets))
    numbers = any(not feature.categories for feature in selection.features) or any(
        column is not None and column.numbers is not None for column in targets
    )
    if numbers and careful:
        parts.append(_careful_number(written, bad_is_missing))
    if numbers:
        convert = "number(cell)" if careful else _plain_number("cell", written)
        parts.append(
            "\ndef numbers(first, end):\n"
            f"    return np.array([[{convert} for cell in row[first:end]] for row in rows], dtype=float)\n"
        )
    if any(feature.categories and not feature.bins for feature in selection.features):
        parts.append(_category_function(careful))
    if any(feature.bins for feature in selection.features):
        parts.append(f"import functools\n\n\n{SIPHASH}\n{_hash_function(careful)}")
    return "\n".join(parts)


def _plain_number(cell: str, written: CsvFormat) -> str:
    return f'float({cell}.replace(",", "."))' if written.decimal == "," else f"float({cell})"


def _careful_number(written: CsvFormat, bad_is_missing: bool) -> str:
    convert = _plain_number("cell", written)
    if not bad_is_missing:
        body = f"    return np.nan if cell.strip().lower() in MISSING else {convert}\n"
    else:
        body = f"    try:\n        return np.nan if cell.strip().lower() in MISSING else {convert}\n"
        body += "    except ValueError:\n        return np.nan\n"
    return f"\ndef number(cell):\n{body}"


def _category_function(careful: bool) -> str:
    lines = [
        "\ndef categories(position, names):",
        "    cells = [row[position].strip() for row in rows]",
        "    columns = np.array([[float(cell == name) for name in names] for cell in cells])",
    ]
    if careful:
        lines.append("    columns[[cell.lower() in MISSING for cell in cells]] = np.nan")
    lines.append("    return columns\n")
    return "\n".join(lines)


def _hash_function(careful: bool) -> str:
    lines = [
        "\ndef hashed(position, bins):",
        "    cells = [row[position].strip() for row in rows]",
        "    columns = np.eye(bins)[[siphash(cell) % bins for cell in cells]]",
    ]
    if careful:
        lines.append("    columns[[cell.lower() in MISSING for cell in cells]] = np.nan")
    lines.append("    return columns\n")
    return "\n".join(lines)


def _runs(features: Sequence[Feature]) -> list[list[Feature]]:
    """Features in pieces: number columns that stand side by side together, each text column alone."""
    runs: list[list[Feature]] = []
    for feature in features:
        last = runs[-1][-1] if runs else None
        joins = last and not last.categories and not feature.categories and feature.position == last.position + 1
        if joins:
            runs[-1].append(feature)
        else:
            runs.append([feature])
    return runs


def _x_lines(selection: Selection) -> str:
    calls: list[tuple[str, str]] = []
    for run in _runs(selection.features):
        first, last = run[0], run[-1]
        name = first.column.name if first is last else f"{first.column.name} … {last.column.name}"
        if first.bins:
            call = f"hashed({first.position}, {first.bins})"
        elif first.categories:
            call = f"categories({first.position}, {list_literal(first.categories)})"
        else:
            call = f"numbers({first.position}, {last.position + 1})"
        calls.append((call, comment(name)))
    if not calls:
        return "\nx = np.empty((len(rows), 0))  # there are only texts\n"
    if len(calls) == 1:
        return f"\nx = {calls[0][0]}  # {calls[0][1]}"
    lines = ["", "x = np.column_stack(", "    ["]
    lines += [f"        {call},  # {name}" for call, name in calls]
    return "\n".join([*lines, "    ]", ")"])


def _texts_lines(texts: Sequence[TextFeature]) -> str:
    """Source that defines `texts` (rows, columns), empty ones where they are missing."""
    if not texts:
        return ""
    cells = []
    for text in texts:
        cell = f"row[{text.position}].strip()"
        known = f'"" if {cell}.lower() in MISSING else {cell}' if text.column.missing.any() else cell
        cells.append(f"        [{known} for row in rows],  # {comment(text.column.name)}")
    return "\n".join(["texts = np.array(", "    [", *cells, "    ],", "    dtype=object,", ").T", ""])


def _label_lines(selection: Selection, position: int) -> str:
    """What tells which labels each row has."""
    if selection.separator:
        sign = text_literal(selection.separator)
        lines = [
            f"LABELS = {list_literal(selection.classes)}",
            f"cells = [[part.strip() for part in row[{position}].split({sign})] for row in rows]",
            'y = np.array([[label in cell for label in LABELS] for cell in cells]).astype("uint8")',
        ]
        known = "" if not selection.dropped else "~np.isnan(x).any(axis=1)"
    else:
        places = [position, *(place for place, _ in selection.more_targets)]
        columns = ", ".join(f"numbers({place}, {place + 1})" for place in places)
        lines = [f"y = np.column_stack([{columns}])  # {', '.join(map(comment, selection.classes))}"[:2000]]
        known = "~np.isnan(y).any(axis=1)"
        if not selection.has_missing:
            known += " & ~np.isnan(x).any(axis=1)"
    if selection.dropped:
        lines += [f"complete = {known}", "x, y = x[complete], y[complete]"]
    return "\n".join(lines) + "\n"


def _y_lines(selection: Selection, regression: bool) -> str:
    if selection.target is None or selection.target_position is None:
        if selection.dropped and selection.texts:
            return "complete = ~np.isnan(x).any(axis=1)\nx = x[complete]\n"
        return "x = x[~np.isnan(x).any(axis=1)]\n" if selection.dropped else ""
    position = selection.target_position
    name = comment(selection.target.name)
    if selection.classes and selection.y is not None and selection.y.ndim == 2:
        return _label_lines(selection, position)
    text = selection.target.codes is not None
    if text:
        lines = [f"y = np.array([row[{position}].strip() for row in rows])  # {name}"]
    else:
        lines = [f"y = numbers({position}, {position + 1})[:, 0]  # {name}"]
    if selection.dropped:
        known = "np.array([cell.lower() not in MISSING for cell in y])" if text else "~np.isnan(y)"
        if len(selection.rows) and not selection.has_missing:
            known += " & ~np.isnan(x).any(axis=1)"
        lines += [f"complete = {known}", "x, y = x[complete], y[complete]"]
    if not regression:
        lines.append("classes, y = np.unique(y, return_inverse=True)")
    return "\n".join(lines) + "\n"
