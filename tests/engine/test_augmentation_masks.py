"""Random changes move masks, and pictures to learn, along with the pictures."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import tensorflow as tf
from test_augmentation import pictures
from test_script_parity import assert_same, scripted, trained
from trainings import layer

from workbench.domain.augmentation import changes, moves, new_change, suits
from workbench.domain.dataset import DatasetInfo, DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import ModelTree
from workbench.domain.values import ObjectSpec
from workbench.engine.augment.augmentation import Augmentation
from workbench.engine.augment.mixing import Draw
from workbench.engine.augment.show import show_augmented
from workbench.engine.data import load_dataset
from workbench.engine.errors import EngineError
from workbench.engine.samples import from_array
from workbench.protocol.commands import Augment

HEIGHT, WIDTH, CLASSES = 12, 10, 3
MOVED = [entry for entry in changes() if moves(ObjectSpec(entry.name))]
NAMES = ("a", "b", "c")
NEAREST = {"interpolation": "nearest"}
STRONG = {"RandomZoom": {"height_factor": (-0.5, -0.4)}}


def dots(labels: str = "integer", task: str = "segmentation", channels: int = 1) -> DatasetInfo:
    size = {"integer": 1, "one_hot": CLASSES, "number": channels}[labels]
    more: dict[str, Any] = {"task": task, "labels": labels, "target_shape": (HEIGHT, WIDTH, size)}
    return pictures(**more, classes=NAMES if task == "segmentation" else ())


def batch() -> tuple[Any, Any]:
    """Pictures whose dots are as bright as their class."""
    classes = np.random.default_rng(0).integers(0, CLASSES, (7, HEIGHT // 3, WIDTH // 2, 1))
    classes = classes.repeat(3, axis=1).repeat(2, axis=2)
    return np.repeat(classes, 3, axis=-1).astype("float32") / 2, classes.astype("int32")


def started(entry: Any, info: DatasetInfo) -> ObjectSpec:
    """A layer with values to begin with, that takes the nearest dot for pictures too, so that they show the classes."""
    spec = new_change(entry, info)
    spec = ObjectSpec(spec.class_name, {**spec.params, **STRONG.get(entry.name, {})})
    known = {param.name for param in entry.params}
    return ObjectSpec(spec.class_name, spec.params | {name: value for name, value in NEAREST.items() if name in known})


def changed(info: DatasetInfo, *specs: ObjectSpec, y: Any = None, seed: int = 1) -> tuple[Any, Any, tuple[Draw, ...]]:
    x, masks = batch()
    augmentation = Augmentation(specs, info, seed)
    draws = augmentation.draws(0, 7, 7)
    new, moved = augmentation(tf.constant(x), tf.constant(masks if y is None else y), draws)
    return new.numpy(), moved.numpy(), draws


@pytest.mark.parametrize("entry", [each for each in MOVED if each.name != "RandAugment"], ids=lambda entry: entry.name)
def test_that_the_mask_lies_where_its_picture_lies(entry: Any) -> None:
    info, x = dots(), batch()[0]
    new, moved, _ = changed(info, started(entry, info))
    assert moved.dtype == np.int32
    assert np.array_equal(moved, np.rint(new[..., :1] * 2))
    assert entry.name in ("Resizing", "RandomCrop") or not np.array_equal(new, x)
    alone = Augmentation((started(entry, info),), pictures(), 1)
    assert np.array_equal(new, alone(tf.constant(x), tf.zeros((7, 3)), ())[0]), "a picture is drawn as without a mask"


def test_that_random_augmentation_moves_masks_where_it_moves_pictures() -> None:
    x, masks = batch()
    spec = ObjectSpec("RandAugment", {"num_ops": 1, "factor": 1.0, **NEAREST})
    augmentation = Augmentation((spec,), dots(), 1)
    draw = tf.function(lambda: augmentation(tf.constant(x), tf.constant(masks), ()), autograph=False)
    moving = 0
    for _ in range(40):
        new, moved = (tensor.numpy() for tensor in draw())
        if not np.array_equal(moved, masks):
            moving += 1
            assert np.array_equal(moved, np.rint(new[..., :1] * 2))
    assert 2 < moving < 35


@pytest.mark.parametrize("labels", ["integer", "one_hot"])
@pytest.mark.parametrize("fill", [0.0, 0.7, -2.0])
def test_that_what_comes_from_outside_is_of_the_first_class(labels: str, fill: float) -> None:
    shift = ObjectSpec(
        "RandomTranslation",
        {"height_factor": (0.5, 0.5), "width_factor": 0.0, "fill_mode": "constant", "fill_value": fill, **NEAREST},
    )
    masks = batch()[1]
    y = masks if labels == "integer" else np.eye(CLASSES, dtype="float32")[masks[..., 0]]
    new, moved, _ = changed(dots(labels), shift, y=y)
    assert np.allclose(new[:, :6], fill)
    numbers = moved[..., 0] if labels == "integer" else moved.argmax(axis=-1)
    assert np.array_equal(numbers[:, 6:], masks[:, :6, :, 0])
    assert not numbers[:, :6].any()
    if labels == "one_hot":
        np.testing.assert_allclose(moved.sum(axis=-1), 1, atol=1e-6)


@pytest.mark.parametrize("name", ["RandomBrightness", "RandomContrast", "RandomErasing", "RandomGaussianBlur"])
def test_that_a_change_of_colours_leaves_the_mask(name: str) -> None:
    info = dots()
    entry = next(each for each in changes() if each.name == name)
    _, moved, _ = changed(info, new_change(entry, info))
    assert np.array_equal(moved, batch()[1])


@pytest.mark.parametrize("task", ["regression", "reconstruction"])
def test_that_pictures_to_learn_are_moved_as_the_pictures_are(task: str) -> None:
    x, _ = batch()
    info = dots("number", task, 3)
    specs = [started(entry, info) for entry in MOVED if entry.name != "RandAugment"]
    bent = [ObjectSpec(spec.class_name, spec.params | {"interpolation": "bilinear"}) for spec in specs[2:4]]
    new, moved, _ = changed(info, *specs, *bent, y=x / 2)
    np.testing.assert_allclose(moved, new / 2, atol=1e-6)


def test_that_mixing_pastes_and_blends_masks() -> None:
    info, masks = dots("one_hot"), batch()[1]
    y = np.eye(CLASSES, dtype="float32")[masks[..., 0]]
    new, moved, _ = changed(info, ObjectSpec("CutMix"), y=y)
    assert np.array_equal(moved.argmax(axis=-1), np.rint(new[..., 0] * 2))
    assert not np.array_equal(moved, y)
    _, blended, draws = changed(info, ObjectSpec("MixUp", {"alpha": 0.4}), y=y)
    partner, weight = draws[0]
    share = weight.reshape(-1, 1, 1, 1)
    np.testing.assert_allclose(blended, share * y + (1 - share) * y[partner], atol=1e-6)


@pytest.mark.parametrize(
    ("spec", "info", "words"),
    [
        (ObjectSpec("RandomCrop", {"height": 12, "width": 11}), dots(), "blur what is learned for each dot"),
        (ObjectSpec("RandAugment"), dots("number", "regression", 3), "changes colours too"),
        (ObjectSpec("CutMix"), dots(), "must be one-hot"),
        (ObjectSpec("MixUp"), dots("number", "regression", 3), "mixes the labels of classes"),
    ],
)
def test_that_what_cannot_be_moved_is_told(spec: ObjectSpec, info: DatasetInfo, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        Augmentation((spec,), info, 1)


def test_that_all_changes_are_offered_for_masks() -> None:
    assert {entry.name for entry in changes() if suits(entry, dots())} == {
        entry.name for entry in changes() if suits(entry, pictures())
    }


def test_that_a_person_sees_masks_moved_along(tmp_path: Path) -> None:
    spec = marking(tmp_path / "marks.npz", FLIP).data
    dataset = load_dataset(spec)
    event = show_augmented(dataset, Augment(3, spec, "train", 5))
    assert event.beside is not None
    seen = from_array(event.beside)
    assert seen.shape == (25, HEIGHT, WIDTH)
    first = dataset.values["train"][5]
    assert np.array_equal(seen[0], first)
    flipped = [np.array_equal(mask, first[:, ::-1]) for mask in seen[1:]]
    assert 0 < sum(flipped) < 24
    assert event.mixtures == ()
    mixed = msgspec.structs.replace(spec, augmentation=(ObjectSpec("CutMix"),))
    event = show_augmented(load_dataset(mixed), Augment(3, mixed, "train", 5))
    assert event.mixtures == ()
    assert from_array(event.beside).shape == (25, HEIGHT, WIDTH)  # type: ignore[arg-type]


# --- a whole training -----------------------------------------------------------------------------------------------

FLIP = ObjectSpec("RandomFlip", {"mode": "horizontal"})
TURN = ObjectSpec("RandomRotation", {"factor": 0.1, "fill_mode": "constant", "fill_value": 0.5})


def marking(path: Path, *specs: ObjectSpec, labels: str = "auto", **training: Any) -> Project:
    """A tiny network that marks the brightest of three."""
    masks = np.repeat(batch()[1], 5, axis=0)
    x = masks * 100 + np.random.default_rng(1).integers(0, 50, masks.shape)
    np.savez(path, x=x.astype("uint8"), y=masks[..., 0].astype("uint8"))
    source = SourceSpec("npz", {"path": str(path), "form": "pictures"})
    end = layer("Conv2D", filters=CLASSES, kernel_size=3, padding="same", activation="softmax")
    return Project(
        name="marks",
        data=DatasetSpec(source, task="segmentation", labels=labels, augmentation=specs),  # type: ignore[arg-type]
        model=ModelTree((end,)),
        training=msgspec.structs.replace(TrainingSpec(), epochs=2, batch_size=8, **training),
    )


@pytest.mark.parametrize(
    ("specs", "labels"),
    [
        ((FLIP, TURN), "integer"),
        pytest.param((ObjectSpec("CutMix"), TURN), "one_hot", marks=pytest.mark.slow),
        pytest.param((ObjectSpec("MixUp"), FLIP), "one_hot", marks=pytest.mark.slow),
    ],
)
def test_that_the_script_moves_masks_as_the_run_did(
    specs: tuple[ObjectSpec, ...], labels: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = marking(tmp_path / "marks.npz", *specs, labels=labels, plan="exact")
    epochs, _ = trained(project, tmp_path / "project")
    left = scripted(project, tmp_path / "project", monkeypatch)
    assert_same(epochs, left["history"].history)


def test_that_the_script_moves_pictures_to_learn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "pairs.npz", x=rng.random((20, 8, 8, 1)), y=rng.random((20, 8, 8, 1)))
    source = SourceSpec("npz", {"path": str(tmp_path / "pairs.npz"), "form": "pictures"})
    project = Project(
        name="pairs",
        data=DatasetSpec(source, task="regression", augmentation=(FLIP, TURN)),
        model=ModelTree((layer("Conv2D", filters=1, kernel_size=3, padding="same"),)),
        training=msgspec.structs.replace(TrainingSpec(), epochs=2, batch_size=8, plan="exact"),
    )
    epochs, _ = trained(project, tmp_path / "project")
    left = scripted(project, tmp_path / "project", monkeypatch)
    assert_same(epochs, left["history"].history)
