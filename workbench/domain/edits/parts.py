"""Edits of a project's own parts: the files of Python text, not what they are used for."""

import re

import msgspec

from workbench.domain.edits.base import EditError, NamedEdit
from workbench.domain.parts.spec import LONGEST_SOURCE, MOST_PARTS, NAME, PartSpec
from workbench.domain.project import Project


def add_part(name: str, source: str) -> NamedEdit:
    """Add a file behind the others. Raises EditError on a name that is taken or no name of a module."""

    def apply(project: Project) -> Project:
        _check_name(project, name)
        if len(project.parts) >= MOST_PARTS:
            raise EditError(f"A project can have at most {MOST_PARTS} files of own parts. Put several parts into one.")
        return msgspec.structs.replace(project, parts=(*project.parts, PartSpec(name, source)))

    return NamedEdit(f"Add part {name}.py", apply)


def set_source(name: str, source: str) -> NamedEdit:
    """Give a file another text. Raises EditError on one that is too long."""

    def apply(project: Project) -> Project:
        if len(source) > LONGEST_SOURCE:
            raise EditError(f"{name}.py is longer than {LONGEST_SOURCE:,} characters. Divide it into several files.")
        changed = (PartSpec(name, source) if part.name == name else part for part in project.parts)
        return msgspec.structs.replace(project, parts=tuple(changed))

    return NamedEdit(f"Write {name}.py", apply, f"parts/{name}")


def rename_part(name: str, wanted: str) -> NamedEdit:
    """Give a file another name. Raises EditError as `add_part` does."""

    def apply(project: Project) -> Project:
        if wanted == name:
            return project
        _check_name(project, wanted)
        changed = (PartSpec(wanted, part.source) if part.name == name else part for part in project.parts)
        return msgspec.structs.replace(project, parts=tuple(changed))

    return NamedEdit(f"Rename {name}.py", apply)


def remove_part(name: str) -> NamedEdit:
    """Take a file out of the project. What uses its parts has a problem then."""

    def apply(project: Project) -> Project:
        return msgspec.structs.replace(project, parts=tuple(part for part in project.parts if part.name != name))

    return NamedEdit(f"Remove part {name}.py", apply)


def _check_name(project: Project, name: str) -> None:
    if not re.fullmatch(NAME.strip("^$"), name):
        raise EditError("A file of parts is called by small letters, digits and underscores, such as my_loss.")
    if any(part.name == name for part in project.parts):
        raise EditError(f"There is a file {name}.py already. Choose another name.")
