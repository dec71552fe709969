"""Writes the Python source that cuts a table of measurements over time into windows, with csv, datetime and numpy
alone. It repeats the lines of `series.py` and `series_time.py`."""

from collections.abc import Sequence

from workbench.engine.data.csv_format import MISSING
from workbench.engine.data.raw import Table
from workbench.engine.data.series import Cut
from workbench.engine.data.series_columns import Picked
from workbench.engine.data.series_time import SECOND, Grid
from workbench.engine.data.source_text import comment, list_literal, text_literal


def series_script(
    table: Table, grid: Grid, picked: Picked, cut: Cut, cycles: Sequence[float], bad_is_missing: bool
) -> str:
    """Source that defines `x` (windows, length, columns) and `y` as `cut_windows` gives them."""
    several = picked.group is not None
    parts = [
        _opening(table, grid),
        _numbers(table, bad_is_missing),
        _time(table, grid),
        _owners(table, picked),
        _columns(table, picked),
        _cut(grid, cut, cycles, several),
        _arrays(cut, len(picked.targets), several),
    ]
    return "\n".join(parts)


def _opening(table: Table, grid: Grid) -> str:
    written = table.format
    packed = table.path.suffix == ".gz"
    imports = ["import csv", *(["import gzip"] if packed else [])]
    if grid.columns.how == "text":
        imports.append("import re")
    if grid.dated:
        imports.append("from datetime import datetime, timedelta, timezone")
    call = 'gzip.open(DATA, "rt"' if packed else "open(DATA"
    return "\n".join(
        [
            *imports,
            "",
            "import numpy as np",
            "",
            f"DATA = {text_literal(str(table.path))}",
            "",
            f'with {call}, encoding="{written.encoding}", newline="") as file:',
            f"    lines = csv.reader(file, delimiter={text_literal(written.delimiter)}, skipinitialspace=True)",
            "    rows = [row for row in lines if row]"
            + ("[1:]  # the first row names the columns" if written.header else ""),
            "",
        ]
    )


def _numbers(table: Table, bad_is_missing: bool) -> str:
    written = table.format
    tokens = sorted({token.strip().lower() for token in written.missing or MISSING})
    convert = 'float(cell.replace(",", "."))' if written.decimal == "," else "float(cell)"
    lines = [f"MISSING = {list_literal(tokens)}", "", "", "def number(cell):"]
    if bad_is_missing:
        lines += [
            "    try:",
            f"        return np.nan if cell.strip().lower() in MISSING else {convert}",
            "    except ValueError:",
            "        return np.nan",
        ]
    else:
        lines.append(f"    return np.nan if cell.strip().lower() in MISSING else {convert}")
    return "\n".join([*lines, "", ""])


EPOCH_LINE = "EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)\n"
TEXT_TICKS = """
def microseconds(text):
    text = text.replace("/", "-") if text[:4].isdigit() else text
    day_first = re.fullmatch(r"(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})(.*)", text, re.DOTALL)
    if day_first:
        day, month, year, rest = day_first.groups()
        text = f"{year}-{month:0>2}-{day:0>2}{rest}"
    if re.fullmatch(r"\\d{4}-\\d{2}", text):
        text += "-01"
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return (moment - EPOCH) // timedelta(microseconds=1)

"""
_PART_TICKS = """
def microseconds(parts):
    moment = datetime(**{"month": 1, "day": 1, **parts}, tzinfo=timezone.utc)
    return (moment - EPOCH) // timedelta(microseconds=1)

"""


def _time(table: Table, grid: Grid) -> str:
    """Lines that define `place` (rows,) and `fits`, which rows stand on the even grid of time."""
    positions = grid.columns.positions
    if grid.columns.how == "order":
        return "place = np.arange(len(rows))  # the rows stand in the order of time\nfits = np.ones(len(rows), bool)\n"
    known = " and ".join(f"row[{p}].strip().lower() not in MISSING" for p in positions)
    lines = [f"fits = np.array([{known} for row in rows])"]
    head = ""
    if grid.columns.how == "text":
        head = EPOCH_LINE + "\n" + TEXT_TICKS + "\n"
        value = f"microseconds(row[{positions[0]}].strip())"
    elif grid.columns.how == "parts":
        head = EPOCH_LINE + "\n" + _PART_TICKS + "\n"
        pairs = ", ".join(f'"{table.columns[p].name.lower()}": int(number(row[{p}]))' for p in positions)
        value = f"microseconds({{{pairs}}})"
    else:
        value = f"int(np.rint(number(row[{positions[0]}]) * {SECOND}))"
    lines.append(f"time = np.array([{value} if known else 0 for row, known in zip(rows, fits)])")
    if grid.months:
        lines.append('time = time.astype("datetime64[us]").astype("datetime64[M]").astype(int) + 1970 * 12')
    unit = grid.step_text if grid.dated else "the step between two rows"
    lines += [
        f"STEP, OFFSET = {grid.step}, {grid.offset}  # {unit}",
        "fits &= time % STEP == OFFSET",
        "place = (time - OFFSET) // STEP",
        "",
    ]
    return head + "\n".join(lines)


def _owners(table: Table, picked: Picked) -> str:
    if picked.group is None:
        return "owner = np.zeros(len(rows), int)\n"
    column = table.columns[picked.group]
    name = comment(column.name)
    if column.codes is not None:
        return (
            f"names = [row[{picked.group}].strip() for row in rows]  # {name}\n"
            "owner = np.unique(names, return_inverse=True)[1]\n"
            "fits &= np.array([name.lower() not in MISSING for name in names])\n"
        )
    return (
        f"names = np.array([number(row[{picked.group}]) for row in rows])  # {name}\n"
        "owner = np.unique(names, return_inverse=True)[1]\n"
        "fits &= ~np.isnan(names)\n"
    )


def _columns(table: Table, picked: Picked) -> str:
    def column(position: int) -> str:
        return f"    [number(row[{position}]) for row in rows],  # {comment(table.columns[position].name)}"

    return "\n".join(
        [
            "inputs = np.array([",
            *(column(position) for position in picked.inputs),
            "]).T",
            "targets = np.array([",
            *(column(position) for position in picked.targets),
            "]).T",
            "",
        ]
    )


def _cut(grid: Grid, cut: Cut, cycles: Sequence[float], several: bool) -> str:
    lines = [
        f"LENGTH, STRIDE, HORIZON = {cut.length}, {cut.stride}, {cut.horizon}",
        "x, y, ends, owners = [], [], [], []" if several else "x, y, ends = [], [], []",
        "for one in np.unique(owner[fits]):  # no window reaches from one series into another",
        "    here = np.flatnonzero(fits & (owner == one))",
        "    steps, first = np.unique(place[here], return_index=True)",
        "    here = here[first]",
        "    truth = np.full((steps[-1] - steps[0] + 1, targets.shape[1]), np.nan)",
        "    truth[steps - steps[0]] = targets[here]",
        "    values = np.full((len(truth), inputs.shape[1]), np.nan)",
        "    values[steps - steps[0]] = inputs[here]",
    ]
    if cut.gaps == "last":
        lines += [
            "    # A missing value is the last one known before it.",
            "    seen = np.where(np.isnan(values), 0, np.arange(len(values))[:, None])",
            "    values = np.take_along_axis(values, np.maximum.accumulate(seen, axis=0), axis=0)",
        ]
    if cycles:
        lines += [
            "    ticks = (steps[0] + np.arange(len(values))) * STEP + OFFSET",
            f"    angles = [2 * np.pi * (ticks % cycle / cycle) for cycle in {list(cycles)}]",
            "    clock = np.column_stack([turn(angle) for angle in angles for turn in (np.sin, np.cos)])",
            "    values = np.column_stack([values, clock])",
        ]
    lines += [
        "    start = np.arange(0, len(values) - LENGTH - HORIZON + 1, STRIDE)",
        '    windows = values.astype("float32")[start[:, None] + np.arange(LENGTH)]',
        "    end = start + LENGTH - 1 + HORIZON",
    ]
    return "\n".join([*lines, *_kept(cut, several)])


def _kept(cut: Cut, several: bool) -> list[str]:
    """Lines that keep the windows with a known target and inputs that are known or can be filled."""
    enough = "~np.isnan(windows).any(axis=(1, 2))"
    if cut.gaps == "linear":
        enough = "~np.isnan(windows).all(axis=1).any(axis=1)"
    return [
        f"    keep = ~np.isnan(truth[end]).any(axis=1) & {enough}",
        "    x.append(windows[keep])",
        "    y.append(truth[end][keep])",
        "    ends.append(steps[0] + end[keep])",
        *(["    owners.append(np.full(keep.sum(), one))"] if several else []),
        "",
    ]


def _arrays(cut: Cut, targets: int, several: bool) -> str:
    lines = [
        "# In the order of time, over all series.",
        'order = np.argsort(np.concatenate(ends), kind="stable")',
        "x, y = np.concatenate(x)[order], np.concatenate(y)[order]",
    ]
    if several:
        lines.append("owners = np.concatenate(owners)[order]  # which series each window is of")
    if targets == 1:
        lines.append("y = y[:, 0]")
    if cut.gaps == "linear":
        lines += [
            "# What is missing lies on a straight line between its neighbours in the same window.",
            "for window, column in zip(*np.nonzero(np.isnan(x).any(axis=1))):",
            "    line = x[window, :, column]",
            "    known = ~np.isnan(line)",
            "    x[window, :, column] = np.interp(np.arange(LENGTH), np.flatnonzero(known), line[known])",
        ]
    return "\n".join([*lines, ""])
