"""Takes a unit or filter out of a network: the layers behind it lose what came from it, as far as they allow that."""

from collections import Counter
from dataclasses import dataclass
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import DatasetInfo
from workbench.domain.graph import Graph, GraphStep
from workbench.domain.heads import outputs_of
from workbench.domain.project import Project
from workbench.domain.summary import LayerSummary
from workbench.domain.surgery import UNITS, with_units
from workbench.engine.describe import describe
from workbench.engine.errors import EngineError
from workbench.engine.steps import lay_out
from workbench.engine.surgery.weights import Weights, arrays_of, slices_of

Places: TypeAlias = NDArray[np.int64]

_HAND_ON = frozenset(
    {
        "Activation", "ReLU", "LeakyReLU", "ELU", "Softmax", "Identity", "ActivityRegularization", "UnitNormalization",
        "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianNoise", "GaussianDropout",
        "AlphaDropout",
        *(f"{way}Pooling{size}D" for way in ("Max", "Average", "GlobalMax", "GlobalAverage") for size in (1, 2, 3)),
        *(f"{kind}{size}D" for kind in ("UpSampling", "ZeroPadding", "Cropping") for size in (1, 2, 3)),
    }
)  # fmt: skip
_PER_CHANNEL = frozenset({"BatchNormalization", "LayerNormalization", "PReLU"})
_READ = {
    "Dense": ((0, -2),),
    "Conv1D": ((0, -2),),
    "Conv2D": ((0, -2),),
    "Conv3D": ((0, -2),),
    "Conv1DTranspose": ((0, -1),),
    "Conv2DTranspose": ((0, -1),),
    "Conv3DTranspose": ((0, -1),),
    "SeparableConv1D": ((0, -2), (1, -2)),
    "SeparableConv2D": ((0, -2), (1, -2)),
    "LSTM": ((0, 0),),
    "GRU": ((0, 0),),
    "SimpleRNN": ((0, 0),),
}
"""Layers that take all channels together: in which of their arrays, along which axis, each channel has its weights."""


@dataclass(frozen=True)
class _Gone:
    """What is missing of the last axis of an output: at which places, of how many."""

    places: Places
    width: int


@dataclass
class _Cutting:
    graph: Graph
    layers: dict[str, LayerSummary]
    weights: Weights
    source: str


def without_unit(
    project: Project, info: DatasetInfo, weights: Weights, layer: str, unit: int
) -> tuple[Project, Weights]:
    """The project and the weights of the network in which a layer has one unit fewer. Raises EngineError, with the
    layer that stands against it."""
    graph = lay_out(project)
    step = next((each for each in graph.steps if each.name == layer), None)
    arrays = arrays_of(weights, layer)
    slices = slices_of(step, arrays)
    if step is None or not slices or step.class_name not in UNITS:
        raise EngineError(f"“{layer}” is not made of units or filters that could be taken out. Choose another layer.")
    count = arrays[slices[0].array].shape[slices[0].axis]
    _refuse(graph, step, unit, count)
    cut = dict(weights)
    cut[layer] = list(arrays)
    for each in slices:
        cut[layer][each.array] = np.delete(arrays[each.array], unit, each.axis)
    summary = {each.name: each for each in describe(project, info).layers}
    cutting = _Cutting(graph, summary, cut, layer)
    gone = {layer: _Gone(np.array([unit]), count)}
    for other in graph.steps:
        if any(name in gone for name in other.inputs):
            _follow(cutting, other, gone)
    if gone.keys() & set(outputs_of(graph, info)):
        raise EngineError(
            f"The units of “{layer}” are outputs of the network, one for each thing it tells, so none can be removed. "
            "Set it to zero instead."
        )
    tree = with_units(project.model, step.node_id, count - 1)
    return msgspec.structs.replace(project, model=tree), cut


def _refuse(graph: Graph, step: GraphStep, unit: int, count: int) -> None:
    if not 0 <= unit < count:
        raise EngineError(f"“{step.name}” has the units 0 to {count - 1}. Choose one of these.")
    if count == 1:
        raise EngineError(f"“{step.name}” has one unit only. Remove the layer in the tree instead.")
    if Counter(each.node_id for each in graph.steps)[step.node_id] > 1:
        raise EngineError(f"“{step.name}” stands in a repetition of equal rounds. Set the unit to zero instead.")
    if any(each.shares == step.name for each in graph.steps):
        raise EngineError(f"“{step.name}” is used more than once in the network. Set the unit to zero instead.")
    if _number(step, "groups", 1) != 1:
        raise EngineError(f"The filters of “{step.name}” stand in groups. Set one to zero instead.")


def _follow(cutting: _Cutting, step: GraphStep, gone: dict[str, _Gone]) -> None:
    """What a layer loses that takes an output with something missing: weights, or something of its own output."""
    taken = [gone.get(name) for name in step.inputs]
    first = next(each for each in taken if each is not None)
    inner = step.inner if step.class_name == "TimeDistributed" and step.inner is not None else step
    if step.shares is not None or any(each.shares == step.name for each in cutting.graph.steps):
        raise _stands_against(cutting, step, "is used more than once")
    if inner.params.get("data_format") == "channels_first" or not _is_last(cutting, step):
        raise _stands_against(cutting, step, "does not have its channels last")
    kind = inner.class_name
    if inner is not step and kind not in _HAND_ON and kind not in _READ:
        raise _stands_against(cutting, step, "takes all of its inputs as they are")
    if kind == "Concatenate":
        gone[step.name] = _joined(cutting, step, taken)
    elif kind == "Flatten":
        gone[step.name] = _flattened(cutting, step, first)
    elif kind in _HAND_ON:
        gone[step.name] = first
    elif kind in _PER_CHANNEL:
        _cut(cutting, step, first, [(number, -1) for number in range(len(cutting.weights.get(step.name, [])))])
        gone[step.name] = first
    elif kind.startswith("DepthwiseConv"):
        gone[step.name] = _in_depth(cutting, step, first)
    elif kind in _READ and _number(inner, "groups", 1) == 1:
        _cut(cutting, step, first, list(_READ[kind]))
    elif kind == "Bidirectional" and step.inner is not None and step.inner.class_name in _READ:
        _cut(cutting, step, first, [(0, 0), (len(cutting.weights[step.name]) // 2, 0)])
    else:
        raise _stands_against(cutting, step, "takes all of its inputs as they are")


def _cut(cutting: _Cutting, step: GraphStep, gone: _Gone, where: list[tuple[int, int]]) -> None:
    """Delete the weights of what is missing; an array with one value for all channels stays."""
    arrays = list(cutting.weights.get(step.name, []))
    for number, axis in where:
        if arrays[number].shape[axis] == gone.width:
            arrays[number] = np.delete(arrays[number], gone.places, axis)
    if arrays:
        cutting.weights[step.name] = arrays


def _in_depth(cutting: _Cutting, step: GraphStep, gone: _Gone) -> _Gone:
    """Each channel has filters of its own, as many as the multiplier says, one behind the other in the output."""
    times = _number(step, "depth_multiplier", 1)
    _cut(cutting, step, gone, [(0, -2)])
    places = (gone.places[:, None] * times + np.arange(times)).ravel()
    made = _Gone(places, gone.width * times)
    if len(cutting.weights[step.name]) > 1:
        _cut(cutting, step, made, [(1, 0)])
    return made


def _flattened(cutting: _Cutting, step: GraphStep, gone: _Gone) -> _Gone:
    """Every place has all channels, one behind the other."""
    *around, _ = cutting.layers[step.name].input_shape
    if any(size is None for size in around):
        raise _stands_against(cutting, step, "lays out places whose number is not known")
    places = np.arange(int(np.prod(np.array(around, np.int64)))) * gone.width
    return _Gone((places[:, None] + gone.places).ravel(), len(places) * gone.width)


def _joined(cutting: _Cutting, step: GraphStep, taken: list[_Gone | None]) -> _Gone:
    """What is missing of several outputs one behind the other."""
    places: list[Places] = []
    start = 0
    for name, gone in zip(step.inputs, taken, strict=True):
        shape = cutting.layers[name].output_shape if name in cutting.layers else ()
        width = gone.width if gone is not None else shape[-1] if shape else None
        if width is None:
            raise _stands_against(cutting, step, "joins something whose width is not known")
        if gone is not None:
            places.append(gone.places + start)
        start += width
    return _Gone(np.concatenate(places), start)


def _is_last(cutting: _Cutting, step: GraphStep) -> bool:
    """Whether the axis along which a layer works is the last one, that of the channels."""
    axis = step.params.get("axis", -1)
    return axis in (-1, (-1,)) or axis == len(cutting.layers[step.name].output_shape)


def _number(step: GraphStep, name: str, default: int) -> int:
    value = step.params.get(name, default)
    return value if isinstance(value, int) else default


def _stands_against(cutting: _Cutting, step: GraphStep, why: str) -> EngineError:
    return EngineError(
        f"A unit of “{cutting.source}” cannot be removed, because “{step.name}” ({step.class_name}) behind it {why}. "
        "Set it to zero instead."
    )
