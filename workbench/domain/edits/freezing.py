"""Edits of what keeps its weights while training."""

from collections.abc import Collection

from workbench.domain.edits.base import EditError, NamedEdit, node_of, with_nodes
from workbench.domain.edits.nodes import set_trainable
from workbench.domain.freezing import but_the_top, frozen_layers, layers_in, leading_to, with_frozen
from workbench.domain.graph import GraphError
from workbench.domain.project import Project
from workbench.domain.tree_tools import topmost


def unfreeze(node_ids: Collection[str]) -> NamedEdit:
    """Let layers learn, also those in something frozen, of which the rest stays frozen."""

    def apply(project: Project) -> Project:
        tree = project.model
        chosen = topmost(tree, node_ids)
        freed = set_trainable([node.id for node in chosen], True)(project).model
        free = frozenset(layer.id for layer in layers_in(chosen))
        return with_nodes(project, with_frozen(freed.nodes, frozen_layers(tree) - free))

    return NamedEdit("Unfreeze", apply)


def freeze_up_to(node_ids: Collection[str]) -> NamedEdit:
    """Freeze layers and all that lead to them from the inputs; what is frozen beside them stays so. Raises EditError
    where nothing of these can be frozen."""

    def apply(project: Project) -> Project:
        tree = project.model
        chosen = topmost(tree, node_ids)
        try:
            leading = leading_to(tree, [node.id for node in chosen])
        except GraphError as error:
            raise EditError(str(error)) from error
        if not leading:
            raise EditError("No layer leads up to here, so there is nothing to freeze.")
        return with_nodes(project, with_frozen(tree.nodes, frozen_layers(tree) | leading))

    return NamedEdit("Freeze up to here", apply)


def freeze_all_but(count: int, within: str = "") -> NamedEdit:
    """Let the last `count` layers in a node (empty: in the whole network) learn, and freeze its others.
    Raises EditError where the node is not there any more."""

    def apply(project: Project) -> Project:
        tree = project.model
        if within:
            node_of(tree, within)
        return with_nodes(project, with_frozen(tree.nodes, but_the_top(tree, count, within)))

    what = "the top layer" if count == 1 else f"the top {count} layers"
    return NamedEdit(f"Freeze all but {what}" if count else "Freeze all", apply)
