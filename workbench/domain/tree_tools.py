"""Tools of the edits: rebuild a tree around a change, follow references, make copies with fresh ids."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping

import msgspec

from workbench.domain.catalogue import ClassEntry
from workbench.domain.naming import fresh_name, own_names
from workbench.domain.taken import node_in, number_in, taken, with_node
from workbench.domain.tree import (
    AnyNode,
    Block,
    Branches,
    Exposed,
    Layer,
    ModelTree,
    Shared,
    Target,
    Wrapper,
    children_of,
    new_id,
    walk,
    with_children,
)
from workbench.domain.values import ObjectSpec, Value

# What a wrapper starts with around, by its class; a wrapper always has a layer inside.
_WRAPPED = {"Bidirectional": "LSTM"}


def new_node(entry: ClassEntry) -> Layer | Wrapper:
    """A new node of a class from the catalogue, with starting values for what Keras leaves to the person."""
    params: dict[str, Value] = {param.name: param.default for param in entry.params if param.required}
    if not entry.wraps:
        return Layer(id=new_id(), class_name=entry.name, params=params)
    child = Layer(id=new_id(), class_name=_WRAPPED.get(entry.name, "Dense"), params={"units": 32})
    return Wrapper(id=new_id(), class_name=entry.name, child=child, params=params)


def map_nodes(nodes: tuple[AnyNode, ...], change: Callable[[AnyNode], AnyNode]) -> tuple[AnyNode, ...]:
    """Every node changed, children before parents. What does not change stays the same object."""
    changed = tuple(_map_node(node, change) for node in nodes)
    return nodes if _same(nodes, changed) else changed


def _map_node(node: AnyNode, change: Callable[[AnyNode], AnyNode]) -> AnyNode:
    children = children_of(node)
    mapped = map_nodes(children, change)
    return change(node if mapped is children else with_children(node, mapped))


def map_sequences(
    tree: ModelTree, change: Callable[[AnyNode | None, tuple[AnyNode, ...]], tuple[AnyNode, ...]]
) -> tuple[AnyNode, ...]:
    """The nodes of a tree with the children of every parent (None: the top) replaced, inner ones first."""

    def inside(node: AnyNode) -> AnyNode:
        children = children_of(node)
        changed = change(node, children)
        return node if _same(children, changed) else with_children(node, changed)

    nodes = map_nodes(tree.nodes, inside)
    changed = change(None, nodes)
    return nodes if _same(nodes, changed) else changed


def _same(before: tuple[AnyNode, ...], after: tuple[AnyNode, ...]) -> bool:
    return len(before) == len(after) and all(a is b for a, b in zip(before, after, strict=True))


def parents(tree: ModelTree) -> dict[str, AnyNode | None]:
    """The parent of each node by id; None for those at the top."""
    found: dict[str, AnyNode | None] = {node.id: None for node in tree.nodes}
    for node in walk(tree.nodes):
        found |= {child.id: node for child in children_of(node)}
    return found


def topmost(tree: ModelTree, node_ids: Collection[str]) -> tuple[AnyNode, ...]:
    """The nodes of a selection in the order of the tree, without those whose parent is in it too.

    The layer in a wrapper stands for its wrapper, which cannot be without it. Ids that are not there are left out.
    """
    wanted = set(node_ids)

    def collect(nodes: tuple[AnyNode, ...]) -> Iterable[AnyNode]:
        for node in nodes:
            if node.id in wanted or (isinstance(node, Wrapper) and node.child.id in wanted):
                yield node
            else:
                yield from collect(children_of(node))

    return tuple(collect(tree.nodes))


def all_ids(nodes: tuple[AnyNode, ...]) -> frozenset[str]:
    """The ids of nodes and of all inside them."""
    return frozenset(node.id for node in walk(nodes))


def above(tree: ModelTree, node_id: str) -> tuple[str, ...]:
    """What a node takes, named as in inputs: its named ones, else what stands above it; empty for the data."""
    parent_of = parents(tree)
    node = next(node for node in walk(tree.nodes) if node.id == node_id)
    while not node.inputs:
        parent = parent_of[node.id]
        siblings = children_of(parent) if parent is not None else tree.nodes
        index = next(index for index, sibling in enumerate(siblings) if sibling.id == node.id)
        if index > 0 and not isinstance(parent, Branches):
            return (siblings[index - 1].id,)
        if parent is None:
            return ()
        node = parent
    return node.inputs


def redirect(nodes: tuple[AnyNode, ...], targets: Mapping[str, tuple[str, ...]]) -> tuple[AnyNode, ...]:
    """Nodes whose inputs name other nodes instead; an input whose targets are none is dropped."""

    def change(node: AnyNode) -> AnyNode:
        inputs = tuple(new for name in node.inputs for new in redirected(name, targets))
        return node if inputs == node.inputs else msgspec.structs.replace(node, inputs=tuple(dict.fromkeys(inputs)))

    return map_nodes(nodes, change)


def redirected(name: str, targets: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What an input names once nodes are gone. A further output is the same one of what now stands for its node, where
    `targets` do not say otherwise of just that output."""
    if name in targets:
        return targets[name]
    node_id = node_in(name)
    return tuple(taken(new, number_in(name)) for new in targets[node_id]) if node_id in targets else (name,)


def fresh_copies(nodes: tuple[AnyNode, ...], tree: ModelTree) -> tuple[AnyNode, ...]:
    """Copies with ids of their own and with names that the tree does not have yet. References among them follow."""
    return _renewed(nodes, tree, all_ids(nodes))


def made_unique(nodes: tuple[AnyNode, ...], tree: ModelTree) -> tuple[AnyNode, ...]:
    """The nodes, with other ids and names only where the tree has them already or they stand twice."""
    taken, doubled = set(all_ids(tree.nodes)), set[str]()
    for node in walk(nodes):
        if node.id in taken:
            doubled.add(node.id)
        taken.add(node.id)
    return _renewed(nodes, tree, doubled)


def _renewed(nodes: tuple[AnyNode, ...], tree: ModelTree, renew: Collection[str]) -> tuple[AnyNode, ...]:
    taken = set(all_ids(tree.nodes)) | set(all_ids(nodes))
    names = set(own_names(tree))
    ids: dict[str, str] = {}

    def number(node: AnyNode) -> AnyNode:
        fields: dict[str, object] = {}
        if node.id in renew:
            ids[node.id] = fields["id"] = _unused_id(taken)
        if node.name:
            fields["name"] = fresh_name(node.name, names)
            names.add(str(fields["name"]))
        return msgspec.structs.replace(node, **fields) if fields else node

    def follow(node: AnyNode) -> AnyNode:
        if isinstance(node, Shared) and node.layer in ids:
            node = msgspec.structs.replace(node, layer=ids[node.layer])
        if isinstance(node, Block) and node.exposed:
            exposed = tuple(
                Exposed(each.name, tuple(Target(ids.get(to.node, to.node), to.param) for to in each.targets))
                for each in node.exposed
            )
            node = msgspec.structs.replace(node, exposed=exposed)
        inputs = tuple(with_node(name, ids) for name in node.inputs)
        return node if inputs == node.inputs else msgspec.structs.replace(node, inputs=inputs)

    return map_nodes(map_nodes(nodes, number), follow)


def _unused_id(taken: set[str]) -> str:
    while (node_id := new_id()) in taken:
        continue
    taken.add(node_id)
    return node_id


def depth(nodes: tuple[AnyNode, ...]) -> int:
    """How many levels of blocks there are; 0 for no nodes."""
    levels = 0
    while nodes:
        levels += 1
        nodes = tuple(child for node in nodes for child in children_of(node))
    return levels


def params_of(node: AnyNode) -> dict[str, Value]:
    """The parameters that a form shows for a node: its own, or those of its merge layer; empty for other nodes."""
    match node:
        case Layer() | Wrapper():
            return node.params
        case _:
            merge = getattr(node, "merge", None)
            return merge.params if isinstance(merge, ObjectSpec) else {}


def with_params(node: AnyNode, params: dict[str, Value]) -> AnyNode:
    """The node with other parameters. Raises ValueError for nodes that have none."""
    match node:
        case Layer() | Wrapper():
            return msgspec.structs.replace(node, params=params)
        case _:
            merge = getattr(node, "merge", None)
            if isinstance(merge, ObjectSpec):
                return msgspec.structs.replace(node, merge=msgspec.structs.replace(merge, params=params))
    raise ValueError(f"A {type(node).__name__.lower()} has no parameters.")


def spaced(name: str) -> str:
    """A parameter as a person reads it: "kernel_size" → "kernel size"."""
    return re.sub("_+", " ", name).strip()
