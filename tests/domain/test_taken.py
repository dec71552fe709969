"""Inputs that name a further output of a layer, as its state, through every kind of edit."""

import pytest

from workbench.domain.diagram import diagram, shapes_of
from workbench.domain.difference import tree_differences
from workbench.domain.edits import (
    EditError,
    duplicate,
    paste,
    remove,
    set_enabled,
    set_inputs,
    start_with_states,
    toggle_outputs,
    unwrap,
    wrap_in_block,
)
from workbench.domain.graph import GraphError, layout, sketch
from workbench.domain.project import Project
from workbench.domain.reading import tree_of
from workbench.domain.reading.python import read_python
from workbench.domain.summary import LayerSummary, ModelSummary
from workbench.domain.tree import AnyNode, Block, Input, Layer, ModelTree, Repeat, find, walk
from workbench.domain.values import Value


def lstm(node_id: str, *inputs: str, **params: Value) -> Layer:
    return Layer(id=node_id, name=node_id, class_name="LSTM", params={"units": 4, **params}, inputs=inputs)


def project(*nodes: AnyNode, outputs: tuple[str, ...] = ()) -> Project:
    return Project(model=ModelTree(nodes, outputs))


TRANSLATION = project(
    Input(id="source", name="source", shape=(5, 3)),
    lstm("enc", return_state=True),
    Input(id="target", name="target", shape=(7, 2)),
    lstm("dec", "target", "enc:1", "enc:2"),
)


def inputs(made: Project, node_id: str) -> tuple[str, ...]:
    return find(made.model, node_id).inputs


def test_that_states_are_steps_of_their_own_and_laid_once() -> None:
    steps = layout(TRANSLATION.model).steps
    assert [(step.kind, step.name, step.inputs) for step in steps] == [
        ("input", "source", ()),
        ("layer", "enc", ("source",)),
        ("input", "target", ()),
        ("output", "enc_state_h", ("enc",)),
        ("output", "enc_state_c", ("enc",)),
        ("layer", "dec", ("target", "enc_state_h", "enc_state_c")),
    ]
    twice = project(*TRANSLATION.model.nodes, lstm("again", "target", "enc:1", "enc:2"))
    assert sum(step.kind == "output" for step in layout(twice.model).steps) == 2


def test_that_a_repeated_layer_hands_on_the_states_of_the_last_round() -> None:
    deep = Repeat(id="deep", times=2, children=(lstm("enc", return_state=True),))
    tree = ModelTree((deep, lstm("d", "deep", "enc:1")))
    step = next(step for step in layout(tree).steps if step.kind == "output")
    assert step.inputs == ("enc_1",)


def test_that_states_of_what_is_switched_off_or_gone_are_refused_and_a_sketch_goes_on() -> None:
    off = set_enabled(("enc",), False)(TRANSLATION)
    with pytest.raises(GraphError, match=r"“dec” takes output 2 of “enc”, which is switched off. Switch it on."):
        layout(off.model)
    with pytest.raises(GraphError, match="not there any more"):
        layout(ModelTree((lstm("dec", "nobody:1"),)))
    with pytest.raises(GraphError, match="switched off"):
        layout(ModelTree(off.model.nodes[:3], ("enc:1",)))
    assert sketch(off.model).steps


def test_that_removing_a_layer_drops_its_states_and_keeps_its_place() -> None:
    assert inputs(remove(("enc",))(TRANSLATION), "dec") == ("target",)
    made = project(lstm("a"), lstm("enc", return_state=True), lstm("dec", "enc", "enc:1", "enc:2"))
    assert inputs(remove(("enc",))(made), "dec") == ("a",)
    named = project(*TRANSLATION.model.nodes, outputs=("dec", "enc:1"))
    assert remove(("enc",))(named).model.outputs == ("dec",)


def test_that_states_follow_copies_blocks_and_pieces_of_a_clipboard() -> None:
    copied = duplicate(("enc", "dec"))(TRANSLATION)
    new_enc, new_dec = (node for node in copied.model.nodes if node.id not in ("source", "enc", "target", "dec"))
    assert new_dec.inputs == ("target", f"{new_enc.id}:1", f"{new_enc.id}:2")
    blocked = wrap_in_block(("enc",))(TRANSLATION)
    assert inputs(blocked, "dec") == ("target", "enc:1", "enc:2")
    assert layout(blocked.model).steps == layout(TRANSLATION.model).steps
    block = Block(id="b", children=(lstm("enc", return_state=True),))
    opened = unwrap(("b",))(project(block, lstm("dec", "b", "b:1", "b:2")))
    assert inputs(opened, "dec") == ("enc", "enc:1", "enc:2")
    alone = paste((lstm("dec", "nobody", "nobody:1"),))(project(lstm("x")))
    assert alone.model.nodes[-1].inputs == ()


def test_that_an_edit_names_only_what_is_there() -> None:
    assert inputs(set_inputs("dec", ("enc:2",))(TRANSLATION), "dec") == ("enc:2",)
    with pytest.raises(EditError, match="not there"):
        set_inputs("dec", ("nobody:1",))(TRANSLATION)


def test_that_a_layer_starts_with_states_in_one_edit() -> None:
    made = project(*TRANSLATION.model.nodes[:3], lstm("dec"))
    once = start_with_states("dec", "enc")(made)
    assert inputs(once, "dec") == ("target", "enc:1", "enc:2")
    assert start_with_states("dec", "enc")(once) == once
    other = project(*made.model.nodes[:3], Layer(id="dec", class_name="GRU", params={"units": 4}))
    with pytest.raises(EditError, match="cannot start with the states of “enc”"):
        start_with_states("dec", "enc")(other)
    with pytest.raises(EditError, match="takes the data themselves"):
        start_with_states("a", "b")(project(lstm("a"), lstm("b")))


def test_that_outputs_by_number_stay_when_others_come_and_go() -> None:
    named = project(*TRANSLATION.model.nodes, outputs=("enc:1", "dec"))
    assert toggle_outputs(("target",))(named).model.outputs == ("enc:1", "target", "dec")
    assert toggle_outputs(("dec",))(named).model.outputs == ("enc:1",)


def test_that_the_diagram_draws_states_as_an_arrow_with_their_shape() -> None:
    drawn = diagram(TRANSLATION.model)
    assert [box.node_id for box in drawn.boxes] == ["source", "enc", "target", "dec"]
    link = next(link for link in drawn.links if link.source == "enc")
    assert (link.target, link.origin) == ("dec", "enc:1")
    told = LayerSummary("enc", "enc", "LSTM", (5, 3), (4,), 128, 128, further=((4,), (4,)))
    assert shapes_of(ModelSummary(layers=(told,)))[link.origin] == (4,)


def test_that_other_states_are_a_difference_and_the_same_ones_none() -> None:
    assert tree_differences(TRANSLATION.model, TRANSLATION.model) == ()
    other = set_inputs("dec", ("target", "enc:2", "enc:1"))(TRANSLATION)
    (found,) = tree_differences(TRANSLATION.model, other.model)
    assert found.detail == "other inputs"


def test_that_python_with_states_is_read() -> None:
    script = read_python(
        """
import keras
from keras import layers

source, target = keras.Input((5, 3)), keras.Input((7, 2))
encoder = layers.Bidirectional(layers.GRU(2, return_state=True, return_sequences=True))
read, forward, backward = encoder(source)
state = layers.Concatenate()([forward, backward])
words, scores = layers.MultiHeadAttention(1, 4)(target, read, return_attention_scores=True)
out = layers.GRU(4)(words, initial_state=state)
model = keras.Model(inputs=[source, target], outputs=[out, scores])
"""
    )
    assert script.unread == ()
    assert script.calls is not None
    tree, _ = tree_of(script.calls)
    named = {getattr(node, "class_name", ""): node for node in walk(tree.nodes)}
    assert named["Concatenate"].inputs == (f"{named['Bidirectional'].id}:1", f"{named['Bidirectional'].id}:2")
    assert named["GRU"].id != named["Bidirectional"].id
    last = next(node for node in tree.nodes if isinstance(node, Layer) and node.class_name == "GRU")
    assert last.inputs[-1] == named["Concatenate"].id
    assert tree.outputs == (last.id, f"{named['MultiHeadAttention'].id}:1")
