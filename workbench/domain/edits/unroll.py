"""The edit that lays out the rounds of a repetition, so that each can be changed by itself."""

from collections.abc import Collection

import msgspec

from workbench.domain.edits.base import EditError, NamedEdit, with_nodes
from workbench.domain.graph import MAX_STEPS
from workbench.domain.growth import GrowthError, Rules, grown, rules_of
from workbench.domain.naming import title
from workbench.domain.project import Project
from workbench.domain.tree import AnyNode, Branches, Layer, ModelTree, Repeat, Start, Wrapper, children_of, walk
from workbench.domain.tree_tools import fresh_copies, map_nodes, map_sequences


def unroll(node_ids: Collection[str]) -> NamedEdit:
    """Put all rounds of repetitions in their place, with the parameters and the weights to start with that each has.
    Other nodes stay as they are. Raises EditError for one with too many rounds, or with a rule of growth that is none.
    """

    def apply(project: Project) -> Project:
        tree = project.model
        made: dict[str, tuple[AnyNode, ...]] = {}
        for node in walk(tree.nodes):
            if node.id in node_ids and isinstance(node, Repeat):
                made[node.id] = _rounds(node, tree)
        if not made:
            return project

        def change(parent: AnyNode | None, children: tuple[AnyNode, ...]) -> tuple[AnyNode, ...]:
            if isinstance(parent, Branches):
                return children
            return tuple(inner for node in children for inner in made.get(node.id, (node,)))

        # What names a repetition takes what the last round gives, which keeps its ids.
        ends = {node_id: (rounds[-1].id,) for node_id, rounds in made.items() if rounds}
        return with_nodes(project, map_sequences(tree, change), ends)

    return NamedEdit("Lay out the rounds", apply)


def _rounds(repeat: Repeat, tree: ModelTree) -> tuple[AnyNode, ...]:
    if not repeat.children:
        raise EditError(f"“{title(repeat)}” is empty. Put layers into it, or remove it.")
    if repeat.times * sum(1 for _ in walk(repeat.children)) > MAX_STEPS:
        raise EditError(f"“{title(repeat)}” has too many rounds to be laid out. Repeat it fewer times.")
    try:
        rules = rules_of(repeat.grow)
    except GrowthError as error:
        raise EditError(str(error)) from error
    found: list[AnyNode] = []
    for number in range(repeat.times):
        inside = _of_round(repeat.children, rules, number)
        is_last = number == repeat.times - 1
        found += inside if is_last else fresh_copies(inside, ModelTree((*tree.nodes, *found)))
    first = found[0] if found[0].inputs else msgspec.structs.replace(found[0], inputs=repeat.inputs)
    return tuple(_held(node, repeat) for node in (first, *found[1:]))


def _of_round(nodes: tuple[AnyNode, ...], rules: Rules, number: int) -> tuple[AnyNode, ...]:
    """Nodes as they are in a round."""
    laid = _laid(nodes, 1)

    def change(node: AnyNode) -> AnyNode:
        if isinstance(node, Layer | Wrapper):
            node = msgspec.structs.replace(node, params=grown(node.params, rules, number))
        if isinstance(node, Layer) and node.start is not None:
            names = node.start.layers[number * laid[node.id] : (number + 1) * laid[node.id]]
            node = msgspec.structs.replace(node, start=Start(node.start.file, names) if any(names) else None)
        return node

    return map_nodes(nodes, change)


def _laid(nodes: tuple[AnyNode, ...], times: int) -> dict[str, int]:
    """How often each node is laid in one round, by its id."""
    found: dict[str, int] = {}
    for node in nodes:
        found[node.id] = times
        found |= _laid(children_of(node), times * node.times if isinstance(node, Repeat) else times)
    return found


def _held(node: AnyNode, repeat: Repeat) -> AnyNode:
    """A node with what held for all of the repetition: frozen, switched off."""
    fields: dict[str, object] = {}
    if not repeat.enabled:
        fields["enabled"] = False
    if not repeat.trainable and hasattr(node, "trainable"):
        fields["trainable"] = False
    return msgspec.structs.replace(node, **fields) if fields else node
