"""What the graph of a SavedModel is made of, read and never run."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.domain.machine import memory_bytes
from workbench.engine.data.limits import readable
from workbench.engine.errors import EngineError
from workbench.engine.sealed.ops import CODE, SAVING

_SHOWN = 4


def told_of_graph(path: Path, file: Path) -> str:
    """Why a SavedModel without a description of Keras' has no layers here, with what its graph would do: the rest of a
    sentence. Raises EngineError where it cannot be read."""
    kinds = Counter(_kinds(path, file))
    harmful = [kind for kind in kinds if kind not in SAVING or kind in CODE]
    what = (
        f"holds {kinds.total():,} operations of TensorFlow and no description of layers by Keras, so it cannot become "
    )
    if harmful:
        does = "run code of Python" if CODE.intersection(harmful) else "do more than compute"
        shown = ", ".join(sorted(harmful)[:_SHOWN])
        return f"{what}a tree. Some of them {does}: {shown}. Ask for the model as a .keras or .h5 file."
    return f"{what}a tree of layers. Open it as a project of its own: there it is one sealed layer."


def _kinds(path: Path, file: Path) -> Iterator[str]:
    for graph in graph_message(file, path.name).meta_graphs:
        yield from (node.op for node in graph.graph_def.node)
        for function in graph.graph_def.library.function:
            yield from (node.op for node in function.node_def)


def graph_message(file: Path, name: str) -> Any:
    """The protocol buffer in a SavedModel's file; `name` is what a person calls it. Raises EngineError where it is too
    large or damaged."""
    from google.protobuf.message import DecodeError
    from tensorflow.core.protobuf import saved_model_pb2

    if file.stat().st_size > memory_bytes() // 16:
        raise EngineError(f"{name} is too large to open here: {file.name} has {readable(file.stat().st_size)}.")
    message: Any = saved_model_pb2.SavedModel()
    try:
        message.ParseFromString(file.read_bytes())
    except DecodeError as error:
        raise EngineError(f"{name} is damaged: its {file.name} cannot be read.", str(error)) from error
    return message
