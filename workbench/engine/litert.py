"""A trained network as a LiteRT file for small devices, held against its own answers on real samples."""

import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import PARTS
from workbench.domain.files import write_atomically
from workbench.domain.graph import layout
from workbench.domain.project import Project
from workbench.domain.tree import AnyNode, Layer
from workbench.domain.tree_tools import map_nodes
from workbench.engine.build import build_model
from workbench.engine.data.limits import readable
from workbench.engine.errors import EngineError
from workbench.engine.kept_weights import finalize_model
from workbench.engine.objects import short_message
from workbench.engine.probes.base import Subject
from workbench.protocol.commands import Quantization

RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN"})
_SAMPLES = 100
_ENDPOINT = "serve"

Arrays = list[NDArray[Any]]


@dataclass(frozen=True)
class Lite:
    """What was written: sentences for a person, and how far the answers lie from the model's at most."""

    notes: tuple[str, ...]
    difference: float


def write_litert(subject: Subject, quantization: Quantization, unroll: bool, target: Path) -> Lite:
    """Write a `.tflite` file that takes one sample at a time, prepared as in training, and open it again. Raises
    EngineError where the network cannot be converted, and OSError."""
    loops = _loops(subject.project)
    if quantization == "int8" and loops and not unroll:
        raise EngineError(
            f"A full-integer model cannot go through steps in a loop, as “{loops[0]}” does. Lay its steps out "
            "(unroll), which makes the file larger, or choose another form."
        )
    model = _unrolled(subject) if unroll and loops else subject.model
    content = _converted(subject, model, quantization)
    write_atomically(target, content)
    difference, samples = _difference(subject, content)
    return Lite(tuple(_notes(subject, quantization, len(content), difference, samples)), difference)


def _loops(project: Project) -> list[str]:
    """The names of the recurrent layers that go through their steps in a loop."""
    steps = [step.inner or step for step in layout(project.model).steps]
    return [step.name for step in steps if step.class_name in RECURRENT and not step.params.get("unroll")]


def _unrolled(subject: Subject) -> Any:
    """The same network with the steps of its recurrent layers laid out."""

    def change(node: AnyNode) -> AnyNode:
        if isinstance(node, Layer) and node.class_name in RECURRENT:
            return msgspec.structs.replace(node, params={**node.params, "unroll": True})
        return node

    tree = subject.project.model
    laid_out = msgspec.structs.replace(tree, nodes=map_nodes(tree.nodes, change))
    model = build_model(msgspec.structs.replace(subject.project, model=laid_out), subject.dataset.info)
    model.set_weights(subject.model.get_weights())
    finalize_model(model)
    return model


def _converted(subject: Subject, model: Any, quantization: Quantization) -> bytes:
    import keras
    import tensorflow as tf

    names = [f"input_{place}" for place in range(len(model.inputs))]

    def answer(*taken: Any) -> dict[str, Any]:
        outputs = keras.tree.flatten(model(list(taken) if len(taken) > 1 else taken[0], training=False))
        return {f"output_{place}": output for place, output in enumerate(outputs)}

    wanted = [
        tf.TensorSpec((1, *tensor.shape[1:]), tensor.dtype, name=name)
        for name, tensor in zip(names, model.inputs, strict=True)
    ]
    with tempfile.TemporaryDirectory() as folder:
        archive = keras.export.ExportArchive()
        archive.track(model)
        archive.add_endpoint(_ENDPOINT, answer, input_signature=wanted)
        archive.write_out(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=[_ENDPOINT])
        _quantize(converter, quantization, lambda: _feeds(subject, "train", names))
        try:
            content: bytes = converter.convert()
        except Exception as error:
            raise EngineError(
                f"LiteRT cannot express this network: {short_message(error)}. Choose another form, or another layer.",
                str(error),
            ) from error
    return content


def _quantize(converter: Any, quantization: Quantization, samples: Any) -> None:
    import tensorflow as tf

    if quantization == "none":
        return
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if quantization == "float16":
        converter.target_spec.supported_types = [tf.float16]
    elif quantization == "int8":
        converter.representative_dataset = samples
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.int8
        converter.inference_output_type = tf.int8


def _feeds(subject: Subject, part: Any, names: Sequence[str]) -> Iterator[dict[str, NDArray[Any]]]:
    """Samples one by one, as the converter and the file take them."""
    x = subject.dataset.x[part]
    for place in range(min(_SAMPLES, len(x))):
        taken = subject.fed(x[place : place + 1])
        arrays = taken if len(names) > 1 else [taken]
        yield {name: np.asarray(array) for name, array in zip(names, arrays, strict=True)}


def _difference(subject: Subject, content: bytes) -> tuple[float, int]:
    """How far the answers of the file lie from the model's at most, and on how many samples of the test part, or where
    there is none of another."""
    import tensorflow as tf

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that this interpreter moves to a package of its own one day
        interpreter = tf.lite.Interpreter(model_content=content)
    interpreter.allocate_tensors()
    runner = interpreter.get_signature_runner(_ENDPOINT)
    takes, gives = runner.get_input_details(), runner.get_output_details()
    part = next(part for part in reversed(PARTS) if len(subject.dataset.x[part]))
    names = [f"input_{place}" for place in range(len(subject.model.inputs))]
    worst, samples = 0.0, 0
    for feed in _feeds(subject, part, names):
        expected = _flat(subject.model(list(feed.values()) if len(feed) > 1 else feed[names[0]], training=False))
        told = runner(**{name: _packed(array, takes[name]) for name, array in feed.items()})
        for place, right in enumerate(expected):
            name = f"output_{place}"
            worst = max(worst, float(np.abs(_unpacked(told[name], gives[name]) - right).max()))
        samples += 1
    return worst, samples


def _flat(outputs: Any) -> Arrays:
    import keras

    return [np.asarray(output) for output in keras.tree.flatten(outputs)]


def _packed(array: NDArray[Any], details: Any) -> NDArray[Any]:
    """Numbers as the file takes them: whole ones where it was made for these."""
    if details["dtype"] != np.int8:
        return array
    scale, zero = details["quantization"]
    whole: NDArray[Any] = np.clip(np.round(array / scale + zero), -128, 127).astype(np.int8)
    return whole


def _unpacked(array: NDArray[Any], details: Any) -> NDArray[Any]:
    if array.dtype != np.int8:
        return array
    scale, zero = details["quantization"]
    numbers: NDArray[Any] = (array.astype(np.float32) - zero) * np.float32(scale)
    return numbers


def _notes(subject: Subject, quantization: Quantization, size: int, difference: float, samples: int) -> Iterator[str]:
    forms = {
        "none": "32-bit numbers",
        "float16": "weights of 16 bits",
        "dynamic": "large weights of 8 bits",
        "int8": "whole numbers of 8 bits",
    }
    yield f"The file has {readable(size)}, with {forms[quantization]}."
    yield f"On {samples:,} samples, its answers differ from those of the model by {difference:.1g} at most."
    yield "It takes one sample at a time, prepared as in training."
    if quantization == "int8":
        yield "Its inputs and outputs are whole numbers; scale and zero point stand in the file."
