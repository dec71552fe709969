"""Sealed SavedModels that are not there, and endpoints or outputs that they do not have."""

from collections.abc import Iterator

from workbench.domain.checks import _repairs
from workbench.domain.checks._case import Case
from workbench.domain.edits import set_endpoint
from workbench.domain.problem import Problem, Repair
from workbench.domain.sealed import ENDPOINT, OUTPUT, SealedEndpoint, SealedFacts, is_sealed, path_in
from workbench.domain.tree import Layer

_MOST = 3


def check(case: Case) -> Iterator[Problem]:
    """One problem for each such layer. Before the engine has answered nothing is known of them."""
    if case.summary is None:
        return
    for node in case.nodes.values():
        if not isinstance(node, Layer) or not is_sealed(node) or node.id not in case.steps:
            continue
        facts = case.summary.sealed.get(path_in(node))
        if facts is None:
            yield _missing(case, node)
            continue
        endpoint = facts.endpoint(str(node.params.get(ENDPOINT) or "serve"))
        if endpoint is None or endpoint.refusal:
            yield _no_endpoint(case, node, facts, endpoint)
        elif endpoint.output(str(node.params.get(OUTPUT) or "")) is None:
            yield _no_output(case, node, endpoint)


def _missing(case: Case, node: Layer) -> Problem:
    error = case.summary.error if case.summary else None
    told = error.message if error is not None and error.node_id == node.id else ""
    return Problem(
        "sealed_missing",
        "error",
        told or f"The SavedModel of “{case.name(node.id)}” is not in the project's folder. Import it again.",
        "A project keeps its sealed SavedModels in its folder saved_models. One that was pasted from another project, "
        "or was changed since it was kept, is not loaded.",
        node_id=node.id,
        repairs=(_repairs.remove_node(case, node.id),),
    )


def _no_endpoint(case: Case, node: Layer, facts: SealedFacts, endpoint: SealedEndpoint | None) -> Problem:
    name = str(node.params.get(ENDPOINT) or "serve")[:60]
    why = "The SavedModel has no such endpoint." if endpoint is None else endpoint.refusal
    return Problem(
        "sealed_endpoint",
        "error",
        f"“{case.name(node.id)}” cannot call “{name}”. {why} Choose another endpoint.",
        node_id=node.id,
        field=ENDPOINT,
        repairs=tuple(
            Repair(
                f"Call {each.name[:40]}",
                set_endpoint(node.id, each),
                f"endpoint of “{case.name(node.id)}”: {name} → {each.name[:60]}",
            )
            for each in facts.usable[:_MOST]
        )
        or (_repairs.remove_node(case, node.id),),
    )


def _no_output(case: Case, node: Layer, endpoint: SealedEndpoint) -> Problem:
    before = str(node.params.get(OUTPUT) or "") or "the only one"
    return Problem(
        "sealed_output",
        "error",
        f"The endpoint “{endpoint.name[:60]}” does not give the output that “{case.name(node.id)}” takes of it. Choose "
        "another one.",
        node_id=node.id,
        field=OUTPUT,
        repairs=tuple(
            Repair(
                f"Give {each.name[:40] or 'what it gives'}",
                set_endpoint(node.id, endpoint, each.name),
                f"output of “{case.name(node.id)}”: {before[:60]} → {each.name[:60] or 'the only one'}",
            )
            for each in endpoint.gives[:_MOST]
        ),
    )
