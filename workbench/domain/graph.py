"""The tree laid out as steps in the order in which the layers are made.

Both the engine and the exported script build from these steps, so they draw the same random seeds in the same order.
"""

from dataclasses import dataclass, field

from workbench.domain.tree import ModelTree
from workbench.domain.values import Value


@dataclass(frozen=True)
class GraphStep:
    """One layer to make and call. `name` is unique; `inputs` are names of earlier steps; `inner` is the layer that a
    wrapper takes; `shares` names the step whose layer is called again. `kind` "input" has `shape` and `dtype` None for
    those of the data."""

    kind: str
    node_id: str
    name: str
    class_name: str
    params: dict[str, Value] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    trainable: bool = True
    inner: "GraphStep | None" = None
    shares: str | None = None
    shape: tuple[int | None, ...] | None = None
    dtype: str | None = None


@dataclass(frozen=True)
class Graph:
    """All steps, inputs first where the tree has none of its own, and the names of the outputs."""

    steps: tuple[GraphStep, ...]
    outputs: tuple[str, ...]


class GraphError(Exception):
    """The tree cannot be laid out; `node_id` says where, the message why, in a sentence for a person."""

    def __init__(self, node_id: str, message: str) -> None:
        super().__init__(message)
        self.node_id = node_id


def layout(tree: ModelTree) -> Graph:
    """The steps of a tree. Disabled nodes are left out. Raises GraphError on an input that does not stand above, on an
    unknown or doubled name, and on a node that this version cannot build."""
    raise GraphError("", "not written yet")
