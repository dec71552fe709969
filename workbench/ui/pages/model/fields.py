"""What the form shows for the selected nodes, and which edit a change in it is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec
from PySide6.QtCore import QCoreApplication

from workbench.domain import edits
from workbench.domain.catalogue import Catalogue, ClassEntry, ParamEntry
from workbench.domain.edits import NamedEdit
from workbench.domain.reusable import exposed_value
from workbench.domain.sealed import is_sealed
from workbench.domain.tree import (
    AnyNode,
    Base,
    Block,
    Branches,
    Input,
    Layer,
    Repeat,
    Residual,
    Wrapper,
    walk,
)
from workbench.domain.values import ObjectSpec, Value
from workbench.ui.forms.values import same

NAME = "name"
TRAINABLE = "trainable"
MERGE = "merge"
EXPOSED = "exposed:"  # before the names of what a reusable block exposes
GROW = "grow"
NODE_FIELDS = ("times", GROW, "shape", "dtype", MERGE)
DTYPES = ("float32", "float16", "float64", "int32", "int64", "uint8", "bool")


@dataclass(frozen=True)
class Fields:
    """The form of some nodes: entries, what is set, and what differs among them."""

    node_ids: tuple[str, ...]
    entries: tuple[ParamEntry, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    mixed: frozenset[str] = frozenset()


def _trainable_entry() -> ParamEntry:
    text = QCoreApplication.translate("Fields", "Whether training changes its weights. Off: it is frozen.")
    return ParamEntry(name=TRAINABLE, kind="bool", default=True, help=text)


def _times_entry() -> ParamEntry:
    text = QCoreApplication.translate("Fields", "How often the sequence is laid.")
    return ParamEntry(name="times", kind="int", default=2, low=1, high=5000, help=text)


def _grow_entry() -> ParamEntry:
    text = QCoreApplication.translate(
        "Fields",
        "How parameters of the layers in it grow from round to round: “filters *2, units +16” makes 32, 64, 128 "
        "of 32 filters.",
    )
    return ParamEntry(name=GROW, kind="text", default="", help=text)


def _shape_entry() -> ParamEntry:
    text = QCoreApplication.translate("Fields", "The shape without the batch. None: that of the data.")
    return ParamEntry(name="shape", kind="shape", optional=True, low=1, help=text)


def _dtype_entry() -> ParamEntry:
    text = QCoreApplication.translate("Fields", "The type of the numbers that enter. None: that of the data.")
    return ParamEntry(name="dtype", kind="choice", choices=DTYPES, optional=True, help=text)


def fields_of(nodes: Sequence[AnyNode], catalogue: Catalogue, wrapped: Collection[str] = ()) -> Fields:
    """The form of one node, or of what several have in common. `wrapped` are the ids of layers in wrappers, which call
    them as they like: what a layer takes at its call cannot be set there."""
    ids = tuple(node.id for node in nodes)
    if not nodes:
        return Fields(ids)
    per_node = [
        (
            tuple(entry for entry in _entries(node, catalogue) if not (entry.at_call and node.id in wrapped)),
            _values(node),
        )
        for node in nodes
    ]
    first_entries, first_values = per_node[0]
    if len(nodes) == 1:
        return Fields(ids, first_entries, first_values)
    common = tuple(
        entry
        for entry in first_entries
        if entry.name != NAME and all(any(_alike(entry, other) for other in entries) for entries, _ in per_node[1:])
    )
    mixed = frozenset(
        entry.name
        for entry in common
        if any(
            not same(values.get(entry.name, entry.default), first_values.get(entry.name, entry.default))
            for _, values in per_node[1:]
        )
    )
    return Fields(ids, common, first_values, mixed)


def _alike(one: ParamEntry, other: ParamEntry) -> bool:
    about = ("name", "kind", "choices", "category", "dimensions", "optional")
    return all(getattr(one, name) == getattr(other, name) for name in about)


def _entries(node: AnyNode, catalogue: Catalogue) -> tuple[ParamEntry, ...]:
    if is_sealed(node):
        return (_name_entry(node),)  # what it calls is chosen of what it has, which only the engine knows
    params = class_params(node, catalogue)
    basic = tuple(entry for entry in params if not entry.advanced)
    advanced = tuple(entry for entry in params if entry.advanced)
    own: tuple[ParamEntry, ...] = ()
    match node:
        case Repeat():
            own = (_times_entry(), _grow_entry())
        case Input():
            own = (_shape_entry(), _dtype_entry())
        case Branches() | Residual():
            own = (_merge_entry(node, catalogue),)
        case Block():
            own = _exposed_entries(node, catalogue)
    trainable = (_trainable_entry(),) if hasattr(node, "trainable") else ()
    return (*own, *basic, *trainable, _name_entry(node), *advanced)


def class_params(node: AnyNode, catalogue: Catalogue) -> tuple[ParamEntry, ...]:
    """The constructor parameters of a node's class."""
    entry = class_entry(node, catalogue)
    return entry.params if entry else ()


def class_entry(node: AnyNode, catalogue: Catalogue) -> ClassEntry | None:
    """The catalogue's entry of a layer or wrapper, None for other nodes and unknown classes."""
    if not isinstance(node, Layer | Wrapper):
        return None
    try:
        return catalogue.entry("layers", node.class_name)
    except KeyError:
        return None


def _name_entry(node: AnyNode) -> ParamEntry:
    text = QCoreApplication.translate("Fields", "A name of your own. Empty: Keras makes one from the class.")
    if isinstance(node, Base | Block | Repeat | Residual | Branches):
        text = QCoreApplication.translate("Fields", "A name of your own, to find it again.")
    return ParamEntry(name=NAME, kind="text", default="", help=text)


def _exposed_entries(block: Block, catalogue: Catalogue) -> tuple[ParamEntry, ...]:
    """What a use of a reusable block sets for itself: as in the layer that has it."""
    inside = {node.id: node for node in walk(block.children)}
    made = []
    for each in block.exposed:
        target = each.targets[0]
        known = class_params(inside[target.node], catalogue) if target.node in inside else ()
        entry = next((entry for entry in known if entry.name == target.param), None)
        if entry is not None:
            made.append(msgspec.structs.replace(entry, name=EXPOSED + each.name, title=each.name, advanced=False))
    return tuple(made)


def _merge_entry(node: Branches | Residual, catalogue: Catalogue) -> ParamEntry:
    names = tuple(entry.name for entry in catalogue.of("layers") if entry.merges)
    usual = "Add" if isinstance(node, Residual) else "Concatenate"
    text = QCoreApplication.translate("Fields", "How the ends are joined.")
    return ParamEntry(name=MERGE, kind="object", category="layers", choices=names, default=usual, help=text)


def _merge_value(value: Value) -> ObjectSpec:
    return value if isinstance(value, ObjectSpec) else ObjectSpec(str(value))


def _values(node: AnyNode) -> dict[str, Value]:
    values: dict[str, Value] = dict(node.params) if isinstance(node, Layer | Wrapper) else {}
    for name in (*NODE_FIELDS, NAME, TRAINABLE):
        if hasattr(node, name):
            values[name] = getattr(node, name)
    if isinstance(node, Block):
        told = {EXPOSED + each.name: exposed_value(node, each) for each in node.exposed}
        values |= {name: value for name, value in told.items() if value is not None}
    return values


def change(fields: Fields, name: str, value: Value) -> NamedEdit:
    """The edit that a change in the form stands for. Raises EditError where it is impossible."""
    entry = next(entry for entry in fields.entries if entry.name == name)
    if name.startswith(EXPOSED):
        is_usual = not entry.required and same(value, entry.default)
        return edits.set_exposed(fields.node_ids, name.removeprefix(EXPOSED), None if is_usual else value)
    match name:
        case "name":
            return edits.rename(fields.node_ids[0], str(value or ""))
        case "trainable":
            return edits.set_trainable(fields.node_ids, bool(value))
        case "merge":
            return edits.set_field(fields.node_ids, MERGE, _merge_value(value))
        case "grow":
            return edits.set_field(fields.node_ids, name, str(value or ""))
        case "times" | "shape" | "dtype":
            return edits.set_field(fields.node_ids, name, value)
    if not entry.required and same(value, entry.default):
        same_step = edits.set_param(fields.node_ids, name, value).merge_key
        return replace(edits.reset_params(fields.node_ids, (name,)), merge_key=same_step)
    return edits.set_param(fields.node_ids, name, value)


def reset(fields: Fields, name: str) -> NamedEdit:
    """The edit that gives a value its default again."""
    entry = next(entry for entry in fields.entries if entry.name == name)
    if name in (NAME, TRAINABLE, *NODE_FIELDS) or name.startswith(EXPOSED):
        return change(fields, name, entry.default)
    if entry.required:
        return edits.set_param(fields.node_ids, name, entry.default)
    return edits.reset_params(fields.node_ids, (name,))
