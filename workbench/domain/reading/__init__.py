"""Networks that come from elsewhere, as calls of layers on what others gave, and as a readable tree of these."""

from workbench.domain.reading.calls import Call, Calls
from workbench.domain.reading.structure import tree_of
from workbench.domain.reading.suitable import source_of_shapes, suitable_source

__all__ = ["Call", "Calls", "source_of_shapes", "suitable_source", "tree_of"]
