"""One training from the command to its end: data, network, plan, loop, saved model. Runs in the training thread."""

import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from workbench.domain.defaults import default_monitor, resolve
from workbench.domain.folds import trains_all_folds, with_fold
from workbench.domain.graph import layer_count
from workbench.domain.project import Project
from workbench.domain.run import EndReason, RunRecord
from workbench.domain.store import ProjectFolder
from workbench.domain.training import ResolvedTraining
from workbench.engine.build import build_model, compile_model
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.load import load_dataset
from workbench.engine.errors import EngineError
from workbench.engine.model_files import save_model, save_weights
from workbench.engine.parts.scope import own_parts
from workbench.engine.probes.base import Subject
from workbench.engine.probes.live import LiveProbes
from workbench.engine.runs import (
    BEST_FILE,
    CHECKPOINT_FOLDER,
    MODEL_FILE,
    RunWriter,
    environment,
    now,
    project_of,
)
from workbench.engine.training.callbacks import make_callbacks
from workbench.engine.training.change import BatchChange, change_of, positions_of
from workbench.engine.training.checkpoint import CheckpointError, Checkpoints, Facts
from workbench.engine.training.checks import check_training
from workbench.engine.training.choose import choose_plan, runner_of
from workbench.engine.training.feed import feed
from workbench.engine.training.loop import Loop, Outcome, Settings, Trainee
from workbench.engine.training.mailbox import Mailbox
from workbench.engine.training.plans import Feed, StepRunner, batches, prepare, runner
from workbench.engine.training.state import StateError, capture, capture_weights, restore, restore_weights
from workbench.engine.training.stopping import Tracker, early_tracker, metric_goes_up
from workbench.engine.training.words import sentence_of, shown_threads
from workbench.protocol.commands import Train, Watch
from workbench.protocol.events import AnyEvent, PlanChosen, Progress, RunEnded, RunEvent, RunStarted

_log = logging.getLogger(__name__)

_WRITTEN = RunEvent.__args__


@dataclass
class _Made:
    """Everything that is there before the first step."""

    project: Project
    dataset: Dataset
    model: Any
    training: ResolvedTraining
    data: Feed
    check: StepRunner | None
    metric_names: tuple[str, ...]
    change: BatchChange | None

    @property
    def changing(self) -> list[Any]:
        """What a training changes outside of the model."""
        return [] if self.change is None else self.change.variables


class TrainingJob:
    """Trains what a `Train` command asks for. `progress` may raise to cancel what comes before the first step."""

    def __init__(
        self,
        command: Train,
        mailbox: Mailbox,
        emit: Callable[[AnyEvent], None],
        threads: int,
        watches: Callable[[], Iterable[Watch]],
        progress: Callable[[str, float | None], None],
    ) -> None:
        self._command = command
        self._mailbox = mailbox
        self._emit = emit
        self._threads = threads
        self._watches = watches
        self._progress = progress
        self._store = ProjectFolder(command.folder)
        self._writer: RunWriter | None = None
        self._feeds: list[Feed] = []

    def run(self) -> None:
        """Train to the end. Raises EngineError, StoreError, DataError or BuildError for what comes before the first
        step; whatever happens later ends the run with an event."""
        try:
            if self._command.run is None:
                self._start()
            else:
                self._resume(self._command.run)
        finally:
            for data in self._feeds:
                data.close()
            if self._writer is not None:
                self._writer.close()

    # Before the first step

    def _start(self) -> None:
        project = self._project_to_start()
        with own_parts(project, self._store.path, needed=True):
            self._start_project(project)

    def _start_project(self, project: Project) -> None:
        made = self._make(project)
        seed, epochs = made.project.training.seed, made.project.training.epochs
        run_id = self._store.new_run_id()
        record = RunRecord(
            id=run_id,
            name=self._name(made),
            status="running",
            started=now(),
            seed=seed,
            epochs_planned=epochs,
            environment=environment(self._threads),
            data=made.dataset.info.title,
            layers=layer_count(made.project.model),
            params=made.model.count_params(),
            series=self._command.series,
            fold=made.project.data.split.fold if made.dataset.info.folds else 0,
            folds=len(made.dataset.info.folds),
        )
        self._writer = RunWriter.create(self._store, record, made.project)
        self._train(self._writer, made, None)

    def _project_to_start(self) -> Project:
        """What is trained: of several folds one, which is the first where the project names none."""
        project = self._command.project
        return with_fold(project, 1) if trains_all_folds(project) else project

    def _name(self, made: _Made) -> str:
        name, folds = f"Run {len(self._store.list_runs()) + 1}", len(made.dataset.info.folds)
        return f"{name}, fold {made.project.data.split.fold} of {folds}" if folds else name

    def _resume(self, run_id: str) -> None:
        writer = self._writer = RunWriter.reopen(self._store, run_id)
        record = writer.record
        self._check_threads(record)
        project = self._with_epochs(project_of(writer.folder), record)
        with own_parts(project, self._store.path, needed=True):
            self._resume_project(writer, record, project)

    def _resume_project(self, writer: RunWriter, record: RunRecord, project: Project) -> None:
        made = self._make(project)
        never_began = record.status != "ended" or (record.reason == "failed" and record.steps_done == 0)
        facts = self._restore(writer.folder / CHECKPOINT_FOLDER, made, never_began)
        writer.update(epochs_planned=project.training.epochs)
        self._train(writer, made, facts)

    def _check_threads(self, record: RunRecord) -> None:
        if record.plan is not None and record.plan.threads != self._threads:
            raise EngineError(
                f"This run was trained with {shown_threads(record.plan.threads)}, and the engine now uses "
                f"{self._threads}; to go on exactly it must start again with the same number.",
                detail=f"threads={record.plan.threads}",
            )

    def _with_epochs(self, project: Project, record: RunRecord) -> Project:
        """The run's own project, trained for longer when the command says so."""
        planned = record.epochs_planned or project.training.epochs
        epochs = self._command.epochs or planned
        finished = record.status == "ended" and record.reason in ("completed", "early_stopping")
        if finished and self._command.epochs is None:
            epochs = max(planned, self._command.project.training.epochs)
        if (finished and epochs <= record.epochs_done) or (finished and epochs <= planned):
            raise EngineError(
                f"This run has ended after {record.epochs_done} of {planned} epochs, so nothing is left to train. "
                "Ask for more epochs, or start a new run."
            )
        if record.reason == "diverged" and record.status == "ended":
            raise EngineError("This run ended because its loss was not a number any more. Start a new run.")
        training = msgspec.structs.replace(project.training, epochs=epochs)
        return msgspec.structs.replace(project, training=training)

    def _make(self, project: Project) -> _Made:
        dataset = load_dataset(project.data, self._store.path, self._progress)
        self._progress("Building the network", None)
        training = resolve(project, dataset.info)
        model = build_model(project, dataset.info, seed=project.training.seed)
        compile_model(model, project, dataset.info)
        check_training(model, dataset, training)
        change = change_of(dataset, project)
        positions = positions_of(dataset, project)
        data = self._opened(feed(dataset, "train", training.batch_size, positions))
        assert data is not None  # as was checked above
        prepare(model, data, training.batch_size)
        validation = self._opened(feed(dataset, "validation", training.batch_size))
        check = runner(model, validation, training.batch_size, "test_step", "graph") if validation else None
        names = tuple(model.get_metrics_result())
        self._check_monitor(project, names, check is not None)
        self._progress("Starting the training", None)
        return _Made(project, dataset, model, training, data, check, names, change)

    def _opened(self, data: Feed | None) -> Feed | None:
        if data is not None:
            self._feeds.append(data)
        return data

    @staticmethod
    def _check_monitor(project: Project, names: tuple[str, ...], validates: bool) -> None:
        early = project.training.early_stopping
        known = [*names, *(f"val_{name}" for name in names if validates)]
        if early is not None and early.monitor not in known:
            raise EngineError(
                f"Early stopping watches “{early.monitor}”, which this training does not have. "
                f"Choose one of: {', '.join(known)}."
            )

    def _restore(self, folder: Path, made: _Made, may_lack: bool) -> Facts | None:
        """Put the newest checkpoint's state into the model. None when the run may lack one, and died before it."""
        checkpoints = Checkpoints(folder)
        if checkpoints.facts() is None and not checkpoints.has_files:
            if not may_lack:
                raise EngineError("This run has no checkpoint, so it cannot go on. Start a new run.")
            return None
        try:
            facts, arrays = checkpoints.newest(capture(made.model, made.changing))
            restore(made.model, arrays, made.changing)
        except (CheckpointError, StateError) as error:
            raise EngineError(str(error)) from error
        if facts.data != made.dataset.info.fingerprint:
            raise EngineError(
                "The data have changed since this run was started, so it cannot go on exactly. Start a new run."
            )
        return facts

    # The training itself

    def _train(self, writer: RunWriter, made: _Made, facts: Facts | None) -> None:
        run, training = writer.record.id, made.project.training
        try:
            self._report(self._started(writer, made, facts))
            trainee, chunk = self._trainee(writer, made)
            checkpoints = Checkpoints(writer.folder / CHECKPOINT_FOLDER)
            if facts is not None:
                _restore_trackers(trainee, facts, checkpoints)
            settings = Settings(
                run=run,
                epochs=training.epochs,
                seed=training.seed,
                shuffle=training.shuffle,
                early_stopping=training.early_stopping,
                data=made.dataset.info.fingerprint,
            )
            subject = Subject(made.model, made.project, made.dataset)
            live = LiveProbes(subject, self._emit, self._watches())
            loop = Loop(trainee, settings, checkpoints, self._mailbox, self._report, live, facts)
            if self._command.stop_at is not None:
                loop.pause_after(self._command.stop_at)
            outcome = loop.run(chunk)
            if outcome.reason is None:
                writer.suspend()
                return
            metrics = self._keep(writer, made, trainee, loop, outcome, checkpoints)
            live.finish(loop.step)
            self._report(_ended(writer, loop, outcome.reason, metrics, outcome.message))
        except Exception as error:  # noqa: BLE001 - whatever ends a run is logged and becomes its last event
            _log.exception("The run %s failed", run)
            self._fail(writer, error)

    def _started(self, writer: RunWriter, made: _Made, facts: Facts | None) -> RunStarted:
        if facts is not None:
            writer.update(steps_done=facts.step, epochs_done=facts.place.epoch, last=facts.last_metrics)
        writer.update(status="running", pid=os.getpid(), reason=None, ended=None, message="")
        return RunStarted(
            run=writer.record.id,
            folder=str(writer.folder),
            record=writer.record,
            batches_per_epoch=batches(made.data.samples, made.training.batch_size),
            epochs=made.project.training.epochs,
            start_step=facts.step if facts else 0,
            resumed=self._command.run is not None,
            metric_names=made.metric_names,
        )

    def _trainee(self, writer: RunWriter, made: _Made) -> tuple[Trainee, int]:
        self._emit(Progress(self._command.ticket, "Choosing the fastest way to train"))
        training, batch = made.project.training, made.training.batch_size
        plan = writer.record.plan
        if plan is None:
            steps = training.epochs * batches(made.data.samples, batch)
            plan, train = choose_plan(made.model, made.data, batch, training.plan, steps, self._threads, made.change)
        else:
            train = runner_of(plan, made.model, made.data, batch, made.change)
        train.warm_up()
        if made.check is not None:
            made.check.warm_up()
        self._report(PlanChosen(writer.record.id, plan))
        callbacks = make_callbacks(training.callbacks, made.model, training.epochs, train.batches)
        trainee = Trainee(made.model, train, made.check, callbacks=callbacks)
        if training.early_stopping is not None:
            trainee.stopping = early_tracker(made.model, training.early_stopping)
        if training.keep_best:
            early = training.early_stopping
            monitor = early.monitor if early else default_monitor(made.dataset.info)
            trainee.best = Tracker(monitor, metric_goes_up(made.model, monitor))
        return trainee, plan.chunk

    def _report(self, event: AnyEvent) -> None:
        """Into the history first, then to whoever watches."""
        if self._writer is not None and isinstance(event, _WRITTEN):
            self._writer.append(event)
        self._emit(event)

    # The end

    def _keep(
        self,
        writer: RunWriter,
        made: _Made,
        trainee: Trainee,
        loop: Loop,
        outcome: Outcome,
        checkpoints: Checkpoints,
    ) -> dict[str, float]:
        """Save the model that the run ends with; gives its metrics."""
        model, metrics = made.model, loop.last_metrics
        if outcome.reason == "diverged":
            _, arrays = checkpoints.newest(capture(model))
            restore(model, arrays)
        elif outcome.reason in ("completed", "early_stopping"):
            model.optimizer.finalize_variable_values(model.trainable_weights)
            if trainee.stopping is not None and trainee.stopping.keep and trainee.stopping.weights is not None:
                restore_weights(model, trainee.stopping.weights)
                metrics = loop.best_metrics
        if outcome.reason != "diverged":
            trainee.callbacks.call("on_train_end", metrics)
        self._save(writer, made, trainee)
        return metrics

    def _save(self, writer: RunWriter, made: _Made, trainee: Trainee) -> None:
        save_model(made.model, made.project, writer.folder / MODEL_FILE)
        if trainee.best is not None and trainee.best.weights is not None:
            last = capture_weights(made.model)
            restore_weights(made.model, trainee.best.weights)
            save_weights(made.model, writer.folder / BEST_FILE)
            restore_weights(made.model, last)

    def _fail(self, writer: RunWriter, error: Exception) -> None:
        record = writer.record
        event = RunEnded(
            run=record.id,
            reason="failed",
            epochs=record.epochs_done,
            seconds=record.seconds,
            metrics=record.last,
            message=sentence_of(error),
        )
        writer.make_room()
        try:
            self._report(event)
        except OSError:
            _log.exception("The history of the run %s could not be written to its end", record.id)
            self._emit(event)
            writer.end_without_history(event)


def _restore_trackers(trainee: Trainee, facts: Facts, checkpoints: Checkpoints) -> None:
    expected = capture_weights(trainee.model)
    for tracker, state in ((trainee.stopping, facts.stopping), (trainee.best, facts.best)):
        if tracker is None or state is None:
            continue
        tracker.state = state
        if tracker.keep and state.best_epoch is not None:
            tracker.weights = checkpoints.best_weights(state.best_epoch, expected)


def _ended(writer: RunWriter, loop: Loop, reason: EndReason, metrics: dict[str, float], message: str) -> RunEnded:
    return RunEnded(
        run=writer.record.id,
        reason=reason,
        epochs=loop.place.epoch,
        seconds=loop.seconds,
        metrics=metrics,
        model=str(writer.folder / MODEL_FILE),
        message=message,
    )
