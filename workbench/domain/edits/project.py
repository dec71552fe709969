"""Edits of the project beside its tree: data, hyperparameters, name."""

from typing import Any

import msgspec

from workbench.domain.dataset import DatasetSpec
from workbench.domain.edits.base import EditError, NamedEdit, listed
from workbench.domain.naming import MAX_NAME
from workbench.domain.project import Project
from workbench.domain.project_name import is_named_by_itself, name_of_data
from workbench.domain.tree import ModelTree


def set_model(tree: ModelTree, name: str = "Replace network") -> NamedEdit:
    """Put another network in the place of this one."""
    return NamedEdit(name, lambda project: msgspec.structs.replace(project, model=tree))


def set_data(spec: DatasetSpec) -> NamedEdit:
    """Take other data, or prepare them otherwise."""
    return NamedEdit("Change data", lambda project: msgspec.structs.replace(project, data=spec))


def use_data(spec: DatasetSpec, *, named: bool) -> NamedEdit:
    """Take other data. A project that nobody `named`, and that is called as its sample or its data, is called as the
    new ones from then on."""

    def apply(project: Project) -> Project:
        keeps = named or not is_named_by_itself(project)
        name = project.name if keeps else name_of_data(spec)[:MAX_NAME] or project.name
        return msgspec.structs.replace(project, data=spec, name=name)

    return NamedEdit("Use other data", apply)


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
