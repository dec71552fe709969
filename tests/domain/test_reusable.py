"""Reusable blocks: what is changed in one use is changed in all, but for what the block exposes."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain import edits
from workbench.domain.edits import EditError, NamedEdit
from workbench.domain.project import Project
from workbench.domain.project_file import decode, encode
from workbench.domain.reusable import exposed_value, in_step, uses
from workbench.domain.tree import Block, Exposed, Layer, ModelTree, Shared, Start, Target, children_of, find, walk

FILTERS = Exposed("filters", (Target("a", "filters"), Target("b", "filters")))


def conv(node_id: str, **params: object) -> Layer:
    return Layer(id=node_id, class_name="Conv2D", params={"filters": 8, "kernel_size": 3, **params})  # type: ignore[arg-type]


def project(*, copies: int = 2) -> Project:
    """`copies` uses of one block of two convolutions and a normalization, which exposes the number of filters."""
    tree = ModelTree((Block(id="u", name="pair", children=(conv("a"), conv("b"), Shared(id="s", layer="a"))),))
    made = edits.make_reusable("u", "pair", (FILTERS,)).apply(Project(model=tree))
    for _ in range(copies - 1):
        made = done(made, edits.duplicate(("u",)))
    return made


def done(before: Project, edit: NamedEdit) -> Project:
    """What the window does with an edit."""
    after = edit.apply(before)
    return msgspec.structs.replace(after, model=in_step(before.model, after.model))


def blocks(made: Project) -> tuple[Block, ...]:
    return uses(made.model, blocks_link(made))


def blocks_link(made: Project) -> str:
    first = made.model.nodes[0]
    assert isinstance(first, Block)
    return first.linked


def layers(block: Block) -> list[tuple[str, dict[str, object]]]:
    return [(node.class_name, dict(node.params)) for node in walk(block.children) if isinstance(node, Layer)]


def test_that_a_change_inside_one_use_is_made_in_all() -> None:
    made = done(project(copies=3), edits.set_param(("b",), "padding", "same"))
    assert len(blocks(made)) == 3
    assert {str(layers(block)) for block in blocks(made)} == {str(layers(blocks(made)[0]))}
    assert layers(blocks(made)[2])[1][1]["padding"] == "same"
    assert len({node.id for node in walk(made.model.nodes)}) == len(list(walk(made.model.nodes)))


def test_that_a_change_in_any_use_goes_to_the_first_too() -> None:
    before = project()
    last = blocks(before)[-1].children[0]
    made = done(before, edits.set_param((last.id,), "strides", 2))
    assert layers(blocks(made)[0])[0][1]["strides"] == 2


def test_that_layers_that_come_go_and_move_do_so_in_all_uses() -> None:
    norm = Layer(id="n", class_name="BatchNormalization")
    made = done(project(copies=3), edits.add_nodes((norm,), "u", 1))
    assert all(
        [name for name, _ in layers(block)] == ["Conv2D", "BatchNormalization", "Conv2D"] for block in blocks(made)
    )
    made = done(made, edits.remove(("a", "s")))
    assert all([name for name, _ in layers(block)] == ["BatchNormalization", "Conv2D"] for block in blocks(made))
    made = done(made, edits.move(("n",), "u", 2))
    assert all([name for name, _ in layers(block)] == ["Conv2D", "BatchNormalization"] for block in blocks(made))


def test_that_each_use_has_its_own_value_of_what_is_exposed() -> None:
    before = project()
    second = blocks(before)[1]
    made = done(before, edits.set_exposed((second.id,), "filters", 64))
    assert [exposed_value(block, block.exposed[0]) for block in blocks(made)] == [8, 64]
    assert [params["filters"] for _, params in layers(blocks(made)[1])] == [64, 64]
    made = done(made, edits.set_param(("a",), "padding", "same"))
    assert [exposed_value(block, block.exposed[0]) for block in blocks(made)] == [8, 64]
    assert layers(blocks(made)[1])[0][1]["padding"] == "same"


def test_that_references_inside_a_use_stay_inside() -> None:
    made = done(project(), edits.set_param(("a",), "padding", "same"))
    for block in blocks(made):
        shared = block.children[2]
        assert isinstance(shared, Shared)
        assert shared.layer == block.children[0].id


def test_that_a_detached_use_goes_its_own_way() -> None:
    before = project()
    second = blocks(before)[1]
    made = done(before, edits.detach((second.id,)))
    made = done(made, edits.set_param(("a",), "padding", "same"))
    left = find(made.model, second.id)
    assert isinstance(left, Block)
    assert left.linked == ""
    assert "padding" not in layers(left)[0][1]


def test_that_a_use_keeps_the_weights_that_its_layers_start_with() -> None:
    before = project()
    ours = Layer(id="a", class_name="Conv2D", params={"filters": 8, "kernel_size": 3}, start=Start("0" * 32, ("x",)))
    made = done(before, NamedEdit("Start", edits.change_nodes("", ("a",), lambda _node: ours).apply))
    assert [layer.start for layer in (blocks(made)[0].children[0], blocks(made)[1].children[0])] == [ours.start, None]  # type: ignore[union-attr]


def test_that_a_block_inside_itself_is_detached() -> None:
    before = project()
    second = blocks(before)[1]
    made = done(before, edits.move((second.id,), "u", 3))
    (only,) = blocks(made)
    inner = only.children[3]
    assert isinstance(inner, Block)
    assert inner.linked == ""


def test_that_what_is_wrong_is_told() -> None:
    tree = Project(model=ModelTree((Block(id="u", children=(conv("a"),)), conv("c"))))
    with pytest.raises(EditError, match="Group the layers"):
        edits.make_reusable("c", "x", ()).apply(tree)
    with pytest.raises(EditError, match="not in the block"):
        edits.make_reusable("u", "x", (Exposed("f", (Target("c", "filters"),)),)).apply(tree)
    twice = Exposed("f", (Target("a", "filters"),))
    with pytest.raises(EditError, match="same name"):
        edits.make_reusable("u", "x", (twice, twice)).apply(tree)


@given(st.data())
def test_that_uses_stay_alike_whatever_is_done(data: st.DataObject) -> None:
    made = project(copies=3)
    for _ in range(data.draw(st.integers(1, 5))):
        ids = [node.id for node in walk(made.model.nodes)]
        one = data.draw(st.sampled_from(ids))
        node = find(made.model, one)
        edit = data.draw(
            st.sampled_from(
                [
                    edits.set_param((one,), "padding", "same"),
                    edits.duplicate((one,)),
                    edits.set_exposed((one,), "filters", 3),
                    edits.add_nodes((Layer(id="new", class_name="ReLU"),), one if isinstance(node, Block) else None, 0),
                    *([edits.remove((one,))] if len(children_of(node)) == 0 else []),
                ]
            )
        )
        made = done(made, edit)
        kinds = {tuple(type(inner).__name__ for inner in walk(block.children)) for block in blocks_of(made)}
        assert len(kinds) <= 1
        ids = [node.id for node in walk(made.model.nodes)]
        assert len(ids) == len(set(ids))
        assert decode(encode(made), "project") == made


def blocks_of(made: Project) -> list[Block]:
    return [node for node in walk(made.model.nodes) if isinstance(node, Block) and node.linked]
