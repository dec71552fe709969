"""The network of a model that was read, as calls of layers."""

from dataclasses import replace

from workbench.domain.graph import MAX_STEPS
from workbench.domain.reading.calls import Call, Calls
from workbench.domain.reading.names import FreeNames
from workbench.domain.reading.python.members import made_in
from workbench.domain.reading.python.notes import StopReading
from workbench.domain.reading.python.values import Entry, LayerValue, ModelValue, Tensor
from workbench.domain.taken import taken as numbered

_MOST_DEPTH = 20
_MOST_PARTS = 4 * MAX_STEPS

Place = tuple[int, int]


class Network:
    """Makes the calls. `layers` are those that were used."""

    def __init__(self) -> None:
        self.layers: set[int] = set()
        self._calls: list[Call] = []
        self._makers: dict[int, str] = {}
        self._names = FreeNames()
        self._parts = 0

    def of_model(self, model: ModelValue) -> Calls:
        """All calls of a model. Raises StopReading where there are too many."""
        outputs = self._model(model, None, (), 0)
        return Calls(tuple(self._calls), outputs)

    def of_layers(self, layers: list[LayerValue | ModelValue]) -> Calls:
        """Layers one behind another, without an input of their own."""
        return self.of_model(ModelValue(0, items=list(layers)))

    def _model(
        self, model: ModelValue, taken: tuple[str, ...] | None, group: tuple[str, ...], depth: int
    ) -> tuple[str, ...]:
        """The outputs of a model that takes these, as calls name them; None: that has inputs of its own."""
        self._count()
        if depth > _MOST_DEPTH:
            raise StopReading(f"Models are nested more than {_MOST_DEPTH} deep.")
        if model.items is not None:
            return self._sequential(model.items, taken, group, depth)
        values: dict[Place, tuple[str, ...]] = {}
        for number, tensor in enumerate(model.inputs):
            if taken is not None:
                values[_place(tensor)] = (taken[min(number, len(taken) - 1)],)
        for made in made_in(model):
            if isinstance(made.callee, Entry) and (id(made), 0) not in values:
                values[id(made), 0] = (self._entry(made.callee),)
        for tensor in model.inputs:
            if _place(tensor) not in values:
                entry = tensor.made.callee if isinstance(tensor.made.callee, Entry) else Entry(None)
                values[_place(tensor)] = (self._entry(entry),)
        for made in made_in(model):
            if (id(made), 0) not in values:
                given = tuple(name for tensor in made.taken for name in values[_place(tensor)])
                scope = (*group, *made.scope)
                for index, name in enumerate(self._callee(made.callee, given, scope, depth)):
                    values[id(made), index] = (name,)
        return tuple(name for tensor in model.outputs for name in values[_place(tensor)])

    def _sequential(
        self,
        items: list[LayerValue | ModelValue | Entry],
        taken: tuple[str, ...] | None,
        group: tuple[str, ...],
        depth: int,
    ) -> tuple[str, ...]:
        current = taken or ()
        if taken is None:
            entry = _first_entry(items, depth)
            current = () if entry is None else (self._entry(entry),)
        for item in items:
            if not isinstance(item, Entry):
                made = self._callee(item, current, group, depth)
                current = made[:1] if isinstance(item, LayerValue) else made
        return current

    def _callee(
        self, callee: LayerValue | ModelValue | Entry, taken: tuple[str, ...], group: tuple[str, ...], depth: int
    ) -> tuple[str, ...]:
        if isinstance(callee, Entry):
            return (self._entry(callee),)
        if isinstance(callee, ModelValue):
            name = (*group, callee.name) if callee.name else group
            inside = self._model(callee, taken, name, depth + 1)
            return inside or taken
        maker = self._makers.get(id(callee))
        if maker is not None:
            made = self._add(Call("", callee.class_name, inputs=taken, shares=maker, group=group))
        else:
            made = self._add(replace(_call(callee), inputs=taken, group=group))
            self._makers[id(callee)] = made
            self.layers.add(id(callee))
        return tuple(numbered(made, number) for number in range(callee.outputs))

    def _entry(self, entry: Entry) -> str:
        return self._add(Call("", "InputLayer", name=entry.name, shape=entry.shape, dtype=entry.dtype))

    def _add(self, call: Call) -> str:
        if len(self._calls) >= MAX_STEPS:
            raise StopReading(f"The network has more than {MAX_STEPS:,} layers.")
        self._count()
        call_id = str(len(self._calls))
        self._calls.append(replace(call, id=call_id, name=self._names.of(call)))
        return call_id

    def _count(self) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise StopReading(f"The network has more than {MAX_STEPS:,} layers.")


def _call(layer: LayerValue) -> Call:
    inner = None if layer.inner is None else _call(layer.inner)
    return Call("", layer.class_name, layer.params, name=layer.name, trainable=layer.trainable, inner=inner)


def _first_entry(items: list[LayerValue | ModelValue | Entry], depth: int) -> Entry | None:
    """The input that a Sequential has, or that its first layer brings along."""
    for item in items:
        if isinstance(item, Entry):
            return item
    first = items[0] if items else None
    if isinstance(first, LayerValue):
        return first.entry or (first.inner.entry if first.inner is not None else None)
    if isinstance(first, ModelValue) and depth < _MOST_DEPTH:
        if first.items is not None:
            return _first_entry(first.items, depth + 1)
        callees = [tensor.made.callee for tensor in first.inputs]
        return callees[0] if len(callees) == 1 and isinstance(callees[0], Entry) else None
    return None


def _place(tensor: Tensor) -> Place:
    return id(tensor.made), tensor.index
