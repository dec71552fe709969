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
from workbench.engine.training.features import Features, store_features, why_no_features
from workbench.engine.training.feed import feed
from workbench.engine.training.plans import Feed, StepRunner, prepare, runner
from workbench.engine.training.state import Arrays, capture, restore

Report = Callable[[str, float | None], None]


class Made:
    """Everything that is there before the first step. `phase` is the phase that it is made ready for, `training` how
    that one learns, `learner` what takes its steps, `data` and `check` what these are taken on; `features` are what
    these take in the place of samples, where they were stored. `close` it."""

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
        self.check: StepRunner | None = None
        self.features: Features | None = None
        self.no_features = ""
        self._feeds: list[Feed] = []
        try:
            data = self._opened(feed(self.dataset, "train", self.training.batch_size, positions))
            assert data is not None  # as was checked above
            self._train: Feed = data
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
        return self.model if self.features is None else self.features.head

    @property
    def data(self) -> Feed:
        """What the steps are taken on."""
        return self._train if self.features is None else self.features.train

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
        self.features, self.no_features = None, ""
        self.training = resolve(self.phases[phase], self.dataset.info)
        compile_model(self.model, self.phases[phase], self.dataset.info)
        self._prepare()

    def store_features(self, progress: Report) -> None:
        """Compute once what the frozen layers give, where that can be: the first phase is then trained on that. Else
        `no_features` says why not, where it asks for it. Raises what `progress` raises to cancel it."""
        cut, self.no_features = why_no_features(self.project, self.dataset, self.model)
        if self.no_features or not cut.layers:
            return
        batch = self.training.batch_size
        self.features = store_features(self.phases[0], self.dataset, self.model, batch, cut, progress)
        head, validation = self.features.head, self.features.validation
        for own, theirs in zip(head.metrics_variables, self.model.metrics_variables, strict=True):
            own.assign(theirs)  # those of a run that goes on in the middle of an epoch
        self.check = None if validation is None else runner(head, validation, batch, "test_step", "graph")

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
        prepare(self.model, self._train, batch)
        validation = self._validation
        self.check = None
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
