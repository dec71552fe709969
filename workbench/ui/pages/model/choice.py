"""Which nodes are selected after the tree has changed."""

from workbench.domain.edits import added_ids
from workbench.domain.project import Project
from workbench.domain.tree import Wrapper, walk


def next_choice(before: Project, after: Project, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """What was added or came back by undo; else what was selected and is still there; else its neighbour.

    Nothing after another project or a whole first network came.
    """
    old = [node.id for node in walk(before.model.nodes)]
    new = {node.id for node in walk(after.model.nodes)}
    # A wrapper has the id of the layer that it was put around, and the layer in it a new one.
    off, on = _wrapped(before), _wrapped(after)
    chosen = tuple(off.get(node_id, node_id) if node_id not in new else node_id for node_id in chosen)
    kept = tuple(dict.fromkeys(node_id for node_id in chosen if node_id in new))
    added = tuple(dict.fromkeys(on.get(each, each) for each in added_ids(before, after)))
    if not new.intersection(old):
        return added if not old and len(added) == 1 else ()
    if added:
        return added
    if kept or not chosen:
        return kept
    place = max(old.index(node_id) for node_id in chosen)
    around = [*old[place + 1 :], *reversed(old[:place])]
    return next(((node_id,) for node_id in around if node_id in new), ())


def _wrapped(project: Project) -> dict[str, str]:
    """The wrapper of each layer in one."""
    return {node.child.id: node.id for node in walk(project.model.nodes) if isinstance(node, Wrapper)}
