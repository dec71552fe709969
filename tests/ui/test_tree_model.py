"""The item model over the immutable tree."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from drawn_networks import PICTURES, layer
from fake_engine import recorded
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QTreeView
from pytestqt.qtbot import QtBot

from workbench.domain import edits
from workbench.domain.catalogue import load_catalogue
from workbench.domain.dataset import DatasetInfo
from workbench.domain.problem import Problem
from workbench.domain.project import Project
from workbench.domain.summary import LayerSummary, ModelSummary
from workbench.domain.tree import AnyNode, Block, Branches, Input, ModelTree, Residual, Wrapper, children_of
from workbench.ui.pages.model.mime import Drop, write_keys
from workbench.ui.pages.model.row_painter import fitting
from workbench.ui.pages.model.rows import DATA_ROW, Row, rows_of
from workbench.ui.pages.model.sizes import brief_count, bytes_text
from workbench.ui.pages.model.tree_model import ROW_ROLE, Column, NetworkModel

SUMMARY = recorded("described_pictures")[0].summary  # type: ignore[union-attr]


def rows(tree: ModelTree, problems: Sequence[Problem] = ()) -> dict[str, Row]:
    return rows_of(tree, load_catalogue(), None, SUMMARY, problems)


def made(tree: ModelTree) -> NetworkModel:
    model = NetworkModel()
    model.show_tree(tree, rows(tree))
    return model


def texts(model: NetworkModel, column: Column, parent: QModelIndex | None = None) -> list[str]:
    parent = parent or QModelIndex()
    found = []
    for row in range(model.rowCount(parent)):
        found.append(model.index(row, column, parent).data())
        found += texts(model, column, model.index(row, 0, parent))
    return found


def shown(model: NetworkModel, parent: QModelIndex | None = None) -> list[Any]:
    """The ids in the model, nested as they are."""
    parent = parent or QModelIndex()
    indexes = [model.index(row, 0, parent) for row in range(model.rowCount(parent))]
    return [(model.id_at(index), shown(model, index)) for index in indexes if model.id_at(index) != DATA_ROW]


def nested(nodes: Sequence[AnyNode]) -> list[Any]:
    return [(node.id, nested(children_of(node))) for node in nodes]


def test_that_each_row_tells_layer_shape_and_parameters(qapp: object) -> None:
    model = made(PICTURES)
    assert texts(model, Column.LAYER)[1:5] == [
        "features",
        "Conv2D  32 · 3×3 · relu",
        "MaxPooling2D  2×2",
        "Conv2D  64 · 3×3 · relu",
    ]
    assert texts(model, Column.SHAPE)[1:5] == ["5 × 5 × 64", "26 × 26 × 32", "13 × 13 × 32", "11 × 11 × 64"]
    assert texts(model, Column.PARAMS)[1:5] == ["19,072", "320", "0", "18,496"]
    right = model.index(0, Column.PARAMS).data(Qt.ItemDataRole.TextAlignmentRole)
    assert right & Qt.AlignmentFlag.AlignRight


def test_that_the_first_row_is_the_data_unless_the_tree_has_an_input(qapp: object, info: DatasetInfo) -> None:
    row = rows_of(PICTURES, load_catalogue(), info, None, ())[DATA_ROW]
    assert (row.title, row.detail, row.shape) == ("Input", "pictures", "8 × 8 × 1")
    with_input = ModelTree((Input(id="in", shape=(4,)), *PICTURES.nodes))
    assert DATA_ROW not in rows(with_input)
    assert rows(with_input)["in"].shape == "4"


def test_that_marks_say_what_is_frozen_disabled_and_wrong(qapp: object) -> None:
    project = Project(model=PICTURES)
    project = edits.set_trainable(("features",), False)(edits.set_enabled(("head",), False)(project))
    problem = Problem("code", "error", "Something is wrong.", node_id="conv")
    found = rows(project.model, [problem])
    assert found["conv"].frozen
    assert found["conv2"].frozen
    assert not found["dense"].enabled
    assert (found["conv"].severity, found["conv"].problem) == ("error", "Something is wrong.")
    assert "frozen" in found["conv"].spoken()
    assert "Something is wrong." in found["conv"].spoken()


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1024, "1 KB"), (226856, "222 KB"), (3 * 1024**3, "3 GB")]
)
def test_that_sizes_are_short(size: int, text: str) -> None:
    assert bytes_text(size) == text


def test_that_hovering_a_layer_tells_how_its_numbers_come_about() -> None:
    built = LayerSummary("conv", "conv2d", "Conv2D", (13, 13, 32), (11, 11, 64), 18_496, 18_496)
    tree = ModelTree((layer("conv", "Conv2D", filters=64, kernel_size=3),))
    model = NetworkModel()
    model.show_tree(tree, rows_of(tree, load_catalogue(), None, ModelSummary((built,)), []))
    tips = {model.index(1, column).data(Qt.ItemDataRole.ToolTipRole) for column in Column}
    (tip,) = tips
    assert tip == (
        '<qt><span style="font-weight:600">Conv2D  64 · 3×3</span>'
        "<br>Gives 11 × 11 × 64<br>3 × 3 × 32 × 64 + 64 = 18,496 parameters"
        "<br>(13 − 3) ÷ 1 + 1 = 11 rows and columns<br>64 filters give 64 channels</qt>"
    )


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1 k"),
        (35_082, "35.1 k"),
        (999_499, "999 k"),
        (999_500, "1 M"),
        (29_700_000_000, "29.7 G"),
        (10**22, "1.00e+22"),
    ],
)
def test_that_large_numbers_have_a_brief_form(count: int, text: str) -> None:
    assert brief_count(count) == text


def test_that_numbers_without_room_are_brief_and_the_tool_tip_has_all_digits(qapp: QApplication) -> None:
    huge = LayerSummary("big", "dense", "Dense", (2, 2, 32), (2, 2, 900_000_000), 29_700_000_000, 29_700_000_000)
    tree = ModelTree((layer("big", "Dense", units=900_000_000),))
    problem = Problem("memory", "error", "It does not fit.", node_id="big")
    model = NetworkModel()
    model.show_tree(tree, rows_of(tree, load_catalogue(), None, ModelSummary((huge,)), [problem]))
    shape, params = model.index(1, Column.SHAPE), model.index(1, Column.PARAMS)
    assert "It does not fit.<br>" in params.data(Qt.ItemDataRole.ToolTipRole)
    assert "29,700,000,000 parameters" in params.data(Qt.ItemDataRole.ToolTipRole)
    assert "900000000" in shape.data(Qt.ItemDataRole.ToolTipRole)
    row, metrics = params.data(ROW_ROLE), QFontMetrics(qapp.font())
    wide = metrics.horizontalAdvance(row.params)
    assert fitting(metrics, wide, row.params, row.brief_params) == "29,700,000,000"
    assert fitting(metrics, wide - 1, row.params, row.brief_params) == "29.7 G"
    brief = metrics.horizontalAdvance("2 × 2 × 900 M")
    assert fitting(metrics, brief, row.shape, row.brief_shape) == "2 × 2 × 900 M"
    assert fitting(metrics, brief - 1, row.shape, row.brief_shape).endswith("…")


def test_that_own_names_and_unknown_classes_are_shown(qapp: object) -> None:
    tree = ModelTree((msgspec.structs.replace(layer("a", "Dense", units=3), name="mine"), layer("b", "Nonsense")))
    found = rows(tree)
    assert (found["a"].title, found["a"].detail) == ("mine", "Dense 3")
    assert (found["b"].title, found["b"].detail) == ("Nonsense", "unknown class")


def test_that_a_change_of_one_layer_touches_only_its_row(qapp: object, qtbot: QtBot) -> None:
    model = made(PICTURES)
    changed: list[str] = []
    model.dataChanged.connect(lambda index, _last: changed.append(model.id_at(index)))
    with qtbot.assertNotEmitted(model.rowsInserted), qtbot.assertNotEmitted(model.rowsRemoved):
        after = edits.set_param(("conv",), "filters", 8)(Project(model=PICTURES)).model
        model.show_tree(after, rows(after))
    assert changed == ["conv"]


def test_that_selection_and_expansion_stay_through_edits(qapp: object, qtbot: QtBot) -> None:
    model = made(PICTURES)
    view = QTreeView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.setExpanded(model.index_of("features"), True)
    view.selectionModel().select(model.index_of("conv2"), QItemSelectionModel.SelectionFlag.Select)
    project = Project(model=PICTURES)
    for edit in (
        edits.add_nodes((layer("new", "Dense", units=3),), "features", 0),
        edits.remove(("conv",)),
        edits.move(("head",), None, 0),
        edits.wrap_in_block(("conv2", "norm")),
        edits.move(("conv2",), None, 0),
    ):
        project = edit(project)
        model.show_tree(project.model, rows(project.model))
        assert shown(model) == nested(project.model.nodes)
        assert [model.id_at(index) for index in view.selectionModel().selectedIndexes()] == ["conv2"]
        assert view.isExpanded(model.index_of("features"))


def test_that_ungrouping_moves_the_layers_out(qapp: object, qtbot: QtBot) -> None:
    model = made(PICTURES)
    place = QPersistentModelIndex(model.index_of("dense"))
    after = edits.unwrap(("head",))(Project(model=PICTURES)).model
    with qtbot.assertNotEmitted(model.rowsInserted):
        model.show_tree(after, rows(after))
    assert place.isValid()
    assert not place.parent().isValid()


@st.composite
def trees(draw: st.DrawFn) -> ModelTree:
    """Trees over the same few ids, so that going from one to the next inserts, removes and moves across levels."""
    ids = draw(st.permutations([f"n{number}" for number in range(10)]))
    used = draw(st.integers(0, 10))
    roots: list[list[Any]] = []
    places = [roots]
    for node_id in ids[:used]:
        place = draw(st.sampled_from(places))
        inside: list[Any] = []
        place.append([node_id, inside])
        places.append(inside)

    def build(items: list[Any]) -> tuple[AnyNode, ...]:
        return tuple(Block(id=node_id, children=build(inside)) for node_id, inside in items)

    return ModelTree(build(roots))


@given(st.lists(trees(), min_size=2, max_size=5))
def test_that_any_tree_follows_any_other(qapp: object, several: list[ModelTree]) -> None:
    model = NetworkModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    for tree in several:
        model.show_tree(tree, rows(tree))
        assert shown(model) == nested(tree.nodes)
        assert model.ids() == [node_id for node_id in rows(tree) if node_id != DATA_ROW]


def test_that_the_model_keeps_to_qt_rules_with_all_kinds_of_nodes(qapp: object) -> None:
    branch = Branches(id="br", branches=(Block(id="b1", children=(layer("x", "Dense", units=2),)), Block(id="b2")))
    wrapped = Wrapper(id="w", class_name="Bidirectional", child=layer("lstm", "LSTM", units=4))
    tree = ModelTree((Input(id="in"), branch, Residual(id="r", children=(layer("y", "Dense", units=2),)), wrapped))
    model = made(tree)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    assert shown(model) == nested(tree.nodes)
    assert not model.flags(model.index_of("lstm")) & Qt.ItemFlag.ItemIsDragEnabled


def dropped(model: NetworkModel, data: Any, row: int, parent: QModelIndex, action: Qt.DropAction) -> tuple[Any, ...]:
    told: list[tuple[Any, ...]] = []
    model.dropped.connect(lambda *what: told.append(what))
    assert model.canDropMimeData(data, action, row, 0, parent)
    assert not model.dropMimeData(data, action, row, 0, parent)
    return told[0]


def test_that_a_drop_between_layers_names_its_place_in_the_tree(qapp: object) -> None:
    model = made(PICTURES)
    data = model.mimeData([model.index_of("dense"), model.index_of("flat")])
    move = Qt.DropAction.MoveAction
    drop, parent, index = dropped(model, data, 2, model.index_of("features"), move)
    assert (drop.moving, parent, index) == (("flat", "dense"), "features", 2)
    drop, parent, index = dropped(made(PICTURES), data, 1, QModelIndex(), move)
    assert (parent, index) == (None, 0), "the row of the data does not count"


def test_that_a_drop_on_a_layer_goes_behind_it_and_on_a_block_into_it(qapp: object) -> None:
    model = made(PICTURES)
    data = write_keys(("layer:Dense",))
    copy = Qt.DropAction.CopyAction
    assert dropped(model, data, -1, model.index_of("pool"), copy) == (Drop(keys=("layer:Dense",)), "features", 2)
    assert dropped(made(PICTURES), data, -1, model.index_of("head"), copy)[1:] == ("head", 3)


def test_that_a_block_cannot_be_dropped_into_itself(qapp: object) -> None:
    model = made(PICTURES)
    data = model.mimeData([model.index_of("head")])
    move = Qt.DropAction.MoveAction
    assert not model.canDropMimeData(data, move, 0, 0, model.index_of("head"))
    assert model.canDropMimeData(data, move, 0, 0, model.index_of("features"))


def test_that_layers_dragged_from_another_window_are_copied_in(qapp: object) -> None:
    other = made(PICTURES)
    data = other.mimeData([other.index_of("dense")])
    here = made(ModelTree((layer("mine", "Flatten"),)))
    drop, parent, index = dropped(here, data, -1, QModelIndex(), Qt.DropAction.MoveAction)
    assert [node.class_name for node in drop.nodes] == ["Dense"]
    assert (parent, index) == (None, 1)


def test_that_foreign_text_cannot_be_dropped(qapp: object) -> None:
    model = made(PICTURES)
    data = write_keys(())
    data.setText('{"kind": "something else"}')
    assert not model.canDropMimeData(data, Qt.DropAction.CopyAction, 0, 0, QModelIndex())


def test_that_renaming_in_place_asks_for_the_edit(qapp: object, qtbot: QtBot) -> None:
    model = made(PICTURES)
    with qtbot.waitSignal(model.rename_wanted) as asked:
        model.setData(model.index_of("conv"), " edges ")
    assert asked.args == ["conv", "edges"]
    assert model.index_of("conv").data(ROW_ROLE).title == "Conv2D", "the tree itself is unchanged"


def test_that_a_layer_says_what_it_takes_where_that_is_not_what_stands_above() -> None:
    left = msgspec.structs.replace(layer("left", "Dense", units=2), name="left")
    right = layer("right", "Dense", units=2)
    join = msgspec.structs.replace(layer("join", "Concatenate"), inputs=("left", "right", "gone"))
    summary = ModelSummary((LayerSummary("right", "dense_1", "Dense", (3,), (2,), 8, 8),))
    tree = ModelTree((left, right, join))
    shown = rows_of(tree, load_catalogue(), None, summary, ())
    assert shown["join"].detail == "← left, dense_1, ?"
    assert "←" not in shown["right"].detail
