"""Edits of the random changes of training pictures."""

from collections.abc import Mapping

import msgspec

from workbench.domain.edits.base import NamedEdit
from workbench.domain.project import Project
from workbench.domain.values import ObjectSpec, Value


def add_change(change: ObjectSpec) -> NamedEdit:
    """Put a layer behind all others."""
    return NamedEdit(f"Add {change.class_name}", lambda project: _with(project, (*project.data.augmentation, change)))


def remove_change(place: int, name: str) -> NamedEdit:
    """Take a layer out."""

    def apply(project: Project) -> Project:
        changes = project.data.augmentation
        return _with(project, changes[:place] + changes[place + 1 :]) if place < len(changes) else project

    return NamedEdit(f"Remove {name}", apply)


def move_change(place: int, to: int, name: str) -> NamedEdit:
    """Put a layer at another place in the order."""

    def apply(project: Project) -> Project:
        changes = list(project.data.augmentation)
        if not (0 <= place < len(changes) and 0 <= to < len(changes)) or place == to:
            return project
        changes.insert(to, changes.pop(place))
        return _with(project, tuple(changes))

    return NamedEdit(f"Move {name}", apply)


def set_change_params(place: int, params: Mapping[str, Value], name: str, key: str = "") -> NamedEdit:
    """Give a layer these parameters in the place of those it has; edits with one `key` are undone as one."""

    def apply(project: Project) -> Project:
        changes = project.data.augmentation
        if place >= len(changes):
            return project
        changed = ObjectSpec(changes[place].class_name, dict(params))
        return _with(project, (*changes[:place], changed, *changes[place + 1 :]))

    return NamedEdit(f"Change {name}", apply, f"augmentation/{place}/{key}" if key else "")


def _with(project: Project, changes: tuple[ObjectSpec, ...]) -> Project:
    return msgspec.structs.replace(project, data=msgspec.structs.replace(project.data, augmentation=changes))
