"""Phases of a training that cannot be, or do not do what they say."""

import math
from collections.abc import Iterator

from workbench.domain.checks._case import Case
from workbench.domain.edits import remove_phase, set_phase
from workbench.domain.phases import freed_layers
from workbench.domain.problem import Problem, Repair
from workbench.domain.training import PhaseSpec

_EPOCHS = 10
_FACTOR = 0.1
_MOST_EPOCHS = 1_000_000


def check(case: Case) -> Iterator[Problem]:
    """Problems of the phases behind the first one."""
    for place, phase in enumerate(case.project.training.phases):
        yield from _numbers(place, phase)
        yield from _layers(case, place, phase)


def _numbers(place: int, phase: PhaseSpec) -> Iterator[Problem]:
    if not 1 <= phase.epochs <= _MOST_EPOCHS:
        yield Problem(
            "phase_epochs",
            "error",
            f"The phase “{phase.name}” cannot have {phase.epochs} epochs. Train it for at least one, or remove it.",
            "A phase goes through all training samples once an epoch.",
            field="phases",
            repairs=(
                Repair(f"Set {_EPOCHS}", set_phase(place, epochs=_EPOCHS), f"epochs: {phase.epochs} → {_EPOCHS}"),
                _remove(place, phase),
            ),
        )
    rate = phase.factor if phase.learning_rate is None else phase.learning_rate
    if not (math.isfinite(rate) and rate > 0):
        yield Problem(
            "phase_rate",
            "error",
            f"The learning rate of the phase “{phase.name}” is not a number above 0. Take a tenth of the first one's.",
            "It says how far the weights move in each step.",
            field="phases",
            repairs=(
                Repair(
                    "Take a tenth",
                    set_phase(place, learning_rate=None, factor=_FACTOR),
                    f"learning rate: a tenth of that of the first phase, in “{phase.name}”",
                ),
            ),
        )


def _layers(case: Case, place: int, phase: PhaseSpec) -> Iterator[Problem]:
    named = {"chosen": phase.nodes, "top": (phase.within,) if phase.within else ()}.get(phase.trains, ())
    gone = [node_id for node_id in named if node_id not in case.nodes]
    free = Repair("Let all layers learn", set_phase(place, trains="all"), f"all layers learn in “{phase.name}”")
    if gone:
        yield Problem(
            "phase_layers",
            "warning",
            f"The phase “{phase.name}” names layers that are not there any more. Choose again what learns in it.",
            "Only what the tree lets learn is trained in their place.",
            field="phases",
            repairs=(free, _remove(place, phase)),
        )
    elif phase.trains in ("top", "chosen") and case.has_layers and not freed_layers(case.project.model, phase):
        yield Problem(
            "phase_layers",
            "warning",
            f"No frozen layer begins to learn in the phase “{phase.name}”: only its learning rate differs.",
            "Freeze layers on the Model page, and choose here which of them learn later.",
            field="phases",
            repairs=(_remove(place, phase),),
        )


def _remove(place: int, phase: PhaseSpec) -> Repair:
    return Repair("Remove the phase", remove_phase(place), f"remove the phase “{phase.name}”")
