"""Building the Keras model of a project, compiling it, and saying what cannot be built."""

import threading
from typing import Any

import keras
import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import frozen, info, layer, project, wrapper

from workbench.domain.machine import memory_bytes
from workbench.domain.training import TrainingSpec
from workbench.domain.tree import Block, Branches, Input, Layer, Repeat, Residual, Shared
from workbench.domain.values import ObjectSpec
from workbench.engine.build import BuildError, build_model, check_size, compile_model
from workbench.engine.describe import describe
from workbench.engine.objects import make, short_message


def same_weights(ours: Any, theirs: Any) -> bool:
    pairs = list(zip(ours.get_weights(), theirs.get_weights(), strict=True))
    return all(np.array_equal(one, other) for one, other in pairs) and len(pairs) > 0


def test_that_the_same_seed_gives_the_weights_of_a_plain_keras_script() -> None:
    ours = build_model(
        project(
            layer("Conv2D", filters=4, kernel_size=3, activation="relu", kernel_initializer="HeNormal"),
            layer("BatchNormalization"),
            layer("Flatten"),
            layer("Dropout", rate=0.5),
            layer("Dense", units=8, kernel_initializer=ObjectSpec("RandomNormal", {"stddev": 0.2})),
            layer("Dense", units=10, activation="softmax"),
        ),
        info(),
        seed=7,
    )
    keras.utils.set_random_seed(7)
    theirs = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(4, 3, activation="relu", kernel_initializer="he_normal"),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(8, kernel_initializer=keras.initializers.RandomNormal(stddev=0.2)),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    assert same_weights(ours, theirs)
    x = np.random.default_rng(0).random((4, 28, 28, 1), dtype="float32")
    assert np.array_equal(ours(x, training=True), theirs(x, training=True))


def test_that_a_named_initializer_draws_in_the_same_place_as_in_a_script() -> None:
    """A recurrent layer makes the kernel's initializer first, however the recurrent one is given."""
    ours = build_model(project(layer("LSTM", units=4, recurrent_initializer="GlorotNormal")), info((5, 3)), seed=3)
    keras.utils.set_random_seed(3)
    theirs = keras.Sequential([keras.Input((5, 3)), keras.layers.LSTM(4, recurrent_initializer="glorot_normal")])
    assert same_weights(ours, theirs)


def test_that_branches_and_residuals_are_built_as_drawn() -> None:
    left = Block(id="a", children=(layer("Dense", units=4),))
    right = Block(id="b", children=(layer("Dense", units=6),))
    model = build_model(
        project(
            Branches(id="branches", branches=(left, right)),
            Residual(id="residual", children=(layer("Dense", units=10),)),
            Repeat(id="repeat", times=3, children=(layer("Dense", units=10),)),
            layer("Dense", units=2),
        ),
        info((5,)),
    )
    assert model.output_shape == (None, 2)
    assert model.count_params() == (5 * 4 + 4) + (5 * 6 + 6) + (10 * 10 + 10) * 4 + (10 * 2 + 2)


def test_that_a_shared_layer_has_its_weights_once() -> None:
    dense = layer("Dense", units=5)
    model = build_model(project(dense, Shared(id="again", layer=dense.id)), info((5,)))
    assert model.count_params() == 30


def test_that_frozen_layers_and_blocks_do_not_learn() -> None:
    block = Block(id="block", trainable=False, children=(layer("Dense", units=4), layer("BatchNormalization")))
    model = build_model(project(block, frozen("Dense", units=3), layer("Dense", units=2)), info((5,)))
    assert len(model.trainable_weights) == 2
    assert model.count_params() == (5 * 4 + 4) + 4 * 4 + (4 * 3 + 3) + (3 * 2 + 2)


def test_that_frozen_normalization_runs_in_inference_mode() -> None:
    """It takes its own mean and variance also in training, and leaves them as they are."""
    x = np.random.default_rng(0).normal(3, 2, (16, 5)).astype("float32")
    kept = build_model(project(frozen("BatchNormalization"), layer("Dense", units=2)), info((5,)), seed=1)
    norm = kept.layers[1]
    np.testing.assert_array_equal(norm(x, training=True), norm(x, training=False))
    kept(x, training=True)
    np.testing.assert_array_equal(norm.moving_mean, np.zeros(5))
    learning = build_model(project(layer("BatchNormalization"), layer("Dense", units=2)), info((5,)), seed=1)
    learning(x, training=True)
    assert np.abs(learning.layers[1].moving_mean).min() > 0


def test_that_wrappers_take_their_layer() -> None:
    model = build_model(
        project(
            wrapper("TimeDistributed", layer("Dense", units=4)),
            wrapper("Bidirectional", layer("LSTM", units=3), merge_mode="sum"),
        ),
        info((6, 5)),
    )
    assert model.output_shape == (None, 3)


def test_that_attention_looks_at_its_only_input_twice() -> None:
    nodes = [layer("MultiHeadAttention", num_heads=2, key_dim=4), layer("Attention"), layer("AdditiveAttention")]
    model = build_model(project(*nodes), info((6, 8)))
    x = np.random.default_rng(0).random((2, 6, 8), dtype="float32")
    assert model(x).shape == (2, 6, 8)


def test_that_several_inputs_and_outputs_are_possible() -> None:
    left, right = Input(id="left", name="left", shape=(3,)), Input(id="right", name="right", shape=(4,))
    joined = Layer(id="join", class_name="Concatenate", inputs=("left", "right"))
    made = project(left, right, joined, layer("Dense", units=2))
    model = build_model(made, info())
    assert [tensor.shape for tensor in model.inputs] == [(None, 3), (None, 4)]
    assert model.output_shape == (None, 2)


def test_that_each_layer_says_its_one_output_for_the_probes() -> None:
    model = build_model(project(layer("Flatten"), layer("Dense", units=4)), info())
    assert [made.output.shape for made in model.layers] == [(None, 28, 28, 1), (None, 784), (None, 4)]


def test_that_an_activation_with_parameters_can_be_saved(tmp_path: Any) -> None:
    activation = ObjectSpec("leaky_relu", {"negative_slope": 0.3})
    model = build_model(project(layer("Flatten"), layer("Dense", units=4, activation=activation)), info())
    path = tmp_path / "model.keras"
    model.save(path)
    again = keras.models.load_model(path)
    x = np.random.default_rng(0).standard_normal((8, 28, 28, 1)).astype("float32")
    assert np.array_equal(model(x), again(x))
    assert float(np.min(model(x))) < 0


def test_that_cells_and_nested_objects_are_made() -> None:
    cells = (ObjectSpec("LSTMCell", {"units": 4}), ObjectSpec("GRUCell", {"units": 3}))
    stacked = ObjectSpec("StackedRNNCells", {"cells": cells})
    model = build_model(project(layer("RNN", cell=stacked)), info((5, 2)))
    assert model.output_shape == (None, 3)


def test_that_a_model_is_compiled_with_what_the_project_says() -> None:
    rate = ObjectSpec("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 10})
    training = TrainingSpec(
        optimizer=ObjectSpec("SGD", {"learning_rate": rate, "momentum": 0.9}),
        loss=ObjectSpec("SparseCategoricalCrossentropy"),
        metrics=(ObjectSpec("SparseCategoricalAccuracy", {"name": "accuracy"}),),
    )
    made = project(layer("Flatten"), layer("Dense", units=10, activation="softmax"), training=training)
    model = build_model(made, info())
    compile_model(model, made, info())
    x = np.random.default_rng(0).random((8, 28, 28, 1), dtype="float32")
    result = model.evaluate(x, np.zeros(8, "int32"), verbose=0, return_dict=True)
    assert set(result) == {"loss", "accuracy"}
    assert model.optimizer.momentum == 0.9
    assert float(model.optimizer.learning_rate) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (layer("Nothing"), "There is no layer called “Nothing”"),
        (layer("Lambda", function="print"), "There is no layer called “Lambda”"),
        (layer("Dense", units=4, colour=1), "Dense has no parameter called “colour”"),
        (layer("Dense", units=4, __class__="x"), "Dense has no parameter called “__class__”"),
        (layer("Dense", units="many"), "units of Dense cannot be 'many'; it takes a whole number"),
        (layer("Dense", units=True), "it takes a whole number"),
        (layer("Dense", units=0), "units of Dense must be at least 1, not 0"),
        (layer("Dense"), "Dense needs a value for units."),
        (layer("Dropout", rate=1.5), "rate of Dropout must be at least 0 and below 1, not 1.5"),
        (layer("Dropout", rate=float("nan")), "it takes a number"),
        (layer("Conv2D", filters=2, kernel_size=(3, 3, 3)), "it takes one whole number or 2"),
        (layer("Conv2D", filters=2, kernel_size=3, padding="causal"), "it takes one of valid, same"),
        (layer("Dense", units=4, activation="reloo"), "There is no activation called “reloo”"),
        (layer("Dense", units=4, activation=ObjectSpec("gelu", {"approximate": True})), "has no parameters"),
        (layer("Dense", units=4, kernel_initializer=ObjectSpec("Lambda")), "There is no initializer"),
        (layer("Dense", units=4, kernel_regularizer=3), "it takes a plain regularizer"),
        (layer("Dense", units=None), "Dense needs a value for units"),
        (layer("Conv1D", filters=2, kernel_size=3, strides=2, dilation_rate=2), "strides"),
    ],
)
def test_that_a_wrong_layer_is_told_at_its_node_in_a_sentence(node: Layer, words: str) -> None:
    with pytest.raises(BuildError) as caught:
        build_model(project(layer("Flatten"), node), info())
    assert caught.value.node_id == node.id
    assert words in caught.value.message
    assert "\x1b" not in caught.value.message
    assert len(caught.value.message) < 500


def test_that_a_layer_which_does_not_fit_its_input_is_told_with_what_it_got() -> None:
    node = layer("Conv2D", filters=2, kernel_size=3)
    with pytest.raises(BuildError, match="expected min_ndim=4, found ndim=2") as caught:
        build_model(project(layer("Flatten"), node), info())
    assert caught.value.node_id == node.id
    assert caught.value.input_shape == (784,)


def test_that_objects_nested_without_end_are_refused() -> None:
    spec = ObjectSpec("Adam")
    for _ in range(20):
        spec = ObjectSpec("LossScaleOptimizer", {"inner_optimizer": spec})
    with pytest.raises(BuildError, match="nested more than 8 deep"):
        make("optimizers", spec)


def test_that_a_network_too_large_for_the_machine_is_refused_before_it_is_made() -> None:
    huge = layer("Dense", units=10**9)
    with pytest.raises(BuildError, match="of memory") as caught:
        build_model(project(layer("Flatten"), huge), info())
    assert caught.value.node_id == huge.id
    check_size(project(layer("Flatten"), layer("Dense", units=10)), info())
    with pytest.raises(BuildError, match=r"only 1\.0 kB are there"):
        check_size(project(layer("Flatten"), layer("Dense", units=10)), info(), memory=1000)


def test_that_describing_beside_a_build_does_not_change_its_weights() -> None:
    """Both draw from Python's one random state; the window describes at any moment."""
    from workbench.engine.describe import describe

    small = project(layer("Flatten"), *(layer("Dense", units=5) for _ in range(10)))
    expected = build_model(small, info(), seed=5)
    done = threading.Event()

    def keep_describing() -> None:
        units = 1
        while not done.is_set():
            units += 1
            describe(project(layer("Flatten"), layer("Dense", units=units)), info())

    thread = threading.Thread(target=keep_describing)
    thread.start()
    try:
        for _ in range(5):
            assert same_weights(build_model(small, info(), seed=5), expected)
    finally:
        done.set()
        thread.join()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.tuples(inner, inner) | st.builds(ObjectSpec, st.sampled_from(["Adam", "Dense", "l2", "x"])),
    max_leaves=4,
)


@settings(max_examples=150)
@given(
    name=st.sampled_from(["Dense", "Conv2D", "Dropout", "Embedding", "LSTM", "Reshape", "Pipeline", "RNN"]),
    param=st.sampled_from(["units", "filters", "rate", "activation", "kernel_initializer", "target_shape", "cell"]),
    value=values,
)
def test_that_any_value_gives_an_object_or_a_sentence(name: str, param: str, value: Any) -> None:
    try:
        make("layers", ObjectSpec(name, {param: value}), "node")
    except BuildError as error:
        told = error
    else:
        return
    assert told.node_id == "node"
    assert 0 < len(told.message) < 700


def test_that_the_useful_end_of_a_long_message_is_kept() -> None:
    text = "Exception encountered when calling Dense.call().\n\n\x1b[1mBad thing.\x1b[0m\n\nArguments received by Dense"
    assert short_message(ValueError(text)) == "Bad thing."
    assert short_message(ValueError("x" * 1000 + " the end")).endswith("the end")
    assert short_message(KeyError()) == "KeyError"


def test_that_a_project_read_from_its_file_builds_the_same_network() -> None:
    made = project(layer("Conv2D", filters=3, kernel_size=(3, 5)), layer("Flatten"), layer("Dense", units=10))
    again = msgspec.json.decode(msgspec.json.encode(made), type=type(made))
    assert same_weights(build_model(again, info(), seed=1), build_model(made, info(), seed=1))


def test_that_the_machine_has_some_memory() -> None:
    assert 2**28 < memory_bytes() < 2**50


def test_that_a_skip_is_projected_where_a_residual_changes_the_shape() -> None:
    conv = layer("Conv2D", filters=8, kernel_size=3, strides=2, padding="same", activation="relu")
    tree = project(
        layer("Conv2D", filters=8, kernel_size=3, padding="same"),
        Repeat(id="rp", times=2, grow="filters *2", children=(Residual(id="r", name="stage", children=(conv,)),)),
        Residual(id="same", children=(layer("BatchNormalization"),)),
        layer("Flatten"),
        layer("Dense", units=10, activation="softmax"),
    )
    model = build_model(tree, info(), seed=3)
    projections = [each for each in model.layers if each.name.startswith("projection")]
    assert [each.filters for each in projections] == [8, 16]
    assert [each.output.shape[1:] for each in projections] == [(14, 14, 8), (7, 7, 16)]
    summary = describe(tree, info())
    assert summary.error is None
    assert summary.total_params == model.count_params()
    assert {each.name for each in summary.layers} == {each.name for each in model.layers[1:]}


def test_that_the_projection_of_a_frozen_residual_is_frozen() -> None:
    tree = project(Residual(id="r", trainable=False, children=(layer("Dense", units=5),)), layer("Dense", units=10))
    model = build_model(tree, info(shape=(4,)), seed=3)
    assert not model.get_layer("projection").trainable
    assert describe(tree, info(shape=(4,))).trainable_params == 60
