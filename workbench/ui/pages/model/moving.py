"""Where selected nodes come when they are moved by key: parent (None: the top) and index there, counted before."""

from collections.abc import Collection, Sequence

from workbench.domain.tree import AnyNode, Branches, ModelTree, Wrapper, children_of
from workbench.domain.tree_tools import parents, topmost

Spot = tuple[str | None, int]


def beside(tree: ModelTree, chosen: Collection[str], steps: int) -> Spot | None:
    """One place up (-1) or down (1) among the siblings; at the end of them out of the block, or of a branch into the
    next one. None where there is no such place."""
    nodes = topmost(tree, chosen)
    if not nodes:
        return None
    edge, above = nodes[0] if steps < 0 else nodes[-1], parents(tree)
    parent = above[edge.id]
    siblings = _below(tree, parent)
    target = _place(siblings, edge) + steps
    if 0 <= target < len(siblings):
        return _id(parent), target if steps < 0 else target + 1
    if parent is None or isinstance(parent, Branches):
        return None
    outer = above[parent.id]
    place = _place(_below(tree, outer), parent)
    if isinstance(outer, Branches):
        if 0 <= place + steps < len(outer.branches):
            branch = outer.branches[place + steps]
            return branch.id, len(branch.children) if steps < 0 else 0
        parent, outer = outer, above[outer.id]
        place = _place(_below(tree, outer), parent)
    return _id(outer), place + (1 if steps > 0 else 0)


def inside(tree: ModelTree, chosen: Collection[str]) -> Spot | None:
    """At the end of the block that stands right above, else at the top of the one right below."""
    nodes = topmost(tree, chosen)
    if not nodes:
        return None
    siblings = _below(tree, parents(tree)[nodes[0].id])
    first, last = _place(siblings, nodes[0]), _place(siblings, nodes[-1])
    if first and _holds(siblings[first - 1]):
        block = _entered(siblings[first - 1], at_end=True)
        return block.id, len(children_of(block))
    if 0 <= last < len(siblings) - 1 and _holds(siblings[last + 1]):
        return _entered(siblings[last + 1], at_end=False).id, 0
    return None


def outside(tree: ModelTree, chosen: Collection[str]) -> Spot | None:
    """Behind the block that they stand in; out of branches behind all of them."""
    nodes = topmost(tree, chosen)
    above = parents(tree)
    parent = above[nodes[0].id] if nodes else None
    if parent is None or isinstance(parent, Branches):
        return None
    outer = above[parent.id]
    if isinstance(outer, Branches):
        parent, outer = outer, above[outer.id]
    return _id(outer), _place(_below(tree, outer), parent) + 1


def _entered(node: AnyNode, *, at_end: bool) -> AnyNode:
    """What takes them: of branches one of these."""
    return node.branches[-1 if at_end else 0] if isinstance(node, Branches) and node.branches else node


def _holds(node: AnyNode) -> bool:
    return not isinstance(node, Wrapper) and (hasattr(node, "children") or isinstance(node, Branches))


def _below(tree: ModelTree, parent: AnyNode | None) -> Sequence[AnyNode]:
    return children_of(parent) if parent else tree.nodes


def _place(siblings: Sequence[AnyNode], node: AnyNode) -> int:
    """Where a node stands, -1 where it is none of them."""
    return next((place for place, each in enumerate(siblings) if each.id == node.id), -1)


def _id(node: AnyNode | None) -> str | None:
    return node.id if node else None
