"""Configurations that Keras 2 wrote, told as Keras 3 wants them; it reads most of them, but stumbles over the rest."""

from collections.abc import Iterator
from typing import Any

from workbench.engine.reading.values import entry_of

_MODELS = frozenset({"Sequential", "Functional", "Model"})
_ANY = object()
# What layers do not have any more, and the value with which they do what they do now.
_GONE: dict[str, object] = {
    "time_major": False,
    "groups": 1,
    "input_length": _ANY,
    "renorm": False,
    "renorm_clipping": None,
    "renorm_momentum": _ANY,
    "virtual_batch_size": None,
    "adjustment": None,
    "fused": _ANY,
    "implementation": _ANY,
    "zero_output_for_mask": False,
    "query_shape": _ANY,
    "key_shape": _ANY,
    "value_shape": _ANY,
}


def is_of_keras_2(config: Any, version: str = "") -> bool:
    """Whether a configuration was written before Keras 3, as the version beside or in it says."""
    told = version or (config.get("keras_version") if isinstance(config, dict) else None)
    return str(told).startswith("2") if told else isinstance(config, dict) and "module" not in config


def modern(config: Any) -> Any:
    """The configuration of a model as Keras 3 reads it. Its depth is checked before."""
    inner = config.get("config") if isinstance(config, dict) else None
    if isinstance(inner, list) and config.get("class_name") == "Sequential":  # as before Keras 2.2.3
        inner = {"name": "sequential", "layers": inner}
    if not isinstance(inner, dict) or not isinstance(inner.get("layers"), list | tuple):
        return config
    layers = [each for each in inner["layers"] if isinstance(each, dict)]
    if config.get("class_name") == "Sequential":
        layers = _with_input(layers)
    has_input = any(each.get("class_name") == "InputLayer" for each in layers)
    shifts = _shifts(inner, layers)
    made = [_layer(each, has_input, shifts) for each in layers]
    ends = {name: _shifted(inner[name], shifts) for name in ("input_layers", "output_layers") if name in inner}
    return {**config, "config": {**inner, "layers": made, **ends}}


def _with_input(layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With an input of its own where only the first layer tells its shape, as before Keras 2.5: Keras 3 takes the size
    of the batch there for an axis."""
    config = layers[0].get("config") if layers else None
    shape = config.get("batch_input_shape") if isinstance(config, dict) else None
    if not isinstance(shape, list | tuple) or layers[0].get("class_name") == "InputLayer":
        return layers
    made = {"batch_shape": list(shape), "name": f"{config.get('name', 'first')}_input"}  # type: ignore[union-attr]
    return [{"class_name": "InputLayer", "config": made}, *layers]


def _layer(layer: dict[str, Any], has_input: bool, shifts: dict[str, int]) -> dict[str, Any]:
    if layer.get("class_name") in _MODELS:
        layer = modern(layer)
    elif isinstance(layer.get("config"), dict):
        layer = {**layer, "config": _config(str(layer.get("class_name")), layer["config"], has_input)}
    if "inbound_nodes" in layer:
        layer = {**layer, "inbound_nodes": _shifted(layer["inbound_nodes"], shifts)}
    return layer


def _config(kind: str, config: dict[str, Any], has_input: bool) -> dict[str, Any]:
    """The parameters of a layer, and of one inside it, without those that are gone."""
    entry = entry_of("layers", kind)
    if entry is None:
        return config
    known = {param.name for param in entry.params}
    told = {name: value for name, value in config.items() if name in known or not _is_gone(name, value)}
    if has_input and kind != "InputLayer":
        told.pop("batch_input_shape", None)
    axis = told.get("axis")
    if kind == "BatchNormalization" and isinstance(axis, list | tuple) and len(axis) == 1:
        told["axis"] = axis[0]
    for name in [name for name in told if name.endswith("_initializer")]:
        told[name] = _plain_initializer(told[name])
    for name in ("layer", "backward_layer"):
        inner = told.get(name)
        if isinstance(inner, dict) and isinstance(inner.get("config"), dict):
            made = _config(str(inner.get("class_name")), inner["config"], True)
            told[name] = {"module": "keras.layers", "registered_name": None, **inner, "config": made}
    return told


def _plain_initializer(value: Any) -> Any:
    """Keras' default by its own name, which old files tell as what it is derived from."""
    if not isinstance(value, dict) or value.get("class_name") != "VarianceScaling":
        return value
    inner = dict(value.get("config") or {})
    seed = inner.pop("seed", None)
    if inner != {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform"}:
        return value
    return {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": seed}}


def _is_gone(name: str, value: object) -> bool:
    return name in _GONE and (_GONE[name] is _ANY or value == _GONE[name])


def _shifts(inner: dict[str, Any], layers: list[dict[str, Any]]) -> dict[str, int]:
    """By how much the calls of models within the model are counted too high: Keras 2 counted making them as the first
    call."""
    models = {str(each.get("name")) for each in layers if each.get("class_name") in _MODELS}
    least: dict[str, int] = {}
    places = [each.get("inbound_nodes") for each in layers] + [inner.get("output_layers")]
    for name, number in (call for place in places for call in _calls(place)):
        if name in models:
            least[name] = min(number, least.get(name, number))
    return {name: number for name, number in least.items() if number}


def _calls(value: Any) -> Iterator[tuple[str, int]]:
    """Layer and number of each call that is named: lists as `["dense", 0, 0]`, at any depth."""
    if not isinstance(value, list | tuple):
        return
    if _is_call(value):
        yield value[0], value[1]
    for item in value:
        yield from _calls(item)


def _is_call(value: list[Any] | tuple[Any, ...]) -> bool:
    return len(value) in (3, 4) and isinstance(value[0], str) and isinstance(value[1], int)


def _shifted(value: Any, shifts: dict[str, int]) -> Any:
    if not isinstance(value, list | tuple):
        return value
    if _is_call(value) and value[0] in shifts:
        return [value[0], value[1] - shifts[value[0]], *value[2:]]
    return [_shifted(item, shifts) for item in value]
