"""What the Train menu and the top bar do."""

from typing import Literal

from PySide6.QtCore import QObject

from workbench.domain.folds import finished, spreads
from workbench.domain.problem import Problem
from workbench.domain.run import RunRecord
from workbench.protocol.events import RunEnded
from workbench.ui.client import EngineClient
from workbench.ui.context import Context, Notice
from workbench.ui.plots.names import metric_title, spread_text
from workbench.ui.widgets.counts import epochs


class TrainingControl(QObject):
    """Starts, pauses, steps, stops and resumes; says why when it cannot."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._told: Notice | None = None
        self._end: Notice | None = None
        context.client.died.connect(self._died)
        context.run.failed.connect(lambda message: context.notice(message, "bad"))
        context.run.ended.connect(self._ended)
        context.folds.ended.connect(self._folds_ended)
        context.run.started.connect(lambda _event: self._withdraw_the_end())
        context.model.changed.connect(self._withdraw_what_is_mended)
        context.data.changed.connect(self._withdraw_what_is_mended)
        context.client.state_changed.connect(lambda _state: self._withdraw_what_is_mended())

    def train(self) -> None:
        """Start a new run, unless something stands against it."""
        if self._may_start():
            self._context.run.train()
            self._context.page_wanted.emit("train")

    def step(self, unit: Literal["batch", "epoch"]) -> None:
        """Train one batch or epoch; begins a run when there is none."""
        run = self._context.run
        if run.status == "paused" or self._may_start():
            run.step(unit)
            self._context.page_wanted.emit("train")

    def pause_or_continue(self) -> None:
        """Pause what runs, continue what is paused."""
        run = self._context.run
        if run.status == "training":
            run.pause()
        elif run.status == "paused":
            run.go_on()

    def stop(self) -> None:
        """End the run and keep the model so far."""
        if self._context.run.status in ("training", "paused", "pausing"):
            self._context.run.stop()

    def resume_last(self) -> None:
        """Go on with the newest run where it was left."""
        if self._context.run.busy:
            self._context.notice(self.tr("A training is under way already."), "info")
        elif self._context.run.resume_newest():
            self._context.page_wanted.emit("train")
        else:
            self._context.notice(self.tr("There is no run to go on with: the last one is finished, or none was begun."))

    def restart_engine(self) -> None:
        """End the engine process and start a new one; a training is paused with a checkpoint first."""
        client = self._context.client
        if isinstance(client, EngineClient):
            client.start()

    def _may_start(self) -> bool:
        context = self._context
        if context.run.busy:
            return False
        obstacle = self._obstacle()
        if obstacle is not None:
            self._told = obstacle
            context.noticed.emit(obstacle)
        return obstacle is None

    def _obstacle(self) -> Notice | None:
        """What stands against a new run now, in words; None when nothing does."""
        context = self._context
        if context.client.state == "dead":
            text = self.tr("The engine is not running.")
            return Notice(text, "bad", self.tr("Restart the engine"), self.restart_engine, of_program=True)
        errors = context.model.errors
        if errors:
            return Notice(errors[0].message, "bad", self.tr("Show"), lambda: self._show(errors[0]))
        if context.data.info is None or context.data.loaded_spec != context.document.project.data:
            text = context.data.error or self.tr("The data are still being loaded. Try again in a moment.")
            return Notice(text, "warning")
        return None

    def _show(self, problem: Problem) -> None:
        """Go to where it is mended; the page may be made by this."""
        self._context.page_wanted.emit("model")
        self._context.problem_wanted.emit(problem)

    def _withdraw_what_is_mended(self) -> None:
        """What stood against a run when it was last tried, and does no more, need not be read any longer."""
        if self._told is None:
            return
        obstacle = self._obstacle()
        if obstacle is None or obstacle.message != self._told.message:
            self._context.withdrawn.emit(self._told)
            self._told = None

    def _died(self, message: str) -> None:
        self._context.notice(message, "bad", self.tr("Restart the engine"), self.restart_engine, of_program=True)

    def _ended(self, event: RunEnded) -> None:
        messages = {
            "completed": self.tr("Training ended after {0}."),
            "early_stopping": self.tr("Training stopped early after {0}: it no longer improved."),
            "stopped": self.tr("Training was stopped after {0}; the model so far is kept."),
        }
        if self._context.folds.goes_on(event) and event.reason != "diverged":
            return  # the next fold is trained, or what all say together is told
        if event.reason in messages:
            self._end = self._context.notice(messages[event.reason].format(epochs(event.epochs)), "good")
        else:
            self._end = self._context.notice(
                event.message or self.tr("The training failed. The log has the details."), "bad"
            )

    def _folds_ended(self, records: list[RunRecord]) -> None:
        """What the folds say together: the value that says most."""
        found = spreads([record.last for record in finished(records)])
        names = sorted(found, key=lambda name: (not name.startswith("val_"), name.endswith("loss"), name))
        if not names:
            return
        value, title = spread_text(found[names[0]]), metric_title(names[0])
        text = self.tr("{0} folds are trained. {1}: {2} (mean ± standard deviation).")
        self._end = self._context.notice(text.format(found[names[0]].folds, title, value), "good")

    def _withdraw_the_end(self) -> None:
        """That a run ended is no news once a run goes on."""
        if self._end is not None:
            self._context.withdrawn.emit(self._end)
            self._end = None
