"""The data sources: one plug-in file each, found by walking this folder."""

import importlib
import pkgutil
from functools import cache
from typing import cast

from workbench.domain.catalogue import SourceEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import Source

_GROUPS = ("bundled", "generated", "keras", "own")


@cache
def _sources() -> dict[str, Source]:
    found: dict[str, Source] = {}
    for module in pkgutil.iter_modules(__path__):
        plug_in = cast("Source", importlib.import_module(f"{__name__}.{module.name}"))
        found[plug_in.ENTRY.kind] = plug_in
    return found


def all_sources() -> tuple[SourceEntry, ...]:
    """The entries of all sources: bundled, generated, those of Keras, those for a person's own files, each by title."""
    entries = [source.ENTRY for source in _sources().values()]
    return tuple(sorted(entries, key=lambda entry: (_GROUPS.index(entry.group), entry.title.lower())))


def source(kind: str) -> Source:
    """The plug-in of a kind. Raises DataError when there is none."""
    try:
        return _sources()[kind]
    except KeyError:
        known = ", ".join(sorted(_sources()))
        raise DataError(f"There is no data source named “{kind}”. Choose one of: {known}.") from None
