"""Edits of the random changes of training pictures."""

from collections.abc import Mapping

import msgspec

from workbench.domain.edits.base import NamedEdit
from workbench.domain.edits.ordered import moved, replaced, without
from workbench.domain.project import Project
from workbench.domain.values import ObjectSpec, Value


def add_change(change: ObjectSpec) -> NamedEdit:
    """Put a layer behind all others."""
    return NamedEdit(f"Add {change.class_name}", lambda project: _with(project, (*project.data.augmentation, change)))


def remove_change(place: int, name: str) -> NamedEdit:
    """Take a layer out."""
    return NamedEdit(f"Remove {name}", lambda project: _with(project, without(project.data.augmentation, place)))


def move_change(place: int, to: int, name: str) -> NamedEdit:
    """Put a layer at another place in the order."""
    return NamedEdit(f"Move {name}", lambda project: _with(project, moved(project.data.augmentation, place, to)))


def set_change_params(place: int, params: Mapping[str, Value], name: str, key: str = "") -> NamedEdit:
    """Give a layer these parameters in the place of those it has; edits with one `key` are undone as one."""

    def apply(project: Project) -> Project:
        changes = project.data.augmentation
        if place >= len(changes):
            return project
        return _with(project, replaced(changes, place, ObjectSpec(changes[place].class_name, dict(params))))

    return NamedEdit(f"Change {name}", apply, f"augmentation/{place}/{key}" if key else "")


def _with(project: Project, changes: tuple[ObjectSpec, ...]) -> Project:
    if changes is project.data.augmentation:
        return project
    return msgspec.structs.replace(project, data=msgspec.structs.replace(project.data, augmentation=changes))
