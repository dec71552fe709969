"""Trained runs opened again: their model, project and data."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.domain.dataset import DatasetInfo, HeadInfo
from workbench.domain.files import StoreError
from workbench.domain.phases import phase_projects
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.engine.base_models import make_base
from workbench.engine.build import build_model, compile_model
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.load import load_dataset
from workbench.engine.errors import EngineError
from workbench.engine.evaluation import metrics_on
from workbench.engine.export import export
from workbench.engine.fitting import check_fits
from workbench.engine.model_import import import_model, load_checked
from workbench.engine.outputs import Floats, class_name, label_names, named_numbers, probabilities, values_of_heads
from workbench.engine.parts.scope import own_parts
from workbench.engine.probes.base import Seen, Subject, to_event
from workbench.engine.probes.loader import kind_of
from workbench.engine.runs import BEST_FILE, CHECKPOINT_FOLDER, MODEL_FILE, project_of
from workbench.engine.samples import Batch, as_learned, load_samples
from workbench.engine.sealed.exports import is_sealed_in
from workbench.engine.sealed.reopen import reopened
from workbench.engine.surgery.table import OperatingTable
from workbench.engine.take_weights import take_weights
from workbench.engine.training.checkpoint import CheckpointError, Checkpoints
from workbench.engine.training.plans import Data, prepare
from workbench.engine.training.state import StateError, capture, capture_weights, restore
from workbench.protocol.commands import (
    Evaluate,
    Export,
    ImportModel,
    MakeBase,
    Operate,
    Predict,
    Probe,
    TakeWeights,
    ViewCommand,
)
from workbench.protocol.events import (
    AnyEvent,
    BaseMade,
    Evaluated,
    Exported,
    ModelImported,
    Predicted,
    WeightsTaken,
)
from workbench.protocol.payloads import HeadPrediction, Prediction

ProgressTo: TypeAlias = Callable[[str, float | None], None]
_KEPT = 2
MOST_VALUES = 4_096


class TrainedRuns:
    """Opens runs and keeps the last ones. For one thread."""

    def __init__(self) -> None:
        self._subjects: OrderedDict[tuple[object, ...], Subject] = OrderedDict()
        self._table = OperatingTable()
        self._at_work = ExitStack()

    def answer(self, command: ViewCommand, progress: ProgressTo) -> AnyEvent:
        """What a command about a trained run asks for."""
        with self._at_work:
            return self._answer(command, progress)

    def _answer(self, command: ViewCommand, progress: ProgressTo) -> AnyEvent:
        match command:
            case Probe():
                return to_event(command.ticket, command.probe, self.probe(command, progress), None)
            case Evaluate():
                return self.evaluate(command, progress)
            case Predict():
                return self.predict(command, progress)
            case Export():
                done = export(command, lambda: self.subject(command.folder, command.run, "last", progress), progress)
                return Exported(command.ticket, command.run, str(done.path), done.notes, done.difference)
            case Operate():
                subject = self.subject(command.folder, command.run, command.weights, progress)
                return self._table.operate(command, subject, progress)
            case TakeWeights():
                return self._take_weights(command, progress)
            case MakeBase():
                progress("Making the base", None)
                return BaseMade(
                    command.ticket, make_base(command.source, Path(command.folder), command.shape, progress)
                )
            case ImportModel():
                made = import_model(Path(command.path).expanduser(), command.folder, progress)
                return ModelImported(command.ticket, command.folder, made.project, made.run, made.has_data, made.sealed)

    def _take_weights(self, command: TakeWeights, progress: ProgressTo) -> WeightsTaken:
        progress("Reading the weights", None)
        path = Path(command.path).expanduser()
        with own_parts(command.project, command.folder):
            starts, report = take_weights(
                command.project, command.info, Path(command.folder), path, command.by, command.title or path.name
            )
        return WeightsTaken(command.ticket, starts, report)

    def subject(self, folder: str, run: str, weights: Literal["best", "last"], progress: ProgressTo) -> Subject:
        """The model of a run with its project and data, whose own parts are known until the command is answered. Raises
        EngineError, StoreError, DataError or BuildError."""
        store = ProjectFolder(folder)
        path = store.run_folder(run)
        if not path.is_dir():
            raise StoreError(f"There is no run {run}. Look into the list of runs for its name.")
        project = project_of(path)
        self._at_work.enter_context(own_parts(project, store.path, needed=True))
        key = (str(path), weights, _stamp(path))
        if key in self._subjects:
            self._subjects.move_to_end(key)
            return self._subjects[key]
        dataset = load_dataset(project.data, store.path, progress)
        progress("Opening the model", None)
        subject = Subject(open_model(path, project, dataset, weights), project, dataset)
        self._subjects[key] = subject
        while len(self._subjects) > _KEPT:
            self._subjects.popitem(last=False)
        return subject

    def probe(self, command: Probe, progress: ProgressTo) -> Seen:
        """One look of a probe at a run."""
        subject = self.subject(command.folder, command.run, command.weights, progress)
        check_fits(subject)
        progress("Looking into the network", None)
        return kind_of(command.probe).prepare(subject, command.params, command.sample)()

    def evaluate(self, command: Evaluate, progress: ProgressTo) -> Evaluated:
        """Loss and metrics on a part of the data, the numbers of Keras' `evaluate` with the run's batch size."""
        subject = self.subject(command.folder, command.run, "last", progress)
        return Evaluated(command.ticket, command.run, command.part, metrics_on(subject, command.part, progress))

    def predict(self, command: Predict, progress: ProgressTo) -> Predicted:
        """What a run says of some samples."""
        subject = self.subject(command.folder, command.run, "last", progress)
        check_fits(subject)
        info = subject.dataset.info
        batch = load_samples(subject.dataset, command.samples)
        progress("Predicting", None)
        given = subject.model.predict(subject.fed(batch.x), verbose=0)
        if info.heads:
            told = tuple(_told_of_heads(subject, batch, given))
            return Predicted(command.ticket, command.run, (), told, batch.notes)
        outputs = np.asarray(given, np.float32)
        values = probabilities(subject.project, info, outputs)
        if info.task == "reconstruction" or info.learns_places:
            rows = zip(batch.names, values, batch.x, batch.truths, strict=True)
            told = tuple(_told_of_places(info, *row) for row in rows)
            return Predicted(command.ticket, command.run, info.classes, told, batch.notes)
        predictions = tuple(
            Prediction(
                name=name,
                values=tuple(float(value) for value in row),
                label=_label(info, row),
                truth=_truth(subject, truth),
            )
            for name, row, truth in zip(batch.names, values, batch.truths, strict=True)
        )
        return Predicted(command.ticket, command.run, info.classes, predictions, batch.notes)


def open_model(path: Path, project: Project, dataset: Dataset, weights: Literal["best", "last"]) -> Any:
    """The compiled model of a run: as it was saved, or, of a run that has not ended, from its last checkpoint."""
    if (path / MODEL_FILE).exists():
        model = (
            reopened(path / MODEL_FILE, project, dataset) if is_sealed_in(project) else load_checked(path / MODEL_FILE)
        )
        if weights == "best" and (path / BEST_FILE).exists():
            model.load_weights(path / BEST_FILE)
        return model
    checkpoints = Checkpoints(path / CHECKPOINT_FOLDER)
    reached = checkpoints.facts()
    if reached is None:
        raise EngineError("This run has saved no model yet. Train it a little longer.")
    phases = phase_projects(project)
    project = phases[min(reached.phase, len(phases) - 1)]
    model = build_model(project, dataset.info)
    compile_model(model, project, dataset.info)
    info = dataset.info
    prepare(model, Data.of(dataset.x["train"], dataset.y["train"], None, info.inputs, info.heads), 1)
    try:
        facts, arrays = checkpoints.newest(lambda _: capture(model))
        if weights == "best" and facts.best is not None and facts.best.best_epoch is not None:
            arrays = arrays | checkpoints.best_weights(facts.best.best_epoch, capture_weights(model))
        restore(model, arrays)
    except (CheckpointError, StateError) as error:
        raise EngineError(str(error)) from error
    return model


def _stamp(path: Path) -> tuple[tuple[str, int], ...]:
    """What changes when the run has trained on."""
    files = [path / MODEL_FILE, path / BEST_FILE, *sorted((path / CHECKPOINT_FOLDER).glob("[ab].npz"))]
    return tuple((file.name, file.stat().st_mtime_ns) for file in files if file.exists())


def _told_of_heads(subject: Subject, batch: Batch, outputs: list[Floats]) -> Iterator[Prediction]:
    """What each of several outputs says of each sample."""
    info = subject.dataset.info
    values = values_of_heads(subject.project, info, outputs)
    for number, (name, truth) in enumerate(zip(batch.names, batch.truths, strict=True)):
        heads = tuple(
            _told_of_head(head, each[number], None if truth is None else float(truth[head.place]))
            for head, each in zip(info.heads, values, strict=True)
        )
        said = ", ".join(f"{head.name} {head.label or f'{head.values[0]:g}'}" for head in heads)
        right = ", ".join(f"{head.name} {head.truth}" for head in heads if head.truth is not None)
        yield Prediction(name=name, values=(), label=said, truth=right or None, heads=heads)


def _told_of_head(head: HeadInfo, values: Floats, truth: float | None) -> HeadPrediction:
    known = truth is not None and not np.isnan(truth)
    if not head.classes:
        return HeadPrediction(head.name, (float(values[0]),), truth=f"{truth:g}" if known else None)
    right = head.classes[int(truth)] if truth is not None and known else None
    return HeadPrediction(head.name, tuple(map(float, values)), head.classes[int(values.argmax())], right)


def _label(info: DatasetInfo, row: Floats) -> str | None:
    if info.task == "multilabel":
        return label_names(info, row >= 0.5)
    if info.targets:
        return named_numbers(info, row)
    return class_name(info, int(row.argmax())) if info.classes else None


def _told_of_places(info: DatasetInfo, name: str, output: Floats, x: Floats, truth: NDArray[Any] | None) -> Prediction:
    """What came out for an input, and how near it is to what is right: the input itself, without noise where that is
    known, a picture, or a mask."""
    if info.task == "segmentation":
        return _masked(info, name, output, truth)
    values = tuple(output.reshape(-1).tolist()) if output.size <= MOST_VALUES else ()
    right = x if truth is None else truth
    if info.task != "reconstruction":
        if truth is None:
            return Prediction(name=name, values=values)
        right = as_learned(truth)
    off = output.astype(np.float64) - right
    measures = {"mae": float(np.abs(off).mean()), "mse": float((off**2).mean())}
    return Prediction(name=name, values=values, measures=measures)


def _masked(info: DatasetInfo, name: str, output: Floats, truth: NDArray[Any] | None) -> Prediction:
    mask = output.argmax(axis=-1)
    if info.learns_steps:
        label = " ".join(class_name(info, int(each)) for each in mask[:MOST_VALUES])
        right = {} if truth is None else {"accuracy": float((mask == truth).mean())}
        return Prediction(name=name, values=(), label=label, measures=right)
    count = len(info.classes)
    shares = np.bincount(mask.ravel(), minlength=count) / mask.size
    commonest = int(shares[1:].argmax()) + 1
    label = class_name(info, commonest if shares[commonest] else 0)
    measures: dict[str, float] = {}
    if truth is not None:
        both = [np.logical_and(mask == each, truth == each).sum() for each in range(count)]
        either = [np.logical_or(mask == each, truth == each).sum() for each in range(count)]
        overlaps = [common / whole for common, whole in zip(both, either, strict=True) if whole]
        measures = {"accuracy": float((mask == truth).mean()), "mean_iou": float(np.mean(overlaps))}
    return Prediction(name=name, values=tuple(shares.tolist()), label=label, measures=measures)


def _truth(subject: Subject, truth: NDArray[Any] | None) -> str | None:
    if truth is None:
        return None
    info = subject.dataset.info
    if info.task == "multilabel":
        return label_names(info, truth)
    if info.classes:
        return class_name(info, int(truth.reshape(-1)[0]))
    return named_numbers(info, truth.reshape(-1))
