"""Converts to ONNX in a child of the engine, which can be ended at any moment: of a large network it takes minutes. The
order lies in a folder; the answers are lines on standard output; the file is put beside the order."""

import queue
import tempfile
from pathlib import Path
from typing import TypeAlias

import msgspec

from workbench.engine.data.child_life import begin_child
from workbench.engine.data.child_process import running_child
from workbench.engine.data.raw import Progress
from workbench.engine.errors import EngineError
from workbench.engine.onnx_conversion import Conversion, convert

ORDER, GRAPH, MADE = "order.json", "graph.pb", "made.onnx"
SWITCH = "--onnx"
_PATIENCE = 0.2  # seconds between two looks at whether the person gave up


class Going(msgspec.Struct, frozen=True, tag="going"):
    """What is done now."""

    text: str


class Done(msgspec.Struct, frozen=True, tag="done"):
    """The file is there, unless `message` says why not."""

    message: str = ""
    detail: str = ""


Answer: TypeAlias = Going | Done
_answers: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


def convert_in_child(graph: bytes, conversion: Conversion, progress: Progress) -> bytes:
    """The ONNX file of a graph. Raises EngineError, and whatever `progress` raises to cancel: then the process is
    ended."""
    with tempfile.TemporaryDirectory(prefix="workbench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.joinpath(GRAPH).write_bytes(graph)
        folder.joinpath(ORDER).write_bytes(msgspec.json.encode(conversion))
        with running_child(SWITCH, folder) as lines:
            _wait(lines, progress)
        return folder.joinpath(MADE).read_bytes()


def _wait(lines: "queue.SimpleQueue[bytes]", progress: Progress) -> None:
    """Until the file is there. An empty line means that no more can come."""
    text = "Starting the converter"
    while True:
        progress(text, None)
        try:
            line = lines.get(timeout=_PATIENCE)
        except queue.Empty:
            continue
        if not line:
            raise EngineError(
                "The process that converts to ONNX ended early, mostly for want of memory. Export it as a SavedModel, "
                "or close other programs and try again."
            )
        match _answers.decode(line):
            case Going(text=text):
                pass
            case Done(message=message, detail=detail):
                if message:
                    raise EngineError(message, detail)
                return


def main(folder: str) -> int:
    """Do what the order in the folder says. Gives the exit code."""
    answers = begin_child()

    def say(answer: Answer) -> None:
        answers.write(msgspec.json.encode(answer) + b"\n")
        answers.flush()

    place = Path(folder)
    conversion = msgspec.json.decode(place.joinpath(ORDER).read_bytes(), type=Conversion)
    from tensorflow.core.framework.graph_pb2 import GraphDef

    graph = GraphDef.FromString(place.joinpath(GRAPH).read_bytes())
    try:
        place.joinpath(MADE).write_bytes(convert(graph, conversion, lambda text: say(Going(text))))
    except EngineError as error:
        say(Done(error.message, error.detail))
    else:
        say(Done())
    return 0
