"""Checks that find the problems of a project. Each is a file here with a function `check(case) -> Iterator[Problem]`.

A check sees what is known so far: the project always, the data and Keras' summary once the engine has answered.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from functools import cache

from workbench.domain.checks._case import Case, make_case
from workbench.domain.dataset import DatasetInfo
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
}


def find_problems(
    project: Project,
    info: DatasetInfo | None = None,
    summary: ModelSummary | None = None,
    memory_bytes: int | None = None,
) -> tuple[Problem, ...]:
    """All problems: errors first, each kind in the order of the tree, those of the whole project last."""
    case = make_case(project, info, summary, memory_bytes)
    found = [problem for check in _checks() for problem in check(case)]
    erring = {problem.node_id for problem in found if problem.severity == "error" and problem.code not in GENERIC}
    kept = [problem for problem in found if problem.code not in GENERIC or problem.node_id not in erring]
    codes = {problem.code for problem in kept}
    kept = [problem for problem in kept if codes.isdisjoint(AFTER.get(problem.code, ()))]
    if any(problem.code not in GENERIC and problem.severity == "error" for problem in kept):
        kept = [problem for problem in kept if problem.code not in ("loss_error", "training_error")]
    return tuple(sorted(kept, key=lambda problem: (problem.severity == "warning", case.place(problem.node_id))))


@cache
def _checks() -> tuple[Check, ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(importlib.import_module(f"{__name__}.{name}").check for name in names)
