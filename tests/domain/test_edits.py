"""Edits: what they do, and what they never do to the rest of the project."""

from collections import Counter
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trees import forests, numbered, trees

from workbench.domain import edits
from workbench.domain.catalogue import load_catalogue
from workbench.domain.dataset import DatasetSpec, SourceSpec, StepSpec
from workbench.domain.edits import EditError, NamedEdit, learn_column, use_columns
from workbench.domain.graph import MAX_DEPTH
from workbench.domain.project import Project
from workbench.domain.tree import (
    AnyNode,
    Block,
    Branches,
    Input,
    Layer,
    ModelTree,
    Repeat,
    Residual,
    Shared,
    Wrapper,
    find,
    walk,
)
from workbench.domain.values import ObjectSpec


def dense(node_id: str, **more: object) -> Layer:
    return Layer(id=node_id, class_name="Dense", **more)  # type: ignore[arg-type]


def project(*nodes: AnyNode, outputs: tuple[str, ...] = ()) -> Project:
    return Project(model=ModelTree(nodes, outputs))


def outline(nodes: tuple[AnyNode, ...]) -> list[object]:
    """Ids, with what is inside as a list behind."""
    found: list[object] = []
    for node in nodes:
        found.append(node.id)
        match node:
            case Block(children=inside) | Repeat(children=inside) | Residual(children=inside):
                found.append(outline(inside))
            case Branches(branches=inside):
                found.append(outline(inside))
    return found


def after(edit: NamedEdit, before: Project) -> list[object]:
    return outline(edit(before).model.nodes)


NESTED = project(dense("a"), Block(id="b", name="inner", children=(dense("c"), dense("d"))), dense("e"))


def test_that_nodes_are_added_where_asked() -> None:
    new = (dense("x"),)
    assert after(edits.add_nodes(new), NESTED) == ["a", "b", ["c", "d"], "e", "x"]
    assert after(edits.add_nodes(new, None, 1), NESTED) == ["a", "x", "b", ["c", "d"], "e"]
    assert after(edits.add_nodes(new, "b", 1), NESTED) == ["a", "b", ["c", "x", "d"], "e"]
    assert after(edits.add_nodes(new, "b", 99), NESTED) == ["a", "b", ["c", "d", "x"], "e"]
    assert edits.add_nodes(new).name == "Add Dense"
    assert edits.add_nodes((*new, dense("y"))).name == "Add 2 layers"


def test_that_what_an_edit_made_is_known_for_the_selection() -> None:
    changed = edits.add_nodes((Block(id="a", children=(dense("x"),)), dense("y")), "b")(NESTED)
    first, second = edits.added_ids(NESTED, changed)
    assert first != "a"
    assert second == "y"


def test_that_names_stay_unique_when_nodes_are_added() -> None:
    changed = edits.add_nodes((dense("x", name="inner"), dense("y", name="inner")))(NESTED)
    assert [node.name for node in walk(changed.model.nodes) if node.name] == ["inner", "inner 2", "inner 3"]


def test_that_a_layer_among_branches_becomes_a_branch() -> None:
    before = project(Branches(id="b", branches=(Block(id="l"),)))
    (branches,) = edits.add_nodes((dense("x"), dense("y")), "b")(before).model.nodes
    assert isinstance(branches, Branches)
    assert [len(branch.children) for branch in branches.branches] == [0, 2]


def test_that_nothing_is_put_into_a_layer_or_what_is_gone() -> None:
    with pytest.raises(EditError, match="cannot hold other layers"):
        edits.add_nodes((dense("x"),), "a")(NESTED)
    with pytest.raises(EditError, match="not there any more"):
        edits.add_nodes((dense("x"),), "gone")(NESTED)


def test_that_removing_takes_all_inside_along_once() -> None:
    assert after(edits.remove(("b", "c", "gone")), NESTED) == ["a", "e"]
    assert edits.remove(("gone",))(NESTED) is NESTED


def test_that_what_took_a_removed_layer_takes_what_was_above_it() -> None:
    before = project(dense("a"), dense("b"), dense("c"), dense("d", inputs=("a", "c")), outputs=("c", "d"))
    changed = edits.remove(("b", "c"))(before)
    assert find(changed.model, "d").inputs == ("a",)
    assert changed.model.outputs == ("a", "d")


def test_that_the_layer_in_a_wrapper_goes_with_its_wrapper() -> None:
    before = project(dense("a"), Wrapper(id="w", class_name="Bidirectional", child=dense("c")))
    assert after(edits.remove(("c",)), before) == ["a"]


@pytest.mark.parametrize(
    ("moved", "parent", "index", "expected"),
    [
        (("a",), None, 3, ["b", ["c", "d"], "e", "a"]),
        (("e",), None, 0, ["e", "a", "b", ["c", "d"]]),
        (("a",), "b", 1, ["b", ["c", "a", "d"], "e"]),
        (("c",), None, None, ["a", "b", ["d"], "e", "c"]),
        (("a", "e"), "b", 0, ["b", ["a", "e", "c", "d"]]),
        (("c",), "b", 2, ["a", "b", ["d", "c"], "e"]),
        (("b", "c"), None, 0, ["b", ["c", "d"], "a", "e"]),
        (("a",), None, 1, ["a", "b", ["c", "d"], "e"]),
    ],
)
def test_that_nodes_are_moved_where_they_are_dropped(
    moved: tuple[str, ...], parent: str | None, index: int | None, expected: list[object]
) -> None:
    assert after(edits.move(moved, parent, index), NESTED) == expected


def test_that_a_move_to_where_it_stands_changes_nothing() -> None:
    assert edits.move(("a",), None, 0)(NESTED) is NESTED


def test_that_a_block_is_not_moved_into_itself() -> None:
    before = project(Block(id="a", children=(Block(id="b", children=(dense("c"),)),)))
    for parent in ("a", "b"):
        with pytest.raises(EditError, match="into itself"):
            edits.move(("a",), parent)(before)


def test_that_a_name_can_be_given_and_taken_away() -> None:
    named = edits.rename("a", "  first   layer ")(NESTED)
    assert find(named.model, "a").name == "first layer"
    assert find(edits.rename("a", "")(named).model, "a").name == ""
    with pytest.raises(EditError, match="called “first layer” already"):
        edits.rename("e", "first layer")(named)
    assert edits.rename("a", "first layer")(named) is named


def test_that_copies_stand_behind_and_follow_their_own_references() -> None:
    before = project(
        dense("a", name="head"), Layer(id="m", class_name="Add", inputs=("a", "z")), Shared(id="s", layer="a")
    )
    nodes = edits.duplicate(("a", "m", "s"))(before).model.nodes
    assert outline(nodes)[:3] == ["a", "m", "s"]
    copy, merge, shared = nodes[3:]
    assert copy.name == "head 2"
    assert merge.inputs == (copy.id, "z")
    assert isinstance(shared, Shared)
    assert shared.layer == copy.id


def test_that_copies_of_several_blocks_stand_in_their_blocks() -> None:
    nodes = edits.duplicate(("a", "c"))(NESTED).model.nodes
    assert [len(walked) for walked in (tuple(walk(nodes)), nodes)] == [7, 4]


def test_that_parameters_are_set_and_reset_on_all_that_have_them() -> None:
    block = Block(id="b", children=(Branches(id="x"), Wrapper(id="w", class_name="TimeDistributed", child=dense("c"))))
    before = project(dense("a", params={"units": 3, "activation": "relu"}), block)
    edit = edits.set_params(("a", "b", "c", "w", "x"), {"units": 5})
    changed = edit(before).model
    assert find(changed, "a") == dense("a", params={"units": 5, "activation": "relu"})
    assert find(changed, "c") == dense("c", params={"units": 5})
    merged = find(changed, "x")
    assert isinstance(merged, Branches)
    assert merged.merge == ObjectSpec("Concatenate", {"units": 5})
    assert edit.name == "Set units"
    assert edits.set_param(("a",), "units", 3)(before) is before
    reset = find(edits.reset_params(("a", "b"), ("units", "odd"))(before).model, "a")
    assert reset == dense("a", params={"activation": "relu"})


def test_that_edits_of_one_parameter_can_be_undone_as_one() -> None:
    first, second = edits.set_param(("a",), "units", 3), edits.set_param(("a",), "units", 34)
    assert first.merge_key == second.merge_key != edits.set_param(("b",), "units", 3).merge_key


def test_that_switches_reach_what_has_them() -> None:
    before = project(Input(id="i"), dense("a"))
    frozen = edits.set_trainable(("i", "a"), False)(before).model
    assert find(frozen, "a") == dense("a", trainable=False)
    assert not find(edits.set_enabled(("i",), False)(before).model, "i").enabled


def test_that_fields_are_set_but_not_the_id() -> None:
    before = project(Input(id="i"), Repeat(id="r"))
    changed = edits.set_field(("i", "r"), "times", 4)(before).model
    assert find(changed, "r") == Repeat(id="r", times=4)
    with pytest.raises(EditError, match="cannot be set"):
        edits.set_field(("i",), "id", "x")(before)


def test_that_layers_are_grouped_and_ungrouped() -> None:
    grouped = edits.wrap_in_block(("a", "c", "b"), "group")(NESTED)
    block = grouped.model.nodes[0]
    assert isinstance(block, Block)
    assert outline(block.children) == ["a", "b", ["c", "d"]]
    assert after(edits.unwrap((block.id,)), grouped) == ["a", "b", ["c", "d"], "e"]
    assert after(edits.unwrap((block.id, "b")), grouped) == ["a", "c", "d", "e"]
    with pytest.raises(EditError, match="different blocks"):
        edits.wrap_in_block(("a", "c"))(NESTED)


def test_that_other_groups_can_be_made() -> None:
    assert isinstance(edits.wrap_in_residual(("a",))(NESTED).model.nodes[0], Residual)
    assert edits.wrap_in_repeat(("a",), 3)(NESTED).model.nodes[0].times == 3  # type: ignore[union-attr]


def test_that_ungrouping_keeps_what_held_for_the_block() -> None:
    block = Block(id="b", inputs=("a",), trainable=False, children=(dense("c"), dense("d")))
    before = project(dense("a"), dense("z"), block, dense("e", inputs=("b",)), outputs=("b",))
    changed = edits.unwrap(("b",))(before).model
    assert find(changed, "c") == dense("c", inputs=("a",), trainable=False)
    assert find(changed, "d") == dense("d", trainable=False)
    assert find(changed, "e").inputs == ("d",)
    assert changed.outputs == ("d",)


def test_that_a_branch_is_not_ungrouped() -> None:
    with pytest.raises(EditError, match="needs its branches"):
        edits.unwrap(("l",))(project(Branches(id="b", branches=(Block(id="l"),))))


def test_that_inputs_and_outputs_name_what_is_there() -> None:
    assert find(edits.set_inputs("e", ("a",))(NESTED).model, "e").inputs == ("a",)
    assert edits.set_outputs(("b",))(NESTED).model.outputs == ("b",)
    for edit in (edits.set_inputs("e", ("gone",)), edits.set_outputs(("gone",))):
        with pytest.raises(EditError, match="not there any more"):
            edit(NESTED)


def test_that_another_class_keeps_common_parameters() -> None:
    conv = Layer(id="a", class_name="Conv2D", params={"filters": 7, "kernel_size": 5, "groups": 1, "padding": "same"})
    entry = load_catalogue().entry("layers", "SeparableConv2D")
    changed = find(edits.replace_class(("a",), entry)(project(conv)).model, "a")
    assert isinstance(changed, Layer)
    assert changed.class_name == "SeparableConv2D"
    assert changed.params == {"filters": 7, "kernel_size": 5, "padding": "same"}


def test_that_new_nodes_begin_with_what_keras_asks_for() -> None:
    catalogue = load_catalogue()
    assert edits.new_node(catalogue.entry("layers", "Dense")).params == {"units": 64}
    wrapper = edits.new_node(catalogue.entry("layers", "Bidirectional"))
    assert isinstance(wrapper, Wrapper)
    assert wrapper.child.class_name == "LSTM"


def test_that_data_training_and_name_are_set() -> None:
    spec = DatasetSpec(SourceSpec("iris"))
    changed = edits.combined(
        "All", edits.set_data(spec), edits.set_training(epochs=3, batch_size=None), edits.rename_project(" New  name ")
    )(NESTED)
    assert (changed.data, changed.training.epochs, changed.name) == (spec, 3, "New name")
    assert edits.set_training(batch_size=5).name == "Set batch size"
    with pytest.raises(EditError, match="needs a name"):
        edits.rename_project("  ")(NESTED)


def test_that_blocks_cannot_be_nested_without_end() -> None:
    current = project(dense("a"))
    for _level in range(MAX_DEPTH - 1):
        current = edits.wrap_in_block((current.model.nodes[0].id,))(current)
    with pytest.raises(EditError, match="nested"):
        edits.wrap_in_block((current.model.nodes[0].id,))(current)


def test_that_untouched_parts_stay_the_same_objects() -> None:
    changed = edits.set_param(("a",), "units", 9)(NESTED)
    assert changed.model.nodes[1] is NESTED.model.nodes[1]
    assert changed.training is NESTED.training


# What holds for any tree and any edit.


@st.composite
def any_edit(draw: st.DrawFn, tree: ModelTree) -> NamedEdit:
    ids = [node.id for node in walk(tree.nodes)] or ["gone"]
    some = tuple(draw(st.lists(st.sampled_from([*ids, "gone"]), max_size=4)))
    one = draw(st.sampled_from(ids))
    parent = draw(st.sampled_from([None, *ids]))
    index = draw(st.none() | st.integers(-1, 6))
    new = numbered(draw(forests(1, 4)), draw(st.sampled_from(["n", "x"])))
    makers: list[Callable[[], NamedEdit]] = [
        lambda: edits.add_nodes(new, parent, index),
        lambda: edits.paste(new, parent, index),
        lambda: edits.remove(some),
        lambda: edits.move(some, parent, index),
        lambda: edits.duplicate(some),
        lambda: edits.wrap_in_block(some),
        lambda: edits.wrap_in_residual(some),
        lambda: edits.unwrap(some),
        lambda: edits.rename(one, draw(st.sampled_from(["", "head", "other"]))),
        lambda: edits.set_params(some, {"units": 3}),
        lambda: edits.reset_params(some, ("units",)),
        lambda: edits.set_enabled(some, False),
        lambda: edits.set_trainable(some, False),
        lambda: edits.set_inputs(one, some),
    ]
    return draw(st.sampled_from(makers))()


@st.composite
def edited(draw: st.DrawFn) -> tuple[Project, list[NamedEdit]]:
    tree = draw(trees())
    return Project(model=tree), [draw(any_edit(tree)) for _ in range(draw(st.integers(1, 4)))]


@given(edited())
def test_that_ids_stay_unique_and_the_project_before_is_untouched(case: tuple[Project, list[NamedEdit]]) -> None:
    current, chain = case
    for edit in chain:
        kept = msgspec.json.encode(current)
        try:
            changed = edit(current)
        except EditError:
            continue
        finally:
            assert msgspec.json.encode(current) == kept
        ids = [node.id for node in walk(changed.model.nodes)]
        assert len(set(ids)) == len(ids)
        assert msgspec.json.decode(msgspec.json.encode(changed), type=Project).model is not None
        assert edit.name
        current = changed


def contents(nodes: tuple[AnyNode, ...]) -> Counter[str]:
    """Nodes without what is inside and around them."""
    return Counter(f"{node.id} {type(node).__name__} {getattr(node, 'class_name', '')}" for node in walk(nodes))


@given(trees(), st.data())
def test_that_a_move_loses_and_makes_nothing(tree: ModelTree, data: st.DataObject) -> None:
    ids = [node.id for node in walk(tree.nodes)]
    moved = tuple(data.draw(st.lists(st.sampled_from([*ids, "gone"]), max_size=4)))
    parent = data.draw(st.sampled_from([None, *ids]))
    try:
        changed = edits.move(moved, parent, data.draw(st.none() | st.integers(0, 5)))(Project(model=tree))
    except EditError:
        return
    before, now = contents(tree.nodes), contents(changed.model.nodes)
    assert before - now == Counter()
    made = now - before
    assert all("Block" in name for name in made), "only a branch may be made around what is dropped among branches"
    assert made.total() <= 1


@given(trees(), st.data())
def test_that_grouping_loses_nothing_and_ungrouping_gives_the_same_back(tree: ModelTree, data: st.DataObject) -> None:
    before = Project(model=tree)
    start = data.draw(st.integers(0, max(0, len(tree.nodes) - 1)))
    end = data.draw(st.integers(start, len(tree.nodes)))
    chosen = tuple(node.id for node in tree.nodes[start:end])
    grouped = edits.wrap_in_block(chosen)(before)
    assert contents(tree.nodes) - contents(grouped.model.nodes) == Counter()
    made = edits.added_ids(before, grouped)
    assert edits.unwrap(made)(grouped).model.nodes == tree.nodes


@given(trees(), st.data())
def test_that_removing_leaves_no_reference_to_what_is_gone(tree: ModelTree, data: st.DataObject) -> None:
    ids = [node.id for node in walk(tree.nodes)]
    gone = tuple(data.draw(st.lists(st.sampled_from(ids), max_size=3))) if ids else ()
    changed = edits.remove(gone)(Project(model=tree)).model
    left = {node.id for node in walk(changed.nodes)}
    lost = set(ids) - left
    assert all(name not in lost for node in walk(changed.nodes) for name in node.inputs)
    assert all(name not in lost for name in changed.outputs)


# Columns of a table

COLUMNS = ("id", "rooms", "age", "price")


def columns_of(chosen: list[NamedEdit]) -> tuple[str | None, tuple[str, ...] | None]:
    table = Project(data=DatasetSpec(SourceSpec("csv"), target="price"))
    for edit in chosen:
        table = edit(table)
    return table.data.target, table.data.features


def test_that_columns_are_used_in_the_order_of_the_table() -> None:
    assert columns_of([use_columns({"age", "rooms"}, COLUMNS)]) == ("price", ("rooms", "age"))
    assert columns_of([use_columns({"age"}, COLUMNS), use_columns(None, COLUMNS)]) == ("price", None)


def test_that_a_column_that_becomes_the_target_changes_places_with_the_target() -> None:
    two = use_columns({"rooms", "age"}, COLUMNS)
    assert columns_of([two, learn_column("age", COLUMNS, "price")]) == ("age", ("rooms", "price"))
    assert columns_of([two, learn_column("id", COLUMNS, "price")]) == ("id", ("rooms", "age"))
    assert columns_of([learn_column("age", COLUMNS, "price")]) == ("age", None)


# Steps of preparation


def steps_after(*chosen: NamedEdit) -> list[str]:
    prepared = Project()
    for edit in chosen:
        prepared = edit(prepared)
    return [step.kind for step in prepared.data.steps]


def test_that_steps_keep_the_order_they_are_given() -> None:
    three = [edits.add_step(StepSpec(kind), kind) for kind in ("a", "b", "c")]
    assert steps_after(*three) == ["a", "b", "c"]
    assert steps_after(*three, edits.move_step(2, 0, "c")) == ["c", "a", "b"]
    assert steps_after(*three, edits.remove_step(1, "b")) == ["a", "c"]


def test_that_an_edit_of_a_step_that_is_gone_changes_nothing() -> None:
    one = edits.add_step(StepSpec("a"), "a")(Project())
    for edit in (edits.remove_step(1, "b"), edits.move_step(0, 1, "a"), edits.set_step_params(3, {"low": 1}, "b")):
        assert edit(one) is one
