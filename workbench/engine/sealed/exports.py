"""What the forms of export make of a network with sealed SavedModels.

Forms that hold the graph itself (SavedModel, LiteRT, ONNX) hold it as any other. A file of Keras has only the place of
the folder, which then lies beside it; the other files of Keras cannot be opened again with such a layer.
"""

import tempfile
from pathlib import Path
from typing import Any

from workbench.domain.files import StoreError
from workbench.domain.project import Project
from workbench.domain.sealed import FOLDER, copy_models, paths_of, sealed_layers
from workbench.engine.build import build_model
from workbench.engine.errors import EngineError
from workbench.engine.probes.base import Subject
from workbench.protocol.commands import Export


def is_sealed_in(project: Project) -> bool:
    """Whether a network has a sealed SavedModel."""
    return bool(sealed_layers(project.model))


def refuse_form(command: Export, project: Project) -> None:
    """Raises EngineError for the forms that cannot hold a sealed SavedModel."""
    if not is_sealed_in(project):
        return
    if command.to in ("h5", "json"):
        form = "The old format .h5" if command.to == "h5" else "An architecture"
        raise EngineError(
            f"{form} cannot hold a sealed SavedModel: Keras does not open it again. Export it as a SavedModel, as "
            ".keras, or as a script."
        )
    if command.with_preparation and command.to == "keras":
        raise EngineError(
            "A .keras file with the preparation cannot hold a sealed SavedModel. Export a SavedModel with the "
            "preparation, or a .keras file without it."
        )


def built_anew(subject: Subject) -> Any:
    """The network of a subject with fresh weights. Keras would not copy a layer that is sealed."""
    return build_model(subject.project, subject.dataset.info)


def put_beside(command: Export, project: Project, target: Path) -> tuple[str, ...]:
    """Put the SavedModels that a file of Keras names beside it; gives a sentence about them."""
    if not is_sealed_in(project):
        return ()
    try:
        copy_models(Path(command.folder), target.parent, paths_of(project.model))
    except StoreError as error:
        raise EngineError(str(error)) from error
    where = f"The sealed SavedModel lies beside it in the folder {FOLDER}. Open both with Python in that place: "
    return (where + f'keras.models.load_model("{target.name}", safe_mode=False).',)


def opened_by_keras(model: Any, folder: Path) -> Any:
    """The model saved and opened again by plain Keras, with the SavedModels in a project's folder: what Keras opens in
    the place where they lie. Its safe mode is off, for a file that was written just now."""
    import keras

    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.TFSMLayer)]
    places = [layer.filepath for layer in layers]
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "model.keras")
        try:
            for layer, kept in zip(layers, places, strict=True):
                layer.filepath = str(folder / kept)
            model.save(path)
        finally:
            for layer, kept in zip(layers, places, strict=True):
                layer.filepath = kept
        return keras.saving.load_model(path, compile=False, safe_mode=False)
