"""A trained network as an ONNX file for other frameworks and runtimes, held against its own answers on real samples."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workbench.domain.files import write_atomically
from workbench.engine.data.limits import readable
from workbench.engine.data.optional import library
from workbench.engine.data.raw import Progress
from workbench.engine.errors import Cancelled, EngineError
from workbench.engine.objects import short_message
from workbench.engine.onnx_child import convert_in_child
from workbench.engine.onnx_conversion import EXTRA, OPSET, TITLE, Conversion, convert
from workbench.engine.probes.base import Subject
from workbench.engine.real_samples import Compared, compared

MOST_BYTES = 1_900_000_000
"""One message of protobuf, which the file is, holds 2 GB."""
MOST_HERE = 300
"""Operations that are converted in a few seconds; more of them in a process of their own, which can be ended."""
_KEPT_APART = ("_XlaMustCompile", "_noinline")
"""What Keras' convolutions in groups are marked with, which then are not laid out in the graph."""


@dataclass(frozen=True)
class Onnx:
    """What was written: sentences for a person, and how far the answers lie from the model's at most."""

    notes: tuple[str, ...]
    difference: float


def write_onnx(subject: Subject, target: Path, progress: Progress = lambda _text, _fraction: None) -> Onnx:
    """Write a `.onnx` file that takes any number of samples, prepared as in training, and open it again with ONNX
    Runtime. Raises EngineError where the network cannot be converted, DataError where a library is missing, OSError,
    and whatever `progress` raises to cancel: then nothing is written."""
    for name in ("onnx", "tf2onnx", "onnxruntime"):
        library(name, EXTRA, TITLE)
    weights = sum(int(np.prod(each.shape)) * 4 for each in subject.model.weights)
    if weights > MOST_BYTES:
        raise EngineError(
            f"An ONNX file holds at most 2 GB, and the weights of this network have {readable(weights)}. Export it as "
            "a SavedModel."
        )
    content = _converted(subject.model, progress)
    progress("Opening the file with ONNX Runtime", None)
    found = compared(subject, _runner(content))
    write_atomically(target, content)
    return Onnx(tuple(_notes(subject, len(content), found)), found.difference)


def _converted(model: Any, progress: Progress) -> bytes:
    """The file of a model; its inputs and outputs bear the names of their layers. Raises EngineError."""
    progress("Reading the network", None)
    try:
        graph, conversion = _frozen(model, progress)
    except Cancelled:
        raise
    except Exception as error:
        raise EngineError(
            f"ONNX cannot express this network: {short_message(error)}. Export it as a SavedModel.", str(error)
        ) from error
    if len(graph.node) <= MOST_HERE:
        progress("Turning the operations into those of ONNX", None)
        return convert(graph, conversion, lambda _: None)
    return convert_in_child(graph.SerializeToString(), conversion, progress)


def _frozen(model: Any, progress: Progress) -> tuple[Any, Conversion]:
    """The forward pass as a TensorFlow graph with its weights inside, and what is to be known beside it."""
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
    progress("Putting the weights into the graph", None)
    frozen = convert_variables_to_constants_v2(traced, lower_control_flow=False, aggressive_inlining=True)
    names = _unlike([tensor._keras_history.operation.name for tensor in (*model.inputs, *model.outputs)])
    given = tuple(f"input_{place}:0" for place in range(len(wanted)))
    tensors = [*given, *(tensor.name for tensor in frozen.outputs)]
    graph = frozen.graph.as_graph_def(add_shapes=True)
    for part in (*graph.node, *graph.library.function):
        for mark in _KEPT_APART:
            part.attr.pop(mark, None)
    renamed = dict(zip(tensors, names, strict=True))
    gives = tuple(name for name in renamed if name not in given)
    return graph, Conversion(model.name, given, gives, renamed, tuple(layer.name for layer in model.layers))


def _unlike(names: Sequence[str]) -> list[str]:
    """The same names, of which none comes twice: a layer can give several outputs, and an input be one."""
    told: list[str] = []
    for name in names:
        number, free = 2, name
        while free in told:
            number, free = number + 1, f"{name}_{number}"
        told.append(free)
    return told


def _runner(content: bytes) -> Any:
    """What answers from the file: arrays in the order of the inputs, to arrays in the order of the outputs."""
    runtime = library("onnxruntime", EXTRA, TITLE)
    try:
        session = runtime.InferenceSession(content, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise EngineError(
            f"ONNX Runtime does not open the file: {short_message(error)}. Export it as a SavedModel.", str(error)
        ) from error
    names = [taken.name for taken in session.get_inputs()]
    return lambda arrays: session.run(None, dict(zip(names, arrays, strict=True)))


def _notes(subject: Subject, size: int, found: Compared) -> Iterator[str]:
    names = [tensor._keras_history.operation.name for tensor in subject.model.inputs]
    yield f"The file has {readable(size)}, with operations of ONNX opset {OPSET}."
    yield f"Opened again with ONNX Runtime: {found.sentence}"
    yield f"It takes any number of samples, prepared as in training, as {_listed(names)}."


def _listed(names: Sequence[str]) -> str:
    return " and ".join(f"“{name}”" for name in names) if len(names) < 3 else f"{len(names)} inputs"
