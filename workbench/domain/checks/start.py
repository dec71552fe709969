"""Weights that a layer is to start with, and that do not fit it or are not there."""

from collections.abc import Iterator

from workbench.domain.checks._case import Case
from workbench.domain.edits import clear_start
from workbench.domain.problem import Problem, Repair


def check(case: Case) -> Iterator[Problem]:
    """One problem for each such layer; lost weights stop training, which would else begin with others unseen."""
    told: set[str] = set()
    for layer in case.summary.layers if case.summary else ():
        if layer.start not in ("misfit", "missing") or layer.node_id in told:
            continue
        told.add(layer.node_id)
        name = case.name(layer.node_id)
        repair = Repair("Start it afresh", clear_start((layer.node_id,)), f"weights of “{name}”: kept → drawn anew")
        if layer.start == "missing":
            yield Problem(
                "start_missing",
                "error",
                f"The weights that “{name}” starts with are not there. Choose them again, or let it start afresh.",
                layer.start_detail,
                node_id=layer.node_id,
                repairs=(repair,),
            )
            continue
        yield Problem(
            "start_misfit",
            "warning",
            f"The kept weights do not fit “{name}”, so it starts afresh. Undo what changed its size, or forget them.",
            layer.start_detail,
            node_id=layer.node_id,
            repairs=(repair,),
        )
