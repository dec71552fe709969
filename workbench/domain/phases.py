"""The phases of a training, each as a project of its own: the tree with its layers frozen or not, and its optimizer."""

from collections.abc import Sequence
from typing import cast

import msgspec

from workbench.domain.catalogue import load_catalogue
from workbench.domain.defaults import default_optimizer
from workbench.domain.freezing import frozen_layers, layers_in, with_frozen
from workbench.domain.graph import layout
from workbench.domain.project import Project
from workbench.domain.training import PhaseSpec, TrainingSpec
from workbench.domain.tree import AnyNode, Layer, ModelTree, walk
from workbench.domain.values import ObjectSpec, Value

RATE = "learning_rate"
NORMALIZATION = "BatchNormalization"
# What of a schedule is a rate, and so is made smaller with it.
_RATES = ("initial_learning_rate", "end_learning_rate", "warmup_target", "values")
_DIGITS = 7


def total_epochs(training: TrainingSpec) -> int:
    """The epochs of all phases."""
    return training.epochs + sum(phase.epochs for phase in training.phases)


def phase_projects(project: Project) -> tuple[Project, ...]:
    """What each phase trains: the first is the project itself, without those that follow."""
    first = _single(project, project.training.epochs, project.training.optimizer, project.model)
    later = (
        _single(project, phase.epochs, phase_optimizer(project.training.optimizer, phase), phase_tree(project, phase))
        for phase in project.training.phases
    )
    return first, *later


def _single(project: Project, epochs: int, optimizer: ObjectSpec | None, model: ModelTree) -> Project:
    training = msgspec.structs.replace(project.training, epochs=epochs, optimizer=optimizer, phases=())
    return msgspec.structs.replace(project, model=model, training=training)


def phase_tree(project: Project, phase: PhaseSpec) -> ModelTree:
    """The tree with those layers frozen that do not learn in a phase."""
    tree = project.model
    frozen = frozen_layers(tree) - freed_layers(tree, phase)
    return msgspec.structs.replace(tree, nodes=with_frozen(tree.nodes, frozen))


def freed_layers(tree: ModelTree, phase: PhaseSpec) -> frozenset[str]:
    """The ids of the layers that the tree freezes and that learn in a phase. Ids that are not there are left out."""
    nodes = {node.id: node for node in walk(tree.nodes)}
    taken: Sequence[AnyNode] = ()
    match phase.trains:
        case "all":
            taken = tuple(layers_in(tree.nodes))
        case "top" if not phase.within or phase.within in nodes:
            inside = list(layers_in((nodes[phase.within],) if phase.within else tree.nodes))
            taken = inside[max(0, len(inside) - max(phase.top, 0)) :]
        case "chosen":
            taken = tuple(layers_in(tuple(nodes[each] for each in phase.nodes if each in nodes)))
        case _:
            pass
    kept = phase.keep_normalization
    free = frozenset(node.id for node in taken if not (kept and _is_normalization(node)))
    return free & frozen_layers(tree)


def _is_normalization(node: AnyNode) -> bool:
    return isinstance(node, Layer) and node.class_name == NORMALIZATION


def phase_optimizer(optimizer: ObjectSpec | None, phase: PhaseSpec) -> ObjectSpec:
    """The optimizer of a phase: that of the first one with another rate. A schedule is made smaller as a whole, and
    begins anew."""
    spec = optimizer or default_optimizer()[0]
    rate: Value = phase.learning_rate
    if rate is None:
        rate = _scaled(spec.params.get(RATE, usual_rate(spec)), phase.factor)
    return ObjectSpec(spec.class_name, spec.params | {RATE: rate})


def usual_rate(optimizer: ObjectSpec) -> Value:
    """The learning rate that Keras gives an optimizer by itself."""
    try:
        param = load_catalogue().entry("optimizers", optimizer.class_name).param(RATE)
    except KeyError:
        return 0.001
    return 0.001 if param is None or param.default is None else param.default


def _scaled(value: Value, factor: float) -> Value:
    match value:
        case bool() | None:
            return value
        case int() | float():
            # So many digits as float32 has: 0.0003, not 0.00030000000000000003.
            return float(f"{value * factor:.{_DIGITS}g}")
        case ObjectSpec():
            params = {name: _scaled(each, factor) if name in _RATES else each for name, each in value.params.items()}
            return ObjectSpec(value.class_name, params)
        case tuple():
            return cast("Value", tuple(_scaled(each, factor) for each in value))
        case _:
            return value


def learning_by_phase(project: Project) -> tuple[dict[str, bool], ...]:
    """For each phase, by the names of the layers in the order in which they are made, whether they learn; those that
    residuals may need to project their skips are among them. Raises GraphError."""
    return tuple(_learning(each.model) for each in phase_projects(project))


def _learning(tree: ModelTree) -> dict[str, bool]:
    learning: dict[str, bool] = {}
    for step in layout(tree).steps:
        if step.projection is not None:
            learning[step.projection] = step.trainable
        if step.kind in ("layer", "wrapper"):
            learning[step.name] = step.trainable
    return learning
