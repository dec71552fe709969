"""Training in phases: features first, then fine-tuning, as one run that ends where the exported script ends."""

import runpy
from pathlib import Path

import msgspec
import numpy as np
import pytest
from trainings import Talk, assert_same_run, final_state, history_of, new_folder, talk

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.script import export_script
from workbench.domain.store import ProjectFolder
from workbench.domain.training import EarlyStopping, PhaseSpec, TrainingSpec
from workbench.domain.tree import Block, Layer, ModelTree
from workbench.domain.values import ObjectSpec, Value
from workbench.engine.data import load_dataset
from workbench.protocol.commands import Step, Train
from workbench.protocol.events import EpochEnded, Paused, PhaseBegan, PlanChosen, RunEnded, RunStarted

SGD = ObjectSpec("SGD", {"learning_rate": 0.05, "momentum": 0.9})
FINE = PhaseSpec(epochs=2)
LATER = PhaseSpec(name="Slowly", epochs=1, trains="chosen", nodes=("a",), learning_rate=0.002)


def layer(node_id: str, class_name: str, **params: Value) -> Layer:
    return Layer(id=node_id, class_name=class_name, params=params)


def phased(*phases: PhaseSpec, **training: object) -> Project:
    """A frozen base with dropout and batch normalization, and a layer that learns; seven batches an epoch."""
    base = Block(
        id="base",
        trainable=False,
        children=(
            layer("a", "Dense", units=8, activation="relu"),
            layer("drop", "Dropout", rate=0.2),
            layer("norm", "BatchNormalization"),
        ),
    )
    tree = ModelTree((base, layer("b", "Dense", units=1, activation="sigmoid")))
    spec = TrainingSpec(batch_size=16, epochs=2, seed=5, plan="exact", optimizer=SGD, phases=phases)
    source = SourceSpec("moons", {"samples": 150})
    spec = msgspec.structs.replace(spec, **training)
    return Project(name="moons", data=DatasetSpec(source), model=tree, training=spec)


def weights(folder: ProjectFolder, run: str) -> list[np.ndarray]:
    import keras

    model = keras.saving.load_model(folder.run_folder(run) / "model.keras")
    return [np.asarray(each) for each in model.get_weights()]


def run_script(project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    text = export_script(project, load_dataset(project.data, folder).info)
    path = folder / "script.py"
    path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    return [np.asarray(each) for each in runpy.run_path(str(path))["model"].get_weights()]


@pytest.mark.parametrize(
    "training",
    [
        pytest.param({}, marks=pytest.mark.slow),
        pytest.param(
            {"shuffle": False, "phases": (FINE,), "optimizer": None, "keep_best": False}, marks=pytest.mark.slow
        ),
        {"early_stopping": EarlyStopping(patience=1, min_delta=0.2), "epochs": 5, "phases": (PhaseSpec(epochs=4),)},
    ],
    ids=["three phases", "in order", "early stopping"],
)
def test_that_script_and_run_end_with_the_same_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, training: dict[str, object]
) -> None:
    project = phased(FINE, LATER, **training)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
    assert ended.reason in ("completed", "early_stopping"), ended.message
    scripted = run_script(project, folder.path, monkeypatch)
    for ours, theirs in zip(weights(folder, ended.run), scripted, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_that_a_phase_lets_frozen_layers_learn_and_begins_a_new_optimizer(tmp_path: Path) -> None:
    project = phased(FINE)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        engine.send(Train(project, str(folder.path), ticket=1, stop_at="epoch"))
        run = engine.until(RunStarted).run
        engine.until(Paused)
        first = final_state(folder, run)
        engine.send(Step("epoch"))
        engine.until(Paused)
        before = final_state(folder, run)
        engine.send(Step("epoch"))
        engine.until(Paused)
        after = final_state(folder, run)
        engine.session.handle(Step("epoch"))
        engine.until(RunEnded)
    np.testing.assert_array_equal(first["model.0"], before["model.0"], "the base is frozen")
    assert np.abs(before["model.0"] - after["model.0"]).max() > 0, "it learns in the second phase"
    norm = [name for name in first if first[name].shape == (8,) and name.startswith("model.")][1:]
    assert len(norm) == 4
    for name in norm:
        np.testing.assert_array_equal(first[name], after[name], "normalization stays as it is")
    assert before["optimizer.0"] == 14
    assert after["optimizer.0"] == 7, "the steps are counted anew"
    history = history_of(folder, run)
    (began,) = history.phases
    assert (began.phase, began.name, began.epoch, began.step, began.epochs) == (1, "Fine-tuning", 2, 14, 4)
    assert began.learning_rate == 0.005
    assert [event.learning_rate for event in history.epochs] == [0.05, 0.05, 0.005, 0.005]
    record = folder.read_run(run)
    assert (record.epochs_planned, record.epochs_done, len(record.later_plans)) == (4, 4, 1)


def go_on(engine: Talk, folder: ProjectFolder, project: Project, run: str) -> None:
    engine.send(Train(project, str(folder.path), run, "batch", ticket=1))
    engine.until(Paused)


def test_that_each_phase_resumes_bit_for_bit(tmp_path: Path) -> None:
    project = phased(FINE, LATER, epochs=1, early_stopping=EarlyStopping(patience=9))
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        whole = engine.train(folder, project).run
    with talk() as engine:
        run = engine.start(folder, project)
        engine.step(3)
    for count in (3, 1, 16):  # to the last batch before a phase, its first one, and within the next
        with talk() as engine:
            go_on(engine, folder, project, run)
            engine.step(count - 1)
    with talk() as engine:
        assert engine.train(folder, project, run=run).reason == "completed"
    assert_same_run(folder, whole, run)
    phases = [(event.phase, event.epoch, event.step, event.name) for event in history_of(folder, run).phases]
    assert phases == [(1, 1, 7, "Fine-tuning"), (2, 3, 21, "Slowly")]


def test_that_early_stopping_ends_a_phase_and_not_the_run(tmp_path: Path) -> None:
    project = phased(FINE, epochs=6, early_stopping=EarlyStopping(patience=1, min_delta=5.0))
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
        assert ended.reason == "early_stopping"
        (began,) = [event for event in engine.seen if isinstance(event, PhaseBegan)]
        epochs = [event.epoch for event in engine.seen if isinstance(event, EpochEnded)]
    assert (began.epoch, began.epochs) == (2, 4)
    assert epochs == [0, 1, 2, 3]
    with talk() as engine:
        more = engine.train(folder, project, run=ended.run, epochs=10)
        assert more.epochs > ended.epochs


def test_that_a_finished_run_trains_longer_in_its_last_phase(tmp_path: Path) -> None:
    project = phased(FINE)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        run = engine.train(folder, project).run
        assert engine.train(folder, project, run=run, epochs=6).epochs == 6
        plans = [event.phase for event in engine.seen if isinstance(event, PlanChosen)]
    assert plans == [0, 1, 1]
    assert history_of(folder, run).epochs[-1].learning_rate == 0.005


def test_that_the_best_model_is_that_of_all_phases(tmp_path: Path) -> None:
    """Where fine-tuning makes it worse, the best one is of the first phase."""
    project = phased(PhaseSpec(epochs=2, learning_rate=300.0), optimizer=ObjectSpec("SGD", {"learning_rate": 0.01}))
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        run = engine.train(folder, project).run
    assert folder.read_run(run).best_epoch == 1
