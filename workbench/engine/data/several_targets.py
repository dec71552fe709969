"""Columns of a table that are learned at once, each by an output of its own: classes and numbers beside one another."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import PARTS, DatasetSpec, HeadInfo, HeadTask, Part
from workbench.domain.naming import valid
from workbench.engine.data import labels
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray, Column

MOST_HEADS = 100
# Targets travel as single precision, which holds all whole numbers up to here.
_MOST_CLASSES = 2**24


def wants_heads(spec: DatasetSpec, targets: Sequence[Column]) -> bool:
    """Whether each target is to have an output of its own: as the person says, or as some are texts and others not.
    Raises DataError where there are not several."""
    if spec.task == "multi_output":
        if len(targets) < 2:
            raise DataError(
                f"Several outputs need several targets, but there is only “{targets[0].name}”. "
                "Choose more columns to learn, or another task."
            )
        if len(targets) > MOST_HEADS:
            raise DataError(f"{len(targets)} targets are too many; at most {MOST_HEADS} can have outputs of their own.")
        return True
    return spec.task == "auto" and len(targets) > 1 and any(column.codes is not None for column in targets)


def infer_heads(
    y: AnyArray, names: Sequence[str], classes: Sequence[tuple[str, ...]], wishes: Mapping[str, HeadTask]
) -> labels.Target:
    """What is to be learned of all samples: `y` is (n, k), `classes` names those of the columns that were texts.
    Raises DataError where a column does not fit what is wished of it."""
    heads = tuple(
        _head(column, name, known, wishes.get(name)) for column, name, known in zip(y.T, names, classes, strict=True)
    )
    values = np.column_stack([head.values.reshape(len(y)) for head in heads]).astype(np.float64)
    return labels.Target("multi_output", (), values, heads=heads)


def _head(column: AnyArray, name: str, known: tuple[str, ...], wish: HeadTask | None) -> labels.Target:
    if wish == "regression" and known:
        raise DataError(f"“{name}” holds text, so it cannot be learned as a number. Choose another task for it.")
    values = column.astype(np.int64) if known or np.array_equal(column, np.floor(column)) else column
    found = labels.infer(values, known, wish or "auto", name)
    assert len(found.classes) < _MOST_CLASSES
    return found


def describe_heads(
    target: labels.Target, names: Sequence[str], taken: Sequence[str], values: Mapping[Part, AnyArray]
) -> tuple[HeadInfo, ...]:
    """What is known of each: `values` are those of the parts (n, heads), `taken` the names that inputs have."""
    used = set(taken)
    heads: list[HeadInfo] = []
    for place, (head, column) in enumerate(zip(target.heads, names, strict=True)):
        name = _free_name(column, place, used)
        used.add(name)
        told = HeadInfo(name, column, _task(head), place, head.classes)
        parts = {part: values[part][:, place] for part in PARTS}
        heads.append(_with_counts(told, parts) if head.classes else _with_numbers(told, parts))
    return tuple(heads)


def _task(head: labels.Target) -> HeadTask:
    if head.task == "binary" or head.task == "multiclass":
        return head.task
    return "regression"


def _free_name(column: str, place: int, used: set[str]) -> str:
    """What the output is called: as the column, where its name can stand in a network."""
    stem = valid(column) or f"output_{place + 1}"
    name, number = stem, 2
    while name in used:
        name, number = f"{stem}_{number}", number + 1
    return name


def _with_counts(head: HeadInfo, parts: Mapping[Part, NDArray[np.float64]]) -> HeadInfo:
    counts = {
        part: tuple(np.bincount(values.astype(np.int64), minlength=len(head.classes)).tolist())
        for part, values in parts.items()
    }
    return msgspec.structs.replace(head, class_counts=counts)


def _with_numbers(head: HeadInfo, parts: Mapping[Part, NDArray[np.float64]]) -> HeadInfo:
    every = np.concatenate(list(parts.values()))
    mean, std = labels.spread(parts["train"])
    return msgspec.structs.replace(head, mean=mean, std=std, low=float(every.min()), high=float(every.max()))
