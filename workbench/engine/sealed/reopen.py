"""Opens the model of a run that has sealed SavedModels, which the file of the model only names."""

from pathlib import Path
from typing import Any

from workbench.domain.phases import phase_projects
from workbench.domain.project import Project
from workbench.engine.build import build_model, compile_model
from workbench.engine.data.dataset import Dataset
from workbench.engine.errors import EngineError
from workbench.engine.model_check import check_archive


def reopened(file: Path, project: Project, dataset: Dataset) -> Any:
    """The compiled model: the network built again, with the weights and the state of the optimizer in the file. Raises
    EngineError where these do not fit, and BuildError."""
    check_archive(file, sealed=True)
    failed: Exception | None = None
    for phase in reversed(phase_projects(project)):  # the optimizer is that of the phase in which the run ended
        model = build_model(phase, dataset.info)
        compile_model(model, phase, dataset.info)
        model.optimizer.build(model.trainable_variables)
        try:
            model.load_weights(file)
        except Exception as error:  # noqa: BLE001 - Keras raises anything on a damaged file; the last is told
            failed = error
            continue
        return model
    raise EngineError(f"{file.name} is damaged: its weights cannot be read.", str(failed)) from failed
