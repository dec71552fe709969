"""Checks that find the problems of a project. Each is a file here with a function `check(case) -> Iterator[Problem]`.
One that is about what comes out of the network says `OF_OUTPUT = True`: it sees each of several outputs by itself.

A check sees what is known so far: the project always, the data and Keras' summary once the engine has answered.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache

from workbench.domain.checks._case import Case, make_case
from workbench.domain.dataset import DatasetInfo
from workbench.domain.parts.scope import parts_known
from workbench.domain.problem import Problem
from workbench.domain.project import Project
from workbench.domain.summary import ModelSummary

__all__ = ["find_problems"]

Check = Callable[[Case], Iterable[Problem]]

# What is said only where no other check has said something better of the same place.
GENERIC = frozenset({"build", "loss_error", "training_error"})

# What is said only when these are mended, as their repairs change what it is about.
AFTER = {
    "units_against_classes": frozenset({"output_shape"}),
    "outputs_against_target": frozenset({"output_shape"}),
    "scaled_twice": frozenset({"base_scaled"}),
}


def find_problems(
    project: Project,
    info: DatasetInfo | None = None,
    summary: ModelSummary | None = None,
    memory_bytes: int | None = None,
) -> tuple[Problem, ...]:
    """All problems: errors first, each kind in the order of the tree, those of the whole project last."""
    with parts_known(project.parts):
        case = make_case(project, info, summary, memory_bytes)
        found = [problem for check, of_output in _checks() for problem in _found(check, of_output, case)]
    erring = {problem.node_id for problem in found if problem.severity == "error" and problem.code not in GENERIC}
    kept = [problem for problem in found if problem.code not in GENERIC or problem.node_id not in erring]
    codes = {problem.code for problem in kept}
    kept = [problem for problem in kept if codes.isdisjoint(AFTER.get(problem.code, ()))]
    if any(problem.code not in GENERIC and problem.severity == "error" for problem in kept):
        kept = [problem for problem in kept if problem.code not in ("loss_error", "training_error")]
    return tuple(sorted(kept, key=lambda problem: (problem.severity == "warning", case.place(problem.node_id))))


def _found(check: Check, of_output: bool, case: Case) -> Iterator[Problem]:
    if not of_output or case.info is None or not case.info.heads:
        yield from check(case)
        return
    for part in case.parts:
        assert part.head is not None
        for problem in check(part):
            field = f"{part.head.name}/{problem.field}" if problem.node_id is None and problem.field else problem.field
            message = f"Output “{part.head.name}”: {problem.message}" if problem.node_id is None else problem.message
            yield replace(problem, message=message, field=field)


@cache
def _checks() -> tuple[tuple[Check, bool], ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple((module.check, getattr(module, "OF_OUTPUT", False)) for module in modules)
