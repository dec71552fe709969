"""Edits of which column of a table is learned, and from which."""

from collections.abc import Collection, Sequence

import msgspec

from workbench.domain.edits.base import NamedEdit
from workbench.domain.edits.inputs import without_columns
from workbench.domain.edits.texts import without_texts
from workbench.domain.project import Project

# What can be learned of several columns at once.
_OF_SEVERAL = ("multilabel", "regression", "multi_output")


def learn_column(name: str, columns: Sequence[str], target: str) -> NamedEdit:
    """Make a column the target. Where the features were chosen by hand, the one that was the target so far takes its
    place among them. `columns` are the names in the order of the table."""

    def apply(project: Project) -> Project:
        spec = project.data
        features = spec.features
        if features is not None and name in features:
            features = _in_order({*features, target} - {name}, columns)
        inputs = without_columns(spec.inputs, (name,))
        texts = without_texts(spec.texts, (name,))
        changed = msgspec.structs.replace(spec, target=name, features=features, inputs=inputs, texts=texts)
        return msgspec.structs.replace(project, data=changed)

    return NamedEdit("Choose target", apply)


def learn_columns(names: Sequence[str], columns: Sequence[str]) -> NamedEdit:
    """Make several columns the targets, in the order of the table: numbers, labels of 0 and 1, or columns of any kind
    with an output each. Where the features were chosen by hand, these are no longer among them."""
    targets = _in_order(names, columns)
    alone = len(targets) == 1

    def apply(project: Project) -> Project:
        spec = project.data
        features = spec.features
        if features is not None:
            features = tuple(name for name in features if name not in targets)
        changed = msgspec.structs.replace(
            spec,
            target=targets[0],
            more_targets=targets[1:],
            features=features,
            inputs=without_columns(spec.inputs, targets),
            texts=without_texts(spec.texts, targets),
            task=spec.task if spec.task in _OF_SEVERAL and not (alone and spec.task == "multi_output") else "auto",
            target_tasks={name: task for name, task in spec.target_tasks.items() if name in targets},
        )
        return msgspec.structs.replace(project, data=changed)

    return NamedEdit("Choose targets", apply)


def use_columns(names: Collection[str] | None, columns: Sequence[str]) -> NamedEdit:
    """Learn from these columns and no others; None: from all that are of use."""
    features = None if names is None else _in_order(names, columns)

    def apply(project: Project) -> Project:
        unused = () if features is None else tuple(name for name in columns if name not in features)
        texts = without_texts(project.data.texts, unused)
        return msgspec.structs.replace(
            project, data=msgspec.structs.replace(project.data, features=features, texts=texts)
        )

    return NamedEdit("Choose columns", apply)


def _in_order(names: Collection[str], columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in columns if name in names)
