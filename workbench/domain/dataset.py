"""What a project says of its data (`DatasetSpec`), and what the engine found out by loading them (`DatasetInfo`)."""

from typing import Literal, TypeAlias

import msgspec

from workbench.domain.values import ObjectSpec, Value

Task: TypeAlias = Literal[
    "binary", "multiclass", "regression", "reconstruction", "segmentation", "multilabel", "multi_output"
]
HeadTask: TypeAlias = Literal["binary", "multiclass", "regression"]
Part: TypeAlias = Literal["train", "validation", "test"]
Form: TypeAlias = Literal["pictures", "table", "points", "arrays", "text", "series", "volumes"]
Scaling: TypeAlias = Literal["auto", "none", "standardize", "min_max"]
Missing: TypeAlias = Literal["drop_rows", "mean", "median", "most_frequent", "zero"]
LabelEncoding: TypeAlias = Literal["integer", "one_hot", "number", "multi_hot"]
Balance: TypeAlias = Literal["none", "class_weights", "oversample"]
NoiseKind: TypeAlias = Literal["gaussian", "salt_and_pepper", "masking"]

SplitWay: TypeAlias = Literal["fractions", "group", "column", "time", "files"]

PARTS: tuple[Part, ...] = ("train", "validation", "test")
# Layers of augmentation that mix labels as well as pictures.
MIXING = ("MixUp", "CutMix")


class SourceSpec(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Which source plug-in the data come from (`digits`, `csv`, `moons` …), with its parameters."""

    kind: str
    params: dict[str, Value] = {}


class StepSpec(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One step of preparation (`clip`, `log` …), with its parameters."""

    kind: str
    params: dict[str, Value] = {}


class InputSpec(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Columns of a table that enter the network by an input of their own, which has this name."""

    name: str
    columns: tuple[str, ...]


class TextColumn(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A column of a table that is read for its words, with the parameters of the step "tokenize": a bag, which has an
    input for each word, or a row of the numbers of its words."""

    column: str
    params: dict[str, Value] = {}


class Split(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How samples come into the parts. A source with a test set of its own keeps it.

    `validation` and `test` are fractions of all samples; what is left is for training. The `way` says which samples
    those are: any ("fractions"); whole groups, those that have the same value of `column` ("group"); as `column` names
    the part of each row ("column"); by the time that `column` tells, the first for training and the last for testing
    ("time"); or those of `validation_file` and `test_file` ("files"). A part that column or files do not give is split
    off by its fraction.

    From 2 `folds` on, all that is not for testing is cut into so many pieces, each of which validates once what is
    trained on the others, in `repeats` different cuts; in the order of time, what is trained on all before it. `fold`
    is the one that is looked at and trained on, counted from 1 through all repeats; 0 stands for all of them in turn.
    """

    validation: float = 0.15
    test: float = 0.15
    stratify: bool = True
    seed: int = 0
    way: SplitWay = "fractions"
    column: str | None = None
    validation_file: str | None = None
    test_file: str | None = None
    folds: int = 0
    repeats: int = 1
    fold: int = 0


class Noise(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Noise on the inputs of the task "reconstruction", behind the scaling, drawn once for each sample of every part:
    "gaussian" adds numbers of the standard deviation `amount`; "salt_and_pepper" gives the share `amount` of the dots
    the lowest or the highest value of the training part; "masking" makes that share 0."""

    kind: NoiseKind = "gaussian"
    amount: float = 0.2
    seed: int = 0


class Hashing(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Columns of a table with more than `above` different texts become one input for each of `bins`: a text's hash says
    which, so that a text that training has not seen has one too, and some texts share one."""

    bins: int = 64
    above: int = 50


class DatasetSpec(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Data of a project: where they come from and how they are prepared. None and "auto" mean: inferred. The inputs
    are split, filled (`missing`), led through `steps` in their order, and scaled. Of the task "reconstruction" they are
    the targets too, and only the inputs get `noise`; a column that is named as `target` is left out then. Of the task
    "multilabel" the `target` and `more_targets` are columns of 0 and 1, or the `target` alone has texts such as
    "red;round"; of "regression" they are columns of numbers that are learned at once; of "multi_output" each of them is
    learned by an output of its own, as what `target_tasks` says of it or as is inferred. Columns of texts become an
    input for each text, or are hashed (`hashing`), or are read for their words (`texts`); those stand behind all other
    inputs and are neither filled nor scaled, and a missing text is an empty one.

    Of a table's columns those of each of `inputs` enter the network by an input of their own, and no others are used;
    `features` does not count then.

    Where missing values are filled, `missing_masks` adds a column of 0 and 1 for each that has holes in the training
    part.

    `augmentation` are layers that change the training pictures at random, and `balance` says what makes up for classes
    with few training samples; both are for training only and change no other part."""

    source: SourceSpec
    target: str | None = None
    more_targets: tuple[str, ...] = ()
    target_tasks: dict[str, HeadTask] = {}
    features: tuple[str, ...] | None = None
    inputs: tuple[InputSpec, ...] = ()
    task: Task | Literal["auto"] = "auto"
    labels: LabelEncoding | Literal["auto"] = "auto"
    missing: Missing = "drop_rows"
    missing_masks: bool = False
    steps: tuple[StepSpec, ...] = ()
    scaling: Scaling = "auto"
    split: Split = Split()
    augmentation: tuple[ObjectSpec, ...] = ()
    balance: Balance = "none"
    noise: Noise | None = None
    hashing: Hashing | None = None
    texts: tuple[TextColumn, ...] = ()

    @property
    def used_columns(self) -> tuple[str, ...] | None:
        """The columns of a table that the person chose to learn from, each once; None where that is left open."""
        if not self.inputs:
            return self.features
        return tuple(dict.fromkeys(column for each in self.inputs for column in each.columns))

    @property
    def arrays(self) -> "DatasetSpec":
        """What of it decides the arrays: the same without what is for training only. Where nothing is said of labels
        that are to be mixed, they are one-hot."""
        if not self.augmentation and self.balance == "none":
            return self
        mixes = any(change.class_name in MIXING for change in self.augmentation)
        labels = "one_hot" if mixes and self.labels == "auto" else self.labels
        return msgspec.structs.replace(self, labels=labels, augmentation=(), balance="none")


class ColumnInfo(msgspec.Struct, frozen=True):
    """A column of a table as it was detected. `histogram` holds counts over equal bins from `low` to `high`, or, for
    `kind` "category", over `categories`. `prose` says that these are sentences, nearly all different."""

    name: str
    kind: Literal["number", "category", "empty"]
    missing: int = 0
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    std: float | None = None
    categories: tuple[str, ...] = ()
    histogram: tuple[int, ...] = ()
    role: Literal["feature", "target", "ignored"] = "feature"
    prose: bool = False


class StageInfo(msgspec.Struct, frozen=True):
    """The training inputs between two steps of preparation: the shape of a sample, its type as numpy names it, the
    smallest and largest value (None for what is no number), and what its columns are called, empty without columns.
    What a table's texts make of their words goes around the steps and is not among it."""

    shape: tuple[int, ...]
    type: str
    low: float | None = None
    high: float | None = None
    names: tuple[str, ...] = ()


class SeriesInfo(msgspec.Struct, frozen=True):
    """How windows were cut from series: the first of `targets` lies `horizon` steps (`ahead`, for a person: "24 steps
    (1 day)") behind the end of its window, a `step` lasts as this text says. `spans` are the first and the last time of
    the targets of each part for a person, `bounds` the same from 0 to 1 over all of the time."""

    horizon: int
    ahead: str
    step: str
    targets: tuple[str, ...]
    spans: dict[Part, tuple[str, str]] = {}
    bounds: dict[Part, tuple[float, float]] = {}


class StreamInfo(msgspec.Struct, frozen=True):
    """Data that are read piece by piece: how many samples each part has in all, and in how many pieces they lie. What
    else is told of such data is told of a sample."""

    sizes: dict[Part, int]
    pieces: int


class TargetInfo(msgspec.Struct, frozen=True):
    """One of several numbers to learn, with mean and deviation in the training part."""

    name: str
    mean: float
    std: float


class HeadInfo(msgspec.Struct, frozen=True):
    """One of several targets that are learned by outputs of their own: the output of this `name`, or where no output
    has it the one in the same `place`, learns the column `target`, which stands in that place of a row of `y`. Of
    numbers mean, deviation, smallest and largest are those of DatasetInfo."""

    name: str
    target: str
    task: HeadTask
    place: int
    classes: tuple[str, ...] = ()
    class_counts: dict[Part, tuple[int, ...]] = {}
    mean: float | None = None
    std: float | None = None
    low: float | None = None
    high: float | None = None


class InputInfo(msgspec.Struct, frozen=True):
    """One of several inputs: a node `Input` of this name takes the numbers at these `places` of the first axis of a
    sample, of which it makes this `shape`. `vocabulary_size` counts the numbers that a token can have where these are
    rows of tokens and nothing else."""

    name: str
    shape: tuple[int, ...]
    places: tuple[int, ...]
    vocabulary_size: int | None = None


class TextInfo(msgspec.Struct, frozen=True):
    """A column of a table that is read for its words: `width` numbers of a sample from `start` on stand for it. With a
    `vocabulary_size` they are the numbers of tokens, of which there are so many, 0 for padding."""

    column: str
    start: int
    width: int
    vocabulary_size: int | None = None

    @property
    def places(self) -> range:
        """Where the numbers stand in a sample."""
        return range(self.start, self.start + self.width)


class FoldInfo(msgspec.Struct, frozen=True):
    """One fold: how many samples train and validate in it, for classes also one count a class."""

    train: int
    validation: int
    train_counts: tuple[int, ...] = ()
    validation_counts: tuple[int, ...] = ()


class DatasetInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What was inferred from loaded data. Shapes leave out the batch.

    `class_counts` has for each part one count a class, of dots where each dot has one, and of each label where a sample
    can have several. `input_low` and `input_high` are the smallest and largest value that the network gets, after
    scaling; `integer_input` says that all inputs are whole numbers from 0 on (as an Embedding needs). `vocabulary_size`
    counts the numbers that a token of a text can have, 0 for padding and 1 for unknown ones among them; None where the
    inputs are not rows of tokens. `raw_shape` is the shape of a sample before the steps of preparation, None where
    there are none; `stages` tells what goes into each of them, and last what they make of it. `target_mean` and
    `target_std` are those of the numbers to learn in the training part, None for classes and where the inputs
    themselves are learned; `target_low` and `target_high` the smallest and largest of all numbers to learn, None for
    classes. `targets` are several numbers of a table that are learned at once, `target` the first of them.
    `target_shape` is that of one row of `y`: () for class numbers, (classes,) for one-hot ones, (k,) for k numbers, and
    `input_shape` for the task "reconstruction", which has no classes and no `target`. Of the task "segmentation" it is
    (height, width, 1) for class numbers of the dots and (height, width, classes) for one-hot ones, and (height, width,
    channels) where a picture is learned as numbers. Of the task "multilabel" it is (labels,), and `classes` are the
    labels. Of the task "multi_output" it is (heads,): class numbers and numbers beside one another, and `heads` say
    what each is. `folds` are all of them in the order of their numbers, empty without; the parts are then those of the
    fold that is looked at. `split_keys` name what samples can be split by. `series` is set where the samples are
    windows of time; `continuation` says that a text is to be gone on with: the class is what follows it. `inputs` are
    parts of a sample that can enter the network by inputs of their own, empty where there is only the whole. `stream`
    is set where the data are read piece by piece: `sizes`, counts and statistics are those of a sample then.
    `detected` is shown to the person as it is (delimiter, …). `texts` are the columns of a table that are read for
    their words; where there are other inputs, numbers of tokens do not count in `input_low` and `input_high`.

    `script` is Python source, beginning with its imports, that defines `x`, `y` (and `x_test`, `y_test` where the
    source has its own test set) as raw numpy arrays: class numbers or numbers in `y`, NaN in `x` where values are to be
    filled. Each file that it reads it names in a line `DATA = "…"`. `preparation` is Python source that goes on
    from there with nothing but numpy: it splits, fills, scales and encodes, and so defines `x_train`, `y_train`,
    `x_validation`, `y_validation`, `x_test`, `y_test`, each bit for bit as the workbench trains on them.
    """

    title: str
    form: Form
    task: Task
    input_shape: tuple[int, ...]
    target_shape: tuple[int, ...]
    labels: LabelEncoding
    sizes: dict[Part, int]
    classes: tuple[str, ...] = ()
    class_counts: dict[Part, tuple[int, ...]] = {}
    features: tuple[str, ...] = ()
    target: str = ""
    targets: tuple[TargetInfo, ...] = ()
    columns: tuple[ColumnInfo, ...] = ()
    raw_shape: tuple[int, ...] | None = None
    stages: tuple[StageInfo, ...] = ()
    target_mean: float | None = None
    target_std: float | None = None
    target_low: float | None = None
    target_high: float | None = None
    series: SeriesInfo | None = None
    folds: tuple[FoldInfo, ...] = ()
    split_keys: tuple[str, ...] = ()
    integer_input: bool = False
    vocabulary_size: int | None = None
    continuation: bool = False
    inputs: tuple[InputInfo, ...] = ()
    texts: tuple[TextInfo, ...] = ()
    heads: tuple[HeadInfo, ...] = ()
    stream: StreamInfo | None = None
    input_low: float = 0.0
    input_high: float = 1.0
    scaling: Literal["none", "standardize", "min_max", "divide_255", "divide_max"] = "none"
    detected: dict[str, str] = {}
    notes: tuple[str, ...] = ()
    script: str = ""
    preparation: str = ""
    bytes: int = 0
    fingerprint: str = ""

    @property
    def target_text(self) -> str:
        """What is learned, for a person; empty without names."""
        names = [each.name for each in self.targets] or [each.target for each in self.heads]
        return ", ".join(names) or self.target

    @property
    def learns_numbers(self) -> bool:
        """Whether numbers are learned, and not classes."""
        return self.task in ("regression", "reconstruction")

    @property
    def learns_places(self) -> bool:
        """Whether something is learned for each place of a sample: a mask, a picture, a sequence, the input itself."""
        return len(self.target_shape) > 1

    @property
    def learns_steps(self) -> bool:
        """Whether a sequence is learned: something for each step of a sample."""
        return len(self.target_shape) == 2 and self.task != "reconstruction"

    @property
    def learns_shares(self) -> bool:
        """Whether all numbers to learn are known to lie between 0 and 1."""
        low, high = self.target_low, self.target_high
        return low is not None and high is not None and low >= 0 and high <= 1

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """The shape of a sample as the person knows it."""
        return self.input_shape if self.raw_shape is None else self.raw_shape

    @property
    def sample_names(self) -> tuple[str, ...]:
        """What the numbers of such a sample are called, empty without names."""
        words = self.features[len(self.features) - sum(each.width for each in self.texts) :]
        return (*self.stages[0].names, *words) if self.stages else self.features

    @property
    def token_places(self) -> tuple[int, ...]:
        """Where the numbers of tokens stand in a sample of a table, which are names and no quantities."""
        return tuple(place for each in self.texts if each.vocabulary_size is not None for place in each.places)
