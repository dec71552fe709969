"""Weights of trained networks are changed by hand: the network does without what was taken out, and the run stays."""

from typing import Any

import keras
import numpy as np
import pytest
from trainings import digits_project, new_folder, talk

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.store import ProjectFolder
from workbench.domain.surgery import Operation
from workbench.domain.tree import Block, Branches, Input, Layer, ModelTree, Repeat, Residual, Shared, Wrapper
from workbench.engine.build import build_model, compile_model
from workbench.engine.data import load_dataset
from workbench.engine.errors import EngineError
from workbench.engine.probes.base import Subject
from workbench.engine.surgery.operate import operated
from workbench.engine.surgery.show import shown_weights
from workbench.engine.trained import TrainedRuns
from workbench.protocol.commands import Operate
from workbench.protocol.events import Operated

pytestmark = pytest.mark.engine


def silent(_text: str, _fraction: float | None) -> None:
    """Progress that nobody looks at."""


def layer(name: str, class_name: str, *inputs: str, **params: Any) -> Layer:
    return Layer(id=name, name=name, class_name=class_name, params=params, inputs=inputs)


def subject(*nodes: Any) -> Subject:
    """A network with random weights, biases and statistics."""
    project = Project(data=DatasetSpec(SourceSpec("digits")), model=ModelTree(nodes))
    dataset = load_dataset(project.data)
    model = build_model(project, dataset.info, seed=1)
    random = np.random.default_rng(3)
    model.set_weights([random.uniform(0.1, 1, weight.shape) for weight in model.get_weights()])
    compile_model(model, project, dataset.info)
    return Subject(model, project, dataset)


def answers(made: Subject) -> Any:
    return made.model.predict(made.dataset.x["test"][:6], verbose=0)


def removed(made: Subject, name: str, *units: int) -> Subject:
    return operated(made, [Operation("remove", name, unit) for unit in units], silent)


HEAD = layer("out", "Dense", units=10)
CONVOLUTIONS = (
    layer("conv", "Conv2D", filters=3, kernel_size=3, activation="relu"),
    layer("norm", "BatchNormalization"),
    layer("pool", "MaxPooling2D", pool_size=2),
    layer("depth", "DepthwiseConv2D", kernel_size=2, depth_multiplier=2),
    layer("drop", "Dropout", rate=0.5),
    layer("flat", "Flatten"),
    HEAD,
)
BRANCHES = (
    Branches(
        id="b",
        branches=(
            Block(id="b1", children=(layer("one", "Conv2D", filters=2, kernel_size=1),)),
            Block(id="b2", children=(layer("two", "SeparableConv2D", filters=4, kernel_size=1),)),
        ),
    ),
    layer("up", "Conv2DTranspose", filters=3, kernel_size=2),
    layer("mean", "GlobalAveragePooling2D"),
    HEAD,
)
STEPS = (
    layer("rows", "Reshape", target_shape=(8, 8)),
    layer("conv", "Conv1D", filters=4, kernel_size=2),
    Wrapper(id="both", class_name="Bidirectional", child=layer("lstm", "LSTM", units=2, return_sequences=True)),
    layer("each", "Dense", units=5),
    Wrapper(id="time", name="time", class_name="TimeDistributed", child=layer("inner", "Dense", units=3)),
    layer("gru", "GRU", units=2),
    HEAD,
)  # fmt: skip


@pytest.mark.parametrize(
    ("nodes", "name", "after"),
    [
        (CONVOLUTIONS, "conv", ("norm", "depth")),
        (BRANCHES, "two", ()),
        (BRANCHES, "one", ()),
        (BRANCHES, "up", ()),
        (STEPS, "conv", ()),
        (STEPS, "each", ()),
    ],
)
def test_that_a_network_without_a_unit_answers_as_one_in_which_nothing_came_from_it(
    nodes: tuple[Any, ...], name: str, after: tuple[str, ...]
) -> None:
    made = subject(*nodes)
    fewer = removed(made, name, 1)
    assert fewer.model.count_params() < made.model.count_params()
    # Nothing comes from a unit where it is zero, and where what follows makes nothing of zero.
    silenced = [Operation("zero", name, 1)]
    if "norm" in after:
        silenced += [Operation("edit", "norm", array=array, place=(1,)) for array in (1, 2)]
        silenced += [Operation("edit", "depth", array=1, place=(place,)) for place in (2, 3)]
    np.testing.assert_allclose(answers(fewer), answers(operated(made, silenced, silent)), rtol=2e-4)
    built = fewer.model.get_layer(name)
    assert (built.filters if hasattr(built, "filters") else built.units) == made.model.get_layer(name).weights[
        -1
    ].shape[0] - 1


def test_that_units_are_removed_one_after_another() -> None:
    made = subject(layer("flat", "Flatten"), layer("hidden", "Dense", units=4), HEAD)
    fewer = removed(made, "hidden", 0, 1, 1)
    kernel = made.model.get_layer("hidden").get_weights()[0]
    np.testing.assert_array_equal(fewer.model.get_layer("hidden").get_weights()[0], kernel[:, [1]])
    with pytest.raises(EngineError, match="has one unit only"):
        removed(fewer, "hidden", 0)
    assert made.project.model.nodes[1].params == {"units": 4}


@pytest.mark.parametrize(
    ("nodes", "name", "words"),
    [
        ((layer("flat", "Flatten"), HEAD), "out", "are outputs of the network"),
        ((layer("flat", "Flatten"), HEAD), "flat", "no layer “flat” with weights"),
        ((layer("norm", "BatchNormalization"), layer("flat", "Flatten"), HEAD), "norm", "not made of units"),
        (
            (layer("in", "Dense", units=4), Residual(id="r", children=(layer("x", "Dense", units=4),)), HEAD),
            "x", r"“add” \(Add\) behind it takes all",
        ),
        (
            (Repeat(id="p", times=2, children=(layer("x", "Dense", units=4),)), layer("flat", "Flatten"), HEAD),
            "x", "stands in a repetition",
        ),
        (
            (layer("x", "Dense", units=8), layer("y", "Conv2D", filters=4, kernel_size=1, groups=2), HEAD),
            "x", r"“y” \(Conv2D\) behind it takes all",
        ),
        (
            (layer("y", "Conv2D", filters=4, kernel_size=1), layer("s", "Reshape", target_shape=(-1,)), HEAD),
            "y", r"“s” \(Reshape\) behind it",
        ),
    ],
)  # fmt: skip
def test_that_what_stands_against_a_removal_is_named(nodes: tuple[Any, ...], name: str, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        removed(subject(*nodes), name, 0)


def test_that_a_use_of_a_reusable_block_becomes_a_block_of_its_own() -> None:
    blocks = [
        Block(id=name, name=name, linked="x", children=(layer(f"{name}in", "Dense", units=4),)) for name in ("a", "b")
    ]
    fewer = removed(subject(layer("flat", "Flatten"), *blocks, HEAD), "ain", 2)
    one, other = (node for node in fewer.project.model.nodes if isinstance(node, Block))
    assert (one.linked, other.linked) == ("", "x")
    assert fewer.model.get_layer("ain").units == 3


def test_that_a_layer_used_twice_keeps_its_units() -> None:
    made = subject(
        Input(id="i", name="i"),
        layer("flat", "Flatten", "i"),
        layer("x", "Dense", "flat", units=64),
        Shared(id="again", layer="x", inputs=("x",)),
        layer("out", "Dense", "again", units=10),
    )
    with pytest.raises(EngineError, match="used more than once"):
        removed(made, "x", 0)


def test_that_weights_are_set_zeroed_and_drawn_anew_on_a_copy() -> None:
    made = subject(layer("flat", "Flatten"), layer("hidden", "Dense", units=4), HEAD)
    before = made.model.get_weights()
    steps = [
        Operation("edit", "hidden", array=0, place=(3, 2), value=7.5),
        Operation("zero", "hidden", unit=1),
        Operation("zero", "out", array=1),
        Operation("reset", "out", seed=5),
        Operation("zero", "out", array=1),
    ]
    kernel, bias, out, out_bias = operated(made, steps, silent).model.get_weights()
    assert kernel[3, 2] == 7.5
    assert not kernel[:, 1].any()
    assert bias[1] == 0
    assert bias[0] == before[1][0]
    np.testing.assert_array_equal(
        out, operated(made, steps, silent).model.get_weights()[2], "drawn from its seed, so that undoing is exact"
    )
    assert not np.array_equal(out, before[2])
    assert not out_bias.any()
    for one, other in zip(made.model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)
    for wrong in (
        Operation("edit", "hidden", array=0, place=(64, 0), value=1),
        Operation("edit", "hidden", array=0, place=(0, 0), value=float("nan")),
        Operation("zero", "hidden", unit=4),
        Operation("zero", "hidden", array=2),
        Operation("remove", "hidden"),
    ):
        with pytest.raises(EngineError):
            operated(made, [wrong], silent)


def test_that_the_weights_of_a_unit_are_shown() -> None:
    made = subject(*CONVOLUTIONS)
    kernel, bias = made.model.get_layer("conv").get_weights()
    shown = shown_weights(made, "conv", 2, 0)
    assert shown is not None
    assert (shown.units, shown.unit, shown.axis, shown.size) == (3, 2, 3, 9)
    assert [(each.name, each.shape) for each in shown.arrays] == [("kernel", (3, 3, 1, 3)), ("bias", (3,))]
    np.testing.assert_array_equal(np.frombuffer(shown.values.data, np.float32), kernel[..., 2].ravel())
    assert shown.norms is not None
    assert shown.biases is not None
    np.testing.assert_allclose(
        np.frombuffer(shown.norms.data, np.float32), np.linalg.norm(kernel.reshape(9, 3), axis=0), rtol=1e-6
    )
    np.testing.assert_array_equal(np.frombuffer(shown.biases.data, np.float32), bias)
    statistics = shown_weights(made, "norm", None, 2)
    assert statistics is not None
    assert (statistics.units, statistics.unit, statistics.array) == (0, None, 2)
    assert shown_weights(made, "flat", None, 0) is None


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[ProjectFolder, str]:
    project = digits_project(epochs=1)
    folder = new_folder(tmp_path_factory.mktemp("digits") / "p", project)
    with talk() as engine:
        return folder, engine.train(folder, project).run


def test_that_the_metric_is_seen_at_once_and_the_run_is_not_touched(trained: tuple[ProjectFolder, str]) -> None:
    folder, run = trained
    before = {path: path.read_bytes() for path in folder.run_folder(run).iterdir() if path.is_file()}
    runs = TrainedRuns()

    def operate(*operations: Operation, **more: Any) -> Operated:
        done = runs.answer(Operate(1, str(folder.path), run, operations, **more), silent)
        assert isinstance(done, Operated)
        return done

    model = keras.models.load_model(folder.run_folder(run) / "model.keras")
    project = folder.project_of_run(run)
    dataset = load_dataset(project.data)
    expected = model.evaluate(dataset.x["test"], dataset.y["test"], batch_size=64, verbose=0, return_dict=True)
    looked = operate(layer="conv2d")
    assert looked.before == looked.after == pytest.approx(expected, rel=1e-5)
    assert looked.layers == ("conv2d", "batch_normalization", "dense")
    cut = operate(Operation("remove", "conv2d", 1), Operation("zero", "dense", 3), layer="dense", unit=3)
    assert cut.params_before - cut.params_after == 10 + 4 + 36 * 10
    assert cut.after["loss"] != cut.before["loss"]
    assert cut.weights is not None
    assert not np.frombuffer(cut.weights.values.data, np.float32).any()
    kept = operate(Operation("remove", "conv2d", 1), Operation("zero", "dense", 3), keep="Smaller")
    record = folder.read_run(kept.kept)
    assert (record.name, record.status, record.params) == ("Smaller", "ended", cut.params_after)
    assert "Unit 1 of “conv2d” was removed." in record.message
    assert set(record.last) == {"val_loss", "val_accuracy"}
    again = runs.answer(Operate(2, str(folder.path), kept.kept), silent)
    assert isinstance(again, Operated)
    assert again.before == pytest.approx(cut.after, rel=1e-5)
    assert folder.project_of_run(kept.kept).model.nodes[0].params["filters"] == 3  # type: ignore[union-attr]
    assert {path: path.read_bytes() for path in before} == before
    with pytest.raises(EngineError, match="Nothing was changed"):
        operate(keep="Same")
