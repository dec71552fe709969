"""Edits that put a wrapper around layers that are there, or use layers again with the same weights."""

from collections.abc import Collection

import msgspec

from workbench.domain.catalogue import load_catalogue
from workbench.domain.edits.base import EditError, NamedEdit, with_nodes
from workbench.domain.naming import title
from workbench.domain.project import Project
from workbench.domain.sealed import is_sealed
from workbench.domain.tree import AnyNode, Layer, Shared, Wrapper, find, new_id, walk
from workbench.domain.tree_tools import map_sequences, parents, topmost
from workbench.domain.values import Value

_OF_SEQUENCES = "Bidirectional"
_RECURRENT = "Recurrent"


def wrappers_for(nodes: Collection[AnyNode]) -> tuple[str, ...]:
    """The wrappers of Keras that go around all of these layers; none where there is something else among them."""
    if not nodes or any(not isinstance(node, Layer) or is_sealed(node) for node in nodes):
        return ()
    layers = [entry for entry in load_catalogue().classes if entry.category == "layers"]
    groups = {entry.name: entry.group for entry in layers}
    recurrent = all(groups.get(node.class_name) == _RECURRENT for node in nodes if isinstance(node, Layer))
    found = (entry.name for entry in layers if entry.wraps)
    return tuple(name for name in found if recurrent or name != _OF_SEQUENCES)


def wrap_in_layer(node_ids: Collection[str], class_name: str) -> NamedEdit:
    """Put a wrapper of Keras around each of some layers. What takes the layer takes the wrapper; weights that the layer
    was to start with are left out, as those of the wrapper are others. Raises EditError for what is no single layer."""
    entry = load_catalogue().entry("layers", class_name)
    params: dict[str, Value] = {param.name: param.default for param in entry.params if param.required}
    inner = {node_id: new_id() for node_id in node_ids}

    def apply(project: Project) -> Project:
        chosen = {node.id for node in walk(project.model.nodes) if node.id in inner}
        wrapped = {node.child.id for node in walk(project.model.nodes) if isinstance(node, Wrapper)}
        for node_id in chosen:
            node = find(project.model, node_id)
            if not isinstance(node, Layer) or is_sealed(node) or node_id in wrapped:
                raise EditError(f"“{title(node)}” is no single layer that {class_name} could go around.")

        def change(parent: AnyNode | None, children: tuple[AnyNode, ...]) -> tuple[AnyNode, ...]:
            if isinstance(parent, Wrapper):
                return children
            return tuple(_around(node) if node.id in chosen else node for node in children)

        def _around(node: AnyNode) -> AnyNode:
            assert isinstance(node, Layer)  # as was seen above
            child = msgspec.structs.replace(node, id=inner[node.id], inputs=(), enabled=True, start=None)
            # The wrapper has the id of the layer, so that what names it finds the same output.
            return Wrapper(
                id=node.id, class_name=class_name, child=child, params=params, enabled=node.enabled, inputs=node.inputs
            )

        return with_nodes(project, map_sequences(project.model, change)) if chosen else project

    return NamedEdit(f"Put into {class_name}", apply)


def share(node_ids: Collection[str]) -> NamedEdit:
    """Use layers again with the same weights, behind the last of them. Raises EditError for what is no single layer."""
    ids = [new_id() for _ in node_ids]

    def apply(project: Project) -> Project:
        chosen = topmost(project.model, node_ids)
        if not chosen:
            return project
        if len({getattr(parents(project.model)[node.id], "id", None) for node in chosen}) > 1:
            raise EditError("These layers stand in different blocks. Select layers of one block to use them again.")
        made: list[AnyNode] = []
        for node, made_id in zip(chosen, ids, strict=False):
            if not isinstance(node, Layer | Wrapper | Shared):
                raise EditError(f"“{title(node)}” cannot be used again as a whole. Select the layers in it.")
            origin = node.layer if isinstance(node, Shared) else node.id
            made.append(Shared(id=made_id, layer=origin))
        last = chosen[-1].id

        def change(_parent: AnyNode | None, children: tuple[AnyNode, ...]) -> tuple[AnyNode, ...]:
            places = [place for place, node in enumerate(children) if node.id == last]
            return children[: places[0] + 1] + tuple(made) + children[places[0] + 1 :] if places else children

        return with_nodes(project, map_sequences(project.model, change))

    return NamedEdit("Use again with the same weights", apply)
