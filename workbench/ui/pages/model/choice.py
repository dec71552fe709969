"""Which nodes are selected after the tree has changed."""

from workbench.domain.edits import added_ids
from workbench.domain.project import Project
from workbench.domain.tree import walk


def next_choice(before: Project, after: Project, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """What was added or came back by undo; else what was selected and is still there; else its neighbour.

    Nothing after another project or a whole first network came.
    """
    old = [node.id for node in walk(before.model.nodes)]
    new = {node.id for node in walk(after.model.nodes)}
    kept = tuple(node_id for node_id in chosen if node_id in new)
    added = added_ids(before, after)
    if not new.intersection(old):
        return added if not old and len(added) == 1 else ()
    if added:
        return added
    if kept or not chosen:
        return kept
    place = max(old.index(node_id) for node_id in chosen)
    around = [*old[place + 1 :], *reversed(old[:place])]
    return next(((node_id,) for node_id in around if node_id in new), ())
