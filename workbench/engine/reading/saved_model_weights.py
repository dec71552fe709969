"""The weights of a SavedModel, read from its checkpoint by the names that Keras gave them."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.engine.errors import EngineError

_OBJECTS = "_CHECKPOINTABLE_OBJECT_GRAPH"
_VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"
_NUMBERS = "fiub"

Layers: TypeAlias = Sequence[tuple[str, str]]


class Checkpoint:
    """The variables of a SavedModel. Raises EngineError where they cannot be read; none is before it is asked for."""

    def __init__(self, path: Path, folder: Path) -> None:
        import tensorflow as tf

        self._path = path
        self._room = sum(file.stat().st_size for file in folder.glob("variables.data-*"))
        try:
            self._reader = tf.train.load_checkpoint(str(folder / "variables"))
            self._shapes: dict[str, list[int]] = self._reader.get_variable_to_shape_map()
            self._types: dict[str, Any] = self._reader.get_variable_to_dtype_map()
        except Exception as error:
            raise EngineError(f"{path.name} is damaged: its weights cannot be read.", str(error)) from error

    @property
    def values(self) -> int:
        """How many numbers there can be at most: as many as the files have bytes."""
        return self._room

    def fill(self, model: Any, layers: Layers) -> None:
        """Give a model its weights: by places of its layers (name and place each, as Keras 2 told them), or without
        these in the order of its variables. Raises EngineError where one is missing or has another shape."""
        if not layers:
            for number, variable in enumerate(model.variables):
                self._assign(variable, f"variables/{number}{_VALUE}", variable.path)
            return
        objects = _Objects(self._path, self._bytes(_OBJECTS))
        for layer, place in _places(self._path, model, layers, "root"):
            keys = objects.variables(place)
            weights = [*layer.trainable_weights, *layer.non_trainable_weights]
            if len(keys) != len(weights):
                raise EngineError(
                    f"{self._path.name} could not be opened: “{layer.name}” has {len(weights)} arrays of weights, and "
                    f"the folder has {len(keys)} of it."
                )
            for variable, key in zip(weights, keys, strict=True):
                self._assign(variable, key, layer.name)

    def _assign(self, variable: Any, key: str, name: str) -> None:
        shape = tuple(variable.shape)
        kind = self._types.get(key)
        if kind is None or tuple(self._shapes[key]) != shape or kind.as_numpy_dtype().dtype.kind not in _NUMBERS:
            raise EngineError(
                f"{self._path.name} could not be opened: the weights of “{name}” are missing or do not fit its layer."
            )
        if math.prod(shape) > self._room:
            raise EngineError(f"{self._path.name} is damaged: “{name}” is larger than the file of its weights.")
        variable.assign(self._array(key))

    def _bytes(self, key: str) -> bytes:
        if key not in self._shapes or self._shapes[key]:
            raise EngineError(f"{self._path.name} is damaged: its weights have no names.")
        return bytes(self._array(key))

    def _array(self, key: str) -> Any:
        try:
            found: NDArray[Any] | bytes = self._reader.get_tensor(key)
        except Exception as error:
            raise EngineError(f"{self._path.name} is damaged: its weights cannot be read.", str(error)) from error
        return found if isinstance(found, bytes) else np.asarray(found)


class _Objects:
    """The objects of a checkpoint by their places: names joined by dots, as `root.layer-1`."""

    def __init__(self, path: Path, data: bytes) -> None:
        from google.protobuf.message import DecodeError
        from tensorflow.core.protobuf import trackable_object_graph_pb2

        self._path = path
        self._graph: Any = trackable_object_graph_pb2.TrackableObjectGraph()
        try:
            self._graph.ParseFromString(data)
        except DecodeError as error:
            raise EngineError(f"{path.name} is damaged: its weights have no names.", str(error)) from error

    def variables(self, place: str) -> list[str]:
        """The keys of the weights of a layer, in the order of Keras 2: those that learn first."""
        node = 0
        for name in (*place.split(".")[1:], "variables"):
            node = self._child(node, name, place)
        inner = {child.local_name: child.node_id for child in self._node(node).children}
        numbers = sorted((int(name), number) for name, number in inner.items() if name.isdecimal())
        return [self._key(number, place) for _, number in numbers]

    def _node(self, number: int) -> Any:
        if not 0 <= number < len(self._graph.nodes):
            raise EngineError(f"{self._path.name} is damaged: its weights have no names.")
        return self._graph.nodes[number]

    def _child(self, node: int, name: str, place: str) -> int:
        for child in self._node(node).children:
            if child.local_name == name:
                return int(child.node_id)
        raise EngineError(f"{self._path.name} is damaged: it has no weights at “{place[:100]}”.")

    def _key(self, number: int, place: str) -> str:
        for attribute in self._node(number).attributes:
            return str(attribute.checkpoint_key)
        raise EngineError(f"{self._path.name} is damaged: it has no weights at “{place[:100]}”.")


def _places(path: Path, model: Any, layers: Layers, around: str) -> Iterator[tuple[Any, str]]:
    """Every layer with weights, at any depth, and its place: of several of its name that within the model around."""
    import keras

    for layer in model.layers:
        if not layer.weights:
            continue
        places = [place for name, place in layers if name == layer.name]
        near = [place for place in places if place.startswith(f"{around}.")] or places
        if not near:
            raise EngineError(f"{path.name} is damaged: it says nothing of the layer “{layer.name}”.")
        if isinstance(layer, keras.Model):
            yield from _places(path, layer, layers, near[0])
        else:
            yield layer, near[0]
