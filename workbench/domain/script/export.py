"""Puts the parts of the script together."""

from collections.abc import Callable

from workbench.domain.dataset import DatasetInfo
from workbench.domain.defaults import resolve
from workbench.domain.graph import GraphError, layout
from workbench.domain.parts.files import FOLDER
from workbench.domain.parts.scope import parts_known
from workbench.domain.parts.used import used_files
from workbench.domain.project import Project
from workbench.domain.script.augmentation import augmentation_lines
from workbench.domain.script.balance import balance_lines
from workbench.domain.script.data import data_imports, data_lines
from workbench.domain.script.inputs import inputs_lines, targets_lines
from workbench.domain.script.model import model_lines
from workbench.domain.script.phases import phases_lines
from workbench.domain.script.source import comment_lines, plain
from workbench.domain.script.start import start_lines
from workbench.domain.script.training import batches_lines, compile_lines, evaluate_lines, fit_lines
from workbench.domain.summary import ModelSummary
from workbench.domain.weights import files_of

_NO_DATA = "The data are not loaded yet. Choose data, and the rest of this script follows."
_NO_SCRIPT = (
    "How these data are read is not known. Define x_train, y_train, x_validation, y_validation, x_test, y_test."
)
_TOO_LARGE = (
    "These data are too large to be held, so the Workbench reads them piece by piece. Give Keras a tf.data.Dataset of "
    "them here, or define x_train, y_train, x_validation, y_validation, x_test, y_test from a part of them."
)
_SEEDED = "# The same seed gives the same first weights and the same order of samples."


def export_script(project: Project, info: DatasetInfo | None, summary: ModelSummary | None = None) -> str:
    """The whole script, ending with a line end. It never fails: what cannot be written yet is named in a comment.

    `summary` is what Keras says of the network; only with it the projections of residuals are in the script. The
    project's own parts are imported from files beside it (`parts.files`).
    """
    with parts_known(project.parts):
        return _script(project, info, summary)


def _script(project: Project, info: DatasetInfo | None, summary: ModelSummary | None) -> str:
    head = [[f'"""{_title(project)}"""'], *_imports(project, info), _settings(project, info)]
    if info is None:
        return _join([*head, comment_lines(_NO_DATA)])
    model = _guarded("network", lambda: ["# The network.", *model_lines(project, info, summary), "model.summary()"])
    starts = _guarded("network", lambda: start_lines(layout(project.model)))
    compiled = _guarded("training", lambda: ["# How it learns.", *compile_lines(project, info)])
    fitted = _guarded("training", lambda: fit_lines(project, info))
    data = data_lines(info) or [comment_lines(_NO_SCRIPT if info.stream is None else _TOO_LARGE)]
    balanced = balance_lines(project, info)
    sections = [*head, *data, *([balanced] if balanced else []), model, *([["", *starts]] if starts else []), compiled]
    changes = _guarded("augmentation", lambda: augmentation_lines(project, info))
    parts = [inputs_lines(project, info), targets_lines(info), changes, batches_lines(project, info)]
    functions = [line for part in parts if part for line in ("", "", *part)][2:]
    if functions:
        sections += [["", *functions, ""]]
    return _join([*sections, fitted, *_phases(project, info, summary), evaluate_lines(project, info)])


def _phases(project: Project, info: DatasetInfo, summary: ModelSummary | None) -> list[list[str]]:
    try:
        return phases_lines(project, info, summary)
    except (GraphError, ValueError) as error:
        return [comment_lines(f"The phases cannot be written yet. {error}")]


def _guarded(what: str, write: Callable[[], list[str]]) -> list[str]:
    """The lines, or a comment that says why they cannot be written."""
    try:
        return write()
    except (GraphError, ValueError) as error:
        return comment_lines(f"The {what} cannot be written yet. {error}")


def _title(project: Project) -> str:
    return f"{plain(project.name, 60) or 'Untitled'}: trained with Keras as the Workbench does it."


def _imports(project: Project, info: DatasetInfo | None) -> list[list[str]]:
    """Sorted as ruff sorts them: the standard library, then the others."""
    standard, third = data_imports(info)
    if project.training.shuffle or project.data.augmentation:
        standard |= {"import math"}
        third |= {"import numpy as np"}
    if info is not None and balance_lines(project, info):
        third |= {"import numpy as np"}
    if files_of(project.model):
        third |= {"import numpy as np"}
    third |= {"import keras"}
    groups = (sorted(lines, key=lambda line: (line.startswith("from "), line)) for lines in (standard, third))
    own = sorted(f"import {FOLDER}.{name}" for name in used_files(project))
    beside = [[f"# Parts written for this project, in the folder {FOLDER} beside this script.", *own]] if own else []
    return [lines for lines in groups if lines] + beside


def _settings(project: Project, info: DatasetInfo | None) -> list[str]:
    lines = [f"SEED = {project.training.seed!r}"]
    if info is not None:
        lines.append(f"BATCH_SIZE = {resolve(project, info).batch_size!r}")
    return [*lines, f"EPOCHS = {project.training.epochs!r}", "", _SEEDED, "keras.utils.set_random_seed(SEED)"]


def _join(sections: list[list[str]]) -> str:
    """Sections with one empty line between them."""
    return "\n\n".join("\n".join(lines) for lines in sections).rstrip() + "\n"
