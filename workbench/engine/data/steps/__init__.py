"""The steps of preparation: one plug-in file each, found by walking this folder."""

import importlib
import pkgutil
from functools import cache
from typing import cast

from workbench.domain.catalogue import StepEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.step import Step


@cache
def _steps() -> dict[str, Step]:
    found: dict[str, Step] = {}
    for module in pkgutil.iter_modules(__path__):
        plug_in = cast("Step", importlib.import_module(f"{__name__}.{module.name}"))
        found[plug_in.ENTRY.kind] = plug_in
    return found


def all_steps() -> tuple[StepEntry, ...]:
    """The entries of all steps, by title."""
    return tuple(sorted((step.ENTRY for step in _steps().values()), key=lambda entry: entry.title.lower()))


def step(kind: str) -> Step:
    """The plug-in of a kind. Raises DataError when there is none."""
    try:
        return _steps()[kind]
    except KeyError:
        known = ", ".join(sorted(_steps()))
        raise DataError(f"There is no step of preparation named “{kind}”. Choose one of: {known}.") from None
