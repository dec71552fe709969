"""What differs between two networks and two trainings, as short lines that a person can read."""

import difflib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from workbench.domain.naming import title
from workbench.domain.project import Project
from workbench.domain.taken import node_in, number_in, with_node
from workbench.domain.training import PhaseSpec
from workbench.domain.tree import AnyNode, Branches, Input, Layer, ModelTree, Repeat, Residual, Shared, Wrapper, walk
from workbench.domain.tree import children_of as children
from workbench.domain.tree_tools import params_of, spaced
from workbench.domain.values import ObjectSpec, Value

Kind: TypeAlias = Literal["added", "removed", "moved", "changed"]
_FIELDS = ("enabled", "trainable", "times", "grow", "shape", "dtype")


class Difference(msgspec.Struct, frozen=True):
    """One line. `what` is what the thing is called, `detail` what is different about it; `node_id` is empty for what is
    no part of the network."""

    kind: Kind
    what: str
    detail: str = ""
    node_id: str = ""


def differences(before: Project, after: Project) -> tuple[Difference, ...]:
    """What must be done to one project's network and training to get the other's, in the order of the network."""
    return (*tree_differences(before.model, after.model), *_training(before, after))


def tree_differences(before: ModelTree, after: ModelTree) -> tuple[Difference, ...]:
    """What differs between two trees. Nodes are the same ones by their ids, else where they stand in the same order
    with the same class and name. A part that came or went is told as one line."""
    pairs = _pairs(before, after)
    old = {node.id: node for node in walk(before.nodes)}
    old_parents, new_parents = _parents(before), _parents(after)
    moved = _moved(before, after, pairs)
    found: list[Difference] = []
    known = set(pairs.values())
    for node in walk(after.nodes):
        above = new_parents[node.id]
        if node.id not in pairs:
            if above is None or above.id in pairs:
                found.append(Difference("added", _called(node), _place(above), node.id))
            continue
        other = old[pairs[node.id]]
        if node.id in moved:
            found.append(Difference("moved", _called(node), _move(old_parents[other.id], above), node.id))
        detail = _changes(other, node, pairs)
        if detail:
            found.append(Difference("changed", _called(node), detail, node.id))
    for node in walk(before.nodes):
        above = old_parents[node.id]
        if node.id not in known and (above is None or above.id in known):
            found.append(Difference("removed", _called(node), _place(above)))
    if _outputs(before, None) != _outputs(after, pairs):
        found.append(Difference("changed", "outputs", f"{_named(before)} → {_named(after)}"))
    return tuple(found)


def _pairs(before: ModelTree, after: ModelTree) -> dict[str, str]:
    """For nodes of the later tree the ids of those that they were."""
    old, new = list(walk(before.nodes)), list(walk(after.nodes))
    ids = {node.id: type(node) for node in old}
    pairs = {node.id: node.id for node in new if ids.get(node.id) is type(node)}
    left = [node for node in old if node.id not in pairs]
    right = [node for node in new if node.id not in pairs]
    matcher = difflib.SequenceMatcher(None, [_key(node) for node in left], [_key(node) for node in right], False)
    for start, other, size in matcher.get_matching_blocks():
        pairs |= {right[other + place].id: left[start + place].id for place in range(size)}
    return pairs


def _key(node: AnyNode) -> tuple[str, str, str]:
    return type(node).__name__, getattr(node, "class_name", ""), node.name


def _parents(tree: ModelTree) -> dict[str, AnyNode | None]:
    found: dict[str, AnyNode | None] = {node.id: None for node in tree.nodes}
    for node in walk(tree.nodes):
        found |= {child.id: node for child in children(node)}
    return found


def _moved(before: ModelTree, after: ModelTree, pairs: Mapping[str, str]) -> set[str]:
    """The nodes that stand in another block, or not in the order of the others in theirs."""
    old_parents, new_parents = _parents(before), _parents(after)
    places = {node.id: place for place, node in enumerate(walk(before.nodes))}
    moved: set[str] = set()
    rows: dict[str, list[str]] = {}
    for node in walk(after.nodes):
        if node.id not in pairs:
            continue
        now, then = new_parents[node.id], old_parents[pairs[node.id]]
        if (pairs.get(now.id) if now else "") != (then.id if then else ""):
            moved.add(node.id)
        else:
            rows.setdefault(now.id if now else "", []).append(node.id)
    for row in rows.values():
        kept = _longest_rising([places[pairs[node_id]] for node_id in row])
        moved |= {node_id for place, node_id in enumerate(row) if place not in kept}
    return moved


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The places of a longest rising row among the numbers."""
    ends: list[int] = []  # the places of the smallest ends of rows of each length
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left([numbers[end] for end in ends], number)
        before.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [place]
    kept: set[int] = set()
    place = ends[-1] if ends else -1
    while place >= 0:
        kept.add(place)
        place = before[place]
    return kept


def _changes(old: AnyNode, new: AnyNode, pairs: Mapping[str, str]) -> str:
    told = []
    if old.name != new.name:
        told.append(f"name {_shown(old.name or None)} → {_shown(new.name or None)}")
    if isinstance(old, Layer | Wrapper) and isinstance(new, Layer | Wrapper) and old.class_name != new.class_name:
        told.append(f"{old.class_name} → {new.class_name}")
    if isinstance(old, Branches | Residual) and isinstance(new, Branches | Residual):
        merges = old.merge.class_name, new.merge.class_name
        told += [] if merges[0] == merges[1] else [" → ".join(merges)]
    told += _values(params_of(old), params_of(new))
    told += [
        f"{spaced(name)} {_shown(getattr(old, name))} → {_shown(getattr(new, name))}"
        for name in _FIELDS
        if getattr(old, name, None) != getattr(new, name, None)
    ]
    if tuple(with_node(each, pairs) for each in new.inputs) != old.inputs:
        told.append("other inputs")
    if isinstance(old, Shared) and isinstance(new, Shared) and pairs.get(new.layer, new.layer) != old.layer:
        told.append("another layer is shared")
    if getattr(old, "start", None) != getattr(new, "start", None):
        told.append("starts with other weights")
    return ", ".join(told)


def _values(old: Mapping[str, Value], new: Mapping[str, Value]) -> list[str]:
    """The parameters that differ; what is not set has its default."""
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name, ...) != new.get(name, ...)]
    return [
        f"{spaced(name)} {_shown(old[name]) if name in old else 'default'} → "
        f"{_shown(new[name]) if name in new else 'default'}"
        for name in names
    ]


def _training(before: Project, after: Project) -> list[Difference]:
    old, new = before.training, after.training
    found = [
        Difference("changed", spaced(name), f"{_shown(getattr(old, name))} → {_shown(getattr(new, name))}")
        for name in old.__struct_fields__
        if getattr(old, name) != getattr(new, name)
    ]
    if before.data != after.data:
        same = before.data.source == after.data.source
        text = "other preparation" if same else f"{before.data.source.kind} → {after.data.source.kind}"
        found.append(Difference("changed", "data", text))
    return found


def _called(node: AnyNode) -> str:
    match node:
        case Layer() | Wrapper():
            values = ", ".join(f"{spaced(name)} {_shown(value)}" for name, value in list(node.params.items())[:3])
            kind = f"{node.class_name}({values})" if values else node.class_name
            return f"“{node.name}” {kind}" if node.name else kind
        case Input() | Repeat() | Residual() | Branches() if node.name:
            return f"“{node.name}” {type(node).__name__}"
    return f"“{node.name}”" if node.name else title(node)


def _place(above: AnyNode | None) -> str:
    return "" if above is None else f"in {_called(above)}"


def _move(old: AnyNode | None, new: AnyNode | None) -> str:
    if (old.id if old else "") == (new.id if new else ""):
        return "in the order"
    return f"from {_called(old) if old else 'the top level'} to {_called(new) if new else 'the top level'}"


def _outputs(tree: ModelTree, pairs: Mapping[str, str] | None) -> list[str]:
    return [with_node(each, pairs or {}) for each in tree.outputs]


def _named(tree: ModelTree) -> str:
    nodes = {node.id: node for node in walk(tree.nodes)}
    known = [(title(nodes[node_in(each)]), number_in(each)) for each in tree.outputs if node_in(each) in nodes]
    return ", ".join(f"{name}, output {number + 1}" if number else name for name, number in known) or "the last layer"


def _said(value: msgspec.Struct) -> list[str]:
    """What a record says that is not as usual; of a phase how long it is in any case."""
    fields = [each for each in msgspec.structs.fields(value) if each.name != "name" or not isinstance(value, PhaseSpec)]
    return [
        f"{spaced(each.name)} {_shown(getattr(value, each.name))}"
        for each in fields
        if each.name == "epochs" or getattr(value, each.name) != each.default
    ]


def _shown(value: object) -> str:
    if isinstance(value, ObjectSpec):
        inside = ", ".join(f"{spaced(name)} {_shown(each)}" for name, each in value.params.items())
        return f"{value.class_name}({inside})" if inside else value.class_name
    if isinstance(value, tuple):
        is_shape = all(isinstance(item, int) for item in value)
        return (" × " if is_shape else ", ").join(_shown(item) for item in value) or "none"
    if isinstance(value, PhaseSpec):
        return f"{value.name} ({', '.join(_said(value))})"
    if isinstance(value, msgspec.Struct):
        return f"({', '.join(_said(value))})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
