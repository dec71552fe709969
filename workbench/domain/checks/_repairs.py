"""Repairs that checks offer, each with a preview of what it changes."""

from collections.abc import Mapping

import msgspec

from workbench.domain.checks._case import Case, entry_of
from workbench.domain.edits import NamedEdit, change_nodes, remove, set_head, set_params, set_training
from workbench.domain.edits.base import with_nodes
from workbench.domain.problem import Repair
from workbench.domain.project import Project
from workbench.domain.tree import AnyNode, Layer, ModelTree, Wrapper, children_of, new_id, walk
from workbench.domain.tree_tools import map_sequences, params_of, topmost
from workbench.domain.values import ObjectSpec, Value


def layer(class_name: str, **params: Value) -> Layer:
    """A new layer."""
    return Layer(id=new_id(), class_name=class_name, params=params)


def shown(value: Value) -> str:
    """A value as in a script, but for objects, of which the class says enough."""
    if isinstance(value, ObjectSpec):
        return value.class_name
    if isinstance(value, tuple):
        inside = ", ".join(shown(item) for item in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return value if isinstance(value, str) else repr(value)


def described(nodes: tuple[Layer, ...]) -> str:
    """Layers with what matters of them: "Dense(10, softmax)"."""
    return ", ".join(_described(node) for node in nodes)


def _described(node: Layer) -> str:
    values = ", ".join(shown(value) for value in node.params.values())
    return f"{node.class_name}({values})" if values else node.class_name


def set_param(case: Case, node_id: str, name: str, value: Value, title: str = "") -> Repair:
    """Set one parameter of a node."""
    node = case.nodes[node_id]
    params = params_of(node)
    before = shown(params[name]) if name in params else shown(_default(node, name))
    return Repair(
        title or f"Set {name} to {shown(value)}",
        set_params((node_id,), {name: value}),
        f"{name} of “{case.name(node_id)}”: {before} → {shown(value)}",
    )


def _default(node: AnyNode, name: str) -> Value:
    entry = entry_of(getattr(node, "class_name", ""))
    param = None if entry is None else next((param for param in entry.params if param.name == name), None)
    return None if param is None else param.default


def remove_node(case: Case, node_id: str, title: str = "") -> Repair:
    """Remove a node."""
    name = case.name(node_id)
    return Repair(title or f"Remove “{name}”", remove((node_id,)), f"remove “{name}”")


def insert_before(case: Case, node_id: str, *nodes: Layer, title: str = "") -> Repair:
    """Put layers between a node and what it takes."""
    what = described(nodes)
    return Repair(
        title or f"Insert {what}",
        NamedEdit(f"Insert {what}", lambda project: _beside(project, node_id, nodes, behind=False)),
        f"insert {what} before “{case.name(node_id)}”",
    )


def insert_after(case: Case, node_id: str, *nodes: Layer, title: str = "") -> Repair:
    """Put layers behind a node."""
    what = described(nodes)
    return Repair(
        title or f"Add {what}",
        NamedEdit(f"Add {what}", lambda project: _beside(project, node_id, nodes, behind=True)),
        f"insert {what} after “{case.name(node_id)}”",
    )


def _beside(project: Project, node_id: str, new: tuple[Layer, ...], behind: bool) -> Project:
    found = topmost(project.model, (node_id,))
    if not found:
        return project
    target = found[0]

    def change(_parent: AnyNode | None, children: tuple[AnyNode, ...]) -> tuple[AnyNode, ...]:
        place = next((place for place, node in enumerate(children) if node.id == target.id), None)
        if place is None:
            return children
        put: tuple[AnyNode, ...]
        if behind:
            put = (target, *new)
        else:
            first = msgspec.structs.replace(new[0], inputs=target.inputs)
            put = (first, *new[1:], msgspec.structs.replace(target, inputs=()))
        return children[:place] + put + children[place + 1 :]

    # What took the node by name goes on taking it; the outputs of the network follow what was put behind it.
    outputs = {target.id: (new[-1].id,)} if behind and target.id in project.model.outputs else {}
    changed = with_nodes(project, map_sequences(project.model, change))
    if not outputs:
        return changed
    named = tuple(new for name in changed.model.outputs for new in outputs.get(name, (name,)))
    return msgspec.structs.replace(changed, model=msgspec.structs.replace(changed.model, outputs=named))


def append(case: Case, *nodes: Layer, title: str = "") -> Repair:
    """Put layers at the end of the network, or behind the output that the case is of."""
    last = case.by_name.get(case.output)
    if last is not None and last.node_id in case.nodes and case.project.model.outputs:
        return insert_after(case, last.node_id, *nodes, title=title)
    what = described(nodes)

    def apply(project: Project) -> Project:
        return with_nodes(project, project.model.nodes + nodes)

    return Repair(title or f"Add {what} at the end", NamedEdit(f"Add {what}", apply), f"add {what} at the end")


def replace_layer(case: Case, node_id: str, class_name: str, params: Mapping[str, Value] = {}) -> Repair:
    """Make a layer one of another class with these parameters; its id, name and inputs stay."""
    made = layer(class_name, **params)

    def change(node: AnyNode) -> AnyNode:
        if isinstance(node, Layer):
            return msgspec.structs.replace(node, class_name=class_name, params=made.params, start=None)
        if isinstance(node, Wrapper):
            return Layer(id=node.id, name=node.name, inputs=node.inputs, class_name=class_name, params=made.params)
        return node

    what = described((made,))
    return Repair(
        f"Replace by {what}",
        change_nodes(f"Replace by {class_name}", (node_id,), change),
        f"replace “{case.name(node_id)}” by {what}",
    )


def training(case: Case, field: str, value: object, title: str, preview: str) -> Repair:
    """Set one hyperparameter, of one output where the case is of one."""
    if case.head is not None:
        return Repair(title, set_head(case.head.name, **{field: value}), f"{case.head.name}: {preview}")
    return Repair(title, set_training(**{field: value}), preview)


def use_model(tree: ModelTree, title: str) -> Repair:
    """Put a whole network in the place of this one."""
    layers = tuple(node for node in walk(tree.nodes) if isinstance(node, Layer) and not children_of(node))
    return Repair(
        title,
        NamedEdit(title, lambda project: msgspec.structs.replace(project, model=tree)),
        "the network becomes: " + described(layers),
    )
