"""What a node takes: an output of another node, named by the id of that node, with the number of the output behind a
colon where it is not the first ("a1b2c3d4:1")."""

from collections.abc import Mapping, Sequence

from workbench.domain.values import ObjectSpec, Value

MOST_OUTPUTS = 1_000
Made = tuple[str, Mapping[str, Value]]  # a class with its parameters
# The states of a layer that reads in order, as Keras' documentation calls them.
_STATES = {"LSTM": ("state h", "state c"), "GRU": ("state",), "SimpleRNN": ("state",)}
_STATES |= {f"{name}Cell": states for name, states in _STATES.items()}
_STATES |= dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), _STATES["LSTM"])


def taken(node_id: str, number: int = 0) -> str:
    """Output `number` of a node, 0 for its first, as inputs and outputs name it."""
    return f"{node_id}:{number}" if number else node_id


def node_in(name: str) -> str:
    """The id of the node in what an input or an output names."""
    return name.rpartition(":")[0] if number_in(name) else name


def number_in(name: str) -> int:
    """The number of the output in what an input or an output names, 0 for the first."""
    before, _, number = name.rpartition(":")
    digits = number if before and number.isascii() and number.isdecimal() and len(number) <= 4 else "0"
    return int(digits) if int(digits) < MOST_OUTPUTS else 0


def with_node(name: str, ids: Mapping[str, str]) -> str:
    """The same output of the node that now has another id."""
    node_id = node_in(name)
    return taken(ids[node_id], number_in(name)) if node_id in ids else name


def cells_of(class_name: str, params: Mapping[str, Value], inner: Made | None = None) -> tuple[tuple[str, ...], ...]:
    """What the states of a recurrent layer are called, those of each cell in a stack of them together; `inner` is the
    layer that a wrapper takes. Empty for other layers, and where only Keras can tell."""
    if class_name == "Bidirectional" and inner is not None:
        one = cells_of(*inner)
        return tuple(tuple(f"{name} {way}" for name in cell) for way in ("forward", "backward") for cell in one)
    cell = params.get("cell") if class_name == "RNN" else None
    if isinstance(cell, ObjectSpec) and cell.class_name == "StackedRNNCells":
        cells = cell.params.get("cells")
        known = [each for each in cells if isinstance(each, ObjectSpec)] if isinstance(cells, tuple | list) else []
        stack = [_STATES.get(each.class_name, ()) for each in known]
        return tuple(tuple(f"{name} {n + 1}" for name in cell) for n, cell in enumerate(stack)) if all(stack) else ()
    states = _STATES.get(cell.class_name if isinstance(cell, ObjectSpec) else class_name)
    return (states,) if states else ()


def states_of(class_name: str, params: Mapping[str, Value], inner: Made | None = None) -> tuple[str, ...]:
    """What the states of a recurrent layer are called, one behind another."""
    return tuple(name for cell in cells_of(class_name, params, inner) for name in cell)


def outputs_of(class_name: str, params: Mapping[str, Value], inner: Made | None = None) -> tuple[str, ...]:
    """What the outputs of a layer are called; the last has no name where only Keras can tell how many there are."""
    if params.get("return_attention_scores") is True:
        return ("output", "scores")
    if (params if inner is None else inner[1]).get("return_state") is not True:
        return ("output",)
    return ("output", *(states_of(class_name, params, inner) or ("",)))


def shown_outputs(names: Sequence[str], count: int) -> tuple[str, ...]:
    """The names of `count` outputs, with a number where there is no name: "output 3"."""
    known = [name for name in names if name]
    return tuple(known[place] if place < len(known) else f"output {place + 1}" for place in range(count))
