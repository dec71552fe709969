"""What one layer makes of its input and what it costs, found out without allocating its weights.

The answer depends only on the layer's description and the shapes it gets, so it is remembered: after an edit only the
layers that changed are made again, and the equal layers of a deep network are made once.
"""

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import msgspec

from workbench.domain.graph import GraphStep
from workbench.domain.sealed import is_sealed
from workbench.engine.parts.scope import current
from workbench.engine.sealed.kept import output_of
from workbench.engine.steps import call_layer, first_output, make_layer

MAX_REMEMBERED = 4096
Spec = tuple[tuple[int | None, ...], str]

# Values kept for the backward pass, for each unit and time step (gates, states and their activations).
_RECURRENT = {"LSTM": 10, "GRU": 8, "SimpleRNN": 3, "RNN": 10, "ConvLSTM1D": 10, "ConvLSTM2D": 10, "ConvLSTM3D": 10}
_ATTENTION = {"MultiHeadAttention", "GroupQueryAttention"}


@dataclass(frozen=True)
class Measure:
    """`output` is the shape with the batch, and the dtype, of the first output, `further` of the others. Bytes are
    those of the weights; `kept` counts the values of one sample that training keeps for the backward pass; `shapes` are
    those of the weights, in their order."""

    output: Spec
    params: int
    trainable_params: int
    param_bytes: int
    trainable_bytes: int
    kept: int
    shapes: tuple[tuple[int, ...], ...] = ()
    further: tuple[Spec, ...] = ()


_remembered: "OrderedDict[bytes, Measure]" = OrderedDict()
_lock = threading.Lock()
_encoder = msgspec.msgpack.Encoder()


def measure(step: GraphStep, inputs: tuple[Spec, ...], first_inputs: tuple[Spec, ...] | None = None) -> Measure:
    """Measure the layer of a step on inputs. `first_inputs` are those on which a shared layer was made.

    Must run inside a StatelessScope that initialises nothing. Raises BuildError.
    """
    if is_sealed(step):
        return _sealed(step, inputs)
    key = _key(step, inputs, first_inputs)
    with _lock:
        known = _remembered.get(key)
        if known is not None:
            _remembered.move_to_end(key)
            return known
    made = _make(step, inputs, first_inputs)
    with _lock:
        _remembered[key] = made
        while len(_remembered) > MAX_REMEMBERED:
            _remembered.popitem(last=False)
    return made


def _key(step: GraphStep, inputs: tuple[Spec, ...], first_inputs: tuple[Spec, ...] | None) -> bytes:
    """Everything that decides the answer; repr is used where a number is too large for MessagePack."""
    inner = step.inner and (step.inner.class_name, step.inner.params, step.inner.trainable)
    parts = (step.class_name, step.params, step.trainable, inner, inputs, first_inputs, current().key)
    try:
        return _encoder.encode(parts)
    except OverflowError:
        return repr(parts).encode()


def _make(step: GraphStep, inputs: tuple[Spec, ...], first_inputs: tuple[Spec, ...] | None) -> Measure:
    layer = make_layer(step)
    if first_inputs is not None:
        call_layer(step, layer, _tensors(first_inputs))
    outputs = call_layer(step, layer, _tensors(inputs))
    first = first_output(outputs)
    weights, trainable = layer.weights, layer.trainable_weights
    return Measure(
        output=(tuple(first.shape), str(first.dtype)),
        params=sum(math.prod(weight.shape) for weight in weights),
        trainable_params=sum(math.prod(weight.shape) for weight in trainable),
        param_bytes=sum(_bytes(weight) for weight in weights),
        trainable_bytes=sum(_bytes(weight) for weight in trainable),
        kept=_kept(step, inputs, outputs),
        shapes=tuple(tuple(weight.shape) for weight in weights),
        further=tuple((tuple(each.shape), str(each.dtype)) for each in _flat(outputs)[1:]),
    )


def _sealed(step: GraphStep, inputs: tuple[Spec, ...]) -> Measure:
    """What the graph of a sealed SavedModel says, of which nothing is loaded."""
    endpoint, given = output_of(step, inputs)
    size = endpoint.params * item_size("float32")
    return Measure(((None, *given.shape), given.dtype), endpoint.params, 0, size, 0, sample_size((None, *given.shape)))


def _flat(outputs: Any) -> list[Any]:
    import keras

    return list(keras.tree.flatten(outputs))


def _tensors(specs: tuple[Spec, ...]) -> list[Any]:
    import keras

    return [keras.KerasTensor(shape, dtype=dtype) for shape, dtype in specs]


def _bytes(weight: Any) -> int:
    import keras

    return int(math.prod(weight.shape)) * item_size(keras.backend.standardize_dtype(weight.dtype))


def item_size(dtype: str) -> int:
    """Bytes of one value; texts count as a pointer."""
    digits = "".join(c for c in dtype if c.isdigit())
    return int(digits) // 8 if digits else 1 if dtype == "bool" else 8


def sample_size(shape: tuple[int | None, ...]) -> int:
    """Values of one sample of a shape with the batch; free axes count as 1."""
    return math.prod(size or 1 for size in shape[1:])


def _kept(step: GraphStep, inputs: tuple[Spec, ...], outputs: Any) -> int:
    own = sum(sample_size(tuple(output.shape)) for output in _flat(outputs))
    if step.class_name in _ATTENTION:
        heads = step.params.get("num_heads", step.params.get("num_query_heads", 1))
        query, value = inputs[0][0][1:-1], inputs[-1][0][1:-1]
        scores = math.prod(size or 1 for size in query) * math.prod(size or 1 for size in value)
        return 6 * own + 2 * scores * (heads if isinstance(heads, int) else 1)
    recurrent = step.inner.class_name if step.inner is not None else step.class_name
    if recurrent in _RECURRENT and inputs:
        steps_in_time = inputs[0][0][1] if len(inputs[0][0]) > 1 else 1
        once = sample_size(tuple(first_output(outputs).shape))
        params = step.inner.params if step.inner is not None else step.params
        return own + _RECURRENT[recurrent] * once * (1 if params.get("return_sequences") else steps_in_time or 1)
    return own * (2 if step.params.get("activation") not in (None, "linear") else 1)
