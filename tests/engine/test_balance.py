"""Rare classes: their weights are Keras' own `class_weight`, and drawing them again leaves the other parts alone."""

from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import pytest
from test_script_parity import assert_same, scripted, trained
from trainings import digits_project, layer, new_folder, talk

from workbench.domain.balance import class_weights, oversampled_counts
from workbench.domain.dataset import DatasetSpec, SourceSpec, Split
from workbench.domain.project import Project
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import ModelTree
from workbench.domain.values import ObjectSpec
from workbench.engine.data import load_dataset
from workbench.engine.data.balance import oversampled
from workbench.engine.training.change import positions_of
from workbench.engine.training.order import epoch_order
from workbench.protocol.commands import Train
from workbench.protocol.events import Failed


def rare(tmp_path: Path, balance: str, labels: str = "auto", task: str = "auto") -> Project:
    """150 points, of which 100, 40 and 10 are of a class."""
    random = np.random.default_rng(0)
    y = np.repeat([0, 1, 2], [100, 40, 10])
    x = random.normal(size=(150, 4)) + y[:, None]
    np.savez(tmp_path / "rare.npz", x=x, y=y)
    nodes = (layer("Dense", units=8, activation="relu"), layer("Dense", units=3, activation="softmax"))
    if task == "regression":
        nodes = (layer("Dense", units=1),)
    data = DatasetSpec(
        SourceSpec("npz", {"path": str(tmp_path / "rare.npz")}),
        labels=labels,  # type: ignore[arg-type]
        task=task,  # type: ignore[arg-type]
        balance=balance,  # type: ignore[arg-type]
        split=Split(0.2, 0.2, seed=3),
    )
    training = TrainingSpec(epochs=3, batch_size=16, seed=7, plan="exact")
    return Project(data=data, model=ModelTree(nodes), training=training)


def test_that_weights_are_those_of_scikit_learn() -> None:
    # compute_class_weight("balanced", classes=[0, 1, 2], y=[0] * 6 + [1] * 3 + [2]) gives 0.5556, 1.1111, 3.3333.
    assert list(class_weights((6, 3, 1)).values()) == pytest.approx([0.55555556, 1.11111111, 3.33333333])
    assert class_weights((4, 0, 4)) == {0: 1.0, 2: 1.0}, "a class without samples counts for nothing"
    assert oversampled_counts((6, 3, 0)) == (6, 6, 0)


@pytest.mark.parametrize("labels", ["integer", "one_hot"])
def test_that_weights_train_bit_for_bit_as_fit_with_class_weight(tmp_path: Path, labels: str) -> None:
    project = rare(tmp_path, "class_weights", labels)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
    dataset = load_dataset(project.data)
    x, y = dataset.x["train"], dataset.y["train"]
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    loss = "categorical_crossentropy" if labels == "one_hot" else "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.Adam(0.001), loss, metrics=["accuracy"])
    weights = class_weights(dataset.info.class_counts["train"])
    for epoch in range(3):
        order = epoch_order(7, epoch, len(x), shuffle=True)
        model.fit(x[order], y[order], batch_size=16, shuffle=False, class_weight=weights, verbose=0)
    assert ended.model is not None
    ours = keras.saving.load_model(ended.model)
    for mine, theirs in zip(ours.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize(
    ("balance", "labels"),
    [
        ("class_weights", "integer"),
        ("oversample", "integer"),
        pytest.param("class_weights", "one_hot", marks=pytest.mark.slow),
        pytest.param("oversample", "one_hot", marks=pytest.mark.slow),
    ],
)
def test_that_the_script_balances_as_the_run_did(
    balance: str, labels: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = rare(tmp_path, balance, labels)
    epochs, _ = trained(project, tmp_path / "project")
    left = scripted(project, tmp_path / "project", monkeypatch)
    assert_same(epochs, left["history"].history)


def test_that_rare_classes_are_drawn_again_and_no_sample_is_lost(tmp_path: Path) -> None:
    project = rare(tmp_path, "oversample")
    dataset = load_dataset(project.data)
    labels = dataset.values["train"]
    positions: Any = positions_of(dataset, project)
    assert set(positions) == set(range(len(labels)))
    assert tuple(np.bincount(labels[positions])) == oversampled_counts(dataset.info.class_counts["train"])
    np.testing.assert_array_equal(positions, oversampled(labels, 3))
    plain = load_dataset(rare(tmp_path, "none").data)
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(dataset.x[part], plain.x[part])  # type: ignore[index]


def test_that_every_drawn_sample_is_met_once_an_epoch(tmp_path: Path) -> None:
    project = rare(tmp_path, "oversample")
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        engine.train(folder, project)
    positions: Any = positions_of(load_dataset(project.data), project)
    assert folder.newest_run().steps_done == 3 * -(-len(positions) // 16)


def test_that_numbers_cannot_be_balanced(tmp_path: Path) -> None:
    project = rare(tmp_path, "class_weights", task="regression")
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        engine.send(Train(project, str(folder.path), ticket=4))
        assert "the samples are of no class" in engine.until(Failed).message


def test_that_weights_and_mixed_labels_go_together(tmp_path: Path) -> None:
    project = digits_project(epochs=1)
    mixed = msgspec.structs.replace(project.data, augmentation=(ObjectSpec("MixUp"),), balance="class_weights")
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        assert engine.train(folder, msgspec.structs.replace(project, data=mixed)).reason == "completed"
