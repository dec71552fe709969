"""Edits of which columns of a table enter the network by inputs of their own."""

from collections.abc import Sequence

import msgspec

from workbench.domain.dataset import ColumnInfo, InputSpec
from workbench.domain.edits.base import NamedEdit
from workbench.domain.edits.ordered import replaced, without
from workbench.domain.naming import valid
from workbench.domain.project import Project
from workbench.domain.tree import AnyNode, Input
from workbench.domain.tree_tools import map_nodes


def split_inputs(columns: Sequence[ColumnInfo]) -> NamedEdit:
    """Make two inputs of the columns that are features: numbers and categories where there are both, else the first
    half and the second."""
    features = [column for column in columns if column.role == "feature"]
    numbers = tuple(column.name for column in features if column.kind == "number")
    others = tuple(column.name for column in features if column.kind != "number")
    names = ("numbers", "categories")
    if not numbers or not others:
        every = tuple(column.name for column in features)
        half = (len(every) + 1) // 2
        numbers, others, names = every[:half], every[half:], ("first", "second")
    parts = zip(names, (numbers, others), strict=True)
    inputs = tuple(InputSpec(name, taken) for name, taken in parts if taken)
    return NamedEdit("Split into inputs", lambda project: _with(project, inputs))


def add_input(columns: Sequence[str]) -> NamedEdit:
    """Add an input that takes these columns; others may take them too."""

    def apply(project: Project) -> Project:
        inputs = project.data.inputs
        taken = {each.name for each in inputs}
        name = next(name for number in range(1, len(inputs) + 2) if (name := f"input_{number}") not in taken)
        return _with(project, (*inputs, InputSpec(name, tuple(columns))))

    return NamedEdit("Add input", apply)


def remove_input(place: int) -> NamedEdit:
    """Take an input out; its columns are no longer used, unless another input takes them. Behind the last one all
    columns enter together."""
    return NamedEdit("Remove input", lambda project: _with(project, without(project.data.inputs, place)))


def rename_input(place: int, name: str) -> NamedEdit:
    """Give an input another name, and the node of the network that takes it too. A name that is none, or that another
    input has, changes nothing."""
    wanted = valid(name)

    def apply(project: Project) -> Project:
        inputs = project.data.inputs
        if place >= len(inputs) or not wanted or wanted in {each.name for each in inputs}:
            return project
        before = inputs[place].name

        def renamed(node: AnyNode) -> AnyNode:
            same = isinstance(node, Input) and node.name == before
            return msgspec.structs.replace(node, name=wanted) if same else node

        model = msgspec.structs.replace(project.model, nodes=map_nodes(project.model.nodes, renamed))
        changed = replaced(inputs, place, InputSpec(wanted, inputs[place].columns))
        return _with(msgspec.structs.replace(project, model=model), changed)

    return NamedEdit("Rename input", apply)


def set_input_columns(place: int, columns: Sequence[str]) -> NamedEdit:
    """Let an input take these columns."""

    def apply(project: Project) -> Project:
        inputs = project.data.inputs
        if place >= len(inputs) or not columns:
            return project
        return _with(project, replaced(inputs, place, InputSpec(inputs[place].name, tuple(columns))))

    return NamedEdit("Choose columns", apply)


def without_columns(inputs: Sequence[InputSpec], names: Sequence[str]) -> tuple[InputSpec, ...]:
    """The inputs without these columns; one that had no others is gone."""
    left = (InputSpec(each.name, tuple(name for name in each.columns if name not in names)) for each in inputs)
    return tuple(each for each in left if each.columns)


def _with(project: Project, inputs: tuple[InputSpec, ...]) -> Project:
    if inputs == project.data.inputs:
        return project
    return msgspec.structs.replace(project, data=msgspec.structs.replace(project.data, inputs=inputs))
