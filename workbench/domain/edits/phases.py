"""Edits of the phases that follow the first one of a training."""

from typing import Any

import msgspec

from workbench.domain.edits.base import EditError, NamedEdit, listed
from workbench.domain.project import Project
from workbench.domain.training import PhaseSpec

MOST_PHASES = 20


def add_phase(phase: PhaseSpec | None = None) -> NamedEdit:
    """Add a phase at the end: fine-tuning, where none is given. Raises EditError where there are too many."""
    added = phase or PhaseSpec()

    def apply(project: Project) -> Project:
        phases = project.training.phases
        if len(phases) >= MOST_PHASES:
            raise EditError(f"A training can have at most {MOST_PHASES} further phases.")
        return _with_phases(project, (*phases, added))

    return NamedEdit(f"Add phase {added.name}".strip(), apply)


def remove_phase(place: int) -> NamedEdit:
    """Remove the further phase number `place`, counted from 0; nothing where it is not there."""

    def apply(project: Project) -> Project:
        phases = project.training.phases
        if not 0 <= place < len(phases):
            return project
        return _with_phases(project, phases[:place] + phases[place + 1 :])

    return NamedEdit("Remove phase", apply)


def set_phase(place: int, **fields: Any) -> NamedEdit:
    """Set fields of the further phase number `place`, counted from 0; nothing where it is not there."""

    def apply(project: Project) -> Project:
        phases = project.training.phases
        if not 0 <= place < len(phases):
            return project
        changed = msgspec.structs.replace(phases[place], **fields)
        if changed == phases[place]:
            return project
        return _with_phases(project, (*phases[:place], changed, *phases[place + 1 :]))

    return NamedEdit(f"Set {listed(fields)} of the phase", apply, f"training/phase/{place}/{'+'.join(fields)}")


def _with_phases(project: Project, phases: tuple[PhaseSpec, ...]) -> Project:
    return msgspec.structs.replace(project, training=msgspec.structs.replace(project.training, phases=phases))
