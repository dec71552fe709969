"""Commands to the engine. Those with a `ticket` are answered by events that carry the same ticket.

`folder` is always the absolute path of a project folder (see `domain.store`).
"""

from typing import Literal, TypeAlias

import msgspec

from workbench.domain.applications import BaseSource
from workbench.domain.catalogue import Category
from workbench.domain.dataset import DatasetInfo, DatasetSpec, Part
from workbench.domain.input_pipeline import InputPipeline
from workbench.domain.parts.spec import Parts
from workbench.domain.project import Project
from workbench.domain.surgery import Operation
from workbench.domain.values import Value
from workbench.domain.weights_report import MatchBy
from workbench.protocol.arrays import Sample


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class Command(msgspec.Struct, frozen=True, tag=_snake, tag_field="command"):
    """What all commands share."""


class Ping(Command, frozen=True):
    """Answered at once by `Pong`, also while training."""

    ticket: int


class LoadData(Command, frozen=True):
    """Load the data (or take them from the cache) and say what was inferred: `DataLoaded` or `Failed`."""

    ticket: int
    spec: DatasetSpec
    folder: str | None = None


class InspectFile(Command, frozen=True):
    """Say how a file or folder of the person's own would be opened: `FileInspected` or `Failed`. `params` are what was
    chosen of it so far: the table of a database, the sheet of a workbook."""

    ticket: int
    path: str
    params: dict[str, Value] = {}


class ShowSamples(Command, frozen=True):
    """Some samples of a part, raw as the person knows them: `SamplesShown`. `label` keeps those of one class."""

    ticket: int
    spec: DatasetSpec
    part: Part
    start: int
    count: int
    label: int | None = None
    folder: str | None = None


class Analyse(Command, frozen=True):
    """Look at all the data at once in the way named by `kind`: `Progress`, then `Analysed` or `Failed`."""

    ticket: int
    spec: DatasetSpec
    kind: str
    folder: str | None = None


class ReportData(Command, frozen=True):
    """Write all that is known of the data as one HTML page: `Progress`, then `DataReported` or `Failed`. `path` is
    absolute; a file that is there already is replaced only with `overwrite`."""

    ticket: int
    spec: DatasetSpec
    path: str
    folder: str | None = None
    overwrite: bool = False


class Augment(Command, frozen=True):
    """One picture under `count` random changes, as the training would draw them with this seed: `Augmented` or
    `Failed`."""

    ticket: int
    spec: DatasetSpec
    part: Part
    index: int
    count: int = 24
    seed: int = 0
    folder: str | None = None


class ShowPipeline(Command, frozen=True):
    """What comes out of each stage of a pipeline over the training part, and with `measure` how fast, for about so many
    `seconds` a stage: `Progress`, then `PipelineShown` or `Failed`."""

    ticket: int
    spec: DatasetSpec
    pipeline: InputPipeline
    folder: str | None = None
    measure: bool = False
    seconds: float = 0.5


class ShowTensor(Command, frozen=True):
    """One array of the data, as it lies in memory: `TensorShown`. `what` is a single sample, the batch of
    `batch_size` samples that it is in, or the whole part; `form` "raw" as it comes in or "prepared" as the network gets
    it; `look` another way of looking at the same memory. `place` is an index along each axis; what is missing or out of
    bounds becomes the nearest that there is."""

    ticket: int
    spec: DatasetSpec
    part: Part = "train"
    index: int = 0
    what: Literal["sample", "batch", "part"] = "sample"
    form: Literal["raw", "prepared"] = "prepared"
    look: Literal["as_is", "transposed", "every_second", "reversed", "flat"] = "as_is"
    batch_size: int = 32
    place: tuple[int, ...] = ()
    folder: str | None = None


class Describe(Command, frozen=True):
    """Shapes, parameter counts and the first error of the network, without allocating weights: `Described`. `folder` is
    the project's: it has the weights that layers start with, and own parts are run where they were allowed to it."""

    ticket: int
    project: Project
    info: DatasetInfo
    folder: str | None = None


class TryPart(Command, frozen=True):
    """Build an own part of a project on sample shapes, in a process of its own: `PartTried`. `folder` is the project's,
    to which its parts must be allowed; `shape` what a layer takes, without the batch, None for a usual one."""

    ticket: int
    parts: Parts
    folder: str | None
    category: Category
    name: str
    params: dict[str, Value] = {}
    shape: tuple[int | None, ...] | None = None


class Train(Command, frozen=True):
    """Start a new run in `folder`, or resume the run named by `run`; `stop_at` pauses after one batch or epoch.

    A resumed run trains the project that it was started with; `epochs`, when given, replaces how many it trains in all.
    `series` is what the runs on several folds of the same data have in common.
    """

    project: Project
    folder: str
    run: str | None = None
    stop_at: Literal["batch", "epoch"] | None = None
    ticket: int = 0
    epochs: int | None = None
    series: str = ""


class Pause(Command, frozen=True):
    """Pause the training after the current chunk and save a checkpoint: `Paused`."""


class Continue(Command, frozen=True):
    """Go on after a pause: `Continued`."""


class Step(Command, frozen=True):
    """Train one batch, or to the end of the epoch, then pause again."""

    unit: Literal["batch", "epoch"]


class Stop(Command, frozen=True):
    """End the run after the current chunk and keep the model so far: `RunEnded`."""


class SetLearningRate(Command, frozen=True):
    """Change the learning rate of the training that runs: `LearningRateChanged`."""

    value: float


class Watch(Command, frozen=True):
    """Compute a probe on the live model several times a second, until `Unwatch`: `Probed` events with this ticket.

    A new `Watch` with the same ticket replaces the old one. It may be sent before training starts.
    """

    ticket: int
    probe: str
    params: dict[str, Value] = {}
    sample: Sample | None = None


class Unwatch(Command, frozen=True):
    """End a `Watch`."""

    ticket: int


class Probe(Command, frozen=True):
    """Compute a probe once on a trained run, `weights` "best" or "last": one `Probed`."""

    ticket: int
    folder: str
    run: str
    probe: str
    params: dict[str, Value] = {}
    sample: Sample | None = None
    weights: Literal["best", "last"] = "last"


class Evaluate(Command, frozen=True):
    """Loss and metrics of a run on one part of its data: `Evaluated`."""

    ticket: int
    folder: str
    run: str
    part: Part = "test"


class Predict(Command, frozen=True):
    """Predictions of a run for some inputs: `Predicted`."""

    ticket: int
    folder: str
    run: str
    samples: tuple[Sample, ...]


ExportKind: TypeAlias = Literal["keras", "h5", "weights", "json", "saved_model", "litert", "onnx", "script", "picture"]
Quantization: TypeAlias = Literal["none", "float16", "dynamic", "int8"]
UNROLL = "unroll"
"""The detail of an export that failed, and would not with the steps of recurrent layers laid out."""


class Export(Command, frozen=True):
    """Write the model of a run to `output`: `Exported`. Nothing is overwritten unless `overwrite`. `with_preparation`
    puts the preparation of the data into a model (`keras` and `saved_model`). Of `litert`, `quantization` says how its
    numbers are kept, and `unroll` lays out the steps of recurrent layers."""

    ticket: int
    folder: str
    run: str
    output: str
    to: ExportKind
    overwrite: bool = False
    with_preparation: bool = False
    quantization: Quantization = "none"
    unroll: bool = False


class ImportModel(Command, frozen=True):
    """Make a new project in `folder` of a `.keras` or `.h5` file, of a SavedModel (a folder, its `saved_model.pb`, or a
    ZIP), or of the JSON file of an architecture, with its weights as a run: `ModelImported`, whose `run` is empty where
    there are no weights."""

    ticket: int
    path: str
    folder: str


class Operate(Command, frozen=True):
    """Do operations on a copy of a run's `weights`, all of them anew each time, and say what they change on a part
    of the data: `Operated`. `layer` asks for its weights afterwards: of one `unit`, or where it has none of one
    `array`. With `keep` the copy becomes a run of its own with that name. The run itself is never written to."""

    ticket: int
    folder: str
    run: str
    operations: tuple[Operation, ...] = ()
    part: Part = "test"
    layer: str = ""
    unit: int | None = None
    array: int = 0
    weights: Literal["best", "last"] = "last"
    keep: str | None = None


class TakeWeights(Command, frozen=True):
    """Keep weights of a saved model in `folder` for the layers of the project to start with, matched by name or by
    their order: `WeightsTaken`, whose starts an edit gives to the layers. `title` names the source in the report."""

    ticket: int
    project: Project
    info: DatasetInfo
    folder: str
    path: str
    by: MatchBy = "name"
    title: str = ""


class MakeBase(Command, frozen=True):
    """Make a base for data whose samples have this shape, its weights kept in `folder`: `BaseMade` or `Failed`."""

    ticket: int
    source: BaseSource
    folder: str
    shape: tuple[int, ...]


class Cancel(Command, frozen=True):
    """Give up the work with this ticket; it answers with `Failed` and `cancelled` set."""

    ticket: int


class Shutdown(Command, frozen=True):
    """Pause a training with a checkpoint, then end the process."""


ViewCommand: TypeAlias = Probe | Evaluate | Predict | Export | ImportModel | TakeWeights | MakeBase | Operate
"""Commands that look at trained runs."""

AnyCommand: TypeAlias = (
    Ping
    | LoadData
    | InspectFile
    | ShowSamples
    | Analyse
    | ReportData
    | Augment
    | ShowPipeline
    | ShowTensor
    | Describe
    | TryPart
    | Train
    | Pause
    | Continue
    | Step
    | Stop
    | SetLearningRate
    | Watch
    | Unwatch
    | Probe
    | Evaluate
    | Predict
    | Export
    | ImportModel
    | Operate
    | TakeWeights
    | MakeBase
    | Cancel
    | Shutdown
)
