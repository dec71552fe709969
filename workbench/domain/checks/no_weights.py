"""A network that has nothing to learn with: no layers, no weights, or all of them frozen."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.edits import set_trainable
from workbench.domain.first_network import first_network, head
from workbench.domain.problem import Problem, Repair
from workbench.domain.sealed import is_sealed
from workbench.domain.tree import Layer


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, of the whole project."""
    if case.graph is None:
        return
    if not case.has_layers:
        yield _empty(case)
    elif case.summary is not None and case.summary.error is None:
        if case.summary.total_params == 0:
            yield _weightless(case)
        elif case.summary.trainable_params == 0:
            with_weights = (layer for layer in case.summary.layers if layer.params)
            yield _sealed(case) if all(is_sealed(layer) for layer in with_weights) else _frozen(case)


def _empty(case: Case) -> Problem:
    repairs: tuple[Repair, ...] = ()
    if case.info is not None:
        tree = first_network(case.info)
        repairs = (_repairs.use_model(tree, "Start with a small network"),)
    return Problem(
        "no_weights",
        "error",
        "The network has no layers yet. Add some from the palette.",
        "A network learns by changing the weights of its layers.",
        repairs=repairs,
    )


def _head(case: Case) -> tuple[Repair, ...]:
    """Put layers that learn at the end."""
    if case.info is None:
        return ()
    rank = len(case.output_shape or ())
    layers = tuple(node for node in head(case.info) if isinstance(node, Layer))
    flat = (_repairs.layer("Flatten"),) if rank > 1 else ()
    return (_repairs.append(case, *flat, *layers),)


def _weightless(case: Case) -> Problem:
    return Problem(
        "no_weights",
        "error",
        "No layer of this network has weights, so it cannot learn. Add a Dense layer.",
        "Layers such as Flatten, pooling and Dropout only pass numbers on. Dense and convolutions learn.",
        repairs=_head(case),
    )


def _sealed(case: Case) -> Problem:
    return Problem(
        "all_sealed",
        "error",
        "All weights of this network are sealed, so nothing can learn. Add a layer behind the sealed one.",
        "A sealed SavedModel keeps its weights as they are. What it gives can be learned from.",
        repairs=_head(case),
    )


def _frozen(case: Case) -> Problem:
    frozen = [node_id for node_id, node in case.nodes.items() if not getattr(node, "trainable", True)]
    names = ", ".join(f"“{case.name(node_id)}”" for node_id in frozen)
    repairs = (Repair("Unfreeze all", set_trainable(frozen, True), f"unfreeze {names}"),) if frozen else ()
    return Problem(
        "all_frozen",
        "error",
        "Every layer with weights is frozen, so nothing can learn. Unfreeze some.",
        "A frozen layer keeps its weights as they are.",
        repairs=repairs,
    )
