"""Which layers keep their weights, and the edits of that."""

import pytest

from workbench.domain import edits
from workbench.domain.freezing import but_the_top, frozen_layers, leading_to
from workbench.domain.project import Project
from workbench.domain.tree import Block, Branches, Input, Layer, ModelTree, Repeat, Wrapper, find


def layer(node_id: str, *inputs: str, trainable: bool = True) -> Layer:
    return Layer(id=node_id, class_name="Dense", params={"units": 2}, inputs=inputs, trainable=trainable)


BASE = Block(id="base", children=(layer("a"), Block(id="inner", children=(layer("b"), layer("c")))), trainable=False)
NET = Project(model=ModelTree((BASE, layer("d"), layer("e"))))


def frozen(project: Project) -> str:
    return "".join(sorted(frozen_layers(project.model)))


def test_that_what_stands_in_something_frozen_is_frozen() -> None:
    assert frozen(NET) == "abc"


def test_that_unfreezing_a_layer_of_a_frozen_block_leaves_the_rest_of_it_frozen() -> None:
    after = edits.unfreeze(("c",))(NET)
    assert frozen(after) == "ab"
    assert find(after.model, "base").trainable, "else nothing in it could learn"  # type: ignore[union-attr]
    assert frozen(edits.unfreeze(("base",))(NET)) == ""


def test_that_freezing_all_but_the_top_counts_from_the_end() -> None:
    assert frozen(edits.freeze_all_but(2)(NET)) == "abc"
    assert frozen(edits.freeze_all_but(3)(NET)) == "ab"
    assert frozen(edits.freeze_all_but(0)(NET)) == "abcde"
    assert frozen(edits.freeze_all_but(9)(NET)) == ""
    assert edits.freeze_all_but(1)(NET).model.nodes[0] is BASE, "what is frozen as a whole stays so"
    assert edits.freeze_all_but(1).name == "Freeze all but the top layer"


def test_that_the_top_of_a_block_leaves_what_is_outside_as_it_is() -> None:
    before = edits.set_trainable(("d",), False)(NET)
    assert frozen(edits.freeze_all_but(1, "base")(before)) == "abd"
    assert but_the_top(NET.model, 1, "inner") == {"a", "b"}
    with pytest.raises(edits.EditError, match="not there any more"):
        edits.freeze_all_but(1, "gone")(NET)


def test_that_freezing_up_to_here_follows_what_layers_take() -> None:
    tree = ModelTree(
        (
            Input(id="i"),
            layer("a"),
            Branches(id="f", branches=(Block(id="l", children=(layer("b"),)), Block(id="r", children=(layer("c"),)))),
            layer("d"),
            layer("x", "i"),
        )
    )
    project = Project(model=tree)
    assert frozen(edits.freeze_up_to(("c",))(project)) == "ac", "not the branch beside it"
    assert frozen(edits.freeze_up_to(("f",))(project)) == "abc"
    assert frozen(edits.freeze_up_to(("x",))(project)) == "x"
    assert leading_to(tree, ["d"]) == {"a", "b", "c", "d"}
    with pytest.raises(edits.EditError, match="nothing to freeze"):
        edits.freeze_up_to(("i",))(project)


def test_that_a_wrapper_is_one_layer_and_a_repetition_counts_once() -> None:
    wrapped = Wrapper(id="w", class_name="TimeDistributed", child=layer("in", trainable=False))
    project = Project(model=ModelTree((wrapped, Repeat(id="r", times=4, children=(layer("a"),)), layer("b"))))
    assert frozen(project) == "w"
    assert frozen(edits.freeze_all_but(1)(project)) == "aw"
    freed = edits.freeze_all_but(3)(project)
    assert frozen(freed) == ""
    assert find(freed.model, "in").trainable  # type: ignore[union-attr]


def test_that_what_is_frozen_already_is_no_edit() -> None:
    assert edits.freeze_all_but(2)(NET) is NET
    assert edits.freeze_up_to(("base",))(NET) is NET
    assert edits.unfreeze(("d",))(NET) is NET
