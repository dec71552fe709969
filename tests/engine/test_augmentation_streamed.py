"""Random changes and weights of classes in a training on pictures that are read piece by piece."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image
from trainings import assert_same_run, digits_project, new_folder, talk

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.tree import ModelTree
from workbench.domain.values import ObjectSpec
from workbench.engine.data import picture_stream
from workbench.engine.data.load import load_dataset
from workbench.engine.training import streaming
from workbench.protocol.commands import Train
from workbench.protocol.events import Failed


@pytest.fixture(autouse=True)
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "WINDOW_BYTES", 40_000)
    monkeypatch.setattr(picture_stream, "_PIECE", 8)


def project(tmp_path: Path, **data: object) -> Project:
    random = np.random.default_rng(0)
    for name, count in (("dark", 90), ("light", 30)):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for number in range(count):
            pixels = random.integers(0, 128, (8, 8, 3)) + (127 if name == "light" else 0)
            Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / "pictures" / name / f"{number}.png")
    source = SourceSpec("images", {"path": str(tmp_path / "pictures"), "reading": "pieces"})
    made = digits_project(epochs=2)
    nodes = (*made.model.nodes[:-1], msgspec.structs.replace(made.model.nodes[-1], params={"units": 2}))
    training = msgspec.structs.replace(made.training, batch_size=16)
    spec = DatasetSpec(source, **data)  # type: ignore[arg-type]
    return Project(data=spec, model=ModelTree(nodes), training=training)


def test_that_a_training_with_random_changes_resumes_bit_for_bit(tmp_path: Path) -> None:
    flip, darken = ObjectSpec("RandomFlip", {"mode": "horizontal"}), ObjectSpec("RandomBrightness", {"factor": 0.2})
    changes = (flip, ObjectSpec("MixUp"), darken)
    made = project(tmp_path, augmentation=changes, balance="class_weights")
    assert load_dataset(made.data).source.stream is not None
    folder = new_folder(tmp_path / "p", made)
    with talk() as engine:
        whole = engine.train(folder, made)
        assert whole.reason == "completed", whole.message
        run = engine.start(folder, made)
        engine.step(3)
    with talk() as engine:
        engine.train(folder, made, run=run)
    assert_same_run(folder, whole.run, run)


def test_that_rare_classes_cannot_be_drawn_again_from_a_stream(tmp_path: Path) -> None:
    made = project(tmp_path, balance="oversample")
    folder = new_folder(tmp_path / "p", made)
    with talk() as engine:
        engine.send(Train(made, str(folder.path), ticket=4))
        assert "cannot be drawn again" in engine.until(Failed).message
