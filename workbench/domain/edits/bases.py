"""Edits that put a base into a network."""

import msgspec

from workbench.domain.edits.base import NamedEdit, with_nodes
from workbench.domain.project import Project
from workbench.domain.tree import AnyNode, Base, Input, ModelTree
from workbench.domain.tree_tools import made_unique


def add_base(base: Base) -> NamedEdit:
    """Put a base at the top of the network, below the inputs that stand there."""

    def apply(project: Project) -> Project:
        nodes = project.model.nodes
        place = next((number for number, node in enumerate(nodes) if not isinstance(node, Input)), len(nodes))
        return with_nodes(project, (*nodes[:place], *made_unique((base,), project.model), *nodes[place:]))

    return NamedEdit(f"Insert {base.name or 'base'}", apply)


def network_on(base: Base, head: tuple[AnyNode, ...]) -> NamedEdit:
    """A network of a base and a head alone, on data as they are where the base scales pixels itself."""

    def apply(project: Project) -> Project:
        data = msgspec.structs.replace(project.data, scaling="none") if base.pixels else project.data
        return msgspec.structs.replace(project, model=ModelTree((base, *head)), data=data)

    return NamedEdit(f"Build on {base.name or 'a base'}", apply)
