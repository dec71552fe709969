"""What a source plug-in gives: raw data as the person knows them, before any split or scaling."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from sys import getsizeof
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.domain.catalogue import SourceEntry
from workbench.domain.dataset import Form, StepSpec, Task
from workbench.domain.values import Value

if TYPE_CHECKING:
    from workbench.engine.data.stream import Stream

AnyArray: TypeAlias = NDArray[Any]
Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.int64]
Params: TypeAlias = Mapping[str, Value]
Progress: TypeAlias = Callable[[str, float | None], None]
DATE_PARTS = ("days", "day of year", "weekday")
USUAL_TOKENS = StepSpec("tokenize")


def bytes_of(array: AnyArray) -> int:
    """Memory that an array takes; texts, of dtype object, with what they hold."""
    return array.nbytes + (sum(map(getsizeof, array)) if array.dtype.kind == "O" else 0)


def no_progress(text: str, fraction: float | None) -> None:
    """A progress callback for those who do not watch."""


@dataclass(frozen=True)
class Column:
    """One column of a table. A number column has `numbers` (NaN where missing), a text column `codes` into the sorted
    `categories` (−1 where missing). `whole` says that all numbers are whole ones."""

    name: str
    numbers: Floats | None = None
    codes: NDArray[np.int32] | None = None
    categories: tuple[str, ...] = ()
    whole: bool = False

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which rows have no value here."""
        if self.numbers is not None:
            return np.isnan(self.numbers)
        assert self.codes is not None
        return self.codes < 0


@dataclass(frozen=True)
class CsvFormat:
    """How a text table is written. `header` says whether the first row names the columns; `decimal` is "." or ","."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    header: bool = True
    decimal: str = "."
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class DateColumn:
    """Dates of a column that was called `name` and became columns of numbers, one for each of DATE_PARTS, from
    `position` on; `written` says how they are written, as `dates` calls it."""

    name: str
    position: int
    written: str = "year_first"


@dataclass(frozen=True)
class Table:
    """The columns of a file, all of `rows` rows, in the file's order. `opening` is Python source that defines `rows`,
    the rows as lists of texts; empty for a text table as it is written, whose source comes from `format`. `dates` tells
    which columns were dates."""

    columns: tuple[Column, ...]
    rows: int
    path: Path
    format: CsvFormat
    notes: tuple[str, ...] = ()
    opening: str = ""
    dates: tuple[DateColumn, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Windows:
    """What is known of windows cut from series: how far `ahead` of a window its targets lie (`horizon` in steps), how
    long a `step` is, what the `targets` are called. `times` (n,) are the places of the targets on the grid of time,
    which `caption` tells to a person; `owners` (n,) count the `stations`, which are empty for a single series.
    `of_file` reads the last windows of a new table, with what each is called."""

    horizon: int
    step: str
    ahead: str
    targets: tuple[str, ...]
    times: Indices
    caption: Callable[[int], str]
    stations: tuple[str, ...]
    owners: Indices
    of_file: Callable[[Path], "tuple[NDArray[np.float32], tuple[str, ...]]"] | None = None


@dataclass(frozen=True)
class SplitKey:
    """What samples can be split by: `column` has a value for each of them. `lines` are Python source that goes on from
    a source's script and defines `key` (n,): the same as texts, "" where missing, or as numbers."""

    column: Column
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RawData:
    """Arrays `x`, `y` (and `x_test`, `y_test` where the source has a test set of its own), or a `table` from which the
    project picks its columns.

    `x` is (n, …), pictures are (n, height, width, channels), texts (n,) Python strings in an array of objects. `y` is
    (n,) or (n, k): class numbers into `classes` where those are given, else text or numbers; (n, height, width) or (n,
    height, width, channels) where each dot has a class number or numbers; None where there are only inputs. `names` are
    what the columns of points and tables are called. `task` None means: to be inferred. `full_scale` is the largest
    value that a picture's dot can have. `ordered` says that the samples stand in the order of time: the first are for
    training then, the last for testing; `windows` says when each of them is, where they were cut from series.
    `tokenize` is how texts become numbers where the project says nothing of it; `continuation` says that the class is
    what follows a text. `keys` are what the samples but those of an own test set can be split by; `parts` (rows,) says
    for the rows of a table that came from several files which part each is for, as its number in PARTS. With `stream`
    all of this is but a sample, and the rest is read piece by piece. `script` is Python source that defines the same
    arrays; a table has none, it is written once the columns are chosen.
    """

    title: str
    form: Form
    x: AnyArray | None = None
    y: AnyArray | None = None
    x_test: AnyArray | None = None
    y_test: AnyArray | None = None
    table: Table | None = None
    classes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    target: str = ""
    task: Task | None = None
    full_scale: float | None = None
    ordered: bool = False
    windows: Windows | None = None
    tokenize: StepSpec = USUAL_TOKENS
    continuation: bool = False
    stream: "Stream | None" = None
    keys: tuple[SplitKey, ...] = ()
    parts: Indices | None = None
    detected: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    script: str = ""

    @property
    def bytes(self) -> int:
        """Memory that these data take."""
        arrays = [a for a in (self.x, self.y, self.x_test, self.y_test) if a is not None]
        for column in self.table.columns if self.table else ():
            arrays += [a for a in (column.numbers, column.codes) if a is not None]
        return sum(bytes_of(array) for array in arrays)


class Source(Protocol):
    """What a plug-in file in `sources/` has."""

    ENTRY: SourceEntry

    def read(self, params: Params, folder: Path | None, progress: Progress) -> RawData:
        """The data. `params` are checked against the entry and complete; relative paths in them start from `folder`.
        Raises DataError, and whatever `progress` raises to cancel."""
        ...

    def files(self, params: Params, folder: Path | None) -> tuple[Path, ...]:
        """The files and folders that the data come from, so that a change of theirs is noticed."""
        ...
