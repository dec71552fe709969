"""What frozen layers give is computed once, and what is learned from it is the same."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from trainings import Talk, final_state, new_folder, talk

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import set_trainable
from workbench.domain.project import Project
from workbench.domain.run import RunRecord
from workbench.domain.store import ProjectFolder
from workbench.domain.training import PhaseSpec, TrainingSpec
from workbench.domain.tree import AnyNode, Block, Input, Layer, ModelTree
from workbench.domain.values import ObjectSpec, Value
from workbench.engine.build import build_model
from workbench.engine.data import load_dataset
from workbench.engine.training import features as stored
from workbench.engine.training.cut import find_cut
from workbench.protocol.commands import Cancel, Train
from workbench.protocol.events import Failed, Progress


def layer(node_id: str, class_name: str, *inputs: str, **params: Value) -> Layer:
    return Layer(id=node_id, class_name=class_name, params=params, inputs=inputs)


def project(*above: AnyNode, base: tuple[AnyNode, ...] = (), **training: object) -> Project:
    """A frozen base with batch normalization, and a layer that learns above it."""
    inside = base or (
        layer("a", "Dense", units=12, activation="relu"),
        layer("norm", "BatchNormalization"),
        layer("b", "Dense", units=6, activation="relu"),
    )
    tree = ModelTree(
        (
            Block(id="base", children=inside, trainable=False),
            *(above or (layer("drop", "Dropout", rate=0.2),)),
            layer("out", "Dense", units=1, activation="sigmoid"),
        )
    )
    spec = msgspec.structs.replace(TrainingSpec(batch_size=16, epochs=2, seed=5), **training)
    return Project(name="moons", data=DatasetSpec(SourceSpec("moons", {"samples": 150})), model=tree, training=spec)


def trained(engine: Talk, folder: ProjectFolder, project: Project) -> RunRecord:
    ended = engine.train(folder, project)
    assert ended.reason == "completed", ended.message
    return folder.read_run(ended.run)


def plan_of(record: RunRecord) -> tuple[str, str]:
    """Up to which layer features were stored, and why none were."""
    assert record.plan is not None
    return record.plan.features.layer if record.plan.features else "", record.plan.no_features


def test_that_a_run_with_stored_features_learns_the_same(tmp_path: Path) -> None:
    """With dropout above, whose draws go on, and with a second phase, which needs the whole network again."""
    with_phase = project(phases=(PhaseSpec(epochs=1),))
    without = msgspec.structs.replace(
        with_phase, training=msgspec.structs.replace(with_phase.training, store_features=False)
    )
    folder = new_folder(tmp_path / "p", with_phase)
    with talk() as engine:
        ours, plain = trained(engine, folder, with_phase), trained(engine, folder, without)
        exact = trained(engine, folder, msgspec.structs.replace(
            with_phase, training=msgspec.structs.replace(with_phase.training, plan="exact")
        ))  # fmt: skip
    assert plan_of(ours) == ("dense_1", "")
    assert ours.plan is not None
    assert ours.plan.features is not None
    assert (ours.plan.features.layers, ours.plan.features.samples) == (3, 127)
    assert plan_of(plain) == plan_of(exact) == ("", "")
    one, other = final_state(folder, ours.id), final_state(folder, plain.id)
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_allclose(array, other[name], rtol=1e-4, atol=1e-6, err_msg=name)
    for name, value in ours.last.items():
        assert value == pytest.approx(plain.last[name], rel=1e-4)


def test_that_a_run_with_stored_features_resumes_bit_for_bit(tmp_path: Path) -> None:
    made = project(epochs=2)
    folder = new_folder(tmp_path / "p", made)
    with talk() as engine:
        whole = engine.train(folder, made).run
    with talk() as engine:
        run = engine.start(folder, made)
        engine.step(8)
    with talk() as engine:
        engine.train(folder, made, run=run)
    one, other = final_state(folder, whole), final_state(folder, run)
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)


def test_that_several_cuts_at_once_learn_the_same(tmp_path: Path) -> None:
    """A skip leaves the frozen part beside its end."""
    inside = (layer("a", "Dense", units=4), layer("b", "Dense", units=4))
    made = project(layer("c", "Dense", units=4), layer("s", "Add", "c", "a"), base=inside, epochs=1)
    without = msgspec.structs.replace(made, training=msgspec.structs.replace(made.training, store_features=False))
    folder = new_folder(tmp_path / "p", made)
    with talk() as engine:
        ours, plain = trained(engine, folder, made), trained(engine, folder, without)
    assert plan_of(ours) == ("dense_1", "")
    assert ours.last["val_loss"] == pytest.approx(plain.last["val_loss"], rel=1e-5)


def test_that_data_that_go_past_the_frozen_part_learn_the_same(tmp_path: Path) -> None:
    """As in a wide and deep network; Keras' own way to cut it leaves a model that cannot be saved."""
    deep = Block(id="deep", trainable=False, inputs=("in",), children=(layer("a", "Dense", units=4),))
    nodes = (Input(id="in"), deep, layer("both", "Concatenate", "in", "deep"), layer("out", "Dense", units=1))
    made = msgspec.structs.replace(project(epochs=1), model=ModelTree(nodes))
    without = msgspec.structs.replace(made, training=msgspec.structs.replace(made.training, store_features=False))
    folder = new_folder(tmp_path / "p", made)
    with talk() as engine:
        ours, plain = trained(engine, folder, made), trained(engine, folder, without)
    assert plan_of(ours) == ("dense", "")
    assert (folder.run_folder(ours.id) / "model.keras").is_file()
    assert ours.last["val_loss"] == pytest.approx(plain.last["val_loss"], rel=1e-5)


def cut_of(made: Project) -> tuple[tuple[str, ...], int, str]:
    cut = find_cut(build_model(made, load_dataset(made.data, Path()).info))
    return cut.layers, len(cut.tensors), cut.reason


def test_that_the_cut_is_as_high_as_nothing_below_it_changes() -> None:
    kernel = ObjectSpec("L2", {"l2": 0.1})
    assert cut_of(project()) == (("dense", "batch_normalization", "dense_1"), 1, "")
    inside = (layer("a", "Dense", units=4), layer("d", "Dropout", rate=0.5), layer("b", "Dense", units=4))
    assert cut_of(project(base=inside)) == (("dense",), 1, ""), "what stands below the random layer is stored"
    idle = (layer("a", "Dense", units=4), layer("d", "Dropout", rate=0.0), layer("b", "Dense", units=4))
    assert cut_of(project(base=idle))[0] == ("dense", "dense_1"), "without a rate nothing is random"
    regular = (layer("a", "Dense", units=4, kernel_regularizer=kernel),)
    assert cut_of(project(base=regular))[0] == ("dense",), "the weights of frozen layers are no part of the loss"
    skipping = (layer("a", "Dense", units=4), layer("b", "Dense", units=4))
    joined = (layer("c", "Dense", units=4), layer("s", "Add", "c", "a"))
    assert cut_of(project(*joined, base=skipping))[:2] == (("dense", "dense_1"), 2), "the skip leaves it too"
    free = project()
    assert cut_of(set_trainable(("base",), True)(free)) == ((), 0, ""), "nothing is frozen"


@pytest.mark.parametrize(
    ("below", "word"),
    [
        (layer("x", "Dropout", rate=0.1), "at random"),
        (layer("x", "GaussianNoise", stddev=0.1), "at random"),
        (layer("x", "ActivityRegularization", l2=0.1), "adds to the loss"),
    ],
)
def test_that_what_stands_in_the_way_is_named(below: Layer, word: str) -> None:
    layers, _, reason = cut_of(project(base=(below, layer("a", "Dense", units=4))))
    assert not layers
    assert word in reason
    learning = project(base=(layer("a", "Dense", units=4),))
    nodes = (layer("first", "Dense", units=3), *learning.model.nodes)
    reason = cut_of(msgspec.structs.replace(learning, model=ModelTree(nodes)))[2]
    assert reason == "“dense” learns, and frozen layers stand above it."


def test_that_nothing_is_assumed_of_code_that_is_not_of_keras() -> None:
    import keras

    taken = keras.Input((3,))
    below = keras.layers.Dense(4, activation=lambda x: 2 * x, trainable=False)(taken)
    cut = find_cut(keras.Model(taken, keras.layers.Dense(1)(below)))
    assert not cut.layers
    assert "not of Keras alone" in cut.reason


def test_that_features_too_large_are_not_stored_and_the_run_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "memory_bytes", lambda: 6 * 1000)
    made = project(epochs=1)
    folder = new_folder(tmp_path / "p", made)
    with talk() as engine:
        record = trained(engine, folder, made)
    assert plan_of(record)[1].startswith("They would take 3")


def test_that_storing_can_be_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = project(epochs=1)
    folder = new_folder(tmp_path / "p", made)
    with talk() as engine:
        computed = stored._joined

        def give_up(*arguments: object) -> object:
            engine.session.handle(Cancel(1))
            return computed(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(stored, "_joined", give_up)
        engine.send(Train(made, str(folder.path), ticket=1))
        assert engine.until(Failed).cancelled
        assert any(isinstance(event, Progress) and "frozen" in event.text for event in engine.seen)
    assert not folder.list_runs()


def test_that_a_network_that_hands_masks_on_trains_without_stored_features(tmp_path: Path) -> None:
    words = (
        layer("e", "Embedding", input_dim=10, output_dim=4, mask_zero=True),
        layer("l", "LSTM", units=4),
    )
    made = project(base=words)
    data = DatasetSpec(SourceSpec("sequences", {"samples": 60, "length": 5}))
    masked = ModelTree((*made.model.nodes[:-1], layer("again", "RepeatVector", n=5), layer("out", "Dense", units=10)))
    loss = ObjectSpec("SparseCategoricalCrossentropy", {"from_logits": True})
    training = msgspec.structs.replace(made.training, epochs=1, loss=loss)
    made = msgspec.structs.replace(made, data=data, model=masked, training=training)
    folder = new_folder(tmp_path / "p", made)
    with talk() as engine:
        layer_name, reason = plan_of(trained(engine, folder, made))
    assert layer_name == ""
    assert "masks" in reason
