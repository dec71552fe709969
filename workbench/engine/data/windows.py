"""Says when the windows of series are, for the pages."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from workbench.domain.dataset import PARTS, Part, SeriesInfo
from workbench.engine.data.raw import Floats, Indices, Windows

if TYPE_CHECKING:
    from workbench.engine.data.dataset import Dataset


def describe_windows(windows: Windows, indices: Mapping[Part, Indices]) -> SeriesInfo:
    """How the windows were cut, and when the parts (positions among all windows) begin and end."""
    filled = [part for part in PARTS if len(indices[part])]
    ends = {part: windows.times[indices[part][[0, -1]]] for part in filled}
    places = {part: _shares(windows, ends[part]).tolist() for part in filled}
    return SeriesInfo(
        horizon=windows.horizon,
        ahead=windows.ahead,
        step=windows.step,
        targets=windows.targets,
        spans={part: (windows.caption(int(ends[part][0])), windows.caption(int(ends[part][1]))) for part in filled},
        bounds={part: (places[part][0], places[part][1]) for part in filled},
    )


def window_captions(dataset: "Dataset", part: Part, places: Indices) -> tuple[str, ...]:
    """The station and the time of the target of some windows of a part; nothing for other data."""
    windows = dataset.source.windows
    if windows is None:
        return ()
    positions = dataset.indices[part][places]
    times = [windows.caption(time) for time in windows.times[positions].tolist()]
    if not windows.stations:
        return tuple(times)
    owners = windows.owners[positions].tolist()
    return tuple(f"{windows.stations[owner]}, {time}" for owner, time in zip(owners, times, strict=True))


def window_times(dataset: "Dataset", part: Part, places: Indices) -> tuple[float, ...]:
    """Where in all of the time the targets of some windows lie, from 0 to 1; nothing for other data."""
    windows = dataset.source.windows
    if windows is None:
        return ()
    return tuple(_shares(windows, windows.times[dataset.indices[part][places]]).tolist())


def _shares(windows: Windows, times: Indices) -> Floats:
    first, last = windows.times[0], windows.times[-1]
    shares: Floats = (times - first) / max(1, last - first)
    return shares
