"""What was read from Python, put into a network that is there, as one edit."""

import msgspec

from workbench.domain.edits import NamedEdit, paste
from workbench.domain.project import Project
from workbench.domain.reading.calls import Calls
from workbench.domain.reading.python import Script
from workbench.domain.reading.structure import tree_of
from workbench.domain.taken import node_in
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import AnyNode, Input, ModelTree, walk

NAME = "Paste from Python"


def paste_script(script: Script, calls: Calls, parent_id: str | None = None, index: int | None = None) -> NamedEdit:
    """Put the layers of a script into a block. An empty network becomes that of the script, with its training."""
    tree, _ = tree_of(calls, repeats=True)

    def apply(project: Project) -> Project:
        if project.model.nodes:
            return paste(_without_own_input(tree), parent_id, index).apply(project)
        trained = project.training if script.training == TrainingSpec() else script.training
        return msgspec.structs.replace(project, model=tree, training=trained)

    return NamedEdit(NAME, apply)


def _without_own_input(tree: ModelTree) -> tuple[AnyNode, ...]:
    """The nodes, without the input at the top where it is the only one and no node names it: they take what stands
    above them in the network that they come into."""
    inputs = [node for node in walk(tree.nodes) if isinstance(node, Input)]
    named = {node_in(name) for node in walk(tree.nodes) for name in node.inputs}
    if len(inputs) == 1 and tree.nodes[0] is inputs[0] and inputs[0].id not in named:
        return tree.nodes[1:]
    return tree.nodes
