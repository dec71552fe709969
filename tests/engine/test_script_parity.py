"""The exported script, run by plain Python, gives the workbench's numbers with the same seed: to the last digit."""

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.samples import sample
from workbench.domain.script import export_script
from workbench.domain.store import ProjectFolder
from workbench.domain.training import EarlyStopping, TrainingSpec
from workbench.domain.tree import Block, Branches, Layer, ModelTree, Residual, Wrapper
from workbench.domain.values import ObjectSpec, Value
from workbench.engine.data import load_dataset
from workbench.engine.describe import describe
from workbench.engine.training.job import TrainingJob
from workbench.engine.training.mailbox import Mailbox
from workbench.protocol.commands import Train
from workbench.protocol.events import AnyEvent, EpochEnded, RunEnded


def layer(node_id: str, class_name: str, **params: Value) -> Layer:
    return Layer(id=node_id, class_name=class_name, params=params)


def trained(project: Project, folder: Path) -> tuple[list[dict[str, float]], RunEnded]:
    """What the workbench gets: the metrics of each epoch, and the end."""
    ProjectFolder.create(folder, project)
    events: list[AnyEvent] = []
    command = Train(project, str(folder))
    TrainingJob(command, Mailbox(), events.append, 1, lambda: (), lambda text, fraction: None).run()
    ended = events[-1]
    assert isinstance(ended, RunEnded)
    assert ended.reason in ("completed", "early_stopping"), ended.message
    return [event.metrics for event in events if isinstance(event, EpochEnded)], ended


def scripted(project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the script leaves in its variables."""
    path = folder / "script.py"
    info = load_dataset(project.data, folder).info
    path.write_text(export_script(project, info, describe(project, info)), encoding="utf-8")
    monkeypatch.chdir(folder)
    return runpy.run_path(str(path))


def assert_same(epochs: list[dict[str, float]], history: dict[str, list[float]]) -> None:
    assert epochs
    assert set(epochs[0]) == set(history)
    for name, values in history.items():
        assert [epoch[name] for epoch in epochs] == [float(value) for value in values], name


def spec(**changes: Any) -> TrainingSpec:
    return TrainingSpec(**{"plan": "exact", "epochs": 3, "seed": 7, **changes})


def digits() -> Project:
    """Convolutions, batch normalization and dropout on pictures, with initializers that draw and a regularizer."""
    tree = ModelTree(
        (
            Block(
                id="b",
                name="Features",
                children=(
                    layer(
                        "1",
                        "Conv2D",
                        filters=8,
                        kernel_size=3,
                        activation="relu",
                        kernel_initializer=ObjectSpec("HeNormal"),
                        kernel_regularizer=ObjectSpec("L2", {"l2": 1e-3}),
                    ),
                    layer("2", "BatchNormalization"),
                    layer("3", "Dropout", rate=0.3),
                ),
            ),
            layer("4", "Flatten"),
            layer("5", "Dense", units=10, activation="softmax", kernel_initializer="LecunUniform"),
        )
    )
    return Project(data=DatasetSpec(SourceSpec("digits")), model=tree, training=spec())


def branched() -> Project:
    """The functional style: branches, residuals (one of other units), a wrapper that draws when built, frozen layer."""
    tree = ModelTree(
        (
            layer("1", "Dense", units=8, activation="relu"),
            Residual(id="r", children=(layer("2", "Dense", units=8), layer("3", "Dropout", rate=0.2))),
            Residual(id="wider", children=(layer("8", "Dense", units=12, activation="relu"),)),
            Branches(
                id="p",
                branches=(
                    Block(
                        id="p1",
                        children=(
                            layer("4", "Dense", units=4, activation=ObjectSpec("leaky_relu", {"negative_slope": 0.1})),
                        ),
                    ),
                    Block(
                        id="p2",
                        children=(
                            Wrapper(id="w", class_name="SpectralNormalization", child=layer("5", "Dense", units=4)),
                        ),
                    ),
                ),
            ),
            Layer(id="6", class_name="Dense", params={"units": 8}, trainable=False),
            layer("7", "Dropout", rate=0.2),
            layer("9", "Dense", units=3),
        )
    )
    training = spec(optimizer=ObjectSpec("SGD", {"learning_rate": 0.05, "momentum": 0.9}), batch_size=10)
    return Project(data=DatasetSpec(SourceSpec("iris")), model=tree, training=training)


def of_sample(name: str, **changes: Any) -> Project:
    return msgspec.structs.replace(sample(name).project, training=spec(**changes))


PROJECTS = {
    "digits": digits,
    "branched": branched,
    "sine": lambda: of_sample("sine", epochs=4),
    "breast_cancer": lambda: of_sample("breast_cancer"),
    "iris_unshuffled": lambda: of_sample("iris", shuffle=False, batch_size=16),
    "moons_one_hot": lambda: msgspec.structs.replace(
        of_sample("blobs"), data=DatasetSpec(SourceSpec("blobs"), labels="one_hot", scaling="min_max")
    ),
}
SECOND = ("sine", "breast_cancer", "iris_unshuffled")  # of what the others hold already


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in SECOND else []) for name in PROJECTS]
)
def test_that_every_epoch_of_the_script_equals_the_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = PROJECTS[name]()
    epochs, _ = trained(project, tmp_path / "project")
    left = scripted(project, tmp_path / "project", monkeypatch)
    assert_same(epochs, left["history"].history)


def test_that_early_stopping_ends_the_script_in_the_same_epoch_with_the_same_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras
    import numpy as np

    stopping = EarlyStopping(monitor="val_loss", patience=2, min_delta=0.02)
    project = of_sample(
        "iris", epochs=40, early_stopping=stopping, optimizer=ObjectSpec("Adam", {"learning_rate": 0.05})
    )
    epochs, ended = trained(project, tmp_path / "project")
    assert ended.reason == "early_stopping"
    left = scripted(project, tmp_path / "project", monkeypatch)
    assert_same(epochs, left["history"].history)
    assert ended.model is not None
    model = keras.saving.load_model(ended.model)
    for ours, theirs in zip(model.get_weights(), left["model"].get_weights(), strict=True):
        assert np.array_equal(ours, theirs)


def test_that_plain_python_runs_the_script_to_the_same_end(tmp_path: Path) -> None:
    project = of_sample("wine", epochs=2)
    epochs, _ = trained(project, tmp_path / "project")
    text = export_script(project, load_dataset(project.data, tmp_path).info)
    text += "\nimport json\n\nprint('HISTORY', json.dumps(history.history, default=float))\n"
    (tmp_path / "script.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("HISTORY "))
    assert_same(epochs, json.loads(line.removeprefix("HISTORY ")))
