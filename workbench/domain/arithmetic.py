"""How a layer's numbers come about: its parameters and its output's size as sums that a learner can follow.

Every line is worked out here and then held against Keras' own number; a line that does not agree is left out.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from workbench.domain.sealed import CLASS_NAME
from workbench.domain.values import Value

Shape: TypeAlias = Sequence[int | None]
Values: TypeAlias = Mapping[str, Value]
Sum: TypeAlias = tuple[str, int, str]
"""The sum as text, its result, and what the result is."""

AXES = {1: ("steps",), 2: ("rows", "columns"), 3: ("planes", "rows", "columns")}


class _UnknownError(Exception):
    """A size or parameter is free, or of another form than the sum needs."""


def explain(class_name: str, values: Values, input_shape: Shape, output_shape: Shape, params: int) -> tuple[str, ...]:
    """Lines such as "3 × 3 × 32 × 64 + 64 = 18,496 parameters". `values` are all parameters of the layer, with its
    defaults; shapes leave out the batch. Empty where nothing is known of the class."""
    lines: list[str] = []
    if class_name == CLASS_NAME:
        return (f"{params:,} parameters, as the SavedModel has them; none of them is trained",)
    try:
        if class_name in _COUNTS:
            text, result, what = _COUNTS[class_name](values, input_shape)
            if result == params:
                lines.append(f"{text} = {result:,} parameters{what}")
        if class_name in _SIZES:
            lines += _sizes(_SIZES[class_name](values, input_shape), output_shape)
        if class_name in _WIDTHS:
            lines += _width(*_WIDTHS[class_name], values, output_shape)
    except _UnknownError:
        return tuple(lines)
    return tuple(lines)


def explain_wrapped(
    wrapper: str, class_name: str, values: Values, input_shape: Shape, output_shape: Shape, params: int
) -> tuple[str, ...]:
    """The same of a wrapper around a layer of this class, with the `values` of that layer."""
    if wrapper == "TimeDistributed":
        return explain(class_name, values, input_shape[1:], output_shape[1:], params)
    if wrapper != "Bidirectional" or params % 2:
        return ()
    lines = explain(class_name, values, input_shape, (), params // 2)
    once = lines[0].partition(" = ")[0] if lines else ""
    return (f"2 × {once} = {params:,} parameters: one layer for each direction",) if once else ()


def _width(name: str, of: str, to: str, values: Values, output_shape: Shape) -> list[str]:
    """What the last axis of the output is, where a parameter alone says it."""
    _channels_last(values)
    size = _whole(values, name)
    return [f"{size:,} {of} give {size:,} {to}"] if size > 1 and output_shape and output_shape[-1] == size else []


def _sizes(sums: Sequence[Sum], output_shape: Shape) -> list[str]:
    """The lines of the output's axes in order, those with the same sum as one."""
    if len(sums) > len(output_shape) or any(made[1] != size for made, size in zip(sums, output_shape, strict=False)):
        return []
    names: dict[tuple[str, int], list[str]] = {}
    for text, result, what in sums:
        names.setdefault((text, result), []).append(what)
    return [f"{text} = {result:,} {' and '.join(whats)}" for (text, result), whats in names.items()]


def _whole(values: Values, name: str) -> int:
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _UnknownError
    return value


def _known(size: int | None) -> int:
    if size is None:
        raise _UnknownError
    return size


def _last(shape: Shape) -> int:
    if not shape:
        raise _UnknownError
    return _known(shape[-1])


def _each(values: Values, name: str, count: int) -> tuple[int, ...]:
    """One number for each axis, from one for all or one for each."""
    value = values.get(name)
    sizes = value if isinstance(value, tuple) else (value,) * count
    whole = tuple(size for size in sizes if isinstance(size, int))
    if len(whole) != count:
        raise _UnknownError
    return whole


def _product(*sizes: int) -> str:
    return " × ".join(f"{size:,}" for size in sizes)


def _bias(values: Values, size: int) -> tuple[str, int]:
    return (f" + {size:,}", size) if values.get("use_bias", True) else ("", 0)


def _channels_last(values: Values) -> None:
    if values.get("data_format") == "channels_first":
        raise _UnknownError


# --- parameters


def _dense(values: Values, shape: Shape) -> Sum:
    taken, units = _last(shape), _whole(values, "units")
    text, bias = _bias(values, units)
    return _product(taken, units) + text, taken * units + bias, ""


def _conv(dimensions: int) -> Callable[[Values, Shape], Sum]:
    def count(values: Values, shape: Shape) -> Sum:
        _channels_last(values)
        kernel, filters = _each(values, "kernel_size", dimensions), _whole(values, "filters")
        taken = _last(shape) // max(_whole(values, "groups"), 1) if "groups" in values else _last(shape)
        text, bias = _bias(values, filters)
        return _product(*kernel, taken, filters) + text, math.prod(kernel) * taken * filters + bias, ""

    return count


def _depthwise(dimensions: int) -> Callable[[Values, Shape], Sum]:
    def count(values: Values, shape: Shape) -> Sum:
        _channels_last(values)
        kernel, times = _each(values, "kernel_size", dimensions), _whole(values, "depth_multiplier")
        taken = _last(shape)
        text, bias = _bias(values, taken * times)
        return _product(*kernel, taken, times) + text, math.prod(kernel) * taken * times + bias, ""

    return count


def _separable(dimensions: int) -> Callable[[Values, Shape], Sum]:
    def count(values: Values, shape: Shape) -> Sum:
        _channels_last(values)
        kernel, filters = _each(values, "kernel_size", dimensions), _whole(values, "filters")
        taken, times = _last(shape), _whole(values, "depth_multiplier")
        text, bias = _bias(values, filters)
        joined = f"{_product(*kernel, taken, times)} + {_product(taken * times, filters)}"
        return joined + text, math.prod(kernel) * taken * times + taken * times * filters + bias, ""

    return count


def _embedding(values: Values, _shape: Shape) -> Sum:
    rows, columns = _whole(values, "input_dim"), _whole(values, "output_dim")
    return _product(rows, columns), rows * columns, ""


def _recurrent(gates: int) -> Callable[[Values, Shape], Sum]:
    def count(values: Values, shape: Shape) -> Sum:
        taken, units = _last(shape), _whole(values, "units")
        biases = (2 if gates == 3 and values.get("reset_after") else 1) if values.get("use_bias", True) else 0
        result = gates * ((taken + units) * units + biases * units)
        bias = "" if not biases else f" + {units:,}" if biases == 1 else f" + {_product(biases, units)}"
        inner = f"({taken:,} + {units:,}) × {units:,}{bias}"
        return (
            (f"{gates} × ({inner})" if gates > 1 else inner),
            result,
            "" if gates == 1 else f": {gates} gates, each with weights for what comes in and for its own state",
        )

    return count


def _batch_normalization(values: Values, shape: Shape) -> Sum:
    channels = _last(shape)
    learned = bool(values.get("scale")) + bool(values.get("center"))
    what = f": for each channel {_words(values)}, its mean and its variance; the last two are not trained"
    return _product(2 + learned, channels), (2 + learned) * channels, what if learned else ": mean and variance"


def _words(values: Values) -> str:
    return " and ".join(word for word, name in (("a scale", "scale"), ("a shift", "center")) if values.get(name))


def _normalization(values: Values, shape: Shape) -> Sum:
    channels = _last(shape)
    learned = bool(values.get("scale", True)) + bool(values.get("center", True))
    what = f": {_words(values)} for each" if "center" in values and learned else ""
    return _product(learned, channels), learned * channels, what


def _rms(values: Values, shape: Shape) -> Sum:
    return _product(1, _last(shape)), _last(shape), ": a scale for each"


def _attention(values: Values, shape: Shape) -> Sum:
    width, heads, key = _last(shape), _whole(values, "num_heads"), _whole(values, "key_dim")
    value = key if values.get("value_dim") is None else _whole(values, "value_dim")
    bias = 1 if values.get("use_bias", True) else 0
    result = 2 * (width + bias) * heads * key + (width + bias) * heads * value + (heads * value + bias) * width
    plus = " + 1" if bias else ""
    if value == key:
        text = f"3 × ({width:,}{plus}) × {_product(heads, key)} + ({_product(heads, key)}{plus}) × {width:,}"
    else:
        text = (
            f"2 × ({width:,}{plus}) × {_product(heads, key)} + ({width:,}{plus}) × {_product(heads, value)}"
            f" + ({_product(heads, value)}{plus}) × {width:,}"
        )
    return text, result, ": query, key and value, then the output"


_COUNTS: dict[str, Callable[[Values, Shape], Sum]] = {
    "Dense": _dense,
    **{f"Conv{n}D": _conv(n) for n in AXES},
    **{f"Conv{n}DTranspose": _conv(n) for n in AXES},
    **{f"DepthwiseConv{n}D": _depthwise(n) for n in (1, 2)},
    **{f"SeparableConv{n}D": _separable(n) for n in (1, 2)},
    "Embedding": _embedding,
    "SimpleRNN": _recurrent(1),
    "GRU": _recurrent(3),
    "LSTM": _recurrent(4),
    "BatchNormalization": _batch_normalization,
    "LayerNormalization": _normalization,
    "GroupNormalization": _normalization,
    "RMSNormalization": _rms,
    "MultiHeadAttention": _attention,
}


# --- the output's axes


def _slid(size: int, window: int, stride: int, padding: Value) -> tuple[str, int]:
    """How many places a window has on an axis."""
    if padding == "valid":
        rounds = "" if (size - window) % stride == 0 else ", rounded down,"
        return f"({size:,} − {window}) ÷ {stride}{rounds} + 1", (size - window) // stride + 1
    if padding == "same":
        rounds = "" if size % stride == 0 else ", rounded up,"
        return f"{size:,} ÷ {stride}{rounds}", -(-size // stride)
    raise _UnknownError


def _windows(dimensions: int, window: str) -> Callable[[Values, Shape], list[Sum]]:
    def sizes(values: Values, shape: Shape) -> list[Sum]:
        _channels_last(values)
        widths = _each(values, window, dimensions)
        strides = widths if values.get("strides") is None else _each(values, "strides", dimensions)
        spread = _each(values, "dilation_rate", dimensions) if "dilation_rate" in values else (1,) * dimensions
        made: list[Sum] = []
        for axis, name in enumerate(AXES[dimensions]):
            reach = (widths[axis] - 1) * spread[axis] + 1
            text, result = _slid(_known(shape[axis]), reach, strides[axis], values.get("padding"))
            made.append((text, result, name))
        return made

    return sizes


def _transposed(dimensions: int) -> Callable[[Values, Shape], list[Sum]]:
    def sizes(values: Values, shape: Shape) -> list[Sum]:
        _channels_last(values)
        kernel, strides = _each(values, "kernel_size", dimensions), _each(values, "strides", dimensions)
        made: list[Sum] = []
        for axis, name in enumerate(AXES[dimensions]):
            size, rest = _known(shape[axis]), max(kernel[axis] - strides[axis], 0)
            grown = size * strides[axis]
            if values.get("padding") == "valid" and rest:
                made.append((f"{size:,} × {strides[axis]} + {rest}", grown + rest, name))
            else:
                made.append((f"{size:,} × {strides[axis]}", grown, name))
        return made

    return sizes


def _global(values: Values, shape: Shape) -> list[Sum]:
    _channels_last(values)
    if values.get("keepdims"):
        raise _UnknownError
    window = _product(*(_known(size) for size in shape[:-1]))
    return [(f"{_last(shape):,} maps × one number from all {window}", _last(shape), "values")]


def _flatten(_values: Values, shape: Shape) -> list[Sum]:
    sizes = [_known(size) for size in shape]
    return [(_product(*sizes), math.prod(sizes), "values")] if len(sizes) > 1 else []


def _upsampled(dimensions: int) -> Callable[[Values, Shape], list[Sum]]:
    def sizes(values: Values, shape: Shape) -> list[Sum]:
        _channels_last(values)
        times = _each(values, "size", dimensions)
        pairs = zip(shape, times, AXES[dimensions], strict=False)
        return [(f"{_known(size):,} × {factor}", _known(size) * factor, name) for size, factor, name in pairs]

    return sizes


_SIZES: dict[str, Callable[[Values, Shape], list[Sum]]] = {
    **{f"Conv{n}D": _windows(n, "kernel_size") for n in AXES},
    **{f"SeparableConv{n}D": _windows(n, "kernel_size") for n in (1, 2)},
    **{f"DepthwiseConv{n}D": _windows(n, "kernel_size") for n in (1, 2)},
    **{f"Conv{n}DTranspose": _transposed(n) for n in AXES},
    **{f"{kind}Pooling{n}D": _windows(n, "pool_size") for n in AXES for kind in ("Max", "Average")},
    **{f"Global{kind}Pooling{n}D": _global for n in AXES for kind in ("Max", "Average")},
    **{f"UpSampling{n}D": _upsampled(n) for n in AXES},
    "Flatten": _flatten,
}

# The parameter that says how long the last axis of the output is, what it counts, and what it gives.
_WIDTHS: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys(("Dense", "LSTM", "GRU", "SimpleRNN"), ("units", "units", "numbers")),
    **dict.fromkeys((f"Conv{n}D" for n in AXES), ("filters", "filters", "channels")),
    **dict.fromkeys((f"Conv{n}DTranspose" for n in AXES), ("filters", "filters", "channels")),
    **dict.fromkeys((f"SeparableConv{n}D" for n in (1, 2)), ("filters", "filters", "channels")),
    "Embedding": ("output_dim", "columns of the table", "numbers for each token"),
}
