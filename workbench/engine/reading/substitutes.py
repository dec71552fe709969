"""Layers that `keras.applications` define for themselves, as public layers that do the same."""

from typing import Any

from workbench.domain.reading.calls import Call
from workbench.domain.values import ObjectSpec, Value

_HOME = "keras.src.applications."


def substitute_of(layer: Any) -> Call | None:
    """The call in the place of a layer of an application; None for all others.

    LayerScale of ConvNeXt multiplies each channel by a weight, as a depthwise convolution of one dot does, with as many
    weights in the same order. StochasticDepth drops all of a sample, as Dropout does whose noise is the same everywhere
    in it.
    """
    kind, module = type(layer).__name__, type(layer).__module__
    if not module.startswith(_HOME):
        return None
    if kind == "LayerScale":
        initial = ObjectSpec("Constant", {"value": float(layer.init_values)})
        params: dict[str, Value] = {"kernel_size": 1, "use_bias": False, "depthwise_initializer": initial}
        return Call("", "DepthwiseConv2D", params, name=layer.name, trainable=bool(layer.trainable))
    if kind == "StochasticDepth":
        rate = float(layer.drop_path_rate)
        return Call("", "Dropout", {"rate": rate, "noise_shape": (None, 1, 1, 1)}, name=layer.name)
    return None


def scaled_sum(layer: Any) -> Call | None:
    """What InceptionResNetV2 does to the second of two inputs before it adds them; None for all other layers."""
    if type(layer).__name__ != "CustomScaleLayer" or not type(layer).__module__.startswith(_HOME):
        return None
    return Call("", "Rescaling", {"scale": float(layer.scale)})
