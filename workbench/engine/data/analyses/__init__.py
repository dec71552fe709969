"""Ways of looking at a whole data set: one plug-in file each, found by walking this folder."""

import importlib
import pkgutil
from functools import cache
from typing import cast

import numpy as np

from workbench.domain.catalogue import AnalysisEntry
from workbench.engine.data.analysis import Analysis, Analyst
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import Progress
from workbench.engine.data.show import to_array
from workbench.protocol.commands import Analyse
from workbench.protocol.events import Analysed


@cache
def _analysts() -> dict[str, Analyst]:
    found: dict[str, Analyst] = {}
    for module in pkgutil.iter_modules(__path__):
        plug_in = cast("Analyst", importlib.import_module(f"{__name__}.{module.name}"))
        found[plug_in.ENTRY.kind] = plug_in
    return found


def all_analyses() -> tuple[AnalysisEntry, ...]:
    """The entries of all ways of looking, in their order."""
    return tuple(sorted((each.ENTRY for each in _analysts().values()), key=lambda entry: (entry.order, entry.kind)))


def look_at(dataset: Dataset, kind: str, progress: Progress) -> Analysis:
    """Look at the data in one way. Raises DataError where there is none such, or it does not suit them."""
    plug_in = _analysts().get(kind)
    if plug_in is None:
        known = ", ".join(sorted(_analysts()))
        raise DataError(f"There is no way of looking named “{kind}”. Choose one of: {known}.")
    if dataset.info.form not in plug_in.ENTRY.forms:
        raise DataError(f"“{plug_in.ENTRY.title}” is not for data of this kind. Choose another.")
    with np.errstate(all="ignore"):
        return plug_in.look(dataset, progress)


def analyse(dataset: Dataset, command: Analyse, progress: Progress) -> Analysed:
    """Look at the data in the way asked for, as an event."""
    found = look_at(dataset, command.kind, progress)
    arrays = {name: to_array(array) for name, array in found.arrays.items()}
    return Analysed(command.ticket, command.kind, arrays, dict(found.facts), found.findings)
