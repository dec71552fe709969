"""Makes projects of model files: of those that were made here, and of others by reading their networks."""

import contextlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workbench.domain import project_file
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.files import StoreError
from workbench.domain.graph import layer_count, layout
from workbench.domain.parts.used import used_parts
from workbench.domain.project import Project
from workbench.domain.reading import suitable_source, tree_of
from workbench.domain.run import RunRecord
from workbench.domain.store import ProjectFolder
from workbench.engine.build import build_model
from workbench.engine.data.load import load_dataset
from workbench.engine.data.raw import Progress
from workbench.engine.errors import EngineError
from workbench.engine.model_check import check_archive, load_model, opened
from workbench.engine.model_files import PREPARED, PROJECT_MEMBER, save_model
from workbench.engine.reading.files import read_model_file
from workbench.engine.reading.saved_model import NoLayersError
from workbench.engine.runs import MODEL_FILE, PROJECT_FILE, now
from workbench.engine.sealed.take_in import sealed_project


def load_checked(path: Path) -> Any:
    """The model in a `.keras` file made by the workbench. Raises EngineError, with what is wrong, before anything of a
    stranger's is run or allocated; Keras' safe mode stays on."""
    return load_model(path, *check_archive(path), compiled=True)


def embedded_project(path: Path) -> Project | None:
    """The project inside a `.keras` file, None where that was not made by the workbench. Raises EngineError."""
    config, _ = check_archive(path, any_part=True)
    with opened(path) as archive:
        if PROJECT_MEMBER not in archive.namelist():
            if _name(config) != PREPARED:
                return None
            raise EngineError(
                f"{path.name} has the preparation of its data inside, so it cannot be trained on. Open its project, or "
                "a .keras file that was exported without the preparation."
            )
        data = archive.read(PROJECT_MEMBER)
    try:
        return project_file.decode(data, f"The project in {path.name}")
    except StoreError as error:
        raise EngineError(str(error)) from error


def _name(config: Any) -> object:
    inner = config.get("config")
    return inner.get("name") if isinstance(inner, dict) else None


@dataclass(frozen=True)
class Imported:
    """What an import made: the project, the id of the run with the weights of the file (empty without any), and whether
    the file said on which data it learns; otherwise data of the workbench stand in. `sealed`: it is one layer, a sealed
    SavedModel."""

    project: Project
    run: str
    has_data: bool
    sealed: bool = False


def import_model(path: Path, folder: str, progress: Progress = lambda text, part: None) -> Imported:
    """A new project with the network of a file, and with the weights where the file has them as one ended run. A
    SavedModel that nobody described becomes one sealed layer. Raises EngineError or StoreError; nothing is
    overwritten."""
    project = embedded_project(path) if path.suffix.lower() == ".keras" else None
    if project is None:
        try:
            return _import_foreign(path, folder)
        except NoLayersError:
            return Imported(sealed_project(path, folder, progress), "", has_data=False, sealed=True)
    model = None if used_parts(project) else load_checked(path)  # its code runs only once the person allowed it
    content = path.read_bytes()
    store = ProjectFolder.create(folder, project)
    record = _record(store, path, project, model)
    with _all_or_nothing(store):
        store.create_run(record, {PROJECT_FILE: project_file.encode(project), MODEL_FILE: content})
    return Imported(project, record.id, has_data=True)


def _import_foreign(path: Path, folder: str) -> Imported:
    found = read_model_file(path)
    tree, ids = tree_of(found.reading.calls, repeats=True)
    kind = suitable_source(found.reading.calls)
    project = Project(name=path.stem[:100] or "Imported", data=DatasetSpec(SourceSpec(kind)), model=tree)
    if not found.has_weights:
        return Imported(ProjectFolder.create(folder, project).load(), "", has_data=False)
    model = build_model(project, load_dataset(project.data).info)
    layers: dict[str, list[Any]] = {}
    for call, layer in found.reading.layers.items():
        layers.setdefault(ids[call], []).append(layer)
    _take_weights(path, model, project, layers)
    store = ProjectFolder.create(folder, project)
    record = _record(store, path, project, model)
    with _all_or_nothing(store):
        run = store.create_run(record, {PROJECT_FILE: project_file.encode(project)})
        save_model(model, project, run / MODEL_FILE)
    return Imported(project, record.id, has_data=False)


def _take_weights(path: Path, model: Any, project: Project, layers: Mapping[str, Sequence[Any]]) -> None:
    """Give the layers of a model the weights of those in the file, by the ids of their nodes, one for each round."""
    waiting = {node_id: iter(rounds) for node_id, rounds in layers.items()}
    for step in layout(project.model).steps:
        if step.node_id not in layers or step.kind == "shared":
            continue
        ours, theirs = model.get_layer(step.name), next(waiting[step.node_id]).get_weights()
        wanted = [tuple(variable.shape) for variable in ours.weights]
        if [math.prod(shape) for shape in wanted] != [array.size for array in theirs]:
            raise EngineError(f"{path.name} could not be opened: the weights of “{step.name}” do not fit its layer.")
        ours.set_weights([np.reshape(array, shape) for array, shape in zip(theirs, wanted, strict=True)])


def _record(store: ProjectFolder, path: Path, project: Project, model: Any) -> RunRecord:
    """The record of an imported run; `model` None: it was not opened, and has so many layers as the project says."""
    import keras

    layers = layer_count(project.model) if model is None else 0
    if model is not None:
        layers = sum(not isinstance(layer, keras.layers.InputLayer) for layer in model.layers)
    return RunRecord(
        id=store.new_run_id(),
        name=path.stem[:200],
        status="ended",
        reason="completed",
        message=f"Imported from {path.name}.",
        started=now(),
        ended=now(),
        seed=project.training.seed,
        epochs_planned=0,
        layers=layers,
        params=0 if model is None else model.count_params(),
    )


@contextlib.contextmanager
def _all_or_nothing(store: ProjectFolder) -> Iterator[None]:
    """A project without its model is not what was asked for: where the run cannot be written, its file goes again."""
    try:
        yield
    except OSError:
        with contextlib.suppress(OSError):
            store.file.unlink()
        raise
