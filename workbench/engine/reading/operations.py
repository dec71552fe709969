"""Operations on tensors in a network, as layers that do the same to the bit."""

from typing import Any

from workbench.domain.reading.calls import Call

_MERGES = frozenset({"Add", "Subtract", "Multiply", "Maximum", "Minimum"})
_FUNCTIONS = {
    "Relu": "relu",
    "Relu6": "relu6",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Softplus": "softplus",
    "Silu": "silu",
    "HardSigmoid": "hard_sigmoid",
    "HardSilu": "hard_silu",
}


def call_of_operation(operation: Any, node: Any) -> Call | None:
    """The call of a layer in the place of an operation such as `x + 3.0`; None where there is no such layer."""
    kind, arguments = type(operation).__name__, node.arguments.args
    tensors = len(node.input_tensors)
    numbers = [value for value in arguments if isinstance(value, int | float) and not isinstance(value, bool)]
    if kind in _MERGES and tensors == 2 and not numbers:
        return Call("", kind)
    if kind in _FUNCTIONS and tensors == 1 and not numbers:
        return Call("", "Activation", {"activation": _FUNCTIONS[kind]})
    if tensors == 1 and len(numbers) == 1 and len(arguments) == 2:
        return _rescaled(kind, float(numbers[0]), first=arguments[0] is not numbers[0])
    return None


def _rescaled(kind: str, number: float, first: bool) -> Call | None:
    """`first` says that the tensor stands before the number, which matters to a difference."""
    if kind == "Add":
        return Call("", "Rescaling", {"scale": 1.0, "offset": number})
    if kind == "Multiply":
        return Call("", "Rescaling", {"scale": number})
    if kind == "Subtract" and first:
        return Call("", "Rescaling", {"scale": 1.0, "offset": -number})
    return None
