"""Edits of the steps of preparation."""

from collections.abc import Mapping

import msgspec

from workbench.domain.dataset import StepSpec
from workbench.domain.edits.base import NamedEdit
from workbench.domain.edits.ordered import moved, replaced, without
from workbench.domain.project import Project
from workbench.domain.values import Value


def add_step(step: StepSpec, title: str) -> NamedEdit:
    """Put a step behind all others; `title` is what the catalogue calls it."""
    return NamedEdit(f"Add {title}", lambda project: _with(project, (*project.data.steps, step)))


def remove_step(place: int, title: str) -> NamedEdit:
    """Take a step out."""
    return NamedEdit(f"Remove {title}", lambda project: _with(project, without(project.data.steps, place)))


def move_step(place: int, to: int, title: str) -> NamedEdit:
    """Put a step at another place in the order."""
    return NamedEdit(f"Move {title}", lambda project: _with(project, moved(project.data.steps, place, to)))


def set_step_params(place: int, params: Mapping[str, Value], title: str, key: str = "") -> NamedEdit:
    """Give a step these parameters in the place of those it has; edits with one `key` are undone as one."""

    def apply(project: Project) -> Project:
        steps = project.data.steps
        if place >= len(steps):
            return project
        return _with(project, replaced(steps, place, StepSpec(steps[place].kind, dict(params))))

    return NamedEdit(f"Change {title}", apply, f"step/{place}/{key}" if key else "")


def _with(project: Project, steps: tuple[StepSpec, ...]) -> Project:
    if steps is project.data.steps:
        return project
    return msgspec.structs.replace(project, data=msgspec.structs.replace(project.data, steps=steps))
