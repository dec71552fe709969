"""The training loop: epochs of chunks, obeying commands between them, saving often enough to lose nothing."""

import math
import time
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

from workbench.engine.training.checkpoint import Checkpoints, Facts, Place
from workbench.engine.training.choose import chunk_length
from workbench.engine.training.mailbox import Mailbox, TrainingCommand
from workbench.engine.training.plans import StepRunner
from workbench.engine.training.state import all_finite, capture, capture_weights
from workbench.engine.training.trainee import Live, Outcome, Settings, Trainee
from workbench.protocol.commands import Continue, Pause, SetLearningRate, Shutdown, Step, Stop, Unwatch, Watch
from workbench.protocol.events import (
    AnyEvent,
    BatchesEnded,
    Continued,
    EpochEnded,
    Failed,
    LearningRateChanged,
    Paused,
    PhaseBegan,
)

_LEAST_SECONDS_BETWEEN_CHECKPOINTS = 1.0
_COSTS_BETWEEN_CHECKPOINTS = 25


class _LoopError(Exception):
    """The way out of the middle of an epoch."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome


class Loop:
    """One training from a place to its end. Runs in one thread; only the mailbox is touched by others.

    `report` takes every event; an OSError from it or from saving ends `run` and is the caller's to tell.
    """

    def __init__(
        self,
        trainee: Trainee,
        settings: Settings,
        checkpoints: Checkpoints,
        mailbox: Mailbox,
        report: Callable[[AnyEvent], None],
        live: Live,
        facts: Facts | None = None,
    ) -> None:
        self._trainee = trainee
        self._settings = settings
        self._checkpoints = checkpoints
        self._mailbox = mailbox
        self._report = report
        self._live = live
        self.place = facts.place if facts else Place()
        self.step = facts.step if facts else 0
        self.last_metrics = facts.last_metrics if facts else {}
        self.best_metrics = facts.best_metrics if facts else {}
        self.stopping_metrics = facts.stopping_metrics if facts else {}
        self._noted = facts.callbacks if facts else ()
        self.phase = facts.phase if facts else 0
        self._phase_start = facts.phase_start if facts else 0
        self._skipped = facts.skipped if facts else 0
        self._seconds = facts.seconds if facts else 0.0
        self._since: float | None = None
        self._chunk = 1
        self._steps_left: int | None = None
        self._pause_after_epoch = False
        self._paused = False
        self._is_done = facts is not None and facts.phase_over and not self._is_last_phase
        self._validation: dict[str, float] = {}

    @property
    def seconds(self) -> float:
        """Training time of the whole run, without pauses."""
        return self._seconds + (time.monotonic() - self._since if self._since is not None else 0.0)

    def run(self, chunk: int) -> Outcome:
        """Train to the end, with chunks of about `chunk` steps at first. State and history agree when it returns."""
        self._chunk = chunk
        self._since = time.monotonic()
        try:
            self._trainee.callbacks.begin(self._phase_end, self._noted)
            if self._checkpoints.facts() is None:
                self._save()
            if self.phase and self.place == Place(epoch=self._phase_start):
                self._tell_phase()  # the process may have died before it could
            self._train_phase()
            while not self._is_last_phase and self.place.epoch < self.epochs:
                self._begin_phase()
                self._train_phase()
            self._save()
            message = "A callback of the project ended the training." if self._trainee.callbacks.stop else ""
            return Outcome("early_stopping" if self._is_done else "completed", message)
        except _LoopError as end:
            if end.outcome.reason == "stopped":
                self._save()
            return end.outcome
        finally:
            self._stop_clock()

    @property
    def epochs(self) -> int:
        """How many epochs the run has in all: without those that phases had left when they stopped early."""
        return self._settings.epochs - self._skipped

    @property
    def _is_last_phase(self) -> bool:
        return self.phase + 1 >= len(self._settings.phases)

    @property
    def _phase_end(self) -> int:
        if self._is_last_phase:
            return self.epochs
        return min(self.epochs, self._phase_start + self._settings.phases[self.phase][1])

    def _train_phase(self) -> None:
        while not self._is_done and self.place.epoch < self._phase_end:
            self._train_epoch()
            self._validate_epoch()
            self._end_epoch()

    def _begin_phase(self) -> None:
        """Go on with the next phase. Its first state is kept at once: what the one before left is of no use to it."""
        self._obey()
        self._stop_clock()
        self.phase, self._phase_start, self._is_done = self.phase + 1, self.place.epoch, False
        self._chunk = self._trainee.next_phase(self.phase)
        self._trainee.callbacks.begin(self._phase_end)
        self._save()
        self._tell_phase()
        self._since = time.monotonic()

    def _tell_phase(self) -> None:
        name = self._settings.phases[self.phase][0]
        rate = _rate(self._trainee.model.optimizer)
        run, epoch = self._settings.run, self._phase_start
        self._report(PhaseBegan(run, self.phase, name, epoch, self.step, self.epochs, rate))

    def pause_after(self, unit: str) -> None:
        """Train one batch, or to the end of the epoch, then pause."""
        self._steps_left = 1 if unit == "batch" else None
        self._pause_after_epoch = unit == "epoch"

    def _train_epoch(self) -> None:
        if self.place.validating:
            return
        runner, settings = self._trainee.train, self._settings
        if self.place.batch == 0:
            self._trainee.learner.reset_metrics()
        runner.data.begin(settings.seed, self.place.epoch, settings.shuffle)
        runner.begin_epoch(self.place.epoch, anew=self.place.batch == 0)
        metrics: dict[str, float] | None = None
        callbacks = self._trainee.callbacks
        while self.place.batch < runner.batches and not callbacks.stop:
            self._obey()
            if self.place.batch == 0:
                callbacks.call("on_epoch_begin", self.place.epoch, {})
            metrics = self._train_chunk(runner)
            self._live.tick(self.step)
            if self._is_checkpoint_due(_LEAST_SECONDS_BETWEEN_CHECKPOINTS):
                self._save()
        if metrics is None:
            metrics = {name: float(value) for name, value in self._trainee.learner.get_metrics_result().items()}
        self.place = msgspec.structs.replace(self.place, validating=True, logs=metrics)

    def _train_chunk(self, runner: StepRunner) -> dict[str, float]:
        callbacks, batch = self._trainee.callbacks, self.place.batch
        count = min(1 if callbacks.of_train_batches else self._chunk, runner.batches - batch)
        if self._steps_left is not None:
            count = min(count, self._steps_left)
            self._steps_left -= count
        if callbacks.of_train_batches:
            callbacks.call("on_train_batch_begin", batch, {})
        start = time.perf_counter()
        losses, metrics = runner.run(batch, count)
        self._adapt(len(losses), time.perf_counter() - start)
        bad = np.flatnonzero(~np.isfinite(losses))
        good = losses if bad.size == 0 else losses[: bad[0]]
        if len(good):
            running = {name: value for name, value in metrics.items() if math.isfinite(value)}
            self._report(
                BatchesEnded(
                    run=self._settings.run,
                    epoch=self.place.epoch,
                    first_step=self.step,
                    losses=tuple(good.tolist()),
                    running=running,
                    seconds=self.seconds,
                )
            )
        if bad.size:
            raise _LoopError(Outcome("diverged", self._divergence(int(bad[0]))))
        self.step += len(losses)
        self.place = msgspec.structs.replace(self.place, batch=batch + len(losses))
        if callbacks.of_train_batches:
            callbacks.call("on_train_batch_end", batch, metrics)
        return metrics

    def _divergence(self, offset: int) -> str:
        batch, epoch = self.place.batch + offset + 1, self.place.epoch + 1
        return (
            f"The loss is not a number any more at batch {batch} of epoch {epoch}, so the training was ended. "
            "The last good state is kept. Try a smaller learning rate, scale the inputs, or limit the gradients "
            "with the optimizer's clipnorm."
        )

    def _adapt(self, steps: int, seconds: float) -> None:
        """Follow the machine's speed. The length of a chunk changes no number, only when commands are looked at."""
        wanted = chunk_length(seconds / steps)
        self._chunk = max(1, min(wanted, 2 * self._chunk, round(0.7 * self._chunk + 0.3 * wanted) + 1))

    def _validate_epoch(self) -> None:
        check = self._trainee.check
        if check is None:
            return
        self._trainee.learner.reset_metrics()
        callbacks = self._trainee.callbacks
        callbacks.call("on_test_begin", {})
        done, chunk, metrics = 0, max(1, self._chunk // 2), dict[str, float]()
        while done < check.batches:
            self._obey()
            start = time.perf_counter()
            count = min(1 if callbacks.of_test_batches else chunk, check.batches - done)
            if callbacks.of_test_batches:
                callbacks.call("on_test_batch_begin", done, {})
            _, metrics = check.run(done, count)
            if callbacks.of_test_batches:
                callbacks.call("on_test_batch_end", done, metrics)
            done += count
            chunk = min(chunk_length((time.perf_counter() - start) / count), 4 * chunk)
        callbacks.call("on_test_end", metrics)
        self._validation = {f"val_{name}": value for name, value in metrics.items()}

    def _end_epoch(self) -> None:
        epoch, trainee = self.place.epoch, self._trainee
        metrics = self.place.logs | (self._validation if trainee.check else {})
        finite = {name: value for name, value in metrics.items() if math.isfinite(value)}
        improved = self._follow(epoch, finite)
        self.last_metrics = finite
        rate = _rate(trainee.model.optimizer)
        trainee.callbacks.call("on_epoch_end", epoch, metrics)
        self._is_done = self._is_done or trainee.callbacks.stop
        self.place = Place(epoch=epoch + 1)
        if self._is_done and not self._is_last_phase:
            self._skipped += self._phase_end - self.place.epoch
        self._report(
            EpochEnded(
                run=self._settings.run,
                epoch=epoch,
                step=self.step,
                metrics=finite,
                learning_rate=rate,
                seconds=self.seconds,
                improved=improved,
            )
        )
        if self._is_checkpoint_due(0.0):
            self._save()
        is_over = self.place.epoch >= self.epochs or (self._is_done and self._is_last_phase)
        if self._pause_after_epoch and not is_over:
            self._pause_after_epoch = False
            self._steps_left = 0

    def _follow(self, epoch: int, metrics: dict[str, float]) -> bool:
        """Let the trackers see an epoch; whether its model is the best so far."""
        trainee, early = self._trainee, self._settings.early_stopping
        improved = False
        for tracker in (trainee.stopping, trainee.best):
            if tracker is not None and tracker.update(epoch, metrics):
                improved = improved or tracker is trainee.best or trainee.best is None
                if tracker is trainee.stopping:
                    self.stopping_metrics = metrics
                if tracker.keep:
                    tracker.weights = capture_weights(trainee.model)
        if improved:
            self.best_metrics = metrics
        if trainee.stopping is not None and early is not None:
            self._is_done = trainee.stopping.is_out_of_patience(early.patience, epoch)
        return improved

    # Commands

    def _obey(self) -> None:
        """Do what the mailbox asks; while paused, wait in it."""
        if self._steps_left == 0:
            self._pause()
        while (command := self._mailbox.take(wait=self._paused)) is not None:
            self._do(command)

    def _do(self, command: TrainingCommand) -> None:
        match command:
            case Pause():
                self._pause()
            case Continue():
                self._continue(None)
            case Step():
                self._continue(command.unit)
            case Stop():
                raise _LoopError(Outcome("stopped"))
            case SetLearningRate():
                self._set_learning_rate(command.value)
            case Watch() | Unwatch():
                self._live.obey(command, self.step)
            case Shutdown():
                self._pause()
                raise _LoopError(Outcome(None))

    def _pause(self) -> None:
        self._steps_left, self._pause_after_epoch = None, False
        if self._paused:
            return
        self._stop_clock()
        self._save()
        self._paused = True
        self._report(Paused(self._settings.run, self.place.epoch, self.step))

    def _continue(self, unit: str | None) -> None:
        if unit is not None:
            self.pause_after(unit)
        if self._paused:
            self._paused = False
            self._since = time.monotonic()
            self._report(Continued(self._settings.run, self.step))

    def _set_learning_rate(self, value: float) -> None:
        if not (math.isfinite(value) and value > 0):
            self._report(Failed(0, f"The learning rate must be a number above zero, not {value}."))
            return
        optimizer = self._trainee.model.optimizer
        try:
            optimizer.learning_rate = value
        except TypeError:
            message = "The learning rate follows a schedule, so it cannot be changed by hand. Choose a number for it."
            self._report(Failed(0, message))
            return
        self._save()
        self._report(LearningRateChanged(self._settings.run, self.step, _rate(optimizer)))

    # Keeping

    def _is_checkpoint_due(self, least: float) -> bool:
        since = time.monotonic() - self._checkpoints.written
        return since >= max(least, _COSTS_BETWEEN_CHECKPOINTS * self._checkpoints.cost)

    def _save(self) -> None:
        """Write a checkpoint, unless the weights are not numbers any more: the next loss will tell, and the last good
        state must stay."""
        trainee = self._trainee
        arrays = capture(trainee.model, trainee.train.variables, trainee.learner)
        if not all_finite(arrays):
            return
        trackers = [tracker for tracker in (trainee.stopping, trainee.best) if tracker is not None]
        facts = Facts(
            sequence=0,
            place=self.place,
            step=self.step,
            seconds=self.seconds,
            data=self._settings.data,
            stopping=trainee.stopping.state if trainee.stopping else None,
            best=trainee.best.state if trainee.best else None,
            best_metrics=self.best_metrics,
            last_metrics=self.last_metrics,
            callbacks=trainee.callbacks.states(),
            stopping_metrics=self.stopping_metrics,
            phase=self.phase,
            phase_start=self._phase_start,
            phase_over=self._is_done,
            skipped=self._skipped,
        )
        bests = {
            tracker.state.best_epoch: tracker.weights
            for tracker in trackers
            if tracker.state.best_epoch is not None and tracker.weights is not None
        }
        self._checkpoints.save(facts, arrays, bests)

    def _stop_clock(self) -> None:
        self._seconds, self._since = self.seconds, None


def _rate(optimizer: Any) -> float:
    """The learning rate as a person writes it: 0.001, not the float32 next to it in all its digits."""
    return float(str(np.float32(optimizer.learning_rate)))
