"""Events from the engine. As JSON the same structs are the lines of `workbench train --json` and of a run's history."""

from typing import Literal, TypeAlias

import msgspec

from workbench.domain.dataset import DatasetInfo, Part, SourceSpec
from workbench.domain.input_pipeline import StageRate
from workbench.domain.project import Project
from workbench.domain.run import EndReason, Plan, RunRecord
from workbench.domain.summary import ModelSummary
from workbench.domain.tree import Base, Start
from workbench.domain.values import Scalar, Value
from workbench.domain.weights_report import WeightsReport
from workbench.protocol.arrays import Array
from workbench.protocol.commands import _snake
from workbench.protocol.weights import LayerWeights


class Event(msgspec.Struct, frozen=True, tag=_snake, tag_field="event"):
    """What all events share."""


class Ready(Event, frozen=True):
    """TensorFlow is imported; `device` is what a person calls it ("CPU", "GPU NVIDIA H200")."""

    keras: str
    tensorflow: str
    device: str
    cores: int
    threads: int
    pid: int


class Pong(Event, frozen=True):
    ticket: int


class Progress(Event, frozen=True):
    """Work with this ticket goes on; `fraction` None where its length is unknown."""

    ticket: int
    text: str
    fraction: float | None = None


class Failed(Event, frozen=True):
    """Work with this ticket (0: none) failed. `message` is for a person: what happened and what to do."""

    ticket: int
    message: str
    detail: str = ""
    cancelled: bool = False


class DataLoaded(Event, frozen=True):
    ticket: int
    info: DatasetInfo


class FileInspected(Event, frozen=True):
    """`source` opens the file with what was detected; `arrays` names the arrays of an NPZ with their shapes, `choices`
    for a parameter of the source what can be chosen: the tables of a database, the sheets of a workbook."""

    ticket: int
    path: str
    source: SourceSpec
    title: str
    detected: dict[str, str] = {}
    columns: tuple[str, ...] = ()
    suggested_target: str | None = None
    arrays: dict[str, tuple[int, ...]] = {}
    preview: tuple[tuple[str, ...], ...] = ()
    choices: dict[str, tuple[str, ...]] = {}


class TextShown(msgspec.Struct, frozen=True):
    """A text, or as much of it as is shown. `spans` says where the tokens that the network gets begin and end in it,
    and whether each is known; `tokens` counts all that the network gets, `left_out` those beyond its length."""

    text: str
    spans: tuple[tuple[int, int, bool], ...] = ()
    tokens: int = 0
    left_out: int = 0


class SamplesShown(Event, frozen=True):
    """Samples as the person knows them: `inputs` (n, …) raw for pictures, points and arrays, `texts`, else `rows` of a
    table.

    `indices` are positions in the part; `labels` class numbers (empty for regression), `label_sets` those of each
    sample where it can have several; `targets` the numbers to learn; `total` counts the samples that the filter keeps.
    `captions` say what each sample is where it has a name of its own, such as the time of a window; `beside` is what is
    learned for each dot: class numbers (n, height, width), or pictures (n, height, width, channels); `times` where in
    all of the time its target lies, from 0 to 1. `frequent` are the most frequent words among those of the filter, or
    among its first `counted` samples, each with how often it occurs; with the first samples of texts only."""

    ticket: int
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


class Finding(msgspec.Struct, frozen=True):
    """A sentence about the data; `samples` are some of those that it speaks of, each a part and an index in it."""

    text: str
    severity: Literal["good", "warning", "bad"] = "warning"
    samples: tuple[tuple[Part, int], ...] = ()


class Analysed(Event, frozen=True):
    """What one way of looking at the data found: arrays by their names, facts beside them, sentences."""

    ticket: int
    kind: str
    arrays: dict[str, Array] = {}
    facts: dict[str, Value] = {}
    findings: tuple[Finding, ...] = ()


class DataReported(Event, frozen=True):
    ticket: int
    path: str


class Augmented(Event, frozen=True):
    """A picture (1, height, width, channels) and its draws (n, height, width, channels), as bytes. `mixtures` say of
    each draw which classes its label has a share of, the largest first; empty where no labels are mixed. Where
    something is learned for each dot, `beside` has it for the picture, and behind that for each draw: class numbers
    (1 + n, height, width), or pictures (1 + n, height, width, channels) as bytes."""

    ticket: int
    part: Part
    index: int
    original: Array
    inputs: Array
    mixtures: tuple[tuple[tuple[str, float], ...], ...] = ()
    beside: Array | None = None


class ElementSpec(msgspec.Struct, frozen=True):
    """Shape and type of one array of an element; None in a shape is a length that is not known in advance."""

    shape: tuple[int | None, ...]
    dtype: str


class StageShown(msgspec.Struct, frozen=True):
    """What comes out of a stage of a pipeline. `spec` has the inputs, then the targets; `inputs` (n, …) are those of
    the first samples, None where nothing comes out.

    `order` are the numbers of the samples in the elements that come out when the pipeline runs over few samples, and
    `epochs` the epoch that each belongs to, counted from 0; a sample alone is an element of one, unless `batched`.
    """

    kind: str
    spec: tuple[ElementSpec, ...]
    inputs: Array | None = None
    order: tuple[tuple[int, ...], ...] = ()
    epochs: tuple[tuple[int, ...], ...] = ()
    batched: bool = False
    rate: StageRate | None = None


class PipelineShown(Event, frozen=True):
    """A pipeline over a training part of `samples`, stage by stage. `few` says with how many samples, with which size
    of a batch and of a buffer the order was shown; `code` is the same pipeline as Python source.

    What was measured is None where that was not asked for: the rates of the stages, over `measured` samples in batches
    of `batch`; `trained`, samples a second with the training step of the pipeline's costs; `own`, samples a second of
    how the workbench itself feeds a network. `notes` are sentences about the measurement.
    """

    ticket: int
    samples: int
    stages: tuple[StageShown, ...]
    few: tuple[int, int, int]
    code: str
    measured: int | None = None
    batch: int | None = None
    trained: float | None = None
    own: float | None = None
    notes: tuple[str, ...] = ()


class TensorShown(Event, frozen=True):
    """An array of the data as it lies in memory. `strides` are bytes from one index to the next along each axis, `axes`
    what the axes mean, `names` what the indices along the last axis are called where they have names.

    `value` stands at `place`, `offset` bytes behind the first value of the array. `window`
    (rows, columns) are the values around it along the two axes `window_axes`, or (1, columns) along one, the first of
    them at `window_start`.
    """

    ticket: int
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


class Described(Event, frozen=True):
    ticket: int
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


class Probed(Event, frozen=True):
    """What a probe saw: arrays by name and facts by name; `step` is None for a trained run."""

    ticket: int
    probe: str
    arrays: dict[str, Array]
    facts: dict[str, Value] = {}
    step: int | None = None


class Evaluated(Event, frozen=True):
    ticket: int
    run: str
    part: Part
    metrics: dict[str, float]


class HeadPrediction(msgspec.Struct, frozen=True):
    """What one of several outputs says of a sample: `label` is the class, None for a number; `values` are the
    probabilities of its classes, or the number."""

    name: str
    values: tuple[float, ...]
    label: str | None = None
    truth: str | None = None


class Prediction(msgspec.Struct, frozen=True):
    """`label` is the class name, of several labels those that are more likely than not, None for numbers; `values` the
    probabilities of `classes`, or the numbers in the order of the output, empty where they are more than 4,096. Of a
    mask they are the shares of the dots that each class has, and `label` is the commonest class but for the first,
    which is mostly the background. `measures` say how near the output is to what is right: "mae" and "mse" are the
    means of the absolute and the squared differences, where the input itself or a picture is learned; "accuracy" and
    "mean_iou" tell of masks. Of a sequence of classes `label` has them all in their order, and `values` are empty.
    Where the network has several outputs `heads` tell each, `label` and `truth` all in a row, and `values` are
    empty."""

    name: str
    values: tuple[float, ...]
    label: str | None = None
    truth: str | None = None
    measures: dict[str, float] = {}
    heads: tuple[HeadPrediction, ...] = ()


class Predicted(Event, frozen=True):
    ticket: int
    run: str
    classes: tuple[str, ...]
    predictions: tuple[Prediction, ...]
    notes: tuple[str, ...] = ()


class Exported(Event, frozen=True):
    """Written. `notes` are sentences about it; `difference` is how far the answers of what was opened again lie from
    those of the workbench at most, None of files that answer nothing."""

    ticket: int
    run: str
    path: str
    notes: tuple[str, ...] = ()
    difference: float | None = None


class PartTried(Event, frozen=True):
    """What an own part did on sample shapes: facts by their names, in order. `message` says why it did not work, with
    the file and the line; then `facts` are what was found before."""

    ticket: int
    category: str
    name: str
    facts: dict[str, str] = {}
    message: str = ""


class ModelImported(Event, frozen=True):
    """`has_data` is False where the file named no data, so that data of the workbench stand in. `sealed`: it is one
    layer, a sealed SavedModel."""

    ticket: int
    folder: str
    project: Project
    run: str
    has_data: bool = True
    sealed: bool = False


class Operated(Event, frozen=True):
    """What operations on a run change: metrics on a part of the data and the number of parameters, before and after.
    `layers` are those of the changed network that have weights; `kept` is the id of the run made of it, empty where
    none was asked for."""

    ticket: int
    run: str
    part: Part
    before: dict[str, float]
    after: dict[str, float]
    params_before: int
    params_after: int
    layers: tuple[str, ...]
    weights: LayerWeights | None = None
    kept: str = ""


class WeightsTaken(Event, frozen=True):
    """`starts` say by the ids of nodes what they are to start with."""

    ticket: int
    starts: dict[str, Start]
    report: WeightsReport


class BaseMade(Event, frozen=True):
    """The base, to be put into the network by an edit."""

    ticket: int
    base: Base


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
    | RunStarted
    | PlanChosen
    | BatchesEnded
    | EpochEnded
    | PhaseBegan
    | LearningRateChanged
    | Paused
    | Continued
    | RunEnded
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
