"""One training from the command to its end: data, network, plan, loop, saved model. Runs in the training thread."""

import logging
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from workbench.domain.defaults import default_monitor
from workbench.domain.folds import trains_all_folds, with_fold
from workbench.domain.graph import layer_count
from workbench.domain.phases import total_epochs
from workbench.domain.project import Project
from workbench.domain.run import EndReason, RunRecord
from workbench.domain.store import ProjectFolder
from workbench.domain.training import TrainingSpec
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
from workbench.engine.training.checkpoint import CheckpointError, Checkpoints, Facts
from workbench.engine.training.choose import choose_plan, runner_of
from workbench.engine.training.loop import Loop
from workbench.engine.training.made import Made
from workbench.engine.training.mailbox import Mailbox
from workbench.engine.training.plans import StepRunner, batches
from workbench.engine.training.state import Arrays, StateError, capture_weights, restore_weights
from workbench.engine.training.stopping import Tracker, early_tracker, metric_goes_up
from workbench.engine.training.trainee import Outcome, Settings, Trainee
from workbench.engine.training.words import sentence_of, shown_threads
from workbench.protocol.commands import Train, Watch
from workbench.protocol.events import AnyEvent, PlanChosen, Progress, RunEnded, RunEvent, RunStarted

_log = logging.getLogger(__name__)

_WRITTEN = RunEvent.__args__


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
        self._epochs = 0
        self._made: Made | None = None

    def run(self) -> None:
        """Train to the end. Raises EngineError, StoreError, DataError or BuildError for what comes before the first
        step; whatever happens later ends the run with an event."""
        try:
            if self._command.run is None:
                self._start()
            else:
                self._resume(self._command.run)
        finally:
            if self._made is not None:
                self._made.close()
            if self._writer is not None:
                self._writer.close()

    # Before the first step

    def _start(self) -> None:
        project = self._project_to_start()
        with own_parts(project, self._store.path, needed=True):
            self._start_project(project)

    def _start_project(self, project: Project) -> None:
        made = self._make(project, starts=True)
        made.store_features(self._progress)
        seed, epochs = made.project.training.seed, total_epochs(made.project.training)
        self._epochs = epochs
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

    def _name(self, made: Made) -> str:
        name, folds = f"Run {len(self._store.list_runs()) + 1}", len(made.dataset.info.folds)
        return f"{name}, fold {made.project.data.split.fold} of {folds}" if folds else name

    def _resume(self, run_id: str) -> None:
        writer = self._writer = RunWriter.reopen(self._store, run_id)
        record = writer.record
        self._check_threads(record)
        project = project_of(writer.folder)
        self._epochs = self._wanted_epochs(project, record)
        with own_parts(project, self._store.path, needed=True):
            self._resume_project(writer, project)

    def _resume_project(self, writer: RunWriter, project: Project) -> None:
        record = writer.record
        never_began = record.status != "ended" or (record.reason == "failed" and record.steps_done == 0)
        made = self._make(project, starts=not Checkpoints(writer.folder / CHECKPOINT_FOLDER).has_files)
        facts = self._restore(writer.folder / CHECKPOINT_FOLDER, made, never_began)
        if made.phase == 0 and (record.plan is None or record.plan.features is not None):
            made.store_features(self._progress)
        writer.update(epochs_planned=self._epochs)
        self._train(writer, made, facts)

    def _check_threads(self, record: RunRecord) -> None:
        if record.plan is not None and record.plan.threads != self._threads:
            raise EngineError(
                f"This run was trained with {shown_threads(record.plan.threads)}, and the engine now uses "
                f"{self._threads}; to go on exactly it must start again with the same number.",
                detail=f"threads={record.plan.threads}",
            )

    def _wanted_epochs(self, project: Project, record: RunRecord) -> int:
        """How many epochs the run shall have in all: more, where the command says so."""
        planned = record.epochs_planned or total_epochs(project.training)
        epochs = self._command.epochs or planned
        finished = record.status == "ended" and record.reason in ("completed", "early_stopping")
        if finished and self._command.epochs is None:
            epochs = max(planned, total_epochs(self._command.project.training))
        if (finished and epochs <= record.epochs_done) or (finished and epochs <= planned):
            raise EngineError(
                f"This run has ended after {record.epochs_done} of {planned} epochs, so nothing is left to train. "
                "Ask for more epochs, or start a new run."
            )
        if record.reason == "diverged" and record.status == "ended":
            raise EngineError("This run ended because its loss was not a number any more. Start a new run.")
        return epochs

    def _make(self, project: Project, *, starts: bool) -> Made:
        """`starts`: nothing is trained yet, so layers get the weights they start with; a checkpoint has its own."""
        self._made = Made(project, self._store.path, self._progress, starts=starts)
        return self._made

    def _restore(self, folder: Path, made: Made, may_lack: bool) -> Facts | None:
        """Put the newest checkpoint's state into the model. None when the run may lack one, and died before it."""
        checkpoints = Checkpoints(folder)
        if checkpoints.facts() is None and not checkpoints.has_files:
            if not may_lack:
                raise EngineError("This run has no checkpoint, so it cannot go on. Start a new run.")
            return None
        try:
            facts, arrays = checkpoints.newest(lambda facts: _expected(made, facts))
            made.restore(arrays)
        except (CheckpointError, StateError) as error:
            raise EngineError(str(error)) from error
        if facts.data != made.dataset.info.fingerprint:
            raise EngineError(
                "The data have changed since this run was started, so it cannot go on exactly. Start a new run."
            )
        return facts

    # The training itself

    def _train(self, writer: RunWriter, made: Made, facts: Facts | None) -> None:
        run, training = writer.record.id, made.project.training
        if facts is not None and self._command.epochs is not None:
            facts = msgspec.structs.replace(facts, skipped=0)  # so many are asked for in all
        try:
            self._report(self._started(writer, made, facts))
            trainee, chunk = self._trainee(writer, made)
            checkpoints = Checkpoints(writer.folder / CHECKPOINT_FOLDER)
            if facts is not None:
                _restore_trackers(trainee, facts, checkpoints)
            settings = Settings(
                run=run,
                epochs=self._epochs,
                seed=training.seed,
                shuffle=training.shuffle,
                early_stopping=training.early_stopping,
                data=made.dataset.info.fingerprint,
                phases=_phases(training),
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

    def _started(self, writer: RunWriter, made: Made, facts: Facts | None) -> RunStarted:
        if facts is not None:
            writer.update(steps_done=facts.step, epochs_done=facts.place.epoch, last=facts.last_metrics)
        writer.update(status="running", pid=os.getpid(), reason=None, ended=None, message="")
        return RunStarted(
            run=writer.record.id,
            folder=str(writer.folder),
            record=writer.record,
            batches_per_epoch=batches(made.data.samples, made.training.batch_size),
            epochs=self._epochs - (facts.skipped if facts else 0),
            start_step=facts.step if facts else 0,
            resumed=self._command.run is not None,
            metric_names=made.metric_names,
        )

    def _trainee(self, writer: RunWriter, made: Made) -> tuple[Trainee, int]:
        """What the loop trains, in the phase that it is made ready for, and the length of a chunk."""
        training = made.project.training
        train, chunk = self._runner(writer, made)
        trainee = Trainee(
            made.model, train, made.check, made.learner, lambda number: self._next_phase(writer, made, trainee, number)
        )
        trainee.callbacks = make_callbacks(training.callbacks, made.model, train.batches)
        if training.early_stopping is not None:
            trainee.stopping = early_tracker(made.model, training.early_stopping)
        if training.keep_best:
            early = training.early_stopping
            monitor = early.monitor if early else default_monitor(made.dataset.info)
            trainee.best = Tracker(monitor, metric_goes_up(made.model, monitor))
        return trainee, chunk

    def _runner(self, writer: RunWriter, made: Made) -> tuple[StepRunner, int]:
        """What takes the steps of a phase, by the plan that was chosen for it or is now."""
        self._emit(Progress(self._command.ticket, "Choosing the fastest way to train"))
        alone, batch = made.phases[made.phase].training, made.training.batch_size
        known = (writer.record.plan, *writer.record.later_plans)
        plan = known[made.phase] if made.phase < len(known) else None
        if plan is None:
            steps = alone.epochs * batches(made.data.samples, batch)
            plan, train = choose_plan(made.learner, made.data, batch, alone.plan, steps, self._threads, made.change)
            told = None if made.features is None else made.features.told
            plan = msgspec.structs.replace(plan, features=told, no_features=made.no_features)
        else:
            train = runner_of(plan, made.learner, made.data, batch, made.change)
        train.warm_up()
        if made.check is not None:
            made.check.warm_up()
        self._report(PlanChosen(writer.record.id, plan, made.phase))
        return train, plan.chunk

    def _next_phase(self, writer: RunWriter, made: Made, trainee: Trainee, number: int) -> int:
        """End a phase as `fit` ends, and begin the next one as `compile` and `fit` begin."""
        _finalize(trainee)
        trainee.callbacks.call("on_train_end", {})
        made.enter(number)
        trainee.train, chunk = self._runner(writer, made)
        trainee.check, trainee.learner = made.check, made.learner
        early = made.project.training.early_stopping
        trainee.stopping = None if early is None else early_tracker(made.model, early)
        return chunk

    def _report(self, event: AnyEvent) -> None:
        """Into the history first, then to whoever watches."""
        if self._writer is not None and isinstance(event, _WRITTEN):
            self._writer.append(event)
        self._emit(event)

    # The end

    def _keep(
        self,
        writer: RunWriter,
        made: Made,
        trainee: Trainee,
        loop: Loop,
        outcome: Outcome,
        checkpoints: Checkpoints,
    ) -> dict[str, float]:
        """Save the model that the run ends with; gives its metrics."""
        metrics = loop.last_metrics
        if outcome.reason == "diverged":
            _, arrays = checkpoints.newest(lambda facts: _expected(made, facts))
            made.restore(arrays)
        elif outcome.reason in ("completed", "early_stopping") and _finalize(trainee):
            metrics = loop.stopping_metrics or loop.best_metrics
        if outcome.reason != "diverged":
            trainee.callbacks.call("on_train_end", metrics)
        self._save(writer, made, trainee)
        return metrics

    def _save(self, writer: RunWriter, made: Made, trainee: Trainee) -> None:
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


def _finalize(trainee: Trainee) -> bool:
    """Leave the weights as `fit` leaves them; whether they are those of early stopping's best epoch."""
    model, stopping = trainee.model, trainee.stopping
    model.optimizer.finalize_variable_values(model.trainable_weights)
    if stopping is None or not stopping.keep or stopping.weights is None:
        return False
    restore_weights(model, stopping.weights)
    return True


def _expected(made: Made, facts: Facts) -> Arrays:
    """What a checkpoint must hold, once all is made ready for its phase."""
    if facts.phase >= len(made.phases):
        raise CheckpointError("It belongs to a phase that this training does not have.")
    made.enter(facts.phase)
    return made.capture()


def _phases(training: TrainingSpec) -> tuple[tuple[str, int], ...]:
    return ("", training.epochs), *((phase.name, phase.epochs) for phase in training.phases)


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


def _restore_trackers(trainee: Trainee, facts: Facts, checkpoints: Checkpoints) -> None:
    expected = capture_weights(trainee.model)
    for tracker, state in ((trainee.stopping, facts.stopping), (trainee.best, facts.best)):
        if tracker is None or state is None:
            continue
        tracker.state = state
        if tracker.keep and state.best_epoch is not None:
            tracker.weights = checkpoints.best_weights(state.best_epoch, expected)
