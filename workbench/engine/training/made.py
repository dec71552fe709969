"""What a training is made of before its first step: data, network, and what its present phase lets learn."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.domain.defaults import resolve
from workbench.domain.phases import learning_by_phase, phase_projects
from workbench.domain.project import Project
from workbench.domain.training import ResolvedTraining
from workbench.engine.build import build_model, check_size, compile_model
from workbench.engine.data.dataset import Dataset
from workbench.engine.data.load import load_dataset
from workbench.engine.errors import EngineError
from workbench.engine.training.change import change_of, positions_of
from workbench.engine.training.checks import check_training
from workbench.engine.training.feed import feed
from workbench.engine.training.plans import Feed, StepRunner, prepare, runner
from workbench.engine.training.state import Arrays, capture, restore

Report = Callable[[str, float | None], None]


class Made:
    """Everything that is there before the first step. `phase` is the phase that it is made ready for, `training` how
    that one learns, `learner` what takes its steps, `data` and `check` what these are taken on. `close` it."""

    def __init__(self, project: Project, folder: Path, progress: Report, *, starts: bool) -> None:
        """Load the data and build the network for the first phase; `starts` says that layers get the weights that they
        start with. Raises EngineError, DataError or BuildError; and what `progress` raises to cancel it."""
        self.project = project
        self.phases = phase_projects(project)
        self.phase = 0
        self.dataset: Dataset = load_dataset(project.data, folder, progress)
        progress("Building the network", None)
        info = self.dataset.info
        self.training: ResolvedTraining = resolve(project, info)
        self.model: Any = build_model(project, info, seed=project.training.seed, folder=folder if starts else None)
        self._learning = learning_by_phase(project)
        for later in self.phases[1:]:
            check_size(later, info)
        compile_model(self.model, self.phases[0], info)
        check_training(self.model, self.dataset, self.training)
        self.change = change_of(self.dataset, project)
        positions = positions_of(self.dataset, project)
        self._feeds: list[Feed] = []
        try:
            data = self._opened(feed(self.dataset, "train", self.training.batch_size, positions))
            assert data is not None  # as was checked above
            self.data: Feed = data
            self._validation = self._opened(feed(self.dataset, "validation", self.training.batch_size))
            self._prepare()
            self._check_monitor()
        except BaseException:
            self.close()
            raise
        progress("Starting the training", None)

    @property
    def learner(self) -> Any:
        """What takes the steps."""
        return self.model

    @property
    def changing(self) -> list[Any]:
        """What a training changes outside of the model."""
        return [] if self.change is None else self.change.variables

    @property
    def metric_names(self) -> tuple[str, ...]:
        """What Keras calls loss and metrics in its logs."""
        return tuple(self.learner.get_metrics_result())

    def enter(self, phase: int) -> None:
        """Make ready for another phase: let its layers learn, and compile again, so that the optimizer begins anew. The
        weights stay."""
        if phase == self.phase:
            return
        now, wanted = self._learning[self.phase], self._learning[phase]
        made = {layer.name: layer for layer in self.model.layers}
        for name, learns in wanted.items():
            if now[name] != learns and name in made:  # not every residual needs its projection
                made[name].trainable = learns
        self.phase = phase
        self.training = resolve(self.phases[phase], self.dataset.info)
        compile_model(self.model, self.phases[phase], self.dataset.info)
        self._prepare()

    def capture(self) -> Arrays:
        """A copy of all that the training changes."""
        return capture(self.model, self.changing, self.learner)

    def restore(self, arrays: Arrays) -> None:
        """Put back what `capture` gave. Raises StateError."""
        restore(self.model, arrays, self.changing, self.learner)

    def close(self) -> None:
        """Let go of the data."""
        for data in self._feeds:
            data.close()

    def _opened(self, data: Feed | None) -> Feed | None:
        if data is not None:
            self._feeds.append(data)
        return data

    def _prepare(self) -> None:
        batch = self.training.batch_size
        prepare(self.model, self.data, batch)
        validation = self._validation
        self.check: StepRunner | None = None
        if validation is not None:
            self.check = runner(self.model, validation, batch, "test_step", "graph")

    def _check_monitor(self) -> None:
        early = self.project.training.early_stopping
        names = self.metric_names
        known = [*names, *(f"val_{name}" for name in names if self.check is not None)]
        if early is not None and early.monitor not in known:
            raise EngineError(
                f"Early stopping watches “{early.monitor}”, which this training does not have. "
                f"Choose one of: {', '.join(known)}."
            )
