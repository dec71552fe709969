"""Edits of how the samples are split."""

from collections.abc import Sequence
from typing import Any

import msgspec

from workbench.domain.dataset import Split, SplitWay
from workbench.domain.edits.base import NamedEdit
from workbench.domain.project import Project

BY_COLUMN: tuple[SplitWay, ...] = ("group", "column", "time")
_LIKELY: dict[SplitWay, tuple[str, ...]] = {
    "group": ("person", "patient", "subject", "participant", "user", "group", "station", "site", "id"),
    "column": ("split", "part", "set", "subset", "partition", "fold"),
    "time": ("date", "time", "timestamp", "datetime", "when", "day", "year"),
}
_OF_FOLDS = frozenset({"way", "column", "validation_file", "test_file", "folds", "repeats"})


def set_split(**fields: Any) -> NamedEdit:
    """Change fields of the split, named as those of Split. A fold chosen before does not outlast other folds."""

    def apply(project: Project) -> Project:
        before = project.data.split
        split = msgspec.structs.replace(before, **fields)
        if _OF_FOLDS & set(fields) and "fold" not in fields:
            split = msgspec.structs.replace(split, fold=0)
        return _with(project, split)

    return NamedEdit("Change split", apply)


def split_by(way: SplitWay, keys: Sequence[str]) -> NamedEdit:
    """Split in another way. One that goes by a column takes the most likely of `keys`; none where none has a telling
    name."""

    def apply(project: Project) -> Project:
        column = suggest_column(way, keys) if way in BY_COLUMN else project.data.split.column
        return _with(project, msgspec.structs.replace(project.data.split, way=way, column=column, fold=0))

    return NamedEdit("Change split", apply)


def suggest_column(way: SplitWay, keys: Sequence[str]) -> str | None:
    """The column by which one would most likely split so."""
    if len(keys) == 1:
        return keys[0]
    words = {name: name.lower().replace("_", " ").replace("-", " ").split() for name in keys}
    for likely in _LIKELY.get(way, ()):
        for name in keys:
            if likely in words[name]:
                return name
    return None


def _with(project: Project, split: Split) -> Project:
    return msgspec.structs.replace(project, data=msgspec.structs.replace(project.data, split=split))
