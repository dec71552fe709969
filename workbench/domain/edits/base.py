"""What all edits are made of: the named edit, its error, and the tree with nodes put in."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import msgspec

from workbench.domain.graph import MAX_DEPTH
from workbench.domain.naming import title
from workbench.domain.problem import Edit
from workbench.domain.project import Project
from workbench.domain.tree import AnyNode, Block, Branches, ModelTree, Wrapper, children_of, find
from workbench.domain.tree_tools import all_ids, depth, map_nodes, redirect, redirected, spaced


class EditError(ValueError):
    """The edit is impossible; the message says why, in a sentence for a person."""


@dataclass(frozen=True)
class NamedEdit:
    """An edit and its name ("Add Conv2D"); call it with a project. Edits of one `merge_key` may be undone as one."""

    name: str
    apply: Edit
    merge_key: str = ""

    def __call__(self, project: Project) -> Project:
        return self.apply(project)


def combined(name: str, *edits: Edit) -> NamedEdit:
    """Several edits as one."""

    def apply(project: Project) -> Project:
        for edit in edits:
            project = edit(project)
        return project

    return NamedEdit(name, apply)


def added_ids(before: Project, after: Project) -> tuple[str, ...]:
    """The nodes that an edit made, without those inside others of them: what to select after it."""
    known = all_ids(before.model.nodes)

    def collect(nodes: tuple[AnyNode, ...]) -> tuple[str, ...]:
        found: list[str] = []
        for node in nodes:
            found += (node.id,) if node.id not in known else collect(children_of(node))
        return tuple(found)

    return collect(after.model.nodes)


def inserted(
    tree: ModelTree, nodes: tuple[AnyNode, ...], parent_id: str | None, index: int | None
) -> tuple[AnyNode, ...]:
    """The nodes of a tree with others put in. Raises EditError where they cannot stand."""
    if parent_id is None:
        return _spliced(tree.nodes, nodes, index)
    parent = node_of(tree, parent_id)
    if isinstance(parent, Branches) and not all(isinstance(node, Block) for node in nodes):
        nodes = (Block(id=_branch_id(nodes, tree), children=nodes),)
    if isinstance(parent, Wrapper) or not _can_hold(parent):
        raise EditError(f"“{title(parent)}” cannot hold other layers. Drop them above or below it.")
    changed = _with_children(parent, _spliced(children_of(parent), nodes, index))
    return map_nodes(tree.nodes, lambda node: changed if node.id == parent_id else node)


def _spliced(children: tuple[AnyNode, ...], nodes: tuple[AnyNode, ...], index: int | None) -> tuple[AnyNode, ...]:
    place = len(children) if index is None else max(0, min(index, len(children)))
    return children[:place] + nodes + children[place:]


def _branch_id(nodes: tuple[AnyNode, ...], tree: ModelTree) -> str:
    """An id for a new branch, made from that of its first node so that the same edit makes the same one again."""
    taken = all_ids(tree.nodes) | all_ids(nodes)
    node_id = f"{nodes[0].id}b"
    while node_id in taken:
        node_id += "b"
    return node_id


def _can_hold(node: AnyNode) -> bool:
    return hasattr(node, "children") or isinstance(node, Branches)


def _with_children(node: AnyNode, children: tuple[AnyNode, ...]) -> AnyNode:
    field = "branches" if isinstance(node, Branches) else "children"
    return msgspec.structs.replace(node, **{field: children})


def change_nodes(name: str, node_ids: Collection[str], change: Callable[[AnyNode], AnyNode]) -> NamedEdit:
    """An edit that changes some nodes, each by itself."""
    wanted = frozenset(node_ids)

    def apply(project: Project) -> Project:
        nodes = map_nodes(project.model.nodes, lambda node: changed(node) if node.id in wanted else node)
        return with_nodes(project, nodes)

    def changed(node: AnyNode) -> AnyNode:
        after = change(node)
        return node if after == node else after

    return NamedEdit(name, apply)


def with_nodes(project: Project, nodes: tuple[AnyNode, ...], moved: Mapping[str, tuple[str, ...]] = {}) -> Project:
    """The project with other nodes; `moved` says what now stands for ids that are gone, in inputs and outputs."""
    tree = project.model
    outputs = tuple(dict.fromkeys(new for name in tree.outputs for new in redirected(name, moved)))
    nodes = redirect(nodes, moved) if moved else nodes
    if nodes is tree.nodes and outputs == tree.outputs:
        return project
    if depth(nodes) > MAX_DEPTH:
        raise EditError(f"Blocks cannot be nested more than {MAX_DEPTH} deep.")
    return msgspec.structs.replace(project, model=ModelTree(nodes, outputs))


def node_of(tree: ModelTree, node_id: str) -> AnyNode:
    """The node with this id. Raises EditError when there is none."""
    try:
        return find(tree, node_id)
    except KeyError:
        raise EditError("This layer is not there any more.") from None


def described(nodes: tuple[AnyNode, ...]) -> str:
    """One node by its title, several by their number."""
    return title(nodes[0]) if len(nodes) == 1 else f"{len(nodes)} layers"


def listed(names: Collection[str]) -> str:
    return ", ".join(spaced(name) for name in names)
