"""A trained network as an ONNX file for other frameworks and runtimes, held against its own answers on real samples."""

import contextlib
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workbench.domain.files import write_atomically
from workbench.engine.data.limits import readable
from workbench.engine.data.optional import library
from workbench.engine.errors import EngineError
from workbench.engine.objects import short_message
from workbench.engine.probes.base import Subject
from workbench.engine.real_samples import Compared, compared

EXTRA = "onnx"
OPSET = 18
"""The newest set of operations that the converter knows; runtimes since 2023 read it."""
MOST_BYTES = 1_900_000_000
"""One message of protobuf, which the file is, holds 2 GB."""
_TITLE = "An ONNX file"
_KEPT_APART = ("_XlaMustCompile", "_noinline")
"""What Keras' convolutions in groups are marked with, which then are not laid out in the graph."""
_NUMBER = re.compile(r"_\d+$")


@dataclass(frozen=True)
class Onnx:
    """What was written: sentences for a person, and how far the answers lie from the model's at most."""

    notes: tuple[str, ...]
    difference: float


def write_onnx(subject: Subject, target: Path) -> Onnx:
    """Write a `.onnx` file that takes any number of samples, prepared as in training, and open it again with ONNX
    Runtime. Raises EngineError where the network cannot be converted, DataError where a library is missing, and
    OSError."""
    for name in ("onnx", "tf2onnx", "onnxruntime"):
        library(name, EXTRA, _TITLE)
    weights = sum(int(np.prod(each.shape)) * 4 for each in subject.model.weights)
    if weights > MOST_BYTES:
        raise EngineError(
            f"An ONNX file holds at most 2 GB, and the weights of this network have {readable(weights)}. Export it as "
            "a SavedModel."
        )
    content = _converted(subject.model)
    found = compared(subject, _runner(content))
    write_atomically(target, content)
    return Onnx(tuple(_notes(subject, len(content), found)), found.difference)


def _converted(model: Any) -> bytes:
    """The file of a model; its inputs and outputs bear the names of their layers. Raises EngineError."""
    tf2onnx = library("tf2onnx", EXTRA, _TITLE)
    try:
        graph, renamed = _frozen(model)
        given = [f"input_{place}:0" for place in range(len(model.inputs))]
        gives = [name for name in renamed if name not in given]
        with _quiet():
            proto, _ = tf2onnx.convert.from_graph_def(
                graph,
                name=model.name,
                input_names=given,
                output_names=gives,
                opset=OPSET,
                custom_op_handlers={"Erfc": (_erfc, [])},
                tensors_to_rename=renamed,
            )
    except Exception as error:
        raise EngineError(
            f"ONNX cannot express this network: {short_message(error)}. Export it as a SavedModel.", str(error)
        ) from error
    _refuse_unknown(proto, [layer.name for layer in model.layers])
    content: bytes = proto.SerializeToString()
    return content


def _frozen(model: Any) -> tuple[Any, dict[str, str]]:
    """The forward pass as a TensorFlow graph with its weights inside, and what its tensors are to be called."""
    import keras
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    def answer(*taken: Any) -> list[Any]:
        outputs = keras.tree.flatten(model(list(taken) if len(taken) > 1 else taken[0], training=False))
        return [tf.identity(output) for output in outputs]

    wanted = [
        tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype, name=f"input_{place}")
        for place, tensor in enumerate(model.inputs)
    ]
    traced = tf.function(answer, autograph=False).get_concrete_function(*wanted)
    frozen = convert_variables_to_constants_v2(traced, lower_control_flow=False, aggressive_inlining=True)
    names = _unlike([tensor._keras_history.operation.name for tensor in (*model.inputs, *model.outputs)])
    tensors = [f"input_{place}:0" for place in range(len(wanted))] + [tensor.name for tensor in frozen.outputs]
    graph = frozen.graph.as_graph_def(add_shapes=True)
    for part in (*graph.node, *graph.library.function):
        for mark in _KEPT_APART:
            part.attr.pop(mark, None)
    return graph, dict(zip(tensors, names, strict=True))


def _unlike(names: Sequence[str]) -> list[str]:
    """The same names, of which none comes twice: a layer can give several outputs, and an input be one."""
    told: list[str] = []
    for name in names:
        number, free = 2, name
        while free in told:
            number, free = number + 1, f"{name}_{number}"
        told.append(free)
    return told


def _erfc(context: Any, node: Any, name: str, args: Any) -> None:
    """The complementary error function, with which Keras computes GELU and which ONNX does not have: 1 - erf(x)."""
    dtype, shape = context.get_dtype(node.output[0]), context.get_shape(node.output[0])
    one = context.make_const(f"{name}_one", np.array(1, np.float32))
    taken, given = node.input[0], node.output[0]
    context.remove_node(node.name)
    erf = context.make_node("Erf", [taken], name=f"{name}_erf", shapes=[shape], dtypes=[dtype])
    context.make_node("Sub", [one.output[0], erf.output[0]], outputs=[given], shapes=[shape], dtypes=[dtype])


def _refuse_unknown(proto: Any, layers: Sequence[str]) -> None:
    """The converter leaves what it does not know as it is, which no runtime opens."""
    defs = library("onnx.defs", EXTRA, _TITLE)
    unknown: dict[str, str] = {}
    for node in _nodes(proto.graph):
        if not defs.has(node.op_type, node.domain):
            unknown.setdefault(node.op_type, _layer_of(node.name, layers))
    if unknown:
        told = ", ".join(f"{kind} (in “{layer}”)" if layer else kind for kind, layer in list(unknown.items())[:4])
        raise EngineError(
            f"ONNX has nothing for these operations of the network: {told}. Export it as a SavedModel, or leave these "
            "layers out."
        )


def _nodes(graph: Any) -> Iterator[Any]:
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _nodes(attribute.g)


def _layer_of(name: str, layers: Sequence[str]) -> str:
    """The layer in whose scope an operation stands; scopes have a number behind the layer's name."""
    for part in name.split("/"):
        for scope in (part, _NUMBER.sub("", part)):
            if scope in layers:
                return scope
    return ""


def _runner(content: bytes) -> Any:
    """What answers from the file: arrays in the order of the inputs, to arrays in the order of the outputs."""
    runtime = library("onnxruntime", EXTRA, _TITLE)
    try:
        session = runtime.InferenceSession(content, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise EngineError(
            f"ONNX Runtime does not open the file: {short_message(error)}. Export it as a SavedModel.", str(error)
        ) from error
    names = [taken.name for taken in session.get_inputs()]
    return lambda arrays: session.run(None, dict(zip(names, arrays, strict=True)))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The converter logs what it does not know, which becomes a sentence here."""
    log = logging.getLogger("tf2onnx")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)


def _notes(subject: Subject, size: int, found: Compared) -> Iterator[str]:
    names = [tensor._keras_history.operation.name for tensor in subject.model.inputs]
    yield f"The file has {readable(size)}, with operations of ONNX opset {OPSET}."
    yield f"Opened again with ONNX Runtime: {found.sentence}"
    yield f"It takes any number of samples, prepared as in training, as {_listed(names)}."


def _listed(names: Sequence[str]) -> str:
    return " and ".join(f"“{name}”" for name in names) if len(names) < 3 else f"{len(names)} inputs"
