"""Classes and parameters that Keras does not have, as in a project edited by hand or made with another version."""

import difflib
from collections.abc import Iterator

from workbench.domain.catalogue import Category, ClassEntry
from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case, entry_of, names_of
from workbench.domain.edits import change_nodes, reset_params
from workbench.domain.problem import Problem, Repair
from workbench.domain.tree import AnyNode, Branches, Layer, Residual, Wrapper
from workbench.domain.tree_tools import params_of, with_params
from workbench.domain.values import ObjectSpec, Value

DETAIL = "The project may have been edited by hand, or made with another version of Keras."


def check(case: Case) -> Iterator[Problem]:
    """Layers, wrappers and merge layers of the tree, then optimizer, loss and metrics."""
    for node in case.nodes.values():
        class_name = _class_of(node)
        if class_name is None:
            continue
        entry = entry_of(class_name)
        if entry is None:
            yield _unknown_layer(case, node, class_name)
        else:
            yield from _unknown_params(case, node, entry)
    training = case.project.training
    yield from _of_training(case, "optimizer", "optimizers", training.optimizer)
    for part in case.parts or (case,):
        yield from _of_training(part, "loss", "losses", part.project.training.loss)
        for metric in part.project.training.metrics or ():
            yield from _of_training(part, "metrics", "metrics", metric)


def _class_of(node: AnyNode) -> str | None:
    match node:
        case Layer() | Wrapper():
            return node.class_name
        case Branches() | Residual():
            return node.merge.class_name
        case _:
            return None


def _close(name: str, known: tuple[str, ...]) -> str | None:
    found = difflib.get_close_matches(name[:100].lower(), [other.lower() for other in known], 1, 0.7)
    return next(other for other in known if other.lower() == found[0]) if found else None


def _unknown_layer(case: Case, node: AnyNode, class_name: str) -> Problem:
    repairs: tuple[Repair, ...] = (_repairs.remove_node(case, node.id),)
    close = _close(class_name, names_of("layers"))
    if close is not None and isinstance(node, Layer):
        repairs = (_repairs.replace_layer(case, node.id, close, node.params), *repairs)
    return Problem(
        "unknown_class",
        "error",
        f"There is no layer called “{class_name[:100]}”. Replace or remove it.",
        DETAIL,
        node_id=node.id,
        repairs=repairs,
    )


def _unknown_params(case: Case, node: AnyNode, entry: ClassEntry) -> Iterator[Problem]:
    known = tuple(param.name for param in entry.params)
    for name in params_of(node):
        if name in known:
            continue
        repairs: tuple[Repair, ...] = (
            Repair(
                f"Remove {name[:40]}", reset_params((node.id,), (name,)), f"remove {name} of “{case.name(node.id)}”"
            ),
        )
        close = _close(name, known)
        if close is not None and close not in params_of(node):
            repairs = (_renamed(case, node.id, name, close), *repairs)
        yield Problem(
            "unknown_parameter",
            "error",
            f"{entry.name} has no parameter called “{name[:100]}”. Remove or rename it.",
            DETAIL,
            node_id=node.id,
            field=name,
            repairs=repairs,
        )


def _renamed(case: Case, node_id: str, before: str, after: str) -> Repair:
    def change(node: AnyNode) -> AnyNode:
        params: dict[str, Value] = {after if name == before else name: value for name, value in params_of(node).items()}
        return with_params(node, params)

    preview = f"parameter of “{case.name(node_id)}”: {before} → {after}"
    return Repair(f"Rename it to {after}", change_nodes(f"Rename to {after}", (node_id,), change), preview)


def _of_training(case: Case, field: str, category: Category, spec: ObjectSpec | None) -> Iterator[Problem]:
    if spec is None:
        return
    entry = entry_of(spec.class_name, category)
    noun = {"optimizers": "optimizer", "losses": "loss", "metrics": "metric"}[category]
    unknown = [] if entry is None else [name for name in spec.params if entry.param(name) is None and name != "name"]
    if entry is not None and not unknown:
        return
    repair = _repairs.training(
        case, field, None, f"Use the default {noun}", f"{field}: {spec.class_name} → the default"
    )
    what = f"{spec.class_name} has no parameter called “{unknown[0][:100]}”" if unknown else ""
    message = f"{what}. Choose another {noun}." if unknown else _no_such(noun, spec.class_name)
    yield Problem("unknown_class", "error", message, DETAIL, field=field, repairs=(repair,))


def _no_such(noun: str, class_name: str) -> str:
    return f"There is no {noun} called “{class_name[:100]}”. Choose another one."
