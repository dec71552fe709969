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

from workbench.domain.dataset import Part
from workbench.domain.files import write_atomically
from workbench.domain.graph import layout
from workbench.domain.project import Project
from workbench.domain.tree import AnyNode, Layer
from workbench.domain.tree_tools import map_nodes
from workbench.engine.build import build_model
from workbench.engine.data.limits import readable
from workbench.engine.data.raw import Progress
from workbench.engine.errors import EngineError
from workbench.engine.fitting import fits
from workbench.engine.kept_weights import finalize_model
from workbench.engine.objects import short_message
from workbench.engine.probes.base import Subject
from workbench.engine.real_samples import MOST_SAMPLES, Compared, samples_for
from workbench.protocol.commands import UNROLL, Quantization

RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN"})
_ENDPOINT = "serve"

Arrays = list[NDArray[Any]]


@dataclass(frozen=True)
class Lite:
    """What was written: sentences for a person, and how far the answers lie from the model's at most."""

    notes: tuple[str, ...]
    difference: float


def write_litert(
    subject: Subject,
    quantization: Quantization,
    unroll: bool,
    target: Path,
    progress: Progress = lambda _text, _fraction: None,
) -> Lite:
    """Write a `.tflite` file that takes one sample at a time, prepared as in training, and open it again. Raises
    EngineError where the network cannot be converted, OSError, and what `progress` raises to cancel: then nothing is
    written."""
    loops = _loops(subject.project)
    if quantization == "int8" and loops and not unroll:
        raise EngineError(
            f"A full-integer model cannot go through steps in a loop, as “{loops[0]}” does. Lay its steps out "
            "(unroll), which makes the file larger, or choose another form.",
            UNROLL,
        )
    if quantization == "int8" and not fits(subject):
        raise EngineError(
            "A full-integer model is made by looking at real samples, and this run has no data that fit its network. "
            "Choose data on the Data page and train, or export it in another form."
        )
    model = _unrolled(subject) if unroll and loops else subject.model
    progress("Turning the network into that of LiteRT", None)
    content = _converted(subject, model, quantization)
    found = _compared(subject, content, progress)
    write_atomically(target, content)
    return Lite(tuple(_notes(subject, quantization, len(content), found)), found.difference)


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


def _feeds(subject: Subject, part: Part | None, names: Sequence[str]) -> Iterator[dict[str, NDArray[Any]]]:
    """Samples one by one, as the converter and the file take them."""
    arrays = samples_for(subject, part)
    for place in range(len(arrays[0])):
        yield {name: array[place : place + 1] for name, array in zip(names, arrays, strict=True)}


def _compared(subject: Subject, content: bytes, progress: Progress) -> Compared:
    """How far the answers of the file lie from the model's."""
    import tensorflow as tf

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that this interpreter moves to a package of its own one day
        interpreter = tf.lite.Interpreter(model_content=content)
    interpreter.allocate_tensors()
    runner = interpreter.get_signature_runner(_ENDPOINT)
    takes, gives = runner.get_input_details(), runner.get_output_details()
    names = [f"input_{place}" for place in range(len(subject.model.inputs))]
    arrays = samples_for(subject)
    expected = _flat(subject.model(arrays if len(arrays) > 1 else arrays[0], training=False))
    worst, samples = 0.0, len(arrays[0])
    for number, feed in enumerate(_feeds(subject, None, names)):
        progress("Opening the file with LiteRT", number / samples)
        told = runner(**{name: _packed(array, takes[name]) for name, array in feed.items()})
        for place, right in enumerate(expected):
            name = f"output_{place}"
            apart = np.abs(_unpacked(told[name], gives[name])[0] - right[number])
            worst = max(worst, float(apart.max()))
    return Compared(worst, samples, not fits(subject))


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


def _notes(subject: Subject, quantization: Quantization, size: int, found: Compared) -> Iterator[str]:
    forms = {
        "none": "32-bit numbers",
        "float16": "weights of 16 bits",
        "dynamic": "large weights of 8 bits",
        "int8": "whole numbers of 8 bits",
    }
    yield f"The file has {readable(size)}, with {forms[quantization]}."
    yield f"O{found.sentence[1:]}"
    yield "It takes one sample at a time, prepared as in training."
    if quantization == "int8":
        samples = min(MOST_SAMPLES, len(subject.dataset.x["train"]))
        yield f"Its range of numbers was measured on {samples:,} samples of the training part."
        yield "Its inputs and outputs are whole numbers; scale and zero point stand in the file."
