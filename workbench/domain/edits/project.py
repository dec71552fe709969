"""Edits of the project beside its tree: data, hyperparameters, name."""

from typing import Any

import msgspec

from workbench.domain.dataset import DatasetSpec
from workbench.domain.edits.base import EditError, NamedEdit, listed
from workbench.domain.naming import MAX_NAME
from workbench.domain.project import Project
from workbench.domain.tree import ModelTree


def set_model(tree: ModelTree, name: str = "Replace network") -> NamedEdit:
    """Put another network in the place of this one."""
    return NamedEdit(name, lambda project: msgspec.structs.replace(project, model=tree))


def set_data(spec: DatasetSpec) -> NamedEdit:
    """Take other data, or prepare them otherwise."""
    return NamedEdit("Change data", lambda project: msgspec.structs.replace(project, data=spec))


def set_training(**fields: Any) -> NamedEdit:
    """Set hyperparameters, named as the fields of TrainingSpec. None means the default."""

    def apply(project: Project) -> Project:
        return msgspec.structs.replace(project, training=msgspec.structs.replace(project.training, **fields))

    return NamedEdit(f"Set {listed(fields)}", apply, f"training/{'+'.join(fields)}")


def rename_project(name: str) -> NamedEdit:
    """Give the project a name."""
    wanted = " ".join(name.split())[:MAX_NAME]

    def apply(project: Project) -> Project:
        if not wanted:
            raise EditError("A project needs a name.")
        return msgspec.structs.replace(project, name=wanted)

    return NamedEdit("Rename project", apply)
