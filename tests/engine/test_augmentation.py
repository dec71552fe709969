"""Random changes of training pictures: during training only, the same for the same seed, exact after an interruption,
and the same in the exported script."""

from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import pytest
import tensorflow as tf
from test_script_parity import assert_same, scripted, trained
from trainings import assert_same_run, dense_project, digits_project, final_state, history_of, new_folder, talk

from workbench.domain.augmentation import change, changes, new_change
from workbench.domain.dataset import DatasetInfo
from workbench.domain.project import Project
from workbench.domain.values import ObjectSpec
from workbench.engine.augment.augmentation import Augmentation
from workbench.engine.augment.mixing import CutMix, MixUp
from workbench.engine.data import load_dataset
from workbench.engine.errors import EngineError
from workbench.engine.training import choose
from workbench.engine.training.change import BatchChange
from workbench.engine.training.plans import Data, prepare, runner
from workbench.protocol.commands import Evaluate
from workbench.protocol.events import Evaluated

FLIP = ObjectSpec("RandomFlip", {"mode": "horizontal"})
TURN = ObjectSpec("RandomRotation", {"factor": 0.1})
SHIFT = ObjectSpec("RandomTranslation", {"height_factor": 0.1, "width_factor": 0.1})
DARKEN = ObjectSpec("RandomBrightness", {"factor": 0.3})
MIX, CUT = ObjectSpec("MixUp", {"alpha": 0.4}), ObjectSpec("CutMix")


def augmented(*specs: ObjectSpec, **training: Any) -> Project:
    project = digits_project(**training)
    return msgspec.structs.replace(project, data=msgspec.structs.replace(project.data, augmentation=specs))


def pictures(channels: int = 3, shape: tuple[int, int] = (12, 10), **more: Any) -> DatasetInfo:
    fields: dict[str, Any] = {
        "title": "Pictures",
        "form": "pictures",
        "task": "multiclass",
        "input_shape": (*shape, channels),
        "target_shape": (3,),
        "labels": "one_hot",
        "sizes": {"train": 7},
        "classes": ("a", "b", "c"),
        "scaling": "divide_255",
    }
    return DatasetInfo(**(fields | more))


def batch(channels: int = 3) -> tuple[Any, Any]:
    x = np.random.default_rng(0).random((7, 12, 10, channels)).astype("float32")
    return tf.constant(x), tf.constant(np.eye(3, dtype="float32")[np.arange(7) % 3])


@pytest.mark.parametrize(
    "first", [pytest.param(7, marks=pytest.mark.slow), 22]
)  # within the first epoch, within the second
def test_that_a_run_with_random_changes_resumes_bit_for_bit(tmp_path: Path, first: int) -> None:
    project = augmented(FLIP, TURN, MIX, SHIFT, epochs=2)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        whole = engine.train(folder, project).run
    with talk() as engine:
        run = engine.start(folder, project)
        engine.step(first - 1)
    with talk() as engine:
        engine.train(folder, project, run=run)
    assert_same_run(folder, whole, run)
    assert any(name.startswith("change.") for name in final_state(folder, run))


def test_that_random_changes_act_on_training_alone_and_are_not_in_the_saved_model(tmp_path: Path) -> None:
    """Pictures turned black tell nothing while training; validation and test see the pictures as they are."""
    black = ObjectSpec("RandomBrightness", {"factor": (-1.0, -1.0)})
    project = augmented(black, epochs=1)
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        ended = engine.train(folder, project)
        measured = engine.ask(Evaluate(7, str(folder.path), ended.run, "validation"), Evaluated).metrics
    assert ended.model is not None
    model = keras.saving.load_model(ended.model)
    assert not [layer for layer in model.layers if "random" in layer.name]
    dataset = load_dataset(project.data)
    expected = model.evaluate(dataset.x["validation"], dataset.y["validation"], verbose=0, return_dict=True)
    assert ended.metrics["val_loss"] == pytest.approx(expected["loss"], rel=1e-5)
    assert measured["loss"] == pytest.approx(expected["loss"], rel=1e-5)
    losses = list(history_of(folder, ended.run).losses)
    assert min(losses) > 2, "black pictures cannot be told apart"


def test_that_the_same_seed_changes_alike_and_another_one_does_not() -> None:
    x, y = batch()

    def changed(seed: int, epoch: int = 0) -> Any:
        augmentation = Augmentation((FLIP, TURN, CUT), pictures(), seed)
        augmentation.begin(epoch)
        return augmentation(x, y, augmentation.draws(epoch, 7, 7))[0].numpy()

    np.testing.assert_array_equal(changed(3), changed(3))
    assert not np.array_equal(changed(3), changed(4))
    assert not np.array_equal(changed(3), changed(3, epoch=1))


@pytest.mark.parametrize("entry", changes(), ids=lambda entry: entry.name)
def test_that_every_layer_works_in_a_traced_loop_as_it_does_alone(entry: Any) -> None:
    info = pictures()
    augmentation = Augmentation((new_change(entry, info),), info, 5)
    x, y = batch()
    draws = tf.nest.map_structure(tf.constant, augmentation.draws(0, 7, 7))
    alone, labels = augmentation(x, y, draws)
    augmentation.begin(0)

    @tf.function(autograph=False)
    def looped(count: Any) -> Any:
        def body(number: Any, _: Any) -> Any:
            chosen = tf.range(count)
            return number + 1, augmentation(tf.gather(x, chosen), tf.gather(y, chosen), draws)[0]

        start = (tf.constant(0), tf.zeros_like(x))
        shapes = (tf.TensorShape([]), tf.TensorShape([None, 12, 10, 3]))
        return tf.while_loop(lambda number, _: number < 1, body, start, shape_invariants=shapes)[1]

    np.testing.assert_allclose(looped(tf.constant(7)), alone, atol=1e-6)
    assert 0 <= alone.numpy().min() <= alone.numpy().max() <= 1.000001, "pictures stay in their range"
    np.testing.assert_allclose(labels.numpy().sum(axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize(
    ("specs", "shuffle"),
    [
        ((FLIP, TURN, SHIFT, DARKEN), True),
        pytest.param((MIX,), False, marks=pytest.mark.slow),
        pytest.param((TURN, CUT, FLIP), False, marks=pytest.mark.slow),
    ],
)
def test_that_the_script_changes_its_pictures_as_the_run_did(
    specs: tuple[ObjectSpec, ...], shuffle: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = augmented(*specs, epochs=2, plan="exact", shuffle=shuffle)
    epochs, _ = trained(project, tmp_path / "project")
    left = scripted(project, tmp_path / "project", monkeypatch)
    assert_same(epochs, left["history"].history)


def test_that_a_chunk_trains_the_batches_that_fit_would_get() -> None:
    """The plan "graph" over changed batches is bit for bit Keras' own training on them."""
    x = np.random.default_rng(1).random((40, 12, 10, 3)).astype("float32")
    y = np.eye(3, dtype="float32")[np.arange(40) % 3]
    augmentation = Augmentation((FLIP, MIX, TURN), pictures(), 5)
    draws = augmentation.draws(0, 40, 16)
    models = []
    for _ in range(3):
        keras.utils.set_random_seed(1)
        layers = [keras.Input((12, 10, 3)), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")]
        models.append(keras.Sequential(layers))
        models[-1].compile(keras.optimizers.SGD(0.1), "categorical_crossentropy")
    for first in range(0, 40, 16):
        piece = slice(first, first + 16)
        drawn = tuple(tuple(array[piece] for array in draw) for draw in draws)
        models[0].train_on_batch(*augmentation(tf.constant(x[piece]), tf.constant(y[piece]), drawn))
    augmentation.begin(0)
    data, change = Data.of(x, y), BatchChange(augmentation, None)
    prepare(models[1], data, 16)
    losses, _ = runner(models[1], data, 16, "train_step", "graph", change).run(0, 3)
    augmentation.begin(0)
    prepare(models[2], data, 16)
    alone, _ = runner(models[2], data, 16, "train_step", "keras", change).run(0, 3)
    np.testing.assert_allclose(losses, alone, rtol=1e-5)
    for ours, theirs in zip(models[1].get_weights(), models[0].get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_that_mixing_draws_from_the_beta_distribution_and_weighs_by_the_dots_that_were_pasted() -> None:
    random = np.random.default_rng(0)
    _, weights = MixUp(0.2).draw(random, 20_000, (8, 8, 1))
    # A Beta distribution of both parameters alpha has the variance 1 / (4 · (2 · alpha + 1)).
    assert weights.mean() == pytest.approx(0.5, abs=0.01)
    assert weights.var() == pytest.approx(1 / (4 * 1.4), rel=0.02)
    x = tf.constant(np.arange(64, dtype="float32").reshape(-1, 1, 1, 1) * np.ones((64, 9, 7, 1), "float32"))
    y = tf.constant(np.eye(64, dtype="float32"))
    mix = CutMix(1.0, 1.0)
    draw = mix.draw(random, 64, (9, 7, 1))
    pasted, labels = mix(x, y, draw)
    for number, (partner, label) in enumerate(zip(draw[0], labels.numpy(), strict=True)):
        own = (pasted[number].numpy() == number).mean()
        if partner != number:
            assert label[number] == pytest.approx(own, abs=1e-6)
            assert label[partner] == pytest.approx(1 - own, abs=1e-6)


def test_that_pictures_of_any_range_keep_it() -> None:
    """A layer that is not told the range would clip standardized pictures at 0."""
    info = pictures(scaling="standardize", input_low=-2.0, input_high=3.0)
    x = tf.constant(np.linspace(-2, 3, 7 * 360, dtype="float32").reshape(7, 12, 10, 3))
    augmentation = Augmentation((ObjectSpec("RandomContrast", {"factor": 0.5}),), info, 1)
    assert augmentation(x, None, ())[0].numpy().min() < -0.5


@pytest.mark.parametrize(
    ("spec", "info", "words"),
    [
        (ObjectSpec("Dense", {"units": 3}), pictures(), "no layer that changes pictures"),
        (ObjectSpec("AugMix"), pictures(), "Use RandAugment"),
        (ObjectSpec("RandomHue", {"factor": 0.1}), pictures(1), "changes colours"),
        (FLIP, pictures(form="arrays"), "which these data are not"),
        (MIX, pictures(labels="integer"), "must be one-hot"),
        (MIX, pictures(classes=(), task="regression"), "mixes the labels of classes"),
        (ObjectSpec("MixUp", {"alpha": -1.0}), pictures(), "above 0"),
        (ObjectSpec("CutMix", {"factor": 2.0}), pictures(), "between 0 and 1"),
        (ObjectSpec("RandomCrop", {"height": 4, "width": 4}), pictures(), "4×4×3, but the network takes 12×10×3"),
        (ObjectSpec("RandomFlip", {"mode": "sideways"}), pictures(), "one of horizontal, vertical"),
        (ObjectSpec("Resizing", {"height": 1e9, "width": 4}), pictures(), "twice the side"),
        (ObjectSpec("RandomGaussianBlur", {"kernel_size": 10**9 + 1}), pictures(), "twice the side"),
        (ObjectSpec("RandAugment", {"num_ops": 10**9}), pictures(), "more than 16"),
        (ObjectSpec("RandomFlip", {"seed": 3}), pictures(), "the seed of the training decides"),
    ],
)
def test_that_what_cannot_be_is_told_in_a_sentence(spec: ObjectSpec, info: DatasetInfo, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        Augmentation((spec,), info, 1)


def test_that_a_long_list_is_refused_before_its_layers_are_made() -> None:
    with pytest.raises(EngineError, match="at most 32"):
        Augmentation((FLIP,) * 100_000, pictures(), 1)


def test_that_a_crop_brought_back_to_size_is_taken() -> None:
    crop, back = ObjectSpec("RandomCrop", {"height": 8, "width": 8}), change("Resizing")
    assert back is not None
    info = pictures()
    x, y = batch()
    assert Augmentation((crop, new_change(back, info)), info, 1)(x, y, ())[0].shape == x.shape


def test_that_mixed_labels_are_one_hot_where_nothing_else_is_said() -> None:
    project = augmented(MIX)
    assert load_dataset(project.data).info.labels == "one_hot"
    assert load_dataset(augmented(FLIP).data).info.labels == "integer"
    plain = load_dataset(digits_project().data)
    assert load_dataset(augmented(FLIP).data) is plain, "the arrays are the same, so they are not made again"


@pytest.mark.parametrize(
    ("specs", "kind"), [pytest.param((FLIP, MIX), "xla", marks=pytest.mark.slow), ((TURN, CUT), "graph")]
)
def test_that_changes_that_xla_compiles_resume_bit_for_bit_and_others_train_without_it(
    specs: tuple[ObjectSpec, ...], kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choose, "_worth_compiling", lambda *_: True)
    monkeypatch.setattr(choose, "_time", lambda candidate: 0.001 if candidate.kind == "xla" else 0.01)
    project = dense_project(epochs=2)
    project = msgspec.structs.replace(project, data=msgspec.structs.replace(project.data, augmentation=specs))
    folder = new_folder(tmp_path / "p", project)
    with talk() as engine:
        whole = engine.train(folder, project).run
        run = engine.start(folder, project)
        engine.step(3)
    with talk() as engine:
        engine.train(folder, project, run=run)
    plan = folder.read_run(run).plan
    assert plan is not None
    assert plan.kind == kind
    assert_same_run(folder, whole, run)
