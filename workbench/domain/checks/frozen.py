"""Frozen layers whose weights nothing has trained."""

from collections.abc import Iterator

from workbench.domain.checks._case import Case
from workbench.domain.edits import unfreeze
from workbench.domain.problem import Problem, Repair
from workbench.domain.sealed import is_sealed

_NAMED = 3


def check(case: Case) -> Iterator[Problem]:
    """At most one problem, at the first such layer."""
    if case.graph is None or case.summary is None or case.summary.error is not None:
        return
    if not case.summary.trainable_params:
        return  # another check says that nothing learns
    misfit = {layer.node_id for layer in case.summary.layers if layer.start == "misfit"}
    made = [step for step in case.graph.steps if step.kind in ("layer", "wrapper") and not is_sealed(step)]
    frozen = [step for step in made if not step.trainable]
    untrained = dict.fromkeys(step.node_id for step in frozen if step.start is None or step.node_id in misfit)
    found = [node_id for node_id in untrained if node_id in case.layers and case.layers[node_id].params]
    if found:
        yield _problem(case, found)


def _problem(case: Case, found: list[str]) -> Problem:
    names = ", ".join(f"“{case.name(node_id)}”" for node_id in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    one = len(found) == 1
    return Problem(
        "frozen_untrained",
        "warning",
        f"{names}{more} {'is' if one else 'are'} frozen, but nothing has trained "
        f"{'its' if one else 'their'} weights: {'it stays' if one else 'they stay'} as random as at the start.",
        "Freeze what has learned already: layers of a trained network. What is random should learn.",
        node_id=found[0],
        repairs=(Repair("Let it learn" if one else "Let them learn", unfreeze(found), f"unfreeze {names}{more}"),),
    )
