"""How a network ends: which layer decides its number of outputs, and which activation they come out of."""

from dataclasses import dataclass

from workbench.domain.catalogue import Category, keras_catalogue
from workbench.domain.graph import Graph, GraphError, GraphStep, layout
from workbench.domain.tree import ModelTree
from workbench.domain.values import ObjectSpec, Value

# Layers behind the deciding one that keep the number of outputs and their meaning.
PASSIVE = frozenset(
    {"Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise", "ActivityRegularization", "Identity"}
)
RESCALING = frozenset({"Rescaling"})
POOLING = frozenset(f"Global{kind}Pooling{rank}D" for kind in ("Average", "Max") for rank in (1, 2, 3))
SHAPING = frozenset({"Flatten", "Reshape"})
ACTIVATION_LAYERS = {
    "Softmax": "softmax",
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "ELU": "elu",
    "PReLU": "prelu",
}
RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN"})
UNIT_PARAMS = ("units", "filters")


@dataclass(frozen=True)
class Ending:
    """`units` and `activation` are None where they cannot be known from the tree.

    `units_id` is the node that decides the number of outputs and `units_param` its parameter; `activation_id` is the
    node whose activation comes last (the same one, or an activation layer behind it) and `activation_param` its
    parameter, None for a layer that is an activation itself. `behind` are the steps after `units_id`.
    """

    units_id: str | None = None
    units_param: str | None = None
    units: int | None = None
    activation_id: str | None = None
    activation_param: str | None = None
    activation: str | None = None
    behind: tuple[GraphStep, ...] = ()


def ending(tree: ModelTree) -> Ending:
    """How the first output of a tree ends; an empty one where there is nothing that decides it."""
    try:
        return graph_ending(layout(tree))
    except GraphError:
        return Ending()


def graph_ending(graph: Graph, output: str | None = None) -> Ending:
    """How an output of a graph that is there already ends, given by the name of its step; None: the first."""
    steps = {step.name: step for step in graph.steps}
    named = output or (graph.outputs[0] if graph.outputs else "")
    step = steps.get(named)
    behind: list[GraphStep] = []
    last_activation: GraphStep | None = None
    while step is not None and step.kind == "layer" and _is_behind(step):
        behind.append(step)
        if last_activation is None and _is_activation(step):
            last_activation = step
        step = steps.get(step.inputs[0]) if step.inputs else None
    if step is None or step.kind not in ("layer", "shared"):
        return Ending(behind=tuple(behind))
    return _ending(step, last_activation, tuple(behind))


def activation_name(value: Value) -> str:
    """The name of an activation parameter as Keras spells its function; None is "linear"."""
    if value is None:
        return "linear"
    name = value.class_name if isinstance(value, ObjectSpec) else str(value)
    return {"Softmax": "softmax", "ReLU": "relu", "LogSoftmax": "log_softmax"}.get(name, name.lower())


def _is_activation(step: GraphStep) -> bool:
    return step.class_name == "Activation" or step.class_name in ACTIVATION_LAYERS


def _is_behind(step: GraphStep) -> bool:
    return _is_activation(step) or step.class_name in PASSIVE | RESCALING | POOLING | SHAPING


def _ending(step: GraphStep, last_activation: GraphStep | None, behind: tuple[GraphStep, ...]) -> Ending:
    units_param = next((name for name in UNIT_PARAMS if name in step.params), None)
    units = step.params.get(units_param) if units_param else None
    if last_activation is not None:
        activation_id, activation_param, activation = _of_activation(last_activation)
    elif units_param is None:
        activation_id, activation_param, activation = step.node_id, None, None
    else:
        default = "tanh" if step.class_name in RECURRENT else None
        activation_id, activation_param = step.node_id, "activation"
        activation = activation_name(step.params.get("activation", default))
        if "activation" not in step.params and not _is_of_keras("layers", step.class_name):
            activation = None
    if activation is not None and not _is_of_keras("activations", activation):
        activation = None
    return Ending(
        units_id=step.node_id,
        units_param=units_param,
        units=units if isinstance(units, int) and not isinstance(units, bool) else None,
        activation_id=activation_id,
        activation_param=activation_param,
        activation=activation,
        behind=behind,
    )


def _is_of_keras(category: Category, name: str) -> bool:
    """Whether Keras has it: of what a person wrote it is not known what it gives."""
    if name in ("swish", "hard_swish"):  # other names of silu and hard_silu
        return True
    try:
        keras_catalogue().entry(category, name)
    except KeyError:
        return False
    return True


def _of_activation(step: GraphStep) -> tuple[str, str | None, str]:
    if step.class_name == "Activation":
        return step.node_id, "activation", activation_name(step.params.get("activation"))
    return step.node_id, None, ACTIVATION_LAYERS[step.class_name]
