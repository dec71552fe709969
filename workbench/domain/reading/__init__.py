"""Networks that come from elsewhere, as calls of layers on what others gave, and as a readable tree of these."""

from workbench.domain.reading.calls import Call, Calls
from workbench.domain.reading.structure import tree_of
from workbench.domain.reading.suitable import suitable_source

__all__ = ["Call", "Calls", "suitable_source", "tree_of"]
