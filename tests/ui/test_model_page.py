"""The Model page on recorded answers of the engine."""

from pathlib import Path

import msgspec
import pytest
from drawn_networks import PICTURES, TOO_FEW_UNITS, layer
from fake_engine import FakeEngine, recorded
from model_pages import shown_page
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from workbench.domain import clipboard
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import set_param
from workbench.domain.freezing import frozen_layers
from workbench.domain.project import Project
from workbench.domain.samples import sample
from workbench.domain.store import ProjectFolder
from workbench.domain.summary import NodeError
from workbench.domain.tree import Block, Layer, ModelTree, Repeat, Residual, children_of, find, walk
from workbench.protocol.commands import Describe
from workbench.protocol.events import Failed
from workbench.ui.context import Context
from workbench.ui.pages.model.freeze_dialog import FreezeDialog
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.pages.model.tree_model import ROW_ROLE, Column
from workbench.ui.settings import SCHEME


@pytest.fixture
def project() -> Project:
    return Project(name="pictures", data=DatasetSpec(SourceSpec("digits")), model=PICTURES)


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> ModelPage:
    return shown_page(context, engine, qtbot)


def tree_of(context: Context) -> ModelTree:
    return context.document.project.model


def classes(tree: ModelTree) -> list[str]:
    return [node.class_name for node in walk(tree.nodes) if isinstance(node, Layer)]


def press(page: ModelPage, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    page.view.setFocus()
    QTest.keyClick(page.view, key, modifiers)


def trigger(page: ModelPage, name: str) -> None:
    page.network_actions.by_name[name].trigger()


def settle(context: Context, qtbot: QtBot) -> None:
    """Wait until what follows from an edit is shown."""
    with qtbot.waitSignal(context.model.changed):
        pass
    QTest.qWait(0)


CTRL = Qt.KeyboardModifier.ControlModifier


def test_that_the_head_gives_the_totals(page: ModelPage) -> None:
    text = page.network.totals.text()
    assert text == "8 layers  ·  35,082 parameters (34,954 trainable)  ·  137 KB"
    assert "128 do not" in page.network.totals.toolTip()


@pytest.mark.parametrize(
    ("built", "text"), [(0, "Not built yet"), (3, "3 layers  ·  18,816 parameters  ·  73.5 KB so far")]
)
def test_that_the_head_never_takes_a_part_for_the_whole(
    page: ModelPage, context: Context, built: int, text: str
) -> None:
    assert context.model.summary is not None
    params = 18_816 if built else 0
    context.model.summary = msgspec.structs.replace(
        context.model.summary,
        layers=context.model.summary.layers[:built],
        total_params=params,
        trainable_params=params,
        non_trainable_params=0,
        param_bytes=4 * params,
        error=NodeError("norm", "It cannot be built."),
    )
    page.network.refresh()
    assert page.network.totals.text() == text


def test_that_enter_in_the_search_field_adds_the_first_hit_behind_the_selection(
    page: ModelPage, context: Context, qtbot: QtBot
) -> None:
    page.view.choose(("flat",))
    page.palette_panel.focus_search()
    QTest.keyClicks(page.palette_panel.search, "dense")
    QTest.keyClick(page.palette_panel.search, Qt.Key.Key_Return)
    assert classes(tree_of(context))[-4:] == ["Flatten", "Dense", "Dropout", "Dense"]
    added = page.view.chosen()
    assert len(added) == 1
    assert find(tree_of(context), added[0]).class_name == "Dense"  # type: ignore[union-attr]
    assert context.document.undo_stack.undoText() == "Add Dense"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("conv2d", "Conv2D"),
        ("skip", "Residual"),
        ("batch norm", "BatchNormalization"),
        ("cnn", "Conv2D"),
        ("block", "Block"),
    ],
)
def test_that_layers_are_found_by_name_and_by_other_words(page: ModelPage, words: str, first: str) -> None:
    page.palette_panel.search.setText(words)
    assert page.palette_panel.model.index(0, 0).data() == first


def test_that_arrow_keys_walk_the_hits_and_escape_clears_the_search(page: ModelPage, context: Context) -> None:
    panel = page.palette_panel
    panel.search.setFocus()
    QTest.keyClicks(panel.search, "maxpooling")
    second = panel.model.index(1, 0).data()
    QTest.keyClick(panel.search, Qt.Key.Key_Down)
    QTest.keyClick(panel.search, Qt.Key.Key_Return)
    assert classes(tree_of(context))[-1] == second
    QTest.keyClick(panel.search, Qt.Key.Key_Escape)
    assert panel.search.text() == ""
    assert panel.model.rowCount() > 5, "the groups are back"


def test_that_palette_and_network_open_and_close_with_the_same_arrows(page: ModelPage) -> None:
    """The style draws the arrow as large as one level is deep."""
    assert page.palette_panel.view.indentation() == page.view.indentation()


def test_that_a_search_without_hits_says_so(page: ModelPage) -> None:
    page.palette_panel.search.setText("zebra")
    assert "zebra" in page.palette_panel._nothing.text()
    assert page.palette_panel._stack.currentIndex() == 1


def test_that_the_palette_has_every_layer_of_the_catalogue(page: ModelPage, context: Context) -> None:
    titles = {entry.title for entry in page.palette_panel.entries.values()}
    missing = {entry.name for entry in context.catalogue.of("layers") if entry.group != "Recurrent cells"} - titles
    assert not missing
    for key in page.palette_panel.entries:
        page.palette_panel.make(key)


def test_that_a_double_click_adds_into_an_empty_block_that_is_selected(page: ModelPage, context: Context) -> None:
    trigger(page, "select_all")
    page.commands.add(Block(id="new"))
    page.view.choose(("new",))
    panel = page.palette_panel
    panel.search.setText("Flatten")
    panel.view.doubleClicked.emit(panel.model.index(0, 0))
    block = find(tree_of(context), "new")
    assert [node.class_name for node in children_of(block)] == ["Flatten"]  # type: ignore[union-attr]


def test_that_the_keys_go_to_the_layer_that_the_mouse_added(page: ModelPage, context: Context, qtbot: QtBot) -> None:
    panel = page.palette_panel
    panel.search.setText("Flatten")
    place = panel.view.visualRect(panel.model.index(0, 0)).center()
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert classes(tree_of(context)).count("Flatten") == 2
    assert page.focusWidget() is page.view
    (added,) = page.view.chosen()
    page.network_actions.by_name["rename"].trigger()
    field = page.view.findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, "My layer")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: find(tree_of(context), added).name == "My layer")
    assert classes(tree_of(context)).count("Flatten") == 2


def test_that_the_form_edits_the_layer_and_each_word_typed_is_one_step_to_undo(
    page: ModelPage, context: Context, qtbot: QtBot
) -> None:
    page.view.choose(("conv",))
    QTest.qWait(0)
    assert page.properties.title.text() == "Conv2D"
    assert page.properties.subtitle.text() == "conv2d"
    field = page.properties.form.row("filters").editor.faces()[0]
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "128")
    assert find(tree_of(context), "conv").params["filters"] == 128  # type: ignore[union-attr]
    QTest.keyClick(field, Qt.Key.Key_Return)
    field.selectAll()
    QTest.keyClicks(field, "7")
    context.document.undo_stack.undo()
    assert find(tree_of(context), "conv").params["filters"] == 128  # type: ignore[union-attr]
    context.document.undo_stack.undo()
    assert tree_of(context) == PICTURES
    assert page.view.chosen() == ("conv",)


def test_that_a_value_can_be_taken_back_to_its_default(page: ModelPage, context: Context) -> None:
    page.view.choose(("conv",))
    QTest.qWait(0)
    page.properties.form.row("activation").reset_button.click()
    assert "activation" not in find(tree_of(context), "conv").params  # type: ignore[union-attr]


def test_that_several_layers_are_edited_together(page: ModelPage, context: Context) -> None:
    page.view.choose(("conv", "conv2"))
    QTest.qWait(0)
    assert page.properties.title.text() == "2 layers"
    box = page.properties.form.row("padding").editor.faces()[0]
    index = box.findText("same")  # type: ignore[attr-defined]
    box.setCurrentIndex(index)  # type: ignore[attr-defined]
    box.activated.emit(index)  # type: ignore[attr-defined]
    for node_id in ("conv", "conv2"):
        assert find(tree_of(context), node_id).params["padding"] == "same"  # type: ignore[union-attr]
    filters = page.properties.form.row("filters").editor.faces()[0]
    assert filters.placeholderText() == "various"  # type: ignore[attr-defined]


def test_that_the_sums_beside_the_form_are_those_of_keras(page: ModelPage) -> None:
    page.view.choose(("conv2",))
    QTest.qWait(0)
    assert page.properties.explanation.sums.text().splitlines() == [
        "3 × 3 × 32 × 64 + 64 = 18,496 parameters",
        "(13 − 3) ÷ 1 + 1 = 11 rows and columns",
        "64 filters give 64 channels",
    ]
    assert "learned filters" in page.properties.explanation.summary.text()
    assert "convolution" in page.properties.explanation.help.toPlainText()


def test_that_delete_selects_the_neighbour_and_undo_selects_what_came_back(page: ModelPage, context: Context) -> None:
    page.view.choose(("pool",))
    trigger(page, "delete")
    assert "pool" not in page.network.model.ids()
    assert page.view.chosen() == ("conv2",)
    context.document.undo_stack.undo()
    assert page.view.chosen() == ("pool",)
    context.document.undo_stack.redo()
    assert page.view.chosen() == ("conv2",)


@pytest.mark.parametrize(
    ("key", "modifiers", "name"),
    [
        (Qt.Key.Key_D, CTRL, "Duplicate layer"),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, "Remove layer"),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, "Disable"),
        (Qt.Key.Key_L, CTRL, "Freeze"),
        (Qt.Key.Key_G, CTRL, "Group in a block"),
        (Qt.Key.Key_X, CTRL, "Cut layer"),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier, "Move layer"),
    ],
)
def test_that_keys_work_on_the_selection_and_name_what_undo_takes_back(
    page: ModelPage, context: Context, key: Qt.Key, modifiers: Qt.KeyboardModifier, name: str
) -> None:
    page.view.choose(("conv2",))
    QTest.qWait(0)
    press(page, key, modifiers)
    assert context.document.undo_stack.undoText() == name
    context.document.undo_stack.undo()
    assert tree_of(context) == PICTURES


def test_that_keys_typed_into_a_field_do_not_touch_the_network(page: ModelPage, context: Context) -> None:
    page.view.choose(("conv2",))
    QTest.qWait(0)
    field = page.properties.form.row("name").editor.faces()[0]
    field.setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Delete):
        QTest.keyClick(field, key)
    assert [node.id for node in walk(tree_of(context).nodes)] == [node.id for node in walk(PICTURES.nodes)]
    assert find(tree_of(context), "conv2").enabled


def test_that_cut_layers_can_be_pasted_elsewhere_and_are_text(page: ModelPage, context: Context) -> None:
    page.view.choose(("drop",))
    trigger(page, "cut")
    text = QGuiApplication.clipboard().text()
    assert clipboard.is_nodes(text)
    page.view.choose(("features",))
    trigger(page, "paste")
    assert [type(node).__name__ for node in tree_of(context).nodes] == ["Block", "Layer", "Block"]
    assert context.document.undo_stack.undoText() == "Paste Dropout"


def test_that_pasting_something_else_says_why_not(page: ModelPage, context: Context, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("a shopping list")
    with qtbot.waitSignal(context.noticed) as told:
        trigger(page, "paste")
    assert "no layers" in told.args[0].message
    assert tree_of(context) is PICTURES


def test_that_layers_move_up_and_down_and_out_of_their_block(page: ModelPage, context: Context) -> None:
    page.view.choose(("pool2",))
    trigger(page, "move_down")
    assert [node.id for node in tree_of(context).nodes] == ["features", "pool2", "head"]
    trigger(page, "move_up")
    trigger(page, "move_up")
    assert [node.id for node in tree_of(context).nodes] == ["pool2", "features", "head"]
    assert page.view.chosen() == ("pool2",)


def test_that_several_layers_move_together(page: ModelPage, context: Context) -> None:
    page.view.choose(("conv", "pool"))
    trigger(page, "move_down")
    assert [node.id for node in children_of(tree_of(context).nodes[0])][:3] == ["conv2", "conv", "pool"]


def test_that_blocks_are_made_and_opened_again(page: ModelPage, context: Context) -> None:
    page.view.choose(("conv2", "norm"))
    trigger(page, "wrap_in_residual")
    made = find(tree_of(context), page.view.chosen()[0])
    assert isinstance(made, Residual)
    trigger(page, "unwrap")
    assert tree_of(context) == PICTURES


def test_that_actions_are_on_only_where_they_can_do_something(page: ModelPage) -> None:
    page.view.choose(())
    QTest.qWait(0)
    actions = [*page.actions(), *page.menu_actions()]
    enabled = {action.objectName() for action in actions if action.isEnabled() and not action.isSeparator()}
    everywhere = {
        "network_find",
        "network_parts",
        "network_diagram",
        "network_save_diagram",
        "network_insert_base",
        "network_start_with",
        "network_unused_weights",
    }
    search = {"network_search", "network_search_next", "network_search_previous"}
    assert enabled == {"network_paste", "network_select_all", "network_freeze_all_but", *everywhere, *search}
    page.view.choose(("features",))
    QTest.qWait(0)
    # Nothing here starts with kept weights, is used again, or repeated; a block goes into no wrapper and has no class.
    apart = ("network_start_afresh", "network_detach", "network_unroll", "network_wrap_in_layer", "network_replace")
    assert all(action.isEnabled() for action in actions if action.objectName() not in apart)
    for action in actions:
        assert action.isSeparator() or (action.toolTip() and action.shortcut().toString())


def test_that_an_impossible_edit_becomes_a_notice(page: ModelPage, context: Context, qtbot: QtBot) -> None:
    page.view.choose(("conv", "dense"))
    with qtbot.waitSignal(context.noticed) as told:
        trigger(page, "wrap")
    assert "different blocks" in told.args[0].message


def test_that_a_layer_is_renamed_in_place(page: ModelPage, context: Context, qtbot: QtBot) -> None:
    page.view.choose(("conv",))
    QTest.qWait(0)
    trigger(page, "rename")
    field = page.view.findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, "edges")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: find(tree_of(context), "conv").name == "edges")
    assert page.network.model.index_of("conv").data(ROW_ROLE).title == "edges"
    assert context.document.undo_stack.undoText() == "Rename to “edges”"


def test_that_an_empty_network_says_how_to_begin_and_lays_one(page: ModelPage, context: Context, qtbot: QtBot) -> None:
    trigger(page, "select_all")
    trigger(page, "delete")
    assert page.network.empty.isVisible()
    assert "8 × 8 × 1" in page.network.empty._text.text()
    page.network.empty.first.click()
    assert "Conv2D" in classes(tree_of(context))
    assert page.view.isVisible()
    assert context.document.undo_stack.undoText() == "Add a first network"


def wrong(page: ModelPage, context: Context, engine: FakeEngine, qtbot: QtBot) -> None:
    """Give the network a unit too few."""
    engine.reply_with(Describe, recorded("described_too_few_units"))
    context.document.apply("Spoil", lambda project: Project(name="x", data=project.data, model=TOO_FEW_UNITS))
    settle(context, qtbot)


def test_that_a_problem_says_what_where_and_what_its_repair_changes(
    page: ModelPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    assert page.tabs.tabText(0) == "Problems"
    wrong(page, context, engine, qtbot)
    assert page.tabs.tabText(0) == "Problems  1"
    row = page.problems.rows[0]
    assert "9" in row.accessibleName()
    assert "10 classes" in row.accessibleName()
    assert row.buttons[0].text() == "Set units to 10"
    assert "9 → 10" in row.buttons[0].toolTip()
    mark = page.network.model.index_of("dense").data(ROW_ROLE)
    assert mark.severity == "error"


def test_that_a_click_on_a_problem_selects_its_layer_and_its_field(
    page: ModelPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    wrong(page, context, engine, qtbot)
    QTest.mouseClick(page.problems.rows[0], Qt.MouseButton.LeftButton, pos=QPoint(60, 12))
    assert page.view.chosen() == ("dense",)
    assert page.focusWidget() is page.properties.form.row("units").editor.faces()[0]


def test_that_a_repair_is_an_edit_like_others(
    page: ModelPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    wrong(page, context, engine, qtbot)
    engine.reply_with(Describe, recorded("described_pictures"))
    page.problems.rows[0].buttons[0].click()
    settle(context, qtbot)
    assert find(tree_of(context), "dense").params["units"] == 10  # type: ignore[union-attr]
    assert context.document.undo_stack.undoText() == "Set units to 10"
    assert not context.model.problems
    assert page.problems._fine.text() == "No problems. The network is ready to train."


def test_that_shapes_stay_while_the_engine_thinks_and_problems_do_not_flicker(
    page: ModelPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    wrong(page, context, engine, qtbot)
    engine.reply_with(Describe, [])
    before = len(engine.of(Describe))
    page.view.choose(("conv",))
    for _ in range(3):
        trigger(page, "freeze")
    assert len(engine.of(Describe)) == before + 1, "one question at a time"
    assert page.tabs.tabText(0) == "Problems  1"
    shape = page.network.model.index_of("conv").siblingAtColumn(Column.SHAPE)
    assert shape.data() == "26 × 26 × 32"
    engine.replay(recorded("described_too_few_units"), engine.last(Describe).ticket)
    assert len(engine.of(Describe)) == before + 2, "then about the newest network"
    assert engine.last(Describe).project is context.document.project


def test_that_a_failure_of_the_engine_is_told(
    page: ModelPage, context: Context, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reply_with(Describe, Failed(0, "The network could not be described. The log has the details."))
    context.model.describe()
    settle(context, qtbot)
    assert page.problems._fine.text().startswith("The network could not be described.")


def test_that_the_script_follows_edits_while_it_is_seen_and_keeps_its_place(
    page: ModelPage, context: Context, qtbot: QtBot
) -> None:
    assert page.code.text.toPlainText() == "", "nothing is written while it is not seen"
    page.tabs.setCurrentWidget(page.code)
    assert "Conv2D(32" in page.code.text.toPlainText()
    bar = page.code.text.verticalScrollBar()
    bar.setValue(5)
    page.commands.do(set_param(("conv",), "filters", 48))
    qtbot.waitUntil(lambda: "Conv2D(48" in page.code.text.toPlainText())
    assert bar.value() == 5


def test_that_the_script_is_copied_and_saved(page: ModelPage, context: Context, tmp_path: Path, qtbot: QtBot) -> None:
    page.tabs.setCurrentWidget(page.code)
    page.code.copy_button.click()
    assert "import keras" in QGuiApplication.clipboard().text()
    page.code.save(tmp_path / "train.py")
    assert (tmp_path / "train.py").read_text(encoding="utf-8") == page.code.script()
    with qtbot.waitSignal(context.noticed) as told:
        page.code.save(tmp_path / "missing" / "train.py")
    assert "could not be saved" in told.args[0].message


def test_that_the_row_of_the_data_leads_to_them(page: ModelPage, context: Context, qtbot: QtBot) -> None:
    page.view.setCurrentIndex(page.network.model.index(0, 0))
    QTest.qWait(0)
    assert page.properties.title.text() == "Input"
    assert "8 × 8 × 1" in page.properties.message.text()
    with qtbot.waitSignal(context.page_wanted) as asked:
        page.properties.to_data.click()
    assert asked.args == ["data"]


def test_that_another_project_forgets_the_numbers_of_the_last(
    page: ModelPage, context: Context, engine: FakeEngine
) -> None:
    engine.reply_with(Describe, [])
    other = Project(name="other", data=context.document.project.data, model=ModelTree((layer("x", "Dense", units=3),)))
    context.document.replace(context.document.folder, other)
    assert page.network.totals.text() == ""
    assert page.network.model.ids() == ["x"]
    assert not page.view.chosen()


def test_that_both_schemes_are_drawn(page: ModelPage, context: Context, qtbot: QtBot) -> None:
    page.tabs.setCurrentWidget(page.code)
    page.view.choose(("conv",))
    light = page.grab().toImage()
    context.settings.set(SCHEME, "dark")
    QTest.qWait(0)
    dark = page.grab().toImage()
    assert light.pixelColor(5, 5).lightness() > 200
    assert dark.pixelColor(5, 5).lightness() < 60


def test_that_enter_leads_from_the_tree_to_the_form(page: ModelPage) -> None:
    page.view.choose(("drop",))
    press(page, Qt.Key.Key_Return)
    assert page.focusWidget() is page.properties.form.row("rate").editor.faces()[0]


def test_that_a_layer_that_joins_others_chooses_what_it_takes(page: ModelPage, context: Context) -> None:
    page.view.choose(("pool",))
    page.commands.add(layer("sum", "Concatenate"))
    QTest.qWait(0)
    editor = page.properties.inputs
    assert not editor.isHidden()
    editor.adder.fill()
    offered = [editor.adder.itemData(index) for index in range(editor.adder.count())]
    assert offered == ["pool", "conv"], "what stands above it, and not the block that holds it"
    editor.adder.activated.emit(1)
    assert find(tree_of(context), "sum").inputs == ("pool", "conv")
    QTest.qWait(0)
    assert [box.currentData() for box in editor.boxes] == ["pool", "conv"]
    editor.boxes[0].parentWidget().findChild(QToolButton).click()
    assert find(tree_of(context), "sum").inputs == ("conv",)
    page.view.choose(("conv",))
    QTest.qWait(0)
    assert editor.isHidden()


def test_that_a_repetition_is_laid_out_and_comes_back(page: ModelPage, context: Context) -> None:
    page.view.choose(("drop",))
    trigger(page, "wrap_in_repeat")
    (repeat,) = page.view.chosen()
    assert page.network_actions.by_name["unroll"].isEnabled()
    trigger(page, "unroll")
    kinds = [getattr(node, "class_name", "") for node in walk(tree_of(context).nodes)]
    assert kinds.count("Dropout") == 2
    context.document.undo_stack.undo()
    assert isinstance(find(tree_of(context), repeat), Repeat)
    page.view.choose(("drop",))
    assert not page.network_actions.by_name["unroll"].isEnabled()


def test_that_a_sample_tells_what_it_teaches_until_a_layer_is_selected(
    page: ModelPage, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    entry = sample("photographs")
    context.document.replace(ProjectFolder.create(tmp_path / "photographs", entry.project), entry.project)
    notes = page.properties.notes
    qtbot.waitUntil(lambda: notes.isVisibleTo(page))
    assert page.view.chosen() == ()
    assert notes.text.text().replace("\N{NO-BREAK SPACE}", " ") == entry.notes
    page.view.choose((entry.project.model.nodes[0].id,))
    qtbot.waitUntil(lambda: not notes.isVisibleTo(page))


def test_that_palette_and_form_keep_their_width_in_the_smallest_window(page: ModelPage) -> None:
    page.resize(886, 520)
    page.show()
    palette, _, form = page.sizes()
    assert palette >= 190
    assert form >= 210


def test_that_a_layer_of_a_frozen_block_can_be_let_go(page: ModelPage, context: Context) -> None:
    page.view.choose(("features",))
    trigger(page, "freeze")
    assert frozen_layers(tree_of(context)) == {"conv", "pool", "conv2", "norm", "pool2"}
    page.view.choose(("conv2", "norm"))
    trigger(page, "freeze")
    assert frozen_layers(tree_of(context)) == {"conv", "pool", "pool2"}
    assert context.document.undo_stack.undoText() == "Unfreeze"


def test_that_freezing_up_to_here_is_one_step_to_undo(page: ModelPage, context: Context) -> None:
    page.view.choose(("norm",))
    trigger(page, "freeze_up_to")
    assert frozen_layers(tree_of(context)) == {"conv", "pool", "conv2", "norm"}
    context.document.undo_stack.undo()
    assert not frozen_layers(tree_of(context))


def test_that_all_but_the_top_layers_are_frozen_by_a_small_question(page: ModelPage, context: Context) -> None:
    page.view.choose(("features",))
    trigger(page, "freeze_all_but")
    dialog = page.findChild(FreezeDialog)
    assert dialog is not None
    assert dialog.within.currentText() == "features"
    dialog.count.setValue(2)
    assert dialog.preview.text().startswith("Then these learn: … MaxPooling2D, Flatten, Dropout, Dense (")
    QTest.keyClick(dialog.count, Qt.Key.Key_Return)
    assert frozen_layers(tree_of(context)) == {"conv", "pool", "conv2"}
    assert context.document.undo_stack.undoText() == "Freeze all but the top 2 layers"


def test_that_the_explanation_says_how_frozen_normalization_runs(page: ModelPage) -> None:
    page.view.choose(("norm",))
    trigger(page, "freeze")
    page._show_chosen()
    assert "inference mode" in page.properties.explanation.frozen.text()
    trigger(page, "freeze")
    page._show_chosen()
    assert page.properties.explanation.frozen.isHidden()
