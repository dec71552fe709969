"""`workbench data`: all that is known of a project's data, as one document and as tables for people."""

from collections.abc import Sequence

import msgspec

from workbench.cli.output import Output
from workbench.cli.texts import number
from workbench.domain.dataset import (
    PARTS,
    Balance,
    ColumnInfo,
    DatasetInfo,
    DatasetSpec,
    FoldInfo,
    Form,
    HeadInfo,
    LabelEncoding,
    Part,
    SeriesInfo,
    SourceSpec,
    Split,
    StageInfo,
    StreamInfo,
    TargetInfo,
    Task,
    TextInfo,
)
from workbench.domain.training_part import (
    BalancedClass,
    augmentation_sentence,
    balance_sentence,
    balanced_classes,
    folds_sentence,
)
from workbench.domain.values import ObjectSpec, Value
from workbench.protocol.payloads import Finding

MOST_ROWS = 40
_MARKS = {"bad": "!!", "warning": "! ", "good": "  "}
_SCALED = {
    "none": "unscaled",
    "standardize": "scaled to mean 0, deviation 1",
    "min_max": "scaled from 0 to 1",
    "divide_255": "divided by 255",
    "divide_max": "divided by the largest value",
}


class ArrayDocument(msgspec.Struct, frozen=True):
    """What the network gets: the shape of a sample, its type as numpy names it, its smallest and largest value."""

    shape: tuple[int, ...]
    type: str
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    std: float | None = None


class ClassDocument(msgspec.Struct, frozen=True):
    """A class, and how many samples of each part are of it."""

    name: str
    counts: dict[Part, int]


class StepDocument(msgspec.Struct, frozen=True):
    """A step of preparation, with what it makes of the training inputs; `kind` is null for the inputs as they come."""

    kind: str | None
    params: dict[str, Value]
    stage: StageInfo


class BalanceDocument(msgspec.Struct, frozen=True):
    """What makes up for rare classes in training, and what that makes of each class."""

    way: Balance
    classes: tuple[BalancedClass, ...]


class DataDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`workbench data`"""

    title: str
    source: SourceSpec
    form: Form
    task: Task
    parts: dict[Part, int]
    split: Split
    folds: tuple[FoldInfo, ...]
    augmentation: tuple[ObjectSpec, ...]
    balance: BalanceDocument
    input: ArrayDocument
    target: ArrayDocument
    target_name: str
    targets: tuple[TargetInfo, ...]
    heads: tuple[HeadInfo, ...]
    labels: LabelEncoding
    classes: tuple[ClassDocument, ...]
    features: tuple[str, ...]
    columns: tuple[ColumnInfo, ...]
    steps: tuple[StepDocument, ...]
    scaling: str
    vocabulary_size: int | None
    texts: tuple[TextInfo, ...]
    series: SeriesInfo | None
    stream: StreamInfo | None
    detected: dict[str, str]
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]
    bytes: int
    fingerprint: str


def data_document(spec: DatasetSpec, info: DatasetInfo, findings: tuple[Finding, ...]) -> DataDocument:
    """All that the engine found out."""
    return DataDocument(
        title=info.title,
        source=spec.source,
        form=info.form,
        task=info.task,
        parts=info.sizes,
        split=spec.split,
        folds=info.folds,
        augmentation=spec.augmentation,
        balance=BalanceDocument(spec.balance, balanced_classes(spec.balance, info)),
        input=ArrayDocument(info.input_shape, "float32", info.input_low, info.input_high),
        target=ArrayDocument(
            info.target_shape,
            "int32" if info.labels == "integer" else "float32",
            mean=info.target_mean,
            std=info.target_std,
        ),
        target_name=info.target,
        targets=info.targets,
        heads=info.heads,
        labels=info.labels,
        classes=_classes(info),
        features=info.features,
        columns=info.columns,
        steps=_steps(spec, info),
        scaling=info.scaling,
        vocabulary_size=info.vocabulary_size,
        texts=info.texts,
        series=info.series,
        stream=info.stream,
        detected=info.detected,
        notes=info.notes,
        findings=findings,
        bytes=info.bytes,
        fingerprint=info.fingerprint,
    )


def _classes(info: DatasetInfo) -> tuple[ClassDocument, ...]:
    counts = [
        {part: info.class_counts[part][place] for part in PARTS if part in info.class_counts}
        for place in range(len(info.classes))
    ]
    return tuple(map(ClassDocument, info.classes, counts))


def _steps(spec: DatasetSpec, info: DatasetInfo) -> tuple[StepDocument, ...]:
    """The inputs as they come, then each step with what it makes of them. Texts have a first one unasked."""
    if not info.stages:
        return ()
    unasked = len(info.stages) - 1 - len(spec.steps)
    named: list[tuple[str | None, dict[str, Value]]] = [(None, {}), *([("tokenize", {})] * unasked)]
    named += [(step.kind, step.params) for step in spec.steps]
    return tuple(StepDocument(kind, params, stage) for (kind, params), stage in zip(named, info.stages, strict=True))


def _head(head: HeadInfo) -> str:
    return f"{head.target} ({f'{len(head.classes)} classes' if head.classes else 'a number'})"


def tell_data(document: DataDocument, output: Output) -> None:
    """The same for people."""
    total = sum(document.parts.values())
    learned = f"one of {len(document.classes)} classes" if document.classes else "a number"
    learned = f"{len(document.targets)} numbers" if document.targets else learned
    learned = f"by {len(document.heads)} outputs" if document.heads else learned
    names = [each.name for each in document.targets] or [_head(each) for each in document.heads]
    names = names or [document.target_name]
    target = f" “{', '.join(names)}”" if names[0] else ""
    output.say(f"{document.title}: {total:,} samples of the form “{document.form}”. To learn:{target}, {learned}.")
    if document.stream is not None:
        whole = sum(document.stream.sizes.values())
        output.say(f"They stand for {whole:,}, which are read piece by piece in training.")
    rows = [(part, f"{count:,}", f"{count / max(1, total):.0%}") for part, count in document.parts.items()]
    _table(("part", "samples", "share"), rows, output, frozenset({1, 2}))
    scaled = _SCALED.get(document.scaling, document.scaling)
    named = (("input", document.input, scaled), ("target", document.target, ""))
    arrays = [(name, _shape(array.shape), array.type, _range(array), note) for name, array, note in named]
    _table(("", "shape", "type", "values", ""), arrays, output)
    _tell_folds(document, output)
    _tell_classes(document, output)
    _tell_training(document, output)
    _tell_columns(document, output)
    _tell_steps(document, output)
    told = [*(f"{name}: {value}" for name, value in document.detected.items()), *document.notes]
    for text in ("", *told) if told else ():
        output.say(text)
    _tell_findings(document.findings, output)


def _tell_classes(document: DataDocument, output: Output) -> None:
    if not document.classes:
        return
    parts = tuple(document.classes[0].counts)
    rows = [(each.name[:40], *(f"{each.counts[part]:,}" for part in parts)) for each in document.classes]
    _table(("class", *parts), rows, output, frozenset(range(1, len(parts) + 1)))


def _tell_folds(document: DataDocument, output: Output) -> None:
    if not document.folds:
        return
    output.say()
    output.say(folds_sentence(document.split, document.folds))
    rows = [(f"{place}", f"{each.train:,}", f"{each.validation:,}") for place, each in enumerate(document.folds, 1)]
    _table(("fold", "train", "validation"), rows, output, frozenset({0, 1, 2}))


def _tell_training(document: DataDocument, output: Output) -> None:
    """What is done to the training samples alone."""
    balance = document.balance
    said = [text for text in (augmentation_sentence(document.augmentation), balance_sentence(balance.way)) if text]
    for text in ("", *said) if said else ():
        output.say(text)
    if balance.classes:
        rows = [
            (each.name[:40], f"{each.samples:,}", number(each.weight) if each.drawn is None else f"{each.drawn:,}")
            for each in balance.classes
        ]
        after = "weight" if balance.way == "class_weights" else "in an epoch"
        _table(("class", "train", after), rows, output, frozenset({1, 2}))


def _tell_columns(document: DataDocument, output: Output) -> None:
    if not document.columns:
        return
    rows = [
        (
            each.name[:40],
            each.role,
            each.kind if not each.categories else f"{len(each.categories):,} texts",
            f"{each.missing:,}" if each.missing else "",
            *("" if value is None else number(value) for value in (each.low, each.high, each.mean, each.std)),
        )
        for each in document.columns
    ]
    heads = ("column", "role", "holds", "missing", "lowest", "highest", "mean", "deviation")
    _table(heads, rows, output, frozenset(range(3, 8)))


def _tell_steps(document: DataDocument, output: Output) -> None:
    rows = [
        (
            step.kind or "(as they come)",
            _shape(step.stage.shape),
            step.stage.type,
            _range(ArrayDocument((), "", step.stage.low, step.stage.high)),
            ", ".join(f"{name}={value}" for name, value in step.params.items())[:60],
        )
        for step in document.steps
    ]
    if rows:
        _table(("step", "shape", "type", "values", "settings"), rows, output)


def _table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], output: Output, right: frozenset[int] = frozenset()
) -> None:
    """An empty line, then at most so many rows as a person reads."""
    output.say()
    output.table(heads, rows[:MOST_ROWS], right)
    if len(rows) > MOST_ROWS:
        output.say(f"… and {len(rows) - MOST_ROWS:,} more, which --json has.")


def _tell_findings(findings: tuple[Finding, ...], output: Output) -> None:
    if findings:
        output.say()
    for finding in findings:
        output.say(f"{_MARKS[finding.severity]} {finding.text}")
        if finding.samples:
            output.say("   For example " + ", ".join(f"{part} {index}" for part, index in finding.samples))


def _shape(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape)) or "1"


def _range(array: ArrayDocument) -> str:
    if array.low is not None and array.high is not None:
        return f"{number(array.low)} … {number(array.high)}"
    return "" if array.mean is None else f"mean {number(array.mean)}, deviation {number(array.std)}"
