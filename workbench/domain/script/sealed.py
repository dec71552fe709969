"""Sealed SavedModels as source: Keras' own layer for them, which reads the folders that lie beside the script."""

from workbench.domain.graph import GraphStep
from workbench.domain.script.source import Brackets, Item, quoted
from workbench.domain.sealed import OUTPUT, SOURCE, is_sealed
from workbench.domain.values import Value


def keras_params(step: GraphStep) -> dict[str, Value]:
    """The parameters of a step that Keras knows."""
    ours = (OUTPUT, SOURCE) if is_sealed(step) else ()
    return {name: value for name, value in step.params.items() if name not in ours}


def output_key(step: GraphStep) -> Brackets | None:
    """What follows the call of a layer that gives several outputs by their names: the name of the one that is taken."""
    name = str(step.params.get(OUTPUT) or "") if is_sealed(step) else ""
    return Brackets("", "[", (Item(quoted(name)),), "]") if name else None
