"""The own parts that a saved model names, where it lies in the folder of a run."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from workbench.domain.parts.used import used_parts
from workbench.engine.parts.scope import own_parts
from workbench.engine.runs import MODEL_FILE, PROJECT_FILE, project_of

OUTSIDE = ("losses", "metrics", "callbacks")  # kinds of parts that are no part of a network


@contextlib.contextmanager
def parts_of_run(model: Path) -> Iterator[None]:
    """Let this thread know the own parts of the run whose model this file is, until the end of the block; any other
    file changes nothing. Raises StoreError where the run is damaged, EngineError where a part of it cannot be had."""
    if not _is_of_run(model):
        yield
        return
    with own_parts(project_of(model.parent), model.parent.parent.parent, needed=True):
        yield


def parts_in_network(model: Path) -> list[str]:
    """The names of the own parts that stand in the network of a run whose model this file is. Raises StoreError."""
    used = used_parts(project_of(model.parent)) if _is_of_run(model) else ()
    return sorted({part.entry.name for part in used if part.entry.category not in OUTSIDE})


def _is_of_run(model: Path) -> bool:
    return model.name == MODEL_FILE and (model.parent / PROJECT_FILE).is_file()
