"""From a frozen TensorFlow graph to the bytes of an ONNX file. Knows neither models nor runs, so that a child of the
engine can do it, which can be ended."""

import contextlib
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

from workbench.engine.data.optional import library
from workbench.engine.errors import EngineError
from workbench.engine.objects import short_message

EXTRA = "onnx"
TITLE = "An ONNX file"
OPSET = 18
"""The newest set of operations that the converter knows; runtimes since 2023 read it."""
_NUMBER = re.compile(r"_\d+$")
_STEP = "Apply %s"  # what the converter logs before each round through the graph


class Conversion(msgspec.Struct, frozen=True):
    """What is to be known beside the graph: the model's name; its tensors that go in and come out; what they are called
    in the file; and the names of its layers."""

    name: str
    given: tuple[str, ...]
    gives: tuple[str, ...]
    renamed: dict[str, str]
    layers: tuple[str, ...]


def convert(graph: Any, conversion: Conversion, going: Callable[[str], None]) -> bytes:
    """The ONNX file of a frozen `GraphDef`; `going` is told what is done. Raises EngineError where ONNX cannot express
    it."""
    tf2onnx = library("tf2onnx", EXTRA, TITLE)
    going("Turning the operations into those of ONNX")
    try:
        with _steps(going):
            proto, _ = tf2onnx.convert.from_graph_def(
                graph,
                name=conversion.name,
                input_names=list(conversion.given),
                output_names=list(conversion.gives),
                opset=OPSET,
                custom_op_handlers={"Erfc": (_erfc, [])},
                tensors_to_rename=conversion.renamed,
            )
    except Exception as error:
        raise EngineError(
            f"ONNX cannot express this network: {short_message(error)}. Export it as a SavedModel.", str(error)
        ) from error
    _refuse_unknown(proto, conversion.layers)
    content: bytes = proto.SerializeToString()
    return content


class _Steps(logging.Handler):
    """The converter's log: what it does not know becomes a sentence later, its rounds are told."""

    def __init__(self, going: Callable[[str], None]) -> None:
        super().__init__()
        self._going = going
        self._count = 0

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == _STEP:
            self._count += 1
            self._going(f"Simplifying the network, step {self._count}")


@contextlib.contextmanager
def _steps(going: Callable[[str], None]) -> Iterator[None]:
    log = logging.getLogger("tf2onnx")
    before, handlers, passes = log.level, log.handlers, log.propagate
    log.handlers, log.propagate = [_Steps(going)], False
    log.setLevel(logging.DEBUG + 5)  # which the converter calls verbose
    try:
        yield
    finally:
        log.setLevel(before)
        log.handlers, log.propagate = handlers, passes


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
    defs = library("onnx.defs", EXTRA, TITLE)
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
