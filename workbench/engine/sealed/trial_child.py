"""Tries a SavedModel in a process of its own, which can be ended at any moment. The order lies in a folder; answers are
lines on standard output; standard input ends with the engine."""

import os
import threading
import time
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from workbench.domain.sealed import SealedEndpoint, SealedTensor
from workbench.engine.data.child_life import begin_child

ORDER = "order.json"
_BATCH = 2
_FREE = (8, 32, 224)
"""Lengths that axes of no fixed length are tried with, one after the other."""

_PATIENCE = 0.05


class Order(msgspec.Struct, frozen=True):
    """Try these endpoints of the SavedModel in `folder`, in at most `memory` bytes."""

    folder: str
    endpoints: tuple[SealedEndpoint, ...]
    memory: int


class Began(msgspec.Struct, frozen=True, tag="began"):
    """TensorFlow is there, and the SavedModel is loaded from now on."""


class TooLarge(msgspec.Struct, frozen=True, tag="too large"):
    """It needs more memory than it may have."""


class Done(msgspec.Struct, frozen=True, tag="done"):
    """Why endpoints do not work, by their names; empty where all do."""

    failures: dict[str, str]


Answer: TypeAlias = Began | TooLarge | Done


def main(folder: str) -> int:
    """Do what the order in the folder says. Gives the exit code."""
    answers = begin_child()

    def say(answer: Answer) -> None:
        answers.write(msgspec.json.encode(answer) + b"\n")
        answers.flush()

    order = msgspec.json.decode(Path(folder, ORDER).read_bytes(), type=Order)
    import keras  # noqa: F401 - so that the time of the SavedModel alone is measured

    from workbench.engine.objects import short_message

    threading.Thread(target=_watch, args=(order.memory, say), name="memory", daemon=True).start()
    say(Began())
    failures: dict[str, str] = {}
    for endpoint in order.endpoints:
        try:
            failed = _tried(order.folder, endpoint)
        except Exception as error:  # noqa: BLE001 - whatever it raises is told
            failed = short_message(error)
        if failed:
            failures[endpoint.name] = failed
    say(Done(failures))
    return 0


def _watch(memory: int, say: Any) -> None:
    import psutil

    process = psutil.Process()
    most = process.memory_info().rss + memory
    while True:
        if process.memory_info().rss > most:
            say(TooLarge())
            os._exit(1)
        time.sleep(_PATIENCE)


def _tried(folder: str, endpoint: SealedEndpoint) -> str:
    """Call an endpoint on zeros and on numbers drawn by chance, twice. Gives why it cannot be a layer; empty where it
    can. Raises what TensorFlow raises."""
    import keras

    layer = keras.layers.TFSMLayer(folder, call_endpoint=endpoint.name, trainable=False)
    failed: Exception | None = None
    for length in _FREE:
        try:
            return _called(layer, endpoint, length)
        except Exception as error:  # noqa: BLE001 - the next length may do; the last failure is told
            failed = error
        if all(size is not None for each in endpoint.takes for size in each.shape):
            break
    assert failed is not None
    raise failed


def _called(layer: Any, endpoint: SealedEndpoint, length: int) -> str:
    import numpy as np

    drawn = [_drawn(each, length) for each in endpoint.takes]
    zeros = [np.zeros_like(each) for each in drawn]
    answers = []
    for arrays in (zeros, drawn, drawn):
        given = layer(arrays if len(arrays) > 1 else arrays[0])
        answers.append(given if isinstance(given, dict) else {"": given})
    if set(answers[0]) < {each.name for each in endpoint.gives}:
        return "It does not give what it says."
    for each in endpoint.gives:
        first, again = (np.asarray(answer[each.name]) for answer in answers[1:])
        if first.shape[:1] != (_BATCH,) or not _fits(first.shape[1:], each.shape):
            return f"It gives numbers of the shape {first.shape[1:]} where it says {each.shape}."
        if first.tobytes() != again.tobytes():
            return "It does not say the same twice."
    return ""


def _fits(shape: tuple[int, ...], told: tuple[int | None, ...]) -> bool:
    return len(shape) == len(told) and all(b is None or a == b for a, b in zip(shape, told, strict=True))


def _drawn(tensor: SealedTensor, length: int) -> Any:
    import numpy as np

    shape = (_BATCH, *(length if size is None else size for size in tensor.shape))
    random = np.random.default_rng(0)
    if tensor.dtype in ("bool", "uint8", "int32", "int64"):
        return random.integers(0, 2, shape).astype(tensor.dtype)
    return random.random(shape, np.float32)
