"""Reusable blocks: blocks with the same `linked` are uses of one block, alike but for the parameters it exposes."""

import hashlib
from collections.abc import Iterator, Mapping

import msgspec

from workbench.domain.taken import with_node
from workbench.domain.tree import AnyNode, Block, Exposed, Layer, ModelTree, Shared, Target, walk
from workbench.domain.tree_tools import map_nodes, params_of, with_params
from workbench.domain.values import Value


def uses(tree: ModelTree, link: str) -> tuple[Block, ...]:
    """All uses of a block, from top to bottom."""
    return tuple(node for node in _linked(tree) if node.linked == link)


def _linked(tree: ModelTree) -> Iterator[Block]:
    return (node for node in walk(tree.nodes) if isinstance(node, Block) and node.linked)


def exposed_value(block: Block, exposed: Exposed) -> Value:
    """The value of an exposed parameter in this use; None where it has its default."""
    target = exposed.targets[0]
    node = next((node for node in walk(block.children) if node.id == target.node), None)
    return None if node is None else params_of(node).get(target.param)


def with_value(block: Block, exposed: Exposed, value: Value | None) -> Block:
    """The use with another value of an exposed parameter, in all layers that have it; None gives the default."""
    wanted = {target.node: target.param for target in exposed.targets}

    def change(node: AnyNode) -> AnyNode:
        if node.id not in wanted:
            return node
        params = {name: old for name, old in params_of(node).items() if name != wanted[node.id]}
        return with_params(node, params if value is None else {**params_of(node), wanted[node.id]: value})

    return msgspec.structs.replace(block, children=map_nodes(block.children, change))


def in_step(before: ModelTree, after: ModelTree) -> ModelTree:
    """The tree behind an edit, with what was changed inside one use of a block changed in all its uses.

    Each use keeps its place, its name, the values of what it exposes, and the weights that its layers start with. A use
    that comes in becomes like those that are there. A use of a block inside itself is detached.
    """
    if before is after or not any(_linked(after)):
        return after
    after = ModelTree(map_nodes(after.nodes, _without_itself), after.outputs)
    old = {block.id: block for block in _linked(before)}
    # Inner blocks first: an outer one takes what they became.
    links = dict.fromkeys(block.linked for block in reversed(list(_linked(after))))
    for link in links:
        after = _one_in_step(link, old, after)
    return after


def _without_itself(node: AnyNode) -> AnyNode:
    """A block in which there is no use of it, and which exposes nothing of layers that are gone."""
    if not isinstance(node, Block) or not node.linked:
        return node

    def detached(inner: AnyNode) -> AnyNode:
        if isinstance(inner, Block) and inner.linked == node.linked:
            return msgspec.structs.replace(inner, linked="", exposed=())
        return inner

    children = map_nodes(node.children, detached)
    exposed = _followed(node.exposed, {inner.id: inner.id for inner in walk(children)})
    if children is node.children and exposed == node.exposed:
        return node
    return msgspec.structs.replace(node, children=children, exposed=exposed)


def _one_in_step(link: str, old: Mapping[str, Block], after: ModelTree) -> ModelTree:
    blocks = uses(after, link)
    known = [block for block in blocks if block.id in old and old[block.id].linked == link]
    changed = [block for block in known if _inside(block) != _inside(old[block.id])]
    if len(blocks) < 2 or (len(known) == len(blocks) and not changed) or not known:
        return after
    model = changed[0] if changed else known[0]
    made = {
        block.id: _like(model, old[model.id], block, old.get(block.id, block)) for block in blocks if block is not model
    }
    return ModelTree(map_nodes(after.nodes, lambda node: made.get(node.id, node)), after.outputs)


def _inside(block: Block) -> tuple[object, ...]:
    """What all uses of a block have in common."""
    return map_nodes(block.children, _without_start), block.exposed


def _without_start(node: AnyNode) -> AnyNode:
    if isinstance(node, Layer) and node.start is not None:
        return msgspec.structs.replace(node, start=None)
    return node


def _like(model: Block, model_before: Block, use: Block, use_before: Block) -> Block:
    """A use with the layers of another, called as its own were."""
    places = list(walk(model_before.children))
    own = list(walk(use_before.children))
    is_alike = [type(node) for node in places] == [type(node) for node in own]
    ids = {node.id: mine.id for node, mine in zip(places, own, strict=True)} if is_alike else {}
    names = {mine.id: mine.name for mine in own}
    starts = {mine.id: mine.start for mine in own if isinstance(mine, Layer)}

    def number(node_id: str) -> str:
        return ids.get(node_id) or hashlib.sha256(f"{use.id}/{node_id}".encode()).hexdigest()[:12]

    inside = {node.id: number(node.id) for node in walk(model.children)}

    def follow(node: AnyNode) -> AnyNode:
        made_id = inside[node.id]
        fields: dict[str, object] = {
            "id": made_id,
            "inputs": tuple(with_node(name, inside) for name in node.inputs),
            "name": names.get(made_id, node.name if not node.name else f"{node.name} {use.id[:4]}"),
        }
        if isinstance(node, Shared):
            fields["layer"] = inside.get(node.layer, node.layer)
        if isinstance(node, Layer):
            fields["start"] = starts.get(made_id)
        if isinstance(node, Block):
            fields["exposed"] = _followed(node.exposed, inside)
        return msgspec.structs.replace(node, **fields)

    made = msgspec.structs.replace(
        use, children=map_nodes(model.children, follow), exposed=_followed(model.exposed, inside)
    )
    mine = {each.name: each for each in use_before.exposed}
    for each in made.exposed:
        if each.name in mine:
            made = with_value(made, each, exposed_value(use, mine[each.name]))
    return made


def _followed(exposed: tuple[Exposed, ...], ids: Mapping[str, str]) -> tuple[Exposed, ...]:
    """What is exposed, with the layers called otherwise; those that are gone are left out."""
    made = (
        Exposed(each.name, tuple(Target(ids[to.node], to.param) for to in each.targets if to.node in ids))
        for each in exposed
    )
    return tuple(each for each in made if each.targets)
