"""What the sources of series share: their parameters, and the way from a table to windows."""

from dataclasses import replace
from functools import partial
from typing import cast

import numpy as np

from workbench.domain.catalogue import ParamEntry
from workbench.engine.data.params import text, texts, whole
from workbench.engine.data.raw import Column, Params, RawData, SplitKey, Table, Windows
from workbench.engine.data.series import Clock, Cut, Gaps, cut_windows
from workbench.engine.data.series_columns import Picked, pick_columns
from workbench.engine.data.series_new import Recipe, last_windows
from workbench.engine.data.series_script import series_script
from workbench.engine.data.series_time import Grid, find_time, on_grid, read_times

MAX_LENGTH = 10_000
MAX_AHEAD = 1_000_000


def window_params(length: int, stride: int, horizon: int, gaps: Gaps) -> tuple[ParamEntry, ...]:
    """The parameters that say how windows are cut, with these defaults."""

    def steps(name: str, default: int, high: int, text: str, title: str = "") -> ParamEntry:
        return ParamEntry(name, "int", default, low=1, high=high, title=title, help=text)

    ahead = "How far behind the last step of the window the value lies that is to be learned."
    apart = "Steps from the beginning of a window to that of the next; a larger stride gives fewer windows."
    return (
        steps("length", length, MAX_LENGTH, "Steps of time that go in at once.", "Window"),
        steps("horizon", horizon, MAX_AHEAD, ahead, "Steps ahead"),
        steps("stride", stride, MAX_AHEAD, apart),
        ParamEntry(
            "gaps",
            "choice",
            gaps,
            choices=("drop", "last", "linear"),
            choice_titles=("Leave out the window", "Last known value", "Straight line"),
            title="Missing inputs",
            help="What to do with missing values and missing rows. What is to be learned is never made up.",
        ),
        ParamEntry(
            "clock",
            "choice",
            "auto",
            choices=("auto", "none", "day", "year", "both"),
            choice_titles=("As fits", "None", "Time of day", "Time of year", "Both"),
            title="Clock as input",
            help="Tell the network the time as sine and cosine. As fits: the time of day where steps are shorter than "
            "a day, the time of year where the data last two years or more.",
        ),
    )


def read_series(title: str, table: Table, params: Params) -> RawData:
    """Windows of a table, as the parameters say. Raises DataError."""
    found = find_time(table, texts(params, "time"))
    ticks, known = read_times(table, found)
    picked = pick_columns(
        table,
        found,
        ticks,
        inputs=texts(params, "inputs"),
        targets=texts(params, "targets"),
        group=text(params, "group"),
    )
    grid = on_grid(found, ticks, known, picked.owners)
    cut = Cut(
        whole(params, "length"),
        whole(params, "stride"),
        whole(params, "horizon"),
        cast("Gaps", text(params, "gaps")),
        cast("Clock", text(params, "clock")),
    )
    raw, cycles = cut_windows(title, table, grid, picked, cut)
    script = series_script(table, grid, picked, cut, cycles, params.get("bad_numbers") == "missing")
    assert raw.windows is not None
    recipe = Recipe(
        time=tuple(table.columns[position].name for position in found.positions),
        group=None if picked.group is None else table.columns[picked.group].name,
        inputs=tuple(table.columns[position].name for position in picked.inputs),
        cut=cut,
        step=grid.step,
        months=grid.months,
        cycles=cycles,
        missing=table.format.missing,
    )
    windows = replace(raw.windows, of_file=partial(last_windows, recipe))
    detected = _detected(table, grid, picked, cut, raw)
    return replace(raw, script=script, detected=detected, windows=windows, keys=_keys(table, picked, raw.windows))


def _keys(table: Table, picked: Picked, windows: Windows) -> tuple[SplitKey, ...]:
    """Windows can be split by what tells the series apart."""
    if picked.group is None:
        return ()
    owners = Column(table.columns[picked.group].name, codes=windows.owners.astype(np.int32), categories=picked.names)
    return (SplitKey(owners, ("key = owners",)),)


def _detected(table: Table, grid: Grid, picked: Picked, cut: Cut, raw: RawData) -> dict[str, str]:
    time = ", ".join(table.columns[position].name for position in grid.columns.positions)
    places = grid.places[grid.fits]
    detected = {
        "Time": time or "the order of the rows",
        "Span": f"{grid.caption(int(places.min()))} … {grid.caption(int(places.max()))}",
        "Step": grid.step_text,
    }
    if picked.group is not None:
        shown = ", ".join(picked.names[:6]) + (" …" if len(picked.names) > 6 else "")
        detected["Series"] = f"{len(picked.names)} by “{table.columns[picked.group].name}”: {shown}"
    detected["Target"] = f"{raw.target}, {grid.span(cut.horizon)} ahead"
    return detected
