"""An input pipeline of `tf.data` that a person puts together to see what its stages do: which, in which order, how."""

from typing import Literal, TypeAlias, get_args

import msgspec

from workbench.domain.catalogue import ParamEntry
from workbench.domain.values import Value

StageKind: TypeAlias = Literal["map", "cache", "shuffle", "batch", "repeat", "prefetch"]
STAGE_KINDS: tuple[StageKind, ...] = get_args(StageKind)
SOURCE = "from_tensor_slices"
AUTO, NONE = "auto", "none"


class Stage(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One stage, with the parameters that differ from its entry's defaults; `on` False leaves it out."""

    kind: StageKind
    on: bool = True
    params: dict[str, Value] = {}


class Costs(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Milliseconds that are waited to try things out: in reading a sample, in each call of `map`, in a training step
    (for one element of the pipeline)."""

    read_ms: float = 0.0
    map_ms: float = 0.0
    step_ms: float = 0.0


class InputPipeline(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The stages behind `from_tensor_slices` in their order, each kind at most once."""

    stages: tuple[Stage, ...] = tuple(Stage(kind) for kind in STAGE_KINDS)
    costs: Costs = Costs()

    @property
    def used(self) -> tuple[Stage, ...]:
        """The stages that are switched on."""
        return tuple(stage for stage in self.stages if stage.on)

    def place(self, kind: StageKind) -> int | None:
        """Where a stage stands among those that are switched on; None where it is off."""
        return next((place for place, stage in enumerate(self.used) if stage.kind == kind), None)

    def is_before(self, first: StageKind, then: StageKind) -> bool:
        """Whether both are switched on, and the first stands before the other."""
        here, there = self.place(first), self.place(then)
        return here is not None and there is not None and here < there

    def value(self, kind: StageKind, name: str) -> Value:
        """A parameter of a stage as it is set, or its default."""
        stage = next((each for each in self.stages if each.kind == kind), Stage(kind))
        return stage.params.get(name, next(param.default for param in ENTRIES[kind].params if param.name == name))

    def whole(self, kind: StageKind, name: str) -> int:
        """A parameter that is a whole number; 0 stands for none."""
        value = self.value(kind, name)
        return value if isinstance(value, int) else 0


class StageRate(msgspec.Struct, frozen=True):
    """Samples a second up to a stage and with it: in the first epoch, and in those that follow."""

    kind: str
    first: float
    later: float


class StageEntry(msgspec.Struct, frozen=True):
    """What a stage does, in one sentence, and how it can be set."""

    kind: str
    title: str
    summary: str
    params: tuple[ParamEntry, ...] = ()


def switch(pipeline: InputPipeline, kind: StageKind, on: bool) -> InputPipeline:
    """The pipeline with a stage switched on or off."""
    return _changed(pipeline, kind, on=on)


def set_stage_param(pipeline: InputPipeline, kind: StageKind, name: str, value: Value) -> InputPipeline:
    """The pipeline with a parameter of a stage set."""
    return _changed(pipeline, kind, params={**_stage(pipeline, kind).params, name: value})


def reset_stage_param(pipeline: InputPipeline, kind: StageKind, name: str) -> InputPipeline:
    """The pipeline with a parameter of a stage at its default again."""
    kept = {key: value for key, value in _stage(pipeline, kind).params.items() if key != name}
    return _changed(pipeline, kind, params=kept)


def move_stage(pipeline: InputPipeline, kind: StageKind, by: int) -> InputPipeline:
    """The pipeline with a stage so many places later (earlier, where negative); at the ends it stays."""
    stages = list(pipeline.stages)
    place = stages.index(_stage(pipeline, kind))
    stage = stages.pop(place)
    stages.insert(max(0, min(len(stages), place + by)), stage)
    return msgspec.structs.replace(pipeline, stages=tuple(stages))


def complete_stages(pipeline: InputPipeline) -> InputPipeline:
    """The pipeline with every kind of stage once: what is doubled is dropped, what is missing is there, but off."""
    stages: dict[str, Stage] = {}
    for stage in pipeline.stages:
        stages.setdefault(stage.kind, stage)
    for kind in STAGE_KINDS:
        stages.setdefault(kind, Stage(kind, on=False))
    return msgspec.structs.replace(pipeline, stages=tuple(stages.values()))


def _stage(pipeline: InputPipeline, kind: StageKind) -> Stage:
    return next(stage for stage in pipeline.stages if stage.kind == kind)


def _changed(pipeline: InputPipeline, kind: StageKind, **fields: object) -> InputPipeline:
    stages = tuple(
        msgspec.structs.replace(stage, **fields) if stage.kind == kind else stage for stage in pipeline.stages
    )
    return msgspec.structs.replace(pipeline, stages=stages)


_PARALLEL = ParamEntry(
    "num_parallel_calls",
    "choice",
    NONE,
    choices=(NONE, "2", "4", "8", AUTO),
    choice_titles=("One after another", "2", "4", "8", "AUTOTUNE"),
    title="Parallel calls",
    help="How many samples are prepared at the same time. AUTOTUNE lets TensorFlow find a good number while it runs.",
)
_DETERMINISTIC = ParamEntry(
    "deterministic",
    "bool",
    True,
    title="Keep the order",
    help="With parallel calls: whether the samples leave in the order in which they came. Without, a sample that is "
    "ready sooner goes sooner.",
)
_BUFFER = ParamEntry(
    "buffer_size",
    "int",
    1_000,
    low=1,
    high=10_000_000,
    title="Buffer",
    help="How many samples wait in the buffer from which the next one is drawn. Only with a buffer of all samples is "
    "every order equally likely.",
)
_SEED = ParamEntry(
    "seed",
    "int",
    0,
    optional=True,
    low=0,
    high=2**31 - 1,
    title="Seed",
    help="Decides the order. None: always another.",
)
_RESHUFFLE = ParamEntry(
    "reshuffle_each_iteration",
    "bool",
    True,
    title="Anew in each epoch",
    help="Whether each epoch has an order of its own.",
)
_BATCH = ParamEntry("batch_size", "int", 32, low=1, high=65_536, title="Batch size", help="Samples in a batch.")
_DROP = ParamEntry(
    "drop_remainder",
    "bool",
    False,
    title="Drop the remainder",
    help="Whether a last batch that is not full is left out. Then the size of a batch is known in advance.",
)
_COUNT = ParamEntry(
    "count",
    "int",
    None,
    optional=True,
    low=1,
    high=1_000_000,
    title="Times",
    help="How many epochs. None: without end.",
)
_AHEAD = ParamEntry(
    "buffer_size",
    "choice",
    AUTO,
    choices=("1", "2", "8", AUTO),
    choice_titles=("1", "2", "8", "AUTOTUNE"),
    title="Ready in advance",
    help="How many elements are made in advance. AUTOTUNE lets TensorFlow find a good number while it runs.",
)

ENTRIES: dict[str, StageEntry] = {
    entry.kind: entry
    for entry in (
        StageEntry(SOURCE, SOURCE, "Hands out the training samples one by one, in their order."),
        StageEntry("map", "map", "Prepares each element as the network needs it.", (_PARALLEL, _DETERMINISTIC)),
        StageEntry(
            "cache", "cache", "Keeps what passes in the first epoch in memory, and takes later epochs from there."
        ),
        StageEntry(
            "shuffle", "shuffle", "Draws the next element at random from a buffer.", (_BUFFER, _SEED, _RESHUFFLE)
        ),
        StageEntry("batch", "batch", "Puts several samples together into one array.", (_BATCH, _DROP)),
        StageEntry("repeat", "repeat", "Begins again when the data end, for the next epoch.", (_COUNT,)),
        StageEntry("prefetch", "prefetch", "Makes the next elements ready while the network still trains.", (_AHEAD,)),
    )
}
COST_PARAMS = (
    ParamEntry(
        "read_ms",
        "float",
        0.0,
        low=0,
        high=20,
        title="Reading a sample, ms",
        help="Waits so long for each sample, as if it came from a slow disk or over the network.",
    ),
    ParamEntry(
        "map_ms",
        "float",
        0.0,
        low=0,
        high=20,
        title="A call of map, ms",
        help="Waits so long in each call of map, as if the preparation were slow.",
    ),
    ParamEntry(
        "step_ms",
        "float",
        0.0,
        low=0,
        high=200,
        title="A training step, ms",
        help="Waits so long after each element that leaves the pipeline, as if a network were trained on it.",
    ),
)
