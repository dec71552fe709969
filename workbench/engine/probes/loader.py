"""Finds the kinds of probes by walking their folder."""

import importlib
import pkgutil
from functools import cache
from typing import cast

from workbench.engine.errors import EngineError
from workbench.engine.probes import kinds
from workbench.engine.probes.base import Kind


@cache
def all_kinds() -> dict[str, Kind]:
    """All kinds of probes by name."""
    found: dict[str, Kind] = {}
    for module in pkgutil.iter_modules(kinds.__path__):
        kind = cast("Kind", importlib.import_module(f"{kinds.__name__}.{module.name}"))
        found[kind.NAME] = kind
    return found


def kind_of(name: str) -> Kind:
    """The plug-in of a name. Raises EngineError when there is none."""
    try:
        return all_kinds()[name]
    except KeyError:
        known = ", ".join(sorted(all_kinds()))
        raise EngineError(f"There is no probe named “{name[:60]}”. Choose one of: {known}.") from None
