"""Reads and writes the weights that layers start with (see `domain.weights`). Plain arrays; nothing is unpickled."""

import contextlib
import io
import math
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from workbench.domain import weights
from workbench.domain.files import StoreError
from workbench.domain.graph import GraphStep
from workbench.domain.summary import StartState
from workbench.engine.errors import EngineError
from workbench.engine.objects import BuildError

Array: TypeAlias = NDArray[Any]
Shapes: TypeAlias = tuple[tuple[int, ...], ...]

MOST_ARRAYS = 50_000
_HEADER = 512  # bytes of a header that is read; those of plain arrays have 128
_KINDS = "fiub"
_DAMAGED = (
    *(OSError, EOFError, ValueError, TypeError, RuntimeError, SyntaxError),
    *(zipfile.BadZipFile, zlib.error, struct.error, tokenize.TokenError),
)


def keep_weights(folder: Path, layers: Mapping[str, Sequence[Array]]) -> str:
    """Keep the weights of layers, by name, in a project's folder; gives the name of the file. Raises OSError."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, arrays in layers.items():
            for number, array in enumerate(arrays):
                plain = np.asarray(array)
                if plain.dtype.kind not in _KINDS:  # bfloat16, which NPZ does not know and float32 holds exactly
                    plain = plain.astype(np.float32)
                member = zipfile.ZipInfo(f"{name}/{number}.npy")  # of a fixed time, so that equal weights are one file
                with archive.open(member, "w", force_zip64=True) as file:
                    npy.write_array(file, np.ascontiguousarray(plain).reshape(plain.shape), allow_pickle=False)
    return weights.keep(folder, content.getvalue())


class KeptWeights:
    """A file of weights. Sizes are known from its headers, and bounded by it, before anything is allocated."""

    def __init__(self, path: Path) -> None:
        self._path = path
        stamp = _stamp(path)
        self.shapes: Mapping[str, Shapes] = _shapes(path, *stamp)

    def arrays(self, layer: str) -> list[Array]:
        """The weights of a layer, in their order. Raises EngineError where the file is damaged or has none of it."""
        if layer not in self.shapes:
            raise EngineError(f"{self._path.name} has no weights of “{layer[:60]}”. Choose the weights again.")
        with _opened(self._path) as archive:
            return [_array(archive, f"{layer}/{number}.npy") for number in range(len(self.shapes[layer]))]


def open_weights(folder: Path, file: str) -> KeptWeights:
    """The weights in a file of a project's folder. Raises EngineError where they are not there or damaged."""
    try:
        return KeptWeights(weights.path_of(folder, file))
    except StoreError as error:
        raise EngineError(str(error)) from error


def start_layers(layers: Mapping[str, Any], steps: Iterable[GraphStep], folder: Path) -> None:
    """Give built layers, by the names of their steps, the weights that they start with; those that do not fit start
    afresh. Raises BuildError where weights are not there or damaged."""
    files: dict[str, KeptWeights] = {}
    for step in steps:
        if step.start is None:
            continue
        file, (name,) = step.start.file, step.start.layers
        try:
            if file not in files:
                files[file] = open_weights(folder, file)
            if files[file].shapes.get(name) == shapes_of(layers[step.name]):
                give(layers[step.name], files[file].arrays(name))
        except EngineError as error:
            raise BuildError(
                step.node_id,
                f"The weights that “{step.name}” starts with cannot be read. Choose others, or let it start afresh.",
                str(error),
            ) from error


@dataclass(frozen=True)
class StartOf:
    """How a layer starts, as in `LayerSummary`."""

    state: StartState = ""
    detail: str = ""


def start_of(step: GraphStep, wanted: Shapes, folder: Path) -> StartOf:
    """Whether the weights that a step is to start with are there and fit the shapes of its own."""
    if step.start is None:
        return StartOf()
    (name,) = step.start.layers
    try:
        found = open_weights(folder, step.start.file).shapes.get(name)
    except EngineError as error:
        return StartOf("missing", error.message)
    if found is None:
        return StartOf("missing", f"{step.start.file} has no weights of “{name[:60]}”.")
    if found != wanted:
        return StartOf("misfit", f"The kept ones are {shown_shapes(found)}, the layer's are {shown_shapes(wanted)}.")
    return StartOf("kept")


def shown_shapes(shapes: Shapes) -> str:
    """Shapes of weights as a person reads them."""
    shown = ", ".join("×".join(map(str, shape)) or "one number" for shape in shapes[:4]) or "none"
    return f"{shown} …" if len(shapes) > 4 else shown


def give(layer: Any, arrays: Sequence[Array]) -> None:
    """Set the weights of a layer, whose shapes must fit."""
    layer.set_weights([array.astype(_dtype(weight)) for array, weight in zip(arrays, layer.weights, strict=True)])
    finalize(layer)


def finalize(layer: Any) -> None:
    """Let a Normalization, also one in a wrapper, use the mean and variance among its weights: it works with copies."""
    import keras

    for each in (layer, getattr(layer, "layer", None)):
        if isinstance(each, keras.layers.Normalization):
            each.finalize_state()


def finalize_model(model: Any) -> None:
    """Let every Normalization of a model use its weights, after these were set."""
    for layer in model.layers:
        finalize(layer)


def shapes_of(layer: Any) -> Shapes:
    """The shapes of a built layer's weights."""
    return tuple(tuple(weight.shape) for weight in layer.weights)


def _dtype(weight: Any) -> Any:
    return weight.numpy().dtype if weight.dtype == "bfloat16" else np.dtype(weight.dtype)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        raise EngineError(f"{path} is not there. Choose the weights again.") from None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=16)
def _shapes(path: Path, _changed: int, size: int) -> Mapping[str, Shapes]:
    """The shapes of the arrays in a file, by layer. Raises EngineError on what is not such a file."""
    found: dict[str, dict[int, tuple[int, ...]]] = {}
    with _opened(path) as archive:
        members = archive.infolist()
        if len(members) > MOST_ARRAYS:
            raise EngineError(f"{path.name} is damaged: it has {len(members):,} arrays. Choose the weights again.")
        for member in members:
            layer, _, number = member.filename.removesuffix(".npy").rpartition("/")
            known = found.setdefault(layer, {})
            is_named = bool(layer) and number.isdecimal() and number.isascii() and len(number) < 6
            is_packed = member.compress_type != zipfile.ZIP_STORED or member.file_size > size
            if not is_named or is_packed or int(number) in known:
                raise EngineError(f"{path.name} is damaged: it is no archive of weights. Choose the weights again.")
            with archive.open(member) as file:
                shape, dtype, start = _header(file.read(_HEADER))
            if start + math.prod(shape) * dtype.itemsize != member.file_size:
                raise EngineError(f"{path.name} is damaged: an array in it is cut. Choose the weights again.")
            known[int(number)] = shape
    if any(set(known) != set(range(len(known))) for known in found.values()):
        raise EngineError(f"{path.name} is damaged: some of its arrays are lost. Choose the weights again.")
    return {layer: tuple(known[number] for number in range(len(known))) for layer, known in found.items()}


def _header(data: bytes) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    """Shape and dtype of an array, and where its numbers begin. Raises ValueError on anything but numbers."""
    stream = io.BytesIO(data)
    version = npy.read_magic(stream)
    read: Callable[..., Any] = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, is_fortran, dtype = read(stream, max_header_size=_HEADER)
    if dtype.kind not in _KINDS or is_fortran or any(length < 0 for length in shape):
        raise ValueError("not plain numbers")
    return tuple(shape), dtype, stream.tell()


def _array(archive: zipfile.ZipFile, member: str) -> Array:
    data = archive.read(member)  # which checks its sum
    shape, dtype, start = _header(data[:_HEADER])
    return np.frombuffer(data, dtype, offset=start).reshape(shape)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive; what is wrong with it becomes an EngineError."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError:
        raise EngineError(f"{path} is not there. Choose the weights again.") from None
    except _DAMAGED as error:
        raise EngineError(f"{path.name} is damaged. Choose the weights again.", str(error)) from error
