"""Edits that rearrange the tree: remove, move, duplicate, paste, group in a block and ungroup."""

from collections.abc import Collection

import msgspec

from workbench.domain.edits.base import EditError, NamedEdit, described, inserted, node_of, with_nodes
from workbench.domain.naming import title
from workbench.domain.project import Project
from workbench.domain.taken import node_in, number_in
from workbench.domain.tree import (
    AnyNode,
    Base,
    Block,
    Branches,
    ModelTree,
    Repeat,
    Residual,
    Wrapper,
    children_of,
    find,
    new_id,
    walk,
)
from workbench.domain.tree_tools import above, all_ids, fresh_copies, map_sequences, parents, topmost


def remove(node_ids: Collection[str]) -> NamedEdit:
    """Remove nodes with all inside them. What named one as its input takes what that one took."""

    def apply(project: Project) -> Project:
        tree = project.model
        gone = topmost(tree, node_ids)
        if not gone:
            return project
        removed = all_ids(gone)
        targets = {node.id: _kept_above(tree, root.id, removed) for root in gone for node in walk((root,))}
        targets |= {name: () for node in walk(tree.nodes) for name in node.inputs if _is_further(name, removed)}
        targets |= {name: () for name in tree.outputs if _is_further(name, removed)}
        roots = {root.id for root in gone}
        nodes = map_sequences(tree, lambda _, children: tuple(node for node in children if node.id not in roots))
        return with_nodes(project, nodes, targets)

    return NamedEdit("Remove layers" if len(node_ids) > 1 else "Remove layer", apply)


def _is_further(name: str, removed: Collection[str]) -> bool:
    """Whether a name is that of a further output of a node that goes, for which nothing else can stand."""
    return number_in(name) > 0 and node_in(name) in removed


def _kept_above(tree: ModelTree, node_id: str, removed: Collection[str]) -> tuple[str, ...]:
    """What a removed node took, followed upwards past others that are removed as well."""
    found: dict[str, None] = {}
    waiting, seen = list(above(tree, node_id)), {node_id}
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if node_in(name) not in removed:
            found[name] = None
        elif node_in(name) in parents(tree):
            waiting += above(tree, node_in(name))
    return tuple(found)


def move(node_ids: Collection[str], parent_id: str | None, index: int | None = None) -> NamedEdit:
    """Move nodes into a block (None: the top level) before its child number `index`, counted before the move.

    Raises EditError for a move into one of the nodes itself.
    """

    def apply(project: Project) -> Project:
        tree = project.model
        moving = topmost(tree, node_ids)
        if not moving:
            return project
        if parent_id in all_ids(moving):
            raise EditError("A block cannot be moved into itself. Drop it somewhere else.")
        siblings = children_of(node_of(tree, parent_id)) if parent_id is not None else tree.nodes
        own = {node.id for node in moving}
        place = len(siblings) if index is None else max(0, min(index, len(siblings)))
        before = sum(node.id not in own for node in siblings[:place])
        rest = map_sequences(tree, lambda _, children: tuple(node for node in children if node.id not in own))
        nodes = inserted(ModelTree(rest), moving, parent_id, before)
        return project if nodes == tree.nodes else with_nodes(project, nodes)

    return NamedEdit("Move layers" if len(node_ids) > 1 else "Move layer", apply)


def duplicate(node_ids: Collection[str]) -> NamedEdit:
    """Copy nodes behind the last of those selected in the same block, with fresh ids and names."""

    def apply(project: Project) -> Project:
        tree = project.model
        chosen = topmost(tree, node_ids)
        if not chosen:
            return project
        copies = dict(zip((node.id for node in chosen), fresh_copies(chosen, tree), strict=True))

        def change(_parent: AnyNode | None, children: tuple[AnyNode, ...]) -> tuple[AnyNode, ...]:
            places = [place for place, node in enumerate(children) if node.id in copies]
            if not places:
                return children
            end = places[-1] + 1
            return children[:end] + tuple(copies[children[place].id] for place in places) + children[end:]

        return with_nodes(project, map_sequences(tree, change))

    return NamedEdit("Duplicate layers" if len(node_ids) > 1 else "Duplicate layer", apply)


def wrap_in_block(node_ids: Collection[str], name: str = "") -> NamedEdit:
    """Put nodes that stand in the same block into a new block, in the place of the first."""
    return _wrap(node_ids, Block(id=new_id(), name=name), "Group in a block")


def wrap_in_residual(node_ids: Collection[str], name: str = "") -> NamedEdit:
    """Put nodes that stand in the same block into a residual block, in the place of the first."""
    return _wrap(node_ids, Residual(id=new_id(), name=name), "Group in a residual block")


def wrap_in_repeat(node_ids: Collection[str], times: int = 2, name: str = "") -> NamedEdit:
    """Put nodes that stand in the same block into a repetition, in the place of the first."""
    return _wrap(node_ids, Repeat(id=new_id(), name=name, times=times), "Repeat layers")


def _wrap(node_ids: Collection[str], container: Block | Residual | Repeat, name: str) -> NamedEdit:
    def apply(project: Project) -> Project:
        tree = project.model
        chosen = topmost(tree, node_ids)
        if not chosen:
            return project
        parent_of = parents(tree)
        held_by = {parent.id if (parent := parent_of[node.id]) else None for node in chosen}
        if len(held_by) > 1:
            raise EditError("These layers stand in different blocks. Select layers of one block to group them.")
        parent = parent_of[chosen[0].id]
        siblings = children_of(parent) if parent is not None else tree.nodes
        if isinstance(parent, Branches) and not isinstance(container, Block):
            raise EditError("Branches cannot be grouped in this way. Select layers inside one branch.")
        first = next(place for place, node in enumerate(siblings) if node.id == chosen[0].id)
        own = {node.id for node in chosen}
        rest = map_sequences(tree, lambda _, children: tuple(node for node in children if node.id not in own))
        block = msgspec.structs.replace(container, children=chosen)
        return with_nodes(project, inserted(ModelTree(rest), (block,), parent.id if parent else None, first))

    return NamedEdit(name, apply)


def unwrap(node_ids: Collection[str]) -> NamedEdit:
    """Put what is in blocks, repetitions, residual blocks and wrappers in their place. Other nodes stay as they are."""

    def apply(project: Project) -> Project:
        tree = project.model
        wanted = {node.id for node in walk(tree.nodes) if node.id in node_ids and _can_unwrap(node)}
        targets = {node_id: _end_of(tree, node_id, wanted) for node_id in wanted}

        def change(parent: AnyNode | None, children: tuple[AnyNode, ...]) -> tuple[AnyNode, ...]:
            if not any(node.id in wanted for node in children):
                return children
            if isinstance(parent, Branches):
                raise EditError(f"“{title(parent)}” needs its branches. Ungroup what is inside one, or remove one.")
            return tuple(inner for node in children for inner in (_inside(node) if node.id in wanted else (node,)))

        return with_nodes(project, map_sequences(tree, change), targets)

    return NamedEdit("Ungroup", apply)


def _can_unwrap(node: AnyNode) -> bool:
    return isinstance(node, Block | Repeat | Residual | Wrapper | Base)


def _end_of(tree: ModelTree, node_id: str, wanted: Collection[str]) -> tuple[str, ...]:
    """The node whose output is that of a block: its last one, or what it takes when it is empty."""
    node = find(tree, node_id)
    while node.id in wanted:
        children = children_of(node)
        if not children:
            return _kept_above(tree, node.id, wanted)
        node = children[-1]
    return (node.id,)


def _inside(node: AnyNode) -> tuple[AnyNode, ...]:
    """The children of a block, which keep what held for the block: its inputs, frozen, switched off."""
    frozen = not getattr(node, "trainable", True)
    made: list[AnyNode] = []
    for place, child in enumerate(children_of(node)):
        fields: dict[str, object] = {}
        if place == 0 and node.inputs and not child.inputs:
            fields["inputs"] = node.inputs
        if not node.enabled:
            fields["enabled"] = False
        if frozen and hasattr(child, "trainable"):
            fields["trainable"] = False
        made.append(msgspec.structs.replace(child, **fields) if fields else child)
    return tuple(made)


def paste(nodes: tuple[AnyNode, ...], parent_id: str | None = None, index: int | None = None) -> NamedEdit:
    """Put nodes from the clipboard into a block, with fresh ids and names; inputs that they name outside are dropped
    where the tree does not have them."""

    def apply(project: Project) -> Project:
        if not nodes:
            return project
        fresh = fresh_copies(nodes, project.model)
        known = all_ids(fresh) | all_ids(project.model.nodes)
        foreign = {name: () for node in walk(fresh) for name in node.inputs if node_in(name) not in known}
        put = inserted(project.model, fresh, parent_id, index)
        return with_nodes(project, put, foreign)

    return NamedEdit(f"Paste {described(nodes)}", apply)
