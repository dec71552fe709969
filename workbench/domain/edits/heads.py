"""Edits of how each of several outputs learns."""

from typing import Any

import msgspec

from workbench.domain.dataset import HeadTask
from workbench.domain.edits.base import NamedEdit, listed
from workbench.domain.project import Project
from workbench.domain.training import HeadSpec


def set_head(name: str, **fields: Any) -> NamedEdit:
    """Set loss, metrics or weight of the output that learns the head of this name. None means the default."""

    def apply(project: Project) -> Project:
        heads = {head.name: head for head in project.training.heads}
        changed = msgspec.structs.replace(heads.get(name, HeadSpec(name)), **fields)
        heads[name] = changed
        kept = tuple(head for head in heads.values() if head != HeadSpec(head.name))
        return msgspec.structs.replace(project, training=msgspec.structs.replace(project.training, heads=kept))

    return NamedEdit(f"Set {listed(fields)} of {name}", apply, f"training/{name}/{'+'.join(fields)}")


def set_target_task(column: str, task: HeadTask | None) -> NamedEdit:
    """Say what a column is learned as by an output of its own; None: as is inferred."""

    def apply(project: Project) -> Project:
        tasks = {name: each for name, each in project.data.target_tasks.items() if name != column}
        if task is not None:
            tasks[column] = task
        return msgspec.structs.replace(project, data=msgspec.structs.replace(project.data, target_tasks=tasks))

    return NamedEdit("Choose task", apply)
