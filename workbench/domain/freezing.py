"""Which layers of a tree keep their weights, and trees in which others do.

A layer does not learn when it is frozen itself or stands in something frozen. Here layers are counted as a person sees
them: a wrapper with what it wraps is one, and so is a layer that a repetition lays several times.
"""

from collections.abc import Collection, Iterator

import msgspec

from workbench.domain.graph import sketch
from workbench.domain.sealed import is_sealed
from workbench.domain.tree import AnyNode, Base, Layer, ModelTree, Wrapper, children_of, find, walk, with_children


def is_layer(node: AnyNode) -> bool:
    """Whether a node is one layer, as a person sees it, or a model that the tree does not look into."""
    return isinstance(node, Layer | Wrapper) or (isinstance(node, Base) and not children_of(node))


def layers_in(nodes: tuple[AnyNode, ...]) -> Iterator[AnyNode]:
    """The layers that can be frozen, top to bottom."""
    for node in nodes:
        if is_layer(node):
            yield node
        else:
            yield from layers_in(children_of(node))


def frozen_layers(tree: ModelTree) -> frozenset[str]:
    """The ids of the layers that do not learn."""
    return frozenset(_frozen(tree.nodes, within=False))


def _frozen(nodes: tuple[AnyNode, ...], *, within: bool) -> Iterator[str]:
    for node in nodes:
        frozen = within or not getattr(node, "trainable", True) or is_sealed(node)
        if is_layer(node):
            if frozen or (isinstance(node, Wrapper) and not node.child.trainable):
                yield node.id
        else:
            yield from _frozen(children_of(node), within=frozen)


def with_frozen(nodes: tuple[AnyNode, ...], frozen: Collection[str]) -> tuple[AnyNode, ...]:
    """The nodes with just these layers frozen. What is frozen as a whole stays so as long as all of it is; where only a
    part of it is from now on, that part is frozen layer by layer."""
    changed = tuple(_with_frozen(node, frozen) for node in nodes)
    return nodes if all(a is b for a, b in zip(nodes, changed, strict=True)) else changed


def _with_frozen(node: AnyNode, frozen: Collection[str]) -> AnyNode:
    if is_layer(node):
        return _flagged(node, node.id not in frozen)
    if not getattr(node, "trainable", True):
        if all(layer.id in frozen for layer in layers_in((node,))):
            return node
        node = msgspec.structs.replace(node, trainable=True)
    children = children_of(node)
    changed = with_frozen(children, frozen)
    return node if changed is children else with_children(node, changed)


def _flagged(node: AnyNode, learns: bool) -> AnyNode:
    if is_sealed(node):
        return node  # it never learns
    if isinstance(node, Wrapper):
        if learns and not node.child.trainable:
            node = msgspec.structs.replace(node, child=msgspec.structs.replace(node.child, trainable=True))
        elif not learns and not node.child.trainable:
            return node
    return node if getattr(node, "trainable", learns) == learns else msgspec.structs.replace(node, trainable=learns)


def leading_to(tree: ModelTree, node_ids: Collection[str]) -> frozenset[str]:
    """The ids of the layers in these nodes and of all that lead to them from the inputs. Raises GraphError for networks
    too large to be laid out, KeyError for an id that is not there."""
    wanted = {inner.id for node_id in node_ids for inner in walk((find(tree, node_id),))}
    steps = {step.name: step for step in sketch(tree).steps}
    waiting = [step.name for step in steps.values() if step.node_id in wanted]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            step = steps[name]
            waiting += step.inputs
            waiting += () if step.shares is None else (step.shares,)
    found = wanted | {steps[name].node_id for name in seen}
    return frozenset(layer.id for layer in layers_in(tree.nodes) if layer.id in found)


def but_the_top(tree: ModelTree, count: int, within: str = "") -> frozenset[str]:
    """The ids of the layers that do not learn when, of the layers in a node (empty: in the whole tree), the last
    `count` learn and no others; outside of it all stays as it is. Raises KeyError for an id that is not there."""
    nodes = (find(tree, within),) if within else tree.nodes
    layers = [layer.id for layer in layers_in(nodes)]
    first = max(0, len(layers) - max(count, 0))
    return (frozen_layers(tree) - frozenset(layers[first:])) | frozenset(layers[:first])
