"""The endpoints of a SavedModel: what each takes and gives, as its object graph says, and whether it can be a layer.

`keras.layers.TFSMLayer` looks for an attribute of the name before it looks for a signature; the two are called in
different ways, so here they are told apart as it does.
"""

import math
from collections.abc import Iterator
from typing import Any

from workbench.domain.sealed import SealedEndpoint, SealedTensor
from workbench.engine.sealed.functions import Functions
from workbench.engine.sealed.ops import CHANGING, DRAWING, PURE

_TAKEN = ("float32", "int32", "int64", "uint8", "bool")
_GIVEN = (*_TAKEN, "float16", "bfloat16", "float64")
_MOST = 100
_MAX_RANK = 16


class _Refused(Exception):  # noqa: N818 - no error: another endpoint may do
    """The endpoint cannot be a layer; the message says why."""


def endpoints_of(graph: Any, functions: Functions) -> tuple[SealedEndpoint, ...]:
    """All endpoints by their names: those that people serve first, then the others."""
    objects = graph.object_graph_def.nodes
    attributes = {name: objects[at] for name, at in _children(objects[0], objects)}
    signatures = attributes.get("signatures")
    named = {name: objects[at] for name, at in _children(signatures, objects)} if signatures is not None else {}
    called = [name for name, each in attributes.items() if each.HasField("function") and not name.startswith("_")]
    found = []
    for name in list(dict.fromkeys((*named, *called)))[:_MOST]:
        try:
            found.append(_endpoint(name, _forms(name, named, attributes), objects, functions))
        except _Refused as error:
            found.append(SealedEndpoint(name, refusal=str(error)))
    return tuple(sorted(found, key=lambda each: (each.name != "serving_default", each.name != "serve", each.name)))


def _forms(name: str, named: dict[str, Any], attributes: dict[str, Any]) -> list[str]:
    """The functions of the graph that an endpoint stands for: one for each kind of input that it was made for."""
    if name not in attributes:
        return [named[name].bare_concrete_function.concrete_function_name]
    if not attributes[name].HasField("function"):
        raise _Refused("Something else in the SavedModel has its name.")
    return list(attributes[name].function.concrete_functions)


def _children(node: Any, objects: Any) -> Iterator[tuple[str, int]]:
    for child in node.children:
        if 0 <= child.node_id < len(objects):
            yield child.local_name, child.node_id


def _endpoint(name: str, names: list[str], objects: Any, functions: Functions) -> SealedEndpoint:
    if len(names) != 1 or names[0] not in functions.concrete:
        raise _Refused("It has several forms, or none, so what it takes is not known.")
    function = functions.concrete[names[0]]
    kinds = functions.reach(names[0])
    if kinds & CHANGING:
        raise _Refused("It changes its own weights when it is called.")
    if kinds & DRAWING:
        raise _Refused("It draws by chance when it is called, so it would not say the same twice.")
    if kinds - PURE:
        raise _Refused(f"It has operations that are not for computing: {', '.join(sorted(kinds - PURE)[:3])}.")
    takes = tuple(_taken(function.canonicalized_input_signature))
    gives = tuple(_given(function.output_signature))
    used = {at for at in function.bound_inputs if 0 <= at < len(objects)}
    shapes = [objects[at].variable.shape for at in used if objects[at].HasField("variable")]
    params = sum(math.prod(dimension.size for dimension in shape.dim) for shape in shapes)
    return SealedEndpoint(name, takes, gives, int(params))


def _taken(signature: Any) -> Iterator[SealedTensor]:
    """What a layer has to be called on: one tensor, or one list of several."""
    values = list(signature.tuple_value.values)
    if len(values) != 2:
        raise _Refused("What it takes is not known.")
    by_place, by_name = list(values[0].tuple_value.values), dict(values[1].dict_value.fields)
    if len(by_place) + len(by_name) != 1:
        raise _Refused("It takes several inputs by their names, and a layer of Keras hands on only one, or a list.")
    ((_, only),) = by_name.items() if by_name else (("", by_place[0]),)
    inner = list(only.list_value.values or only.tuple_value.values) or [only]
    for each in inner[:_MOST]:
        told = _tensor(each)
        if told.dtype not in _TAKEN:
            raise _Refused(f"It takes {told.dtype}, and here a layer can take only {', '.join(_TAKEN)}.")
        yield told


def _given(value: Any) -> Iterator[SealedTensor]:
    """What it gives, by names, sorted as Keras does; one tensor alone has none."""
    match value.WhichOneof("kind"):
        case "tensor_spec_value":
            told = [("", value)]
        case "dict_value":
            told = sorted(value.dict_value.fields.items())
        case _:
            raise _Refused("It gives several outputs without names.")
    given = [SealedTensor(name, spec.shape, spec.dtype) for name, each in told for spec in (_tensor(each),)]
    numbers = [each for each in given if each.dtype in _GIVEN]
    if not numbers:
        raise _Refused("It gives nothing that is numbers.")
    yield from numbers


def _tensor(value: Any) -> SealedTensor:
    import tensorflow as tf

    if value.WhichOneof("kind") != "tensor_spec_value":
        raise _Refused("It takes or gives something else than tensors.")
    spec = value.tensor_spec_value
    sizes = [dimension.size for dimension in spec.shape.dim]
    if spec.shape.unknown_rank or len(sizes) > _MAX_RANK:
        raise _Refused("It takes or gives tensors of no known number of axes.")
    if not sizes or sizes[0] >= 0:
        count = f"{sizes[0]:,} samples" if sizes else "a single number"
        raise _Refused(f"It takes or gives {count} at a time, and a layer must work on batches of any size.")
    try:
        dtype = str(tf.dtypes.as_dtype(spec.dtype).name)
    except TypeError as error:
        raise _Refused("It takes or gives numbers of an unknown type.") from error
    return SealedTensor(spec.name, tuple(None if size < 0 else size for size in sizes[1:]), dtype)
