"""The JSON documents of the verbs. `train` writes events of the protocol instead, one a line."""

import msgspec

from workbench.domain.dataset import Part
from workbench.domain.difference import Difference
from workbench.domain.folds import Spread
from workbench.domain.run import RunRecord
from workbench.domain.weights_report import WeightsReport
from workbench.protocol.payloads import Prediction


class SampleDocument(msgspec.Struct, frozen=True):
    """A sample that comes with the workbench; `name` is what `workbench new` takes."""

    name: str
    title: str
    description: str


class SamplesDocument(msgspec.Struct, frozen=True):
    """`workbench samples`"""

    samples: tuple[SampleDocument, ...]


class NewDocument(msgspec.Struct, frozen=True):
    """`workbench new`; `data` are the facts that were found out by loading a file of the person's own."""

    project: str
    name: str
    task: str | None = None
    input_shape: tuple[int, ...] | None = None
    classes: tuple[str, ...] = ()
    target: str | None = None


class LayerDocument(msgspec.Struct, frozen=True):
    """A layer as Keras counts it; its shape has the batch first, which is null as all free axes."""

    name: str
    type: str
    output_shape: tuple[int | None, ...]
    params: int


class SummaryDocument(msgspec.Struct, frozen=True):
    """`workbench summary`"""

    layers: tuple[LayerDocument, ...]
    total_params: int
    trainable_params: int
    non_trainable_params: int


class EvaluateDocument(msgspec.Struct, frozen=True):
    """`workbench evaluate`"""

    run: str
    part: Part
    metrics: dict[str, float]


class PredictDocument(msgspec.Struct, frozen=True):
    """`workbench predict`"""

    run: str
    classes: tuple[str, ...]
    predictions: tuple[Prediction, ...]


class RunsDocument(msgspec.Struct, frozen=True):
    """`workbench runs`"""

    project: str
    runs: tuple[RunRecord, ...]


class CompareDocument(msgspec.Struct, frozen=True):
    """`workbench compare`"""

    project: str
    differences: tuple[Difference, ...]


class ReportDocument(msgspec.Struct, frozen=True):
    """`workbench report`"""

    path: str


class UnreadDocument(msgspec.Struct, frozen=True):
    """What of a script could not be read, at which line."""

    line: int
    sentence: str


class ImportDocument(msgspec.Struct, frozen=True):
    """`workbench import`; `run` has the weights, null where the file has none. `unread` is of scripts only. `sealed`:
    it is one sealed layer, which has its weights in itself."""

    project: str
    name: str
    run: str | None
    unread: tuple[UnreadDocument, ...] = ()
    sealed: bool = False


class WeightsDocument(msgspec.Struct, frozen=True):
    """`workbench weights`"""

    project: str
    report: WeightsReport


class BaseDocument(msgspec.Struct, frozen=True):
    """`workbench base`"""

    project: str
    name: str
    source: str
    layers: int


class ExportDocument(msgspec.Struct, frozen=True):
    """`workbench export`; `run` is null for a script and for data, which need none. `notes` and `difference` tell of
    what was opened again: how far its answers lie from those of the workbench at most."""

    run: str | None
    to: str
    path: str
    notes: tuple[str, ...] = ()
    difference: float | None = None


class PruneDocument(msgspec.Struct, frozen=True):
    """`workbench prune`: `layers` are those of the changed network that have weights; `kept` is the run made of it,
    null where none was asked for."""

    run: str
    part: str
    layers: tuple[str, ...]
    before: dict[str, float]
    after: dict[str, float]
    params_before: int
    params_after: int
    kept: str | None


class CleanDocument(msgspec.Struct, frozen=True):
    """`workbench clean`: files of kept weights with their bytes, those that nothing needs and those that only runs
    need; `trash` is the folder that the first were moved into, null where nothing was moved."""

    project: str
    unused: dict[str, int]
    for_runs: dict[str, int]
    trash: str | None


class SeriesDocument(msgspec.Struct, frozen=True, tag="series_ended", tag_field="event"):
    """The last line of `workbench train --json` for a project with folds: what their runs say together, after the last
    and after the best epoch of each."""

    series: str
    folds: int
    runs: tuple[str, ...]
    last: dict[str, Spread]
    best: dict[str, Spread]
