"""Says what was inferred from data, for the pages and for the checks of a network."""

from collections.abc import Mapping

import numpy as np

from workbench.domain.dataset import PARTS, ColumnInfo, DatasetInfo, DatasetSpec, HeadInfo, Part, TargetInfo
from workbench.engine.data import labels
from workbench.engine.data.choice import Choice
from workbench.engine.data.choose_scaling import keeps_whole_numbers
from workbench.engine.data.columns import Role, columns_of, describe_columns
from workbench.engine.data.raw import AnyArray, Column, RawData
from workbench.engine.data.scaling import Kind
from workbench.engine.data.several_targets import describe_heads

_MAX_DESCRIBED = 1_000
_RANK_OF_FILMS = 5
_OF_FILMS = (
    "The inputs are whole numbers and stay as they are. If they are films or volumes, say so: they are scaled then."
)
_OF_WHOLE_NUMBERS = (
    "The inputs are whole numbers and stay as they are, as an Embedding needs them; "
    "choose to standardize them if they are measurements."
)


def describe_data(
    spec: DatasetSpec,
    raw: RawData,
    choice: Choice,
    target: labels.Target,
    kind: Kind,
    x: Mapping[Part, AnyArray],
    values: Mapping[Part, AnyArray],
) -> DatasetInfo:
    """What is known of prepared data: `x` are the scaled inputs of each part, `values` its targets before encoding."""
    encoding = labels.encoding_for(target, spec.labels)
    counts = _class_counts(target, values)
    has_numbers = target.task == "regression" and not target.of_places
    mean, std = labels.spread(values["train"]) if has_numbers else (None, None)
    not_empty = [array for array in x.values() if array.size]
    return DatasetInfo(
        title=raw.title,
        form=raw.form,
        task=target.task,
        heads=_heads(spec, choice, target, values),
        input_shape=x["train"].shape[1:],
        target_shape=labels.target_shape(target, encoding),
        labels=encoding,
        sizes={part: len(x[part]) for part in PARTS},
        classes=target.classes,
        class_counts=counts,
        features=choice.names,
        target=choice.target,
        columns=_columns(raw, choice),
        targets=_targets(choice, values["train"]) if has_numbers else (),
        target_mean=mean,
        target_std=std,
        integer_input=all(keeps_whole_numbers(array) for array in not_empty),
        input_low=min(float(array.min()) for array in not_empty),
        input_high=max(float(array.max()) for array in not_empty),
        scaling=kind,
        detected=raw.detected,
        notes=(*raw.notes, *choice.notes, *_notes(spec, raw, target, kind, counts, x)),
    )


def _class_counts(target: labels.Target, values: Mapping[Part, AnyArray]) -> dict[Part, tuple[int, ...]]:
    """How many samples, or dots, of each part are of each class, or have each label."""
    if target.task == "multilabel":
        return {part: tuple(values[part].sum(axis=0, dtype=np.int64).tolist()) for part in PARTS}
    if not target.classes:
        return {}
    most = len(target.classes)
    return {part: tuple(np.bincount(values[part].ravel(), minlength=most).tolist()) for part in PARTS}


def _heads(
    spec: DatasetSpec, choice: Choice, target: labels.Target, values: Mapping[Part, AnyArray]
) -> tuple[HeadInfo, ...]:
    """What each of several outputs learns."""
    if not target.heads or choice.selection is None:
        return ()
    inputs = [each.name for each in spec.inputs]
    return describe_heads(target, choice.selection.target_names, inputs, values)


def _targets(choice: Choice, values: AnyArray) -> tuple[TargetInfo, ...]:
    """Several columns of a table that hold the numbers (n, k) to learn."""
    names = choice.selection.target_names if choice.selection is not None else ()
    if len(names) < 2:
        return ()
    spreads = (labels.spread(column) for column in values.T)
    return tuple(TargetInfo(name, mean or 0.0, std or 0.0) for name, (mean, std) in zip(names, spreads, strict=True))


def _notes(
    spec: DatasetSpec,
    raw: RawData,
    target: labels.Target,
    kind: Kind,
    counts: dict[Part, tuple[int, ...]],
    x: Mapping[Part, AnyArray],
) -> tuple[str, ...]:
    notes: list[str] = []
    if raw.stream is not None:
        held = sum(len(values) for values in x.values())
        notes.append(
            f"The data are read piece by piece while they are trained on. Shown are {held:,} of the "
            f"{raw.stream.samples:,} samples; scaling and steps are fitted on the training part of these."
        )
    if raw.x_test is not None:
        notes.append("The data have a test set of their own, which is kept; only the validation part is split off.")
    fractions: dict[Part, float] = {"validation": spec.split.validation, "test": spec.split.test}
    for part, fraction in fractions.items():
        if fraction == 0 and not len(x[part]):
            notes.append(f"There is no {part} part, because its share is set to 0 %.")
    if spec.noise is not None and target.task != "reconstruction":
        notes.append("The noise was left out: it is laid on the inputs where they themselves are learned.")
    if target.task == "regression" and spec.labels in ("integer", "one_hot"):
        notes.append("The target is a number, so its encoding as classes was left out.")
    untrained = [name for name, count in zip(target.classes, counts.get("train", ()), strict=False) if not count]
    if untrained and target.of_places:
        notes.append(f"Not a single training dot is of the class {', '.join(untrained[:8])}.")
    elif untrained:
        notes.append(f"Not a single training sample is of the class {', '.join(untrained[:8])}.")
    if raw.form == "arrays" and spec.scaling == "auto" and kind == "none":
        notes.append(_OF_FILMS if x["train"].ndim == _RANK_OF_FILMS else _OF_WHOLE_NUMBERS)
    return tuple(notes)


def _columns(raw: RawData, choice: Choice) -> tuple[ColumnInfo, ...]:
    roles: list[Role]
    if choice.selection is not None:
        columns: list[Column] = list(choice.selection.table.columns)
        roles = ["ignored"] * len(columns)
        used = [each.position for each in choice.selection.features]
        for place in (*used, *(each.position for each in choice.selection.texts)):
            roles[place] = "feature"
        for place, _ in choice.selection.more_targets:
            roles[place] = "target"
        if choice.selection.target_position is not None:
            roles[choice.selection.target_position] = "target"
        return describe_columns(columns, roles, choice.selection.table.format)
    if choice.x.ndim != 2 or choice.x.shape[1] > _MAX_DESCRIBED:
        return ()
    columns = columns_of(choice.x, choice.names)
    roles = ["feature"] * len(columns)
    if choice.y is not None and choice.y.ndim == 1 and choice.y.dtype.kind in "biuf" and not choice.classes:
        columns.append(Column(choice.target, numbers=choice.y.astype(np.float64)))
        roles.append("target")
    return describe_columns(columns, roles)
