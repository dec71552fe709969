"""What a training reports, how it obeys, and how it ends when something goes wrong."""

import errno
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import pytest
from trainings import digits_project, final_state, history_of, layer, moons_project, new_folder, talk

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.training import EarlyStopping
from workbench.domain.tree import ModelTree
from workbench.domain.values import ObjectSpec
from workbench.engine.build import build_model, compile_model
from workbench.engine.data.load import load_dataset
from workbench.engine.training import checkpoint
from workbench.engine.training.order import epoch_order
from workbench.protocol.commands import (
    Cancel,
    Continue,
    Pause,
    SetLearningRate,
    Step,
    Stop,
    Train,
    Unwatch,
    Watch,
)
from workbench.protocol.events import (
    BatchesEnded,
    Continued,
    EpochEnded,
    Failed,
    LearningRateChanged,
    Paused,
    PlanChosen,
    Probed,
    RunEnded,
    RunStarted,
)


def fitted(project: Project) -> tuple[Any, list[dict[str, float]]]:
    """What plain `fit` makes of a project, epoch for epoch in the documented order."""
    dataset = load_dataset(project.data)
    training = project.training
    model = build_model(project, dataset.info, seed=training.seed)
    compile_model(model, project, dataset.info)
    x, y = dataset.x["train"], dataset.y["train"]
    logs = []
    for epoch in range(training.epochs):
        order = epoch_order(training.seed, epoch, len(x), training.shuffle)
        fit = model.fit(
            x[order],
            y[order],
            batch_size=training.batch_size,
            shuffle=False,
            validation_data=(dataset.x["validation"], dataset.y["validation"]),
            verbose=0,
        )
        logs.append({name: values[0] for name, values in fit.history.items()})
    return model, logs


def test_that_the_exact_plan_gives_the_weights_and_metrics_of_fit(tmp_path: Path) -> None:
    project = digits_project(plan="exact", epochs=2)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
        epochs = [event for event in engine.seen if isinstance(event, EpochEnded)]
    model, logs = fitted(project)
    assert [event.metrics for event in epochs] == logs
    assert ended.metrics == logs[-1]
    assert ended.model is not None
    saved = keras.models.load_model(ended.model)
    for mine, theirs in zip(saved.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_that_a_run_tells_its_story_in_order(tmp_path: Path) -> None:
    project = moons_project(epochs=3)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
        told = [event for event in engine.seen if hasattr(event, "run")]
    kinds = [type(event) for event in told]
    assert kinds[:2] == [RunStarted, PlanChosen]
    assert kinds[-1] is RunEnded
    assert kinds.count(EpochEnded) == 3
    steps = [event.first_step + len(event.losses) for event in told if isinstance(event, BatchesEnded)]
    assert steps[-1] == 3 * told[0].batches_per_epoch == 3 * 5
    history = history_of(folder, ended.run)
    assert len(history.losses) == steps[-1]
    assert history.ended == ended
    record = folder.read_run(ended.run)
    assert record.status == "ended"
    assert record.reason == "completed"
    assert record.pid is None
    assert record.epochs_done == 3
    assert record.last == ended.metrics
    assert record.best_epoch is not None
    assert record.layers == len(project.model.nodes)
    assert record.environment["keras"] == keras.__version__
    assert record.plan is not None


def test_that_the_true_loss_of_each_batch_is_told(tmp_path: Path) -> None:
    project = moons_project(epochs=1)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        run = engine.start(folder, project)
        engine.step(2)
        events = [event for event in engine.seen if isinstance(event, BatchesEnded)]
    assert [event.first_step for event in events] == [0, 1, 2]
    losses = [event.losses[0] for event in events]
    for count, event in enumerate(events, 1):
        assert event.running["loss"] == pytest.approx(np.mean(losses[:count]), rel=1e-5)
    assert list(history_of(folder, run).losses) == losses


def test_that_pause_step_continue_and_stop_do_as_they_say(tmp_path: Path) -> None:
    project = moons_project(epochs=100_000)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        run = engine.start(folder, project)
        engine.send(Step("epoch"))
        engine.until(Continued)
        assert engine.until(EpochEnded).step == 5
        paused = engine.until(Paused)
        assert (paused.epoch, paused.step) == (1, 5)
        assert folder.read_run(run).status == "paused"
        engine.send(Continue())
        engine.until(Continued)
        engine.until(BatchesEnded)
        engine.send(Pause())
        paused = engine.until(Paused)
        engine.send(Stop())
        ended = engine.until(RunEnded)
    assert ended.reason == "stopped"
    assert ended.epochs == paused.epoch
    assert ended.model is not None
    assert Path(ended.model).exists()
    assert len(history_of(folder, run).losses) == paused.step


def test_that_a_stopped_run_can_go_on(tmp_path: Path) -> None:
    project = moons_project()
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        run = engine.start(folder, project)
        engine.send(Stop())
        assert engine.until(RunEnded).reason == "stopped"
        resumed = engine.train(folder, project, run=run)
    assert resumed.reason == "completed"
    assert folder.read_run(run).reason == "completed"


def test_that_the_learning_rate_changes_while_it_trains(tmp_path: Path) -> None:
    project = moons_project(epochs=100_000)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        engine.send(Train(project, str(folder.path), ticket=1))
        engine.until(EpochEnded)
        engine.send(SetLearningRate(0.25))
        changed = engine.until(LearningRateChanged)
        assert changed.value == 0.25
        after = engine.until(EpochEnded, lambda event: event.step > changed.step + 5)
        assert after.learning_rate == 0.25
        engine.send(SetLearningRate(-1.0))
        assert "above zero" in engine.until(Failed).message
        engine.send(Stop())
        engine.until(RunEnded)


def test_that_a_schedule_keeps_the_learning_rate(tmp_path: Path) -> None:
    schedule = ObjectSpec("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5})
    project = moons_project(epochs=2, optimizer=ObjectSpec("Adam", {"learning_rate": schedule}))
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        engine.start(folder, project)
        engine.send(SetLearningRate(0.1))
        assert "schedule" in engine.until(Failed).message
        engine.send(Continue())
        engine.until(RunEnded)
        rates = [event.learning_rate for event in engine.seen if isinstance(event, EpochEnded)]
    assert rates == pytest.approx([0.1 * 0.5**0.5, 0.05])


def test_that_a_diverging_run_ends_with_its_last_good_model(tmp_path: Path) -> None:
    optimizer = ObjectSpec("SGD", {"learning_rate": 1e30})
    project = digits_project(epochs=3, optimizer=optimizer)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
    assert ended.reason == "diverged"
    assert "batch" in ended.message
    assert "learning rate" in ended.message
    assert ended.model is not None
    weights = keras.models.load_model(ended.model).get_weights()
    assert all(np.isfinite(array).all() for array in weights)
    assert all(np.isfinite(array).all() for array in final_state(folder, ended.run).values())
    assert np.isfinite(list(history_of(folder, ended.run).losses)).all()


def test_that_early_stopping_restores_the_best_weights_as_keras_does(tmp_path: Path) -> None:
    optimizer = ObjectSpec("SGD", {"learning_rate": 0.3})
    stopping = EarlyStopping(patience=1)
    project = digits_project(epochs=12, optimizer=optimizer, early_stopping=stopping, plan="exact")
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
        epochs = [event for event in engine.seen if isinstance(event, EpochEnded)]
    best = min(epochs, key=lambda event: event.metrics["val_loss"])
    assert ended.reason == "early_stopping"
    assert len(epochs) == best.epoch + 1 + 1
    assert best.improved
    assert ended.metrics == best.metrics
    record = folder.read_run(ended.run)
    assert record.best_epoch == best.epoch
    dataset = load_dataset(project.data)
    assert ended.model is not None
    model = keras.models.load_model(ended.model)
    loss = model.evaluate(dataset.x["validation"], dataset.y["validation"], batch_size=64, verbose=0)[0]
    assert loss == pytest.approx(best.metrics["val_loss"], rel=1e-5)


class FullDisk:
    """Lets some files be written, then the disk is full."""

    def __init__(self, files: int) -> None:
        self.files = files
        self.write = checkpoint.write_atomically

    def __call__(self, path: Path, data: bytes) -> None:
        self.files -= 1
        if self.files < 0:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        self.write(path, data)


def test_that_a_full_disk_ends_the_run_and_spoils_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = moons_project(epochs=3)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        whole = engine.train(folder, project).run
        run = engine.start(folder, project)
        with monkeypatch.context() as full:
            full.setattr(checkpoint, "write_atomically", FullDisk(0))
            engine.send(Step("batch"))
            ended = engine.until(RunEnded)
        assert ended.reason == "failed"
        assert "disk is full" in ended.message
        record = folder.read_run(run)
        assert (record.status, record.reason) == ("ended", "failed")
        engine.train(folder, project, run=run)
    assert list(history_of(folder, whole).losses) == list(history_of(folder, run).losses)
    np.testing.assert_equal(final_state(folder, whole), final_state(folder, run))


def test_that_watching_leaves_the_weights_as_they_are(tmp_path: Path) -> None:
    project = digits_project(epochs=2)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        alone = engine.train(folder, project).run
        engine.send(Watch(50, "feature_maps", {"layer": None}))
        watched = engine.train(folder, project).run
        looks = [event for event in engine.seen if isinstance(event, Probed)]
        engine.send(Unwatch(50))
    assert looks
    assert all(event.ticket == 50 and event.step is not None for event in looks)
    np.testing.assert_equal(final_state(folder, alone), final_state(folder, watched))


def test_that_a_new_watch_is_answered_while_the_training_pauses(tmp_path: Path) -> None:
    project = moons_project()
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        engine.start(folder, project)
        engine.send(Watch(9, "decision_surface", {"resolution": 8}))
        seen = engine.until(Probed)
        assert seen.arrays["surface"].shape == (8, 8, 1)
        engine.send(Watch(10, "no_such_probe"))
        assert "no probe named" in engine.until(Failed).message
        engine.send(Stop())
        engine.until(RunEnded)


def test_that_a_second_training_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    project = moons_project()
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine, talk() as other:
        run = engine.start(folder, project)
        engine.send(Train(project, str(folder.path), ticket=2))
        assert "running already" in engine.until(Failed).message
        other.send(Train(project, str(folder.path), run=run, ticket=3))
        assert "being trained already" in other.until(Failed).message
        engine.send(Continue())
        assert engine.until(RunEnded).reason == "completed"


def test_that_a_training_can_be_given_up_before_it_begins(tmp_path: Path) -> None:
    project = moons_project()
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        engine.send(Train(project, str(folder.path), ticket=8))
        engine.send(Cancel(8))
        event = engine.until(Failed)
    assert event.cancelled
    assert event.ticket == 8
    assert folder.list_runs() == []


def project_of(nodes: tuple[Any, ...], source: str = "digits", **training: Any) -> Project:
    spec = msgspec.structs.replace(moons_project().training, **training)
    return Project(data=DatasetSpec(SourceSpec(source)), model=ModelTree(nodes), training=spec)


@pytest.mark.parametrize(
    ("project", "words"),
    [
        (project_of((layer("Flatten"), layer("Dense", units=5, activation="softmax"))), "class with the number 9"),
        (project_of((layer("Flatten"),)), "no weights to train"),
        (project_of((layer("Dense", units=3),), "diabetes"), "gives 3 numbers for each sample"),
        (
            project_of((layer("Flatten"), layer("Embedding", input_dim=2, output_dim=2), layer("Flatten"),
                        layer("Dense", units=10, activation="softmax"))),
            "takes whole numbers from 0 to 1",
        ),
        (
            project_of((layer("Dense", units=1, activation="sigmoid"),), "moons",
                       early_stopping=EarlyStopping(monitor="val_auc")),
            "Early stopping watches",
        ),
    ],
)  # fmt: skip
def test_that_what_keras_would_pass_over_is_refused(tmp_path: Path, project: Project, words: str) -> None:
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        engine.send(Train(project, str(folder.path), ticket=1))
        assert words in engine.until(Failed).message
    assert folder.list_runs() == []
