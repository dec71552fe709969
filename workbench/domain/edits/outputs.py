"""Edits of which nodes the network gives its outputs by."""

from collections.abc import Collection

import msgspec

from workbench.domain.edits.base import EditError, NamedEdit, node_of
from workbench.domain.project import Project
from workbench.domain.taken import node_in, number_in
from workbench.domain.tree import ModelTree, Wrapper, walk
from workbench.domain.tree_tools import parents


def toggle_outputs(node_ids: Collection[str]) -> NamedEdit:
    """Make nodes outputs of the network beside those that it has, in the order of the tree, or, where all of them are,
    outputs no longer. The layer in a wrapper stands for its wrapper. Raises EditError where none would be left, and for
    ids that are not there."""

    def apply(project: Project) -> Project:
        tree = project.model
        above = parents(tree)
        chosen: set[str] = set()
        for node_id in node_ids:
            parent = above[node_of(tree, node_id).id]
            chosen.add(parent.id if isinstance(parent, Wrapper) else node_id)
        now = output_ids(tree)
        wanted = {*now, *chosen} if chosen - set(now) else set(now) - chosen
        if not wanted:
            raise EditError("A network needs an output. Make another layer one first.")
        places = {node.id: place for place, node in enumerate(walk(tree.nodes))}
        there = [name for name in wanted if node_in(name) in places]
        ids = tuple(sorted(there, key=lambda name: (places[node_in(name)], number_in(name))))
        last = tree.nodes[-1].id if tree.nodes else ""
        outputs = () if ids == (last,) else ids
        return msgspec.structs.replace(project, model=msgspec.structs.replace(tree, outputs=outputs))

    return NamedEdit("Change outputs", apply)


def output_ids(tree: ModelTree) -> tuple[str, ...]:
    """The nodes that give outputs; the last one where the tree names none."""
    return tree.outputs or tuple(node.id for node in tree.nodes[-1:])
