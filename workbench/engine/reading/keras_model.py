"""Reads a Keras model as calls of layers."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from workbench.domain.reading.calls import Call, Calls
from workbench.domain.reading.names import FreeNames
from workbench.domain.taken import taken as numbered
from workbench.domain.values import Value
from workbench.engine.reading.layers import call_of, inputs_of, lost_in, told_at_call
from workbench.engine.reading.operations import call_of_operation
from workbench.engine.reading.substitutes import scaled_sum
from workbench.engine.reading.values import NoPlaceError, entry_of

MOST_CALLS = 20_000
MAX_DEPTH = 20

Place: TypeAlias = tuple[int, int, int]


class ReadingError(Exception):
    """The model cannot become a tree; `reasons` say in a sentence each what stands against it."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class Reading:
    """The `calls` of a model, and the `layers` that were made in them, by the ids of the calls.

    Raises ReadingError where the tree could not be the same network, with all reasons at once.
    """

    def __init__(self, model: Any) -> None:
        self.layers: dict[str, Any] = {}
        self._calls: list[Call] = []
        self._makers: dict[int, str] = {}
        self._names = FreeNames()
        self._reasons: dict[str, None] = {}
        self._unread: dict[Place, str] = {}
        outputs = self._read(model, None, (), 0)
        if self._reasons:
            raise ReadingError(tuple(self._reasons))
        self.calls = Calls(tuple(self._calls), outputs)

    def _read(self, model: Any, taken: tuple[str, ...] | None, group: tuple[str, ...], depth: int) -> tuple[str, ...]:
        """The outputs of a model that takes these, as calls name them; None: that has inputs of its own."""
        if depth > MAX_DEPTH:
            raise ReadingError((f"Models are nested more than {MAX_DEPTH} deep.",))
        functional = _functional(model)
        values: dict[Place, str] = {}
        for number, tensor in enumerate(functional.inputs):
            values[_place(tensor)] = self._input(tensor) if taken is None else taken[number]
        for node in _nodes(functional):
            self._node(node, values, group, depth)
        return tuple(self._taken(tensor, values, model.name) for tensor in functional.outputs)

    def _input(self, tensor: Any) -> str:
        layer = tensor._keras_history.operation
        dtype = None if tensor.dtype == "float32" else str(tensor.dtype)
        return self._add(Call("", "InputLayer", name=layer.name, shape=tuple(tensor.shape[1:]), dtype=dtype))

    def _taken(self, tensor: Any, values: dict[Place, str], taker: str) -> str:
        """The output that a tensor is, as calls name it."""
        place = _place(tensor)
        if place in self._unread:
            self._refuse(self._unread[place])
        elif place not in values:
            name = tensor._keras_history.operation.name
            self._refuse(f"“{taker}” takes what “{name}” gives, which is no part of the network.")
        return values.get(place, "")

    def _node(self, node: Any, values: dict[Place, str], group: tuple[str, ...], depth: int) -> None:
        import keras

        operation = node.operation
        if not isinstance(operation, keras.layers.Layer):
            self._operation(node, values, group)
            return
        taken = tuple(self._taken(tensor, values, operation.name) for tensor in inputs_of(node))
        if isinstance(operation, keras.Model):
            made = self._read(operation, taken, (*group, operation.name), depth + 1)
        else:
            call_id = self._layer(operation, node, taken, group)
            made = tuple(numbered(call_id, number) for number in range(len(node.output_tensors)))
        for tensor, name in zip(node.output_tensors, made, strict=False):
            values[_place(tensor)] = name

    def _layer(self, layer: Any, node: Any, taken: tuple[str, ...], group: tuple[str, ...]) -> str:
        scaled = scaled_sum(layer)
        if scaled is not None:
            second = self._add(replace(scaled, inputs=taken[1:], group=group))
            return self._add(Call("", "Add", inputs=(taken[0], second), name=layer.name, group=group))
        for lost in lost_in(layer, node):
            self._refuse(lost)
        maker = self._makers.get(id(layer))
        kind = type(layer).__name__
        told = told_at_call(layer, node)
        if maker is not None:
            self._same_way(layer, maker, told)
            return self._add(Call("", kind, inputs=taken, shares=maker, group=group))
        try:
            call = call_of(layer)
            call = replace(call, params={**call.params, **told}, inputs=taken, group=group)
        except NoPlaceError as error:
            self._refuse(f"“{layer.name}” ({kind}) has no place in the tree: {error}.")
            call = Call("", kind, inputs=taken)
        made = self._makers[id(layer)] = self._add(call)
        self.layers[made] = layer
        return made

    def _same_way(self, layer: Any, maker: str, told: dict[str, Value]) -> None:
        """Layers that share their weights are called with the same beside their inputs."""
        entry = entry_of("layers", type(layer).__name__)
        params = self._calls[int(maker)].params
        if any(params.get(name) != told.get(name) for name in (entry.at_call if entry is not None else ())):
            self._refuse(f"“{layer.name}” is called in several ways, which a tree cannot say.")

    def _operation(self, node: Any, values: dict[Place, str], group: tuple[str, ...]) -> None:
        """An operation on tensors. One that no layer does is refused where something takes it: those that compute masks
        are not taken, as layers hand them on by themselves."""
        operation, place = node.operation, _place(node.output_tensors[0])
        call = call_of_operation(operation, node)
        known = all(_place(tensor) in values for tensor in node.input_tensors)
        if call is None or not known:
            kind = type(operation).__name__
            self._unread[place] = f"The network calls the operation {kind} (“{operation.name}”), which is no layer."
            return
        taken = tuple(values[_place(tensor)] for tensor in node.input_tensors)
        values[place] = self._add(replace(call, inputs=taken, group=group))

    def _add(self, call: Call) -> str:
        if len(self._calls) >= MOST_CALLS:
            raise ReadingError((f"The network has more than {MOST_CALLS:,} layers.",))
        call_id = str(len(self._calls))
        self._calls.append(replace(call, id=call_id, name=self._names.of(call)))
        return call_id

    def _refuse(self, reason: str) -> None:
        self._reasons[reason] = None


def _functional(model: Any) -> Any:
    """The model as a graph. Raises ReadingError for one that is none, or has no shape yet."""
    import keras

    if isinstance(model, keras.Sequential):
        if model._functional is None:
            raise ReadingError((f"“{model.name}” does not say the shape of its input, so it cannot be laid out.",))
        return model._functional
    if not getattr(model, "_is_graph_network", False) and not hasattr(model, "_nodes_by_depth"):
        raise ReadingError((f"“{model.name}” is a class of its own, whose layers are called by code.",))
    return model


def _nodes(functional: Any) -> Iterator[Any]:
    """The calls of a graph, each behind those that it takes."""
    for _, nodes in sorted(functional._nodes_by_depth.items(), reverse=True):
        yield from (node for node in nodes if not node.is_input)


def _place(tensor: Any) -> Place:
    history = tensor._keras_history
    return id(history.operation), history.node_index, history.tensor_index
