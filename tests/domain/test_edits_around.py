"""Wrappers around layers that are there, and layers that are used again with the same weights."""

import pytest

from workbench.domain.edits import EditError, share, unwrap, wrap_in_layer, wrappers_for
from workbench.domain.graph import layout
from workbench.domain.project import Project
from workbench.domain.tree import Block, Input, Layer, ModelTree, Shared, Start, Wrapper

LSTM = Layer(id="l", class_name="LSTM", params={"units": 8}, name="reader", inputs=("i",), start=Start("f", ("l",)))
OUT = Layer(id="o", class_name="Dense", params={"units": 3}, inputs=("l",))


def project(*nodes: Layer | Block | Input | Shared | Wrapper) -> Project:
    return Project(model=ModelTree((Input(id="i", shape=(5, 4)), *nodes)))


def test_that_a_wrapper_goes_around_a_layer_and_off_it_again() -> None:
    before = project(LSTM, OUT)
    after = wrap_in_layer(("l",), "Bidirectional")(before)
    wrapper = after.model.nodes[1]
    assert isinstance(wrapper, Wrapper)
    assert (wrapper.id, wrapper.inputs, wrapper.child.name, wrapper.child.start) == ("l", ("i",), "reader", None)
    steps = layout(after.model).steps
    assert [step.class_name for step in steps[1:]] == ["Bidirectional", "Dense"]
    assert steps[2].inputs == (steps[1].name,)
    again = unwrap(("l",))(after)
    assert [step.class_name for step in layout(again.model).steps[1:]] == ["LSTM", "Dense"]
    with pytest.raises(EditError, match="no single layer"):
        wrap_in_layer(("l",), "TimeDistributed")(after)


def test_that_only_wrappers_that_fit_are_offered() -> None:
    assert "Bidirectional" in wrappers_for([LSTM])
    assert "Bidirectional" not in wrappers_for([LSTM, OUT])
    assert "TimeDistributed" in wrappers_for([OUT])
    assert wrappers_for([]) == wrappers_for([Block(id="b")]) == ()


def test_that_layers_are_used_again_behind_the_last_of_them_with_the_same_weights() -> None:
    a, b = (Layer(id=name, class_name="Dense", params={"units": 4}) for name in "ab")
    end = Layer(id="o", class_name="Dense", params={"units": 3})
    after = share(("a", "b"))(project(a, b, end))
    first, second = after.model.nodes[3:5]
    assert isinstance(first, Shared)
    assert isinstance(second, Shared)
    assert (first.layer, second.layer, after.model.nodes[5]) == ("a", "b", end)
    once_more = share((first.id,))(after).model.nodes[4]
    assert isinstance(once_more, Shared)
    assert once_more.layer == "a"
    shared = [step for step in layout(after.model).steps if step.kind == "shared"]
    assert [step.shares for step in shared] == [step.name for step in layout(after.model).steps[1:3]]
    with pytest.raises(EditError, match="Select the layers in it"):
        share(("k",))(project(Block(id="k", children=(a,))))
