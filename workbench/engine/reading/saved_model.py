"""Reads SavedModels: the network that Keras described beside the graph, and its weights. No graph is ever run.

Keras 2 wrote the description into `keras_metadata.pb`; the workbench writes it into `assets.extra`, the place that
TensorFlow leaves to others. A folder without one holds nothing but operations of TensorFlow.
"""

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from workbench.domain.files import UNREADABLE
from workbench.domain.machine import memory_bytes
from workbench.engine.data.limits import readable
from workbench.engine.data.protobuf import fields, varint
from workbench.engine.errors import EngineError
from workbench.engine.model_check import MAX_JSON, check_config, made, measured_without_weights
from workbench.engine.reading.keras_2 import is_of_keras_2, modern
from workbench.engine.reading.saved_model_files import GRAPH_FILE, KERAS_2_FILE, folder_of
from workbench.engine.reading.saved_model_graph import told_of_graph
from workbench.engine.reading.saved_model_weights import Checkpoint
from workbench.engine.steps import BUILDING


class NoLayersError(EngineError):
    """A SavedModel has no description of its layers. It may still be taken in sealed, as one layer."""


DESCRIPTION = ("assets.extra", "keras.json")
"""Where a SavedModel of the workbench has Keras' description of its network."""


@dataclass(frozen=True)
class _Described:
    """The configuration of a network, and, where Keras 2 wrote it, names and places of its layers."""

    config: Any
    layers: tuple[tuple[str, str], ...] = ()


def model_in(path: Path) -> Any:
    """The model in the folder of a SavedModel, or in a ZIP of one, with its weights. Raises EngineError with what was
    found, before anything of a stranger's is allocated."""
    with folder_of(path) as folder:
        described = _described(path, folder)
        check_config(path, described.config)
        config = _plain(described.config)
        if is_of_keras_2(config):
            config = modern(config)
        checkpoint = Checkpoint(path, folder / "variables")
        needed = measured_without_weights(path, config, _values)
        if needed > checkpoint.values:
            raise EngineError(f"{path.name} is damaged: its network has {needed:,} weights, but the folder has fewer.")
        if needed * 4 > memory_bytes() // 2:
            raise EngineError(f"{path.name} is too large to open here: its weights have {readable(needed * 4)}.")
        with _whatever_fails(path), BUILDING:
            model = made(config)
        checkpoint.fill(model, described.layers)
        return model


def _values(model: Any) -> int:
    return sum(math.prod(each.shape) for each in model.weights)


@contextlib.contextmanager
def _whatever_fails(path: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise EngineError(
            f"{path.name} could not be opened: its network is damaged, or was made with another version of Keras. "
            "Choose another file.",
            str(error),
        ) from error


def _described(path: Path, folder: Path) -> _Described:
    """What Keras says of the network. Raises EngineError where it says nothing."""
    ours = folder.joinpath(*DESCRIPTION)
    if ours.is_file():
        return _Described(_decoded(path, _bounded(path, ours)))
    theirs = folder / KERAS_2_FILE
    if not theirs.is_file():
        raise NoLayersError(f"{path.name} {told_of_graph(path, folder / GRAPH_FILE)}")
    try:
        nodes = [dict(fields(node)) for number, node in fields(_bounded(path, theirs)) if number == 1]
        told = [(_number(node.get(2, b"\0")), node.get(3, b"").decode(), node.get(5, b"")) for node in nodes]
    except (ValueError, IndexError) as error:
        raise EngineError(f"{path.name} is damaged: its {KERAS_2_FILE} cannot be read.", str(error)) from error
    layers: list[tuple[str, str]] = []
    root: Any = None
    for number, place, text in told:
        facts = _decoded(path, text)
        if number == 0:
            root = facts
        elif isinstance(facts, dict) and isinstance(facts.get("name"), str):
            layers.append((facts["name"], place))
    return _Described(_root_config(path, root), tuple(layers))


def _number(data: bytes) -> int:
    return varint(data, 0)[0]


def _root_config(path: Path, root: Any) -> Any:
    kind = root.get("class_name") if isinstance(root, dict) else None
    if kind not in ("Sequential", "Functional", "Model") or not isinstance(root.get("config"), dict):
        raise NoLayersError(
            f"{path.name} cannot become a tree: its network is a class of its own, “{str(kind)[:60]}”, whose layers "
            "are called by code that the folder does not have. Choose a model of the kind Sequential or Functional."
        )
    return {"class_name": kind, "config": root["config"]}


def _bounded(path: Path, file: Path) -> bytes:
    if file.stat().st_size > MAX_JSON:
        raise EngineError(f"{path.name} is too large to open here: {file.name} has {file.stat().st_size:,} bytes.")
    return file.read_bytes()


def _decoded(path: Path, text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except UNREADABLE as error:
        raise EngineError(f"{path.name} is damaged: what it says of its network cannot be read.", str(error)) from error


def _plain(value: Any) -> Any:
    """A configuration without the marks with which Keras 2 told tuples and shapes from lists. Its depth is checked."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") in ("__tuple__", "TensorShape") and isinstance(value.get("items"), list):
        return tuple(_plain(item) for item in value["items"])
    return {name: _plain(item) for name, item in value.items()}
