"""Takes a SavedModel in sealed: looked into, kept, tried in a process of its own, and only then part of a project."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.files import StoreError
from workbench.domain.project import Project
from workbench.domain.reading import source_of_shapes
from workbench.domain.sealed import (
    CLASS_NAME,
    ENDPOINT,
    FILEPATH,
    GRAPH_FILE,
    OUTPUT,
    SOURCE,
    SealedEndpoint,
    copy_models,
    keep,
)
from workbench.domain.store import ProjectFolder
from workbench.domain.tree import AnyNode, Input, Layer, ModelTree, new_id
from workbench.engine.data.raw import Progress
from workbench.engine.errors import EngineError, disk_sentence
from workbench.engine.reading.saved_model_files import folder_of
from workbench.engine.sealed.inspection import facts_of
from workbench.engine.sealed.scope import sealed_in
from workbench.engine.sealed.trial import need_trial


@dataclass(frozen=True)
class Taken:
    """A kept SavedModel: its place in the folder that keeps it, and the endpoint that was chosen."""

    path: str
    endpoint: SealedEndpoint


def take_in(path: Path, folder: Path, progress: Progress) -> Taken:
    """Keep the SavedModel at a path, a folder or a ZIP, in a project's folder, once it was looked into and tried.
    Raises EngineError with what was found, and what `progress` raises to cancel."""
    name = f"“{title_of(path)}”"
    progress(f"Looking into {name}", None)
    with folder_of(path) as source, tempfile.TemporaryDirectory(prefix="sealed-") as place:
        _refuse_unusable(name, facts_of(source, name).endpoints)
        try:
            kept = keep(source, Path(place))
            with sealed_in(place):
                facts = facts_of(Path(place) / kept, name)  # of the copy, which nobody else can change
                failures = need_trial(kept, name, progress)
            copy_models(Path(place), folder, (kept,))
        except StoreError as error:
            raise EngineError(str(error)) from error
        except OSError as error:
            raise EngineError(disk_sentence(error), str(error)) from error
    working = [each for each in facts.usable if each.name not in failures]
    if not working:
        raise EngineError(f"{name} does not work: {next(iter(failures.values()))} Choose another SavedModel.")
    return Taken(kept, working[0])


def title_of(path: Path) -> str:
    """What a SavedModel is called: its folder, or the ZIP that it came in."""
    folder = path.parent if path.name == GRAPH_FILE else path
    return (folder.stem if folder.suffix.lower() == ".zip" else folder.name)[:100]


def _refuse_unusable(name: str, endpoints: tuple[SealedEndpoint, ...]) -> None:
    if not endpoints:
        raise EngineError(
            f"{name} has no endpoint. Save it with tf.saved_model.save(…, signatures=…), which names what to call."
        )
    if all(each.refusal for each in endpoints):
        first = endpoints[0]
        raise EngineError(f"{name} has no endpoint that can be a layer. “{first.name[:60]}”: {first.refusal}")


def node_of(taken: Taken, source: str) -> Layer:
    """The layer of a kept SavedModel. `source` is what it was called where it came from."""
    return Layer(
        id=new_id(),
        class_name=CLASS_NAME,
        params={
            FILEPATH: taken.path,
            ENDPOINT: taken.endpoint.name,
            OUTPUT: taken.endpoint.gives[0].name,
            SOURCE: source[:100],
        },
        trainable=False,
    )


def sealed_project(path: Path, folder: str, progress: Progress) -> Project:
    """A new project in a folder whose network is a SavedModel, sealed. Raises EngineError and StoreError; nothing is
    overwritten."""
    with tempfile.TemporaryDirectory(prefix="sealed-") as place:
        taken = take_in(path, Path(place), progress)
        project = _project(taken, path)
        store = ProjectFolder.create(folder, project)
        try:
            copy_models(Path(place), store.path, (taken.path,))
        except OSError as error:
            store.file.unlink(missing_ok=True)
            raise EngineError(disk_sentence(error), str(error)) from error
    return project


def _project(taken: Taken, path: Path) -> Project:
    takes = taken.endpoint.takes
    inputs = [
        Input(id=new_id(), shape=each.shape, dtype=None if each.dtype == "float32" else each.dtype) for each in takes
    ]
    node = node_of(taken, title_of(path))
    nodes: tuple[AnyNode, ...] = (*inputs, node)
    if len(inputs) > 1:
        node = Layer(
            id=node.id,
            class_name=node.class_name,
            params=node.params,
            trainable=False,
            inputs=tuple(each.id for each in inputs),
        )
        nodes = (*inputs, node)
    kind = source_of_shapes([each.shape for each in takes])
    return Project(name=title_of(path) or "Imported", data=DatasetSpec(SourceSpec(kind)), model=ModelTree(nodes))
