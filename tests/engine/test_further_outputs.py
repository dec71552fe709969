"""Layers with several outputs: states that start other layers, scores of attention, and what is told at a call."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers
from networks import info, layer, project

from workbench.domain.checks import find_problems
from workbench.domain.graph import layout
from workbench.domain.project import Project
from workbench.domain.reading import tree_of
from workbench.domain.script.model import model_lines
from workbench.domain.taken import node_in, number_in, outputs_of, taken
from workbench.domain.tree import Input, Layer, ModelTree, walk
from workbench.domain.values import Value
from workbench.engine.build import build_model
from workbench.engine.describe import describe
from workbench.engine.reading.keras_model import Reading

pytestmark = pytest.mark.engine


def translation() -> Any:
    source, target = keras.Input((5, 3)), keras.Input((7, 2))
    _, h, c = layers.LSTM(4, return_state=True)(source)
    words, _, _ = layers.LSTM(4, return_sequences=True, return_state=True)(target, initial_state=[h, c])
    return keras.Model([source, target], layers.Dense(2, activation="softmax")(words))


def one_state() -> Any:
    source, target = keras.Input((5, 3)), keras.Input((7, 2))
    read, state = layers.GRU(4, return_sequences=True, return_state=True)(source)
    words = layers.SimpleRNN(4, return_sequences=True)(target, initial_state=[state])
    return keras.Model([source, target], [layers.Attention()([words, read]), layers.Dense(3)(state)])


def both_ways() -> Any:
    source, target = keras.Input((5, 3)), keras.Input((7, 2))
    _, h1, c1, h2, c2 = layers.Bidirectional(layers.LSTM(2, return_state=True))(source)
    h, c = layers.Concatenate()([h1, h2]), layers.Concatenate()([c1, c2])
    words = layers.LSTM(4, return_sequences=True)(target, initial_state=[h, c])
    again = layers.Bidirectional(layers.LSTM(2))(target, initial_state=[h1, c1, h2, c2])
    return keras.Model([source, target], [words, again])


def stack() -> Any:
    source, target = keras.Input((5, 3)), keras.Input((7, 2))
    cells = [[layers.LSTMCell(4), layers.GRUCell(3)] for _ in range(2)]
    _, first, second = layers.RNN(cells[0], return_state=True)(source)
    words = layers.RNN(cells[1], return_sequences=True)(target, initial_state=[first, second])
    return keras.Model([source, target], words)


def films() -> Any:
    source, target = keras.Input((3, 6, 6, 1)), keras.Input((2, 6, 6, 1))
    _, h, c = layers.ConvLSTM2D(2, 3, padding="same", return_state=True)(source)
    return keras.Model([source, target], layers.ConvLSTM2D(2, 3, padding="same")(target, initial_state=[h, c]))


def scores() -> Any:
    x, y, mask = keras.Input((5, 8)), keras.Input((6, 8)), keras.Input((5, 6), dtype="bool")
    seen, looks = layers.MultiHeadAttention(2, 4)(x, y, return_attention_scores=True)
    masked = layers.MultiHeadAttention(1, 3)(x, y, attention_mask=mask)
    _, plain = layers.Attention()([x, y], return_attention_scores=True)
    return keras.Model([x, y, mask], [seen, looks, masked, layers.Dense(2)(plain)])


def states_out() -> Any:
    x = keras.Input((5, 3))
    return keras.Model(x, list(layers.LSTM(4, return_sequences=True, return_state=True, name="reader")(x)))


def one_reader_for_both() -> Any:
    left, right = keras.Input((5, 3)), keras.Input((5, 3))
    reader = layers.LSTM(4, return_state=True, return_sequences=True)
    once, h, c = reader(left)
    return keras.Model([left, right], layers.Add()([reader(right, initial_state=[h, c])[0], once]))


def told() -> Any:
    """Keras heeds the `training` of such calls only where the model is called without it."""
    inner = keras.Sequential([keras.Input((8,)), layers.Dense(4), layers.BatchNormalization()])
    x = keras.Input((8,))
    return keras.Model(x, layers.Dense(2)(layers.BatchNormalization()(inner(x, training=False), training=True)))


MODELS: dict[str, Callable[[], Any]] = {
    made.__name__: made
    for made in (translation, one_state, both_ways, stack, films, scores, states_out, one_reader_for_both, told)
}


def numbers(model: Any, training: bool = False) -> list[Any]:
    random = np.random.default_rng(0)
    x = [random.random((3, *tensor.shape[1:])) > 0.5 for tensor in model.inputs]
    given_ = [each if tensor.dtype == "bool" else each * 0.7 for each, tensor in zip(x, model.inputs, strict=True)]
    keras.utils.set_random_seed(2)
    made = model(given_ if len(given_) > 1 else given_[0], training=training)
    return [np.asarray(each) for each in keras.tree.flatten(made)]


@pytest.mark.parametrize("name", MODELS)
def test_that_a_model_its_tree_and_the_script_of_that_give_the_same_to_the_bit(name: str) -> None:
    keras.utils.set_random_seed(1)
    model = MODELS[name]()
    reading = Reading(model)
    tree, ids = tree_of(reading.calls)
    made = Project(model=tree)
    ours = build_model(made, info((5, 3)))
    names = {step.node_id: step.name for step in layout(tree).steps if step.kind in ("layer", "wrapper")}
    for call_id, read in reading.layers.items():
        ours.get_layer(names[ids[call_id]]).set_weights(read.get_weights())
    scope: dict[str, Any] = {"keras": keras}
    exec("\n".join(model_lines(made, info((5, 3)), describe(made, info((5, 3))))), scope)
    script = scope["model"]
    script.set_weights(ours.get_weights())
    assert ours.count_params() == script.count_params() == model.count_params()
    for training in (False, True):
        expected = numbers(model, training)
        for got in (numbers(ours, training), numbers(script, training)):
            assert [each.shape for each in got] == [each.shape for each in expected]
            assert all(np.array_equal(one, other) for one, other in zip(got, expected, strict=True))


def test_that_the_shapes_of_states_are_told() -> None:
    tree, _ = tree_of(Reading(translation()).calls)
    summary = describe(Project(model=tree), info((5, 3)))
    encoder, decoder = (each for each in summary.layers if each.class_name == "LSTM")
    assert (encoder.output_shape, encoder.further) == ((4,), ((4,), (4,)))
    assert (decoder.output_shape, decoder.further) == ((7, 4), ((4,), (4,)))


def network(giver: dict[str, Value], taker: dict[str, Value], *places: int) -> Project:
    return project(
        Input(id="a", name="source", shape=(5, 3)),
        Layer(id="enc", name="encoder", class_name="LSTM", params={"units": 4, **giver}),
        Input(id="b", name="target", shape=(7, 2)),
        Layer(
            id="dec",
            name="decoder",
            class_name="LSTM",
            params={"units": 4, **taker},
            inputs=("b", *(taken("enc", place) for place in places)),
        ),
        layer("Dense", units=2),
    )


WRONG = {
    "off": (network({}, {}, 1, 2), "missing_output", "enc", "Output 2 of “encoder” is taken, and it has only 1."),
    "one": (network({"return_state": True}, {}, 1), "states_count", "dec", "starts with 2 states"),
    "size": (network({"return_state": True}, {"units": 5}, 1, 2), "states_size", "dec", "has 5 units"),
}


@pytest.mark.parametrize("name", WRONG)
def test_that_states_that_do_not_fit_are_told_and_each_repair_mends_them(name: str) -> None:
    made, code, node_id, words = WRONG[name]
    data = info((5, 3))
    found = find_problems(made, data, describe(made, data))
    assert "build" not in [each.code for each in found]
    (problem,) = (each for each in found if each.code == code)
    assert problem.node_id == node_id
    assert words in problem.message
    assert len(problem.repairs) == 2
    for repair in problem.repairs:
        mended = repair.edit(made)
        assert describe(mended, data).error is None, repair.title
        assert code not in [each.code for each in find_problems(mended, data, describe(mended, data))]


def test_that_the_engine_refuses_states_that_do_not_fit() -> None:
    for name, words in {"off": "Output 2", "one": "starts with 2 states", "size": "states of 5 numbers"}.items():
        error = describe(WRONG[name][0], info((5, 3))).error
        assert error is not None
        assert words in error.message


@given(st.sampled_from(["a", "a1b2c3d4", "x:y", "1"]), st.integers(0, 999))
def test_that_the_name_of_an_output_holds_node_and_number(node_id: str, number: int) -> None:
    name = taken(node_id, number)
    assert (node_in(name), number_in(name)) == (node_id, number)


@settings(max_examples=30)
@given(st.text(max_size=12))
def test_that_any_text_names_some_output(name: str) -> None:
    assert taken(node_in(name), number_in(name)) in (name, node_in(name))


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "SimpleRNN", "ConvLSTM1D", "Bidirectional", "RNN"])
def test_that_outputs_are_as_many_as_keras_gives(kind: str) -> None:
    x = keras.Input((5, 6, 3) if kind.startswith("Conv") else (5, 3))
    inner = None
    if kind == "Bidirectional":
        made = layers.Bidirectional(layers.GRU(2, return_state=True))
        inner = ("GRU", {"units": 2, "return_state": True})
    elif kind == "RNN":
        made = layers.RNN(layers.LSTMCell(2), return_state=True)
    else:
        sizes = {"filters": 2, "kernel_size": 3} if kind.startswith("Conv") else {"units": 2}
        made = getattr(layers, kind)(**sizes, return_state=True)
    given_ = len(keras.tree.flatten(made(x)))
    names = outputs_of(kind, {"return_state": True}, inner)
    assert len(names) == given_ or "" in names


def test_that_a_tree_keeps_its_outputs_by_number() -> None:
    tree, _ = tree_of(Reading(states_out()).calls)
    reader = next(node for node in walk(tree.nodes) if isinstance(node, Layer))
    assert tree.outputs == (reader.id, f"{reader.id}:1", f"{reader.id}:2")
    assert layout(ModelTree(tree.nodes, tree.outputs)).outputs == ("reader", "reader_state_h", "reader_state_c")
