"""Events from the engine. As JSON the same structs are the lines of `workbench train --json` and of a run's history."""

from typing import TypeAlias

import msgspec

from workbench.domain.dataset import DatasetInfo, Part, SourceSpec
from workbench.domain.project import Project
from workbench.domain.run import EndReason, Plan, RunRecord
from workbench.domain.summary import ModelSummary
from workbench.domain.tree import Base, Start
from workbench.domain.values import Scalar, Value
from workbench.domain.weights_report import WeightsReport
from workbench.protocol.arrays import Array
from workbench.protocol.commands import _snake
from workbench.protocol.payloads import Finding, Prediction, StageShown, TextShown
from workbench.protocol.weights import LayerWeights


class Event(msgspec.Struct, frozen=True, tag=_snake, tag_field="event"):
    """What all events share."""


class Answer(Event, frozen=True):
    """An event about the command with this ticket."""

    ticket: int


class Ready(Event, frozen=True):
    """TensorFlow is imported; `device` is what a person calls it ("CPU", "GPU NVIDIA H200")."""

    keras: str
    tensorflow: str
    device: str
    cores: int
    threads: int
    pid: int


class Pong(Answer, frozen=True):
    """The engine is there."""


class Progress(Answer, frozen=True):
    """Work with this ticket goes on; `fraction` None where its length is unknown."""

    text: str
    fraction: float | None = None


class Failed(Answer, frozen=True):
    """Work with this ticket (0: none) failed. `message` is for a person: what happened and what to do."""

    message: str
    detail: str = ""
    cancelled: bool = False


class DataLoaded(Answer, frozen=True):
    info: DatasetInfo


class FileInspected(Answer, frozen=True):
    """`source` opens the file with what was detected; `arrays` names the arrays of an NPZ with their shapes, `choices`
    for a parameter of the source what can be chosen: the tables of a database, the sheets of a workbook."""

    path: str
    source: SourceSpec
    title: str
    detected: dict[str, str] = {}
    columns: tuple[str, ...] = ()
    suggested_target: str | None = None
    arrays: dict[str, tuple[int, ...]] = {}
    preview: tuple[tuple[str, ...], ...] = ()
    choices: dict[str, tuple[str, ...]] = {}


class SamplesShown(Answer, frozen=True):
    """Samples as the person knows them: `inputs` (n, …) raw for pictures, points and arrays, `texts`, else `rows` of a
    table.

    `indices` are positions in the part; `labels` class numbers (empty for regression), `label_sets` those of each
    sample where it can have several; `targets` the numbers to learn; `total` counts the samples that the filter keeps.
    `captions` say what each sample is where it has a name of its own, such as the time of a window; `beside` is what is
    learned for each dot: class numbers (n, height, width), or pictures (n, height, width, channels); `times` where in
    all of the time its target lies, from 0 to 1. `frequent` are the most frequent words among those of the filter, or
    among its first `counted` samples, each with how often it occurs; with the first samples of texts only."""

    part: Part
    start: int
    total: int
    indices: tuple[int, ...]
    labels: tuple[int, ...] = ()
    label_sets: tuple[tuple[int, ...], ...] = ()
    targets: tuple[float, ...] = ()
    inputs: Array | None = None
    beside: Array | None = None
    rows: tuple[tuple[Scalar, ...], ...] = ()
    captions: tuple[str, ...] = ()
    times: tuple[float, ...] = ()
    texts: tuple[TextShown, ...] = ()
    frequent: tuple[tuple[str, int], ...] = ()
    counted: int = 0


class Analysed(Answer, frozen=True):
    """What one way of looking at the data found: arrays by their names, facts beside them, sentences."""

    kind: str
    arrays: dict[str, Array] = {}
    facts: dict[str, Value] = {}
    findings: tuple[Finding, ...] = ()


class DataReported(Answer, frozen=True):
    path: str


class Augmented(Answer, frozen=True):
    """A picture (1, height, width, channels) and its draws (n, height, width, channels), as bytes. `mixtures` say of
    each draw which classes its label has a share of, the largest first; empty where no labels are mixed. Where
    something is learned for each dot, `beside` has it for the picture, and behind that for each draw: class numbers
    (1 + n, height, width), or pictures (1 + n, height, width, channels) as bytes."""

    part: Part
    index: int
    original: Array
    inputs: Array
    mixtures: tuple[tuple[tuple[str, float], ...], ...] = ()
    beside: Array | None = None


class PipelineShown(Answer, frozen=True):
    """A pipeline over a training part of `samples`, stage by stage. `few` says with how many samples, with which size
    of a batch and of a buffer the order was shown; `code` is the same pipeline as Python source.

    What was measured is None where that was not asked for: the rates of the stages, over `measured` samples in batches
    of `batch`; `trained`, samples a second with the training step of the pipeline's costs; `own`, samples a second of
    how the workbench itself feeds a network. `notes` are sentences about the measurement.
    """

    samples: int
    stages: tuple[StageShown, ...]
    few: tuple[int, int, int]
    code: str
    measured: int | None = None
    batch: int | None = None
    trained: float | None = None
    own: float | None = None
    notes: tuple[str, ...] = ()


class TensorShown(Answer, frozen=True):
    """An array of the data as it lies in memory. `strides` are bytes from one index to the next along each axis, `axes`
    what the axes mean, `names` what the indices along the last axis are called where they have names.

    `value` stands at `place`, `offset` bytes behind the first value of the array. `window`
    (rows, columns) are the values around it along the two axes `window_axes`, or (1, columns) along one, the first of
    them at `window_start`.
    """

    shape: tuple[int, ...]
    dtype: str
    item_size: int
    bytes: int
    strides: tuple[int, ...]
    contiguous: bool
    axes: tuple[str, ...]
    place: tuple[int, ...]
    value: float | str
    offset: int
    names: tuple[str, ...] = ()
    window: Array | None = None
    window_axes: tuple[int, ...] = ()
    window_start: tuple[int, int] = (0, 0)
    notes: tuple[str, ...] = ()


class Described(Answer, frozen=True):
    summary: ModelSummary


class RunStarted(Event, frozen=True):
    """A run starts, or goes on from `start_step` (batches since the beginning) when `resumed`: what the history has of
    later batches was computed by a process that died, and is computed again."""

    run: str
    folder: str
    record: RunRecord
    batches_per_epoch: int
    epochs: int
    start_step: int = 0
    resumed: bool = False
    metric_names: tuple[str, ...] = ()


class PlanChosen(Event, frozen=True):
    """How a phase of the training is computed."""

    run: str
    plan: Plan
    phase: int = 0


class BatchesEnded(Event, frozen=True):
    """One chunk: the true loss of each batch. `first_step` counts batches from 0 since the beginning of the run;
    `running` are Keras' running means of the epoch so far, `seconds` the training time of the whole run so far."""

    run: str
    epoch: int
    first_step: int
    losses: tuple[float, ...]
    running: dict[str, float] = {}
    seconds: float = 0.0


class EpochEnded(Event, frozen=True):
    """`epoch` counts from 0; `step` is the number of batches done; `metrics` as Keras' logs (`val_` for validation)."""

    run: str
    epoch: int
    step: int
    metrics: dict[str, float]
    learning_rate: float | None = None
    seconds: float = 0.0
    improved: bool = False


class PhaseBegan(Event, frozen=True):
    """A further phase begins: other layers learn, and the optimizer begins anew, as after `compile` in Keras. `phase`
    counts from 1, as the first one is not told; `epoch` and `step` are those done before, `epochs` those that the run
    has in all, now that it is known when the phase before has ended."""

    run: str
    phase: int
    name: str
    epoch: int
    step: int
    epochs: int
    learning_rate: float


class LearningRateChanged(Event, frozen=True):
    run: str
    step: int
    value: float


class Paused(Event, frozen=True):
    run: str
    epoch: int
    step: int


class Continued(Event, frozen=True):
    run: str
    step: int


class RunEnded(Event, frozen=True):
    """`epochs` counts finished ones; `model` is the path of the saved model, None when there is none."""

    run: str
    reason: EndReason
    epochs: int
    seconds: float
    metrics: dict[str, float]
    model: str | None = None
    message: str = ""


class Probed(Answer, frozen=True):
    """What a probe saw: arrays by name and facts by name; `step` is None for a trained run."""

    probe: str
    arrays: dict[str, Array]
    facts: dict[str, Value] = {}
    step: int | None = None


class Evaluated(Answer, frozen=True):
    run: str
    part: Part
    metrics: dict[str, float]


class Predicted(Answer, frozen=True):
    run: str
    classes: tuple[str, ...]
    predictions: tuple[Prediction, ...]
    notes: tuple[str, ...] = ()


class Exported(Answer, frozen=True):
    """Written. `notes` are sentences about it; `difference` is how far the answers of what was opened again lie from
    those of the workbench at most, None of files that answer nothing."""

    run: str
    path: str
    notes: tuple[str, ...] = ()
    difference: float | None = None


class PartTried(Answer, frozen=True):
    """What an own part did on sample shapes: facts by their names, in order. `message` says why it did not work, with
    the file and the line; then `facts` are what was found before."""

    category: str
    name: str
    facts: dict[str, str] = {}
    message: str = ""


class ModelImported(Answer, frozen=True):
    """`has_data` is False where the file named no data, so that data of the workbench stand in. `sealed`: it is one
    layer, a sealed SavedModel."""

    folder: str
    project: Project
    run: str
    has_data: bool = True
    sealed: bool = False


class Operated(Answer, frozen=True):
    """What operations on a run change: metrics on a part of the data and the number of parameters, before and after.
    `layers` are those of the changed network that have weights; `kept` is the id of the run made of it, empty where
    none was asked for."""

    run: str
    part: Part
    before: dict[str, float]
    after: dict[str, float]
    params_before: int
    params_after: int
    layers: tuple[str, ...]
    weights: LayerWeights | None = None
    kept: str = ""


class WeightsTaken(Answer, frozen=True):
    """`starts` say by the ids of nodes what they are to start with."""

    starts: dict[str, Start]
    report: WeightsReport


class BaseMade(Answer, frozen=True):
    """The base, to be put into the network by an edit."""

    base: Base


RunEvent: TypeAlias = (
    RunStarted
    | PlanChosen
    | BatchesEnded
    | EpochEnded
    | PhaseBegan
    | LearningRateChanged
    | Paused
    | Continued
    | RunEnded
)
AnyEvent: TypeAlias = (
    Ready
    | Pong
    | Progress
    | Failed
    | DataLoaded
    | FileInspected
    | SamplesShown
    | Analysed
    | DataReported
    | Augmented
    | PipelineShown
    | TensorShown
    | Described
    | RunEvent
    | Probed
    | Evaluated
    | Predicted
    | Exported
    | PartTried
    | ModelImported
    | Operated
    | WeightsTaken
    | BaseMade
)
