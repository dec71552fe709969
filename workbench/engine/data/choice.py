"""Takes from raw data what a project wants of them."""

from dataclasses import dataclass

import msgspec
import numpy as np

from workbench.domain.dataset import DatasetSpec
from workbench.engine.data import labels, places, reconstruction, several_labels
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import AnyArray, RawData
from workbench.engine.data.several_targets import infer_heads
from workbench.engine.data.table import Selection, select, select_inputs


@dataclass(frozen=True)
class Choice:
    """Inputs `x` (n, …) and raw targets `y` of all samples but those of an own test set; None where the input itself is
    learned. `names` are what the inputs are called, `target` what is to be learned; `selection` is set for tables."""

    x: AnyArray
    y: AnyArray | None
    classes: tuple[str, ...]
    names: tuple[str, ...]
    target: str
    notes: tuple[str, ...]
    selection: Selection | None = None


def choose(spec: DatasetSpec, raw: RawData) -> Choice:
    """The inputs and targets that the project wants. Raises DataError when they cannot be had, or are too few."""
    if raw.table is not None:
        choice = _from_table(spec, raw)
    elif raw.x is not None and reconstruction.is_wanted(spec, raw.y is not None):
        choice = Choice(raw.x, None, (), raw.names, "", ())
    elif raw.x is not None and raw.y is None:
        raise DataError(f"{raw.title} has no targets. Choose the task “the input itself”, or data with targets.")
    elif raw.x is not None and raw.y is not None:
        choice = Choice(raw.x, raw.y, raw.classes, raw.names, raw.target, ())
    else:
        raise DataError(f"{raw.title} has nothing to learn from. Choose other data.")
    if len(choice.x) < 3:
        raise DataError(f"{raw.title} has only {len(choice.x)} usable samples; at least 3 are needed. Add samples.")
    return choice


def _from_table(spec: DatasetSpec, raw: RawData) -> Choice:
    assert raw.table is not None
    if spec.task == "reconstruction":
        known = raw.target and not spec.target and spec.features is None  # the source knows which column is no input
        selection = select_inputs(raw.table, msgspec.structs.replace(spec, target=raw.target) if known else spec)
        names = tuple(name for feature in selection.features for name in feature.names)
        return Choice(selection.x, None, (), names, "", selection.notes, selection)
    wanted = spec if spec.target or not raw.target else msgspec.structs.replace(spec, target=raw.target)
    selection = select(raw.table, wanted)
    names = tuple(name for feature in selection.features for name in feature.names)
    target = selection.target.name if selection.target is not None else ""
    return Choice(selection.x, selection.y, selection.classes, names, target, selection.notes, selection)


def find_target(spec: DatasetSpec, raw: RawData, choice: Choice) -> labels.Target:
    """What is to be learned: of all samples, those of an own test set behind the others."""
    if choice.y is None:
        return reconstruction.itself(raw.form, len(choice.x) + (0 if raw.x_test is None else len(raw.x_test)))
    y = choice.y if raw.y_test is None else np.concatenate([choice.y, raw.y_test])
    wish = spec.task
    if choice.selection is not None and choice.selection.head_classes:
        selection = choice.selection
        return infer_heads(y, selection.target_names, selection.head_classes, spec.target_tasks)
    if wish == "multi_output":
        raise DataError("Several outputs are learned from columns of a table. Choose another task.")
    if wish == "auto" and raw.task is not None and choice.target == raw.target:
        wish = raw.task
    if y.ndim > 2 or (wish == "segmentation" and choice.selection is None and places.fits(choice.x, y)):
        wished = msgspec.structs.replace(spec, task=wish)
        return places.infer_places(choice.x, y, choice.classes, wished, choice.target or "y")
    if wish == "segmentation":
        raise DataError(f"“{choice.target}” has no class for each place, as segmentation needs. Choose another task.")
    if wish == "multilabel" or (wish == "auto" and several_labels.are_labels(y)):
        return several_labels.infer_labels(y, choice.classes, choice.target or "y")
    return labels.infer(y, choice.classes, wish, choice.target)
