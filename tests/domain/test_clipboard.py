"""Nodes as text: they come back the same, get fresh ids, and hostile text gets a sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trees import trees

from workbench.domain import clipboard
from workbench.domain.clipboard import ClipboardError
from workbench.domain.edits import EditError, paste
from workbench.domain.project import Project
from workbench.domain.tree import AnyNode, Block, Layer, ModelTree, walk


def dense(node_id: str, **more: object) -> Layer:
    return Layer(id=node_id, class_name="Dense", **more)  # type: ignore[arg-type]


TREE = ModelTree((dense("a", name="head"), Block(id="b", children=(dense("c", inputs=("a",)),)), dense("d")))


def test_that_nodes_are_pasted_into_another_project_with_what_they_know_there() -> None:
    text = clipboard.copy(TREE, ("b", "c", "d"))
    nodes = clipboard.read(text)
    assert nodes == TREE.nodes[1:]
    elsewhere = paste(nodes, None, 0)(Project()).model
    inner = next(node for node in walk(elsewhere.nodes) if isinstance(node, Layer))
    assert inner.inputs == ()
    assert {node.id for node in walk(elsewhere.nodes)}.isdisjoint({"a", "b", "c", "d"})


def test_that_pasting_beside_the_original_keeps_inputs_and_gives_fresh_names() -> None:
    before = Project(model=TREE)
    changed = paste(clipboard.read(clipboard.copy(TREE, ("a", "b"))))(before).model
    assert changed.nodes[:3] == TREE.nodes
    assert changed.nodes[3].name == "head 2"
    again = paste(clipboard.read(clipboard.copy(TREE, ("b",))))(before).model
    block = again.nodes[3]
    assert isinstance(block, Block)
    assert block.children[0].inputs == ("a",)


def test_that_the_text_is_readable_and_known_as_nodes() -> None:
    text = clipboard.copy(TREE, ("a",))
    assert json.loads(text)["nodes"][0]["class_name"] == "Dense"
    assert clipboard.is_nodes(text)
    assert not clipboard.is_nodes("hello")
    assert clipboard.copy(TREE, ("gone",)) == ""


def nested(depth: int) -> str:
    node: AnyNode = dense("x")
    for level in range(depth):
        node = Block(id=str(level), children=(node,))
    return clipboard.copy(ModelTree((node,)), (node.id,))


def clip(nodes: str, kind: str = "workbench-layers", version: int = 1) -> str:
    return f'{{"kind": "{kind}", "version": {version}, "nodes": {nodes}}}'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no layers"),
        ("import os; os.remove('x')", "no layers"),
        ('{"kind": "other", "nodes": []}', "no layers"),
        (clip("[]"), "no layers"),
        (clip('[{"type": "layer"}]'), "damaged"),
        (clip('[{"type": "layer", "id": "a", "class_name": "Dense", "evil": 1}]'), "damaged"),
        (clip("[" * 5000), "damaged"),
        (clip('[{"type": "block", "id": "a"}, {"type": "block", "id": "a"}]'), "share an id"),
        (clip('[{"type": "block", "id": "a"}]', version=99), "newer version"),
        (clip('[{"type": "block", "id": "a"}]', kind="not workbench-layers"), "no layers"),
        ("workbench-layers" + " " * clipboard.MAX_BYTES, "too much text"),
        (nested(70), "nested"),
        (nested(400), "nested|damaged"),
        (
            clip('[{"type": "layer", "id": "a", "class_name": "Dense", "params": {"units": 1%s}}]' % ("0" * 30)),
            "too large",
        ),
        ('workbench-layers "\ud800"', "damaged"),
        (
            clip("[" + ",".join(f'{{"type": "block", "id": "{n}"}}' for n in range(clipboard.MAX_NODES + 1)) + "]"),
            "more than",
        ),
    ],
)
def test_that_foreign_text_gets_a_sentence(text: str, words: str) -> None:
    with pytest.raises(ClipboardError, match=words) as caught:
        clipboard.read(text)
    assert str(caught.value).endswith(".")


@given(st.text(max_size=300) | st.text(max_size=100).map(lambda text: clip(text)))
def test_that_any_text_gives_nodes_or_a_sentence(text: str) -> None:
    try:
        nodes = clipboard.read(text)
    except ClipboardError:
        return
    assert nodes


@given(trees(), st.data())
def test_that_all_nodes_survive_the_clipboard(tree: ModelTree, data: st.DataObject) -> None:
    ids = [node.id for node in walk(tree.nodes)]
    chosen = tuple(data.draw(st.lists(st.sampled_from(ids), max_size=3))) if ids else ()
    text = clipboard.copy(tree, chosen)
    if not text:
        return
    nodes = clipboard.read(text)
    before = Project(model=tree)
    try:
        after = paste(nodes)(before)
    except EditError:
        return
    count = sum(1 for _ in walk(nodes))
    assert sum(1 for _ in walk(after.model.nodes)) == len(ids) + count
    assert len({node.id for node in walk(after.model.nodes)}) == len(ids) + count
