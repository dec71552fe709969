"""The diagram on the Model page: in step with the tree, folded with it, and saved whole."""

import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from drawn_networks import PICTURES, TOO_FEW_UNITS, layer
from fake_engine import FakeEngine, recorded
from model_pages import shown_page
from PySide6.QtCore import QItemSelectionModel, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.edits import set_enabled, set_model, set_trainable
from workbench.domain.project import Project
from workbench.domain.tree import Block, Branches, Input, ModelTree, Residual, Shared
from workbench.protocol.commands import Describe
from workbench.ui.context import Context
from workbench.ui.pages.model import PAGE
from workbench.ui.pages.model.diagram.export import MOST_PIXELS, MOST_SIDE
from workbench.ui.pages.model.diagram.panel import DiagramPanel
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.settings import NETWORK_AS, SCHEME

CTRL = Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def project() -> Project:
    return Project(name="pictures", data=DatasetSpec(SourceSpec("digits")), model=PICTURES)


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> ModelPage:
    return shown_page(context, engine, qtbot)


@pytest.fixture
def diagram(page: ModelPage, qtbot: QtBot) -> DiagramPanel:
    """The diagram beside the tree, laid out."""
    page.network.segments["both"].click()
    made = page.network.diagram
    assert made is not None
    settle(made, qtbot)
    return made


def settle(diagram: DiagramPanel, qtbot: QtBot) -> None:
    """Wait until what is shown is the network as it is now."""
    QTest.qWait(0)
    qtbot.waitUntil(lambda: not diagram._under_way and not diagram._soon.isActive())


def boxes(diagram: DiagramPanel) -> list[str]:
    assert diagram.view.drawing is not None
    return list(diagram.view.drawing.places.boxes)


def place_of(diagram: DiagramPanel, node_id: str) -> QPoint:
    """Where a box is on the screen, or the head of a frame."""
    drawing = diagram.view.drawing
    assert drawing is not None
    if node_id in drawing.places.frames:
        frame = drawing.places.frames[node_id]
        return diagram.view.mapFromScene(QPointF(frame.right - 20, frame.y + 5))
    box = drawing.places.boxes[node_id]
    return diagram.view.mapFromScene(QPointF(box.middle, box.y + box.height / 2))


def click(diagram: DiagramPanel, node_id: str, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    diagram.view.centerOn(diagram.view.mapToScene(place_of(diagram, node_id)))
    QTest.mouseClick(diagram.view.viewport(), Qt.MouseButton.LeftButton, modifiers, place_of(diagram, node_id))


def press(diagram: DiagramPanel, key: Qt.Key) -> None:
    QTest.keyClick(diagram.view, key)


def show(context: Context, diagram: DiagramPanel, qtbot: QtBot, *nodes: Any) -> None:
    edit = set_model(ModelTree(tuple(nodes)), "Try")
    context.document.apply(edit.name, edit.apply)
    settle(diagram, qtbot)


def test_that_nothing_of_the_diagram_is_made_before_it_is_looked_at(page: ModelPage, context: Context) -> None:
    assert page.network.diagram is None
    page.network.segments["diagram"].click()
    assert page.network.diagram is not None
    assert page.network.diagram.isVisible()
    assert not page.view.isVisible()
    assert context.settings.get(NETWORK_AS) == "diagram"


def test_that_the_page_does_without_what_only_the_diagram_needs() -> None:
    code = "import sys, workbench.ui.pages.model.page; print([name for name in sys.modules if 'sugiyama' in name])"
    code += "; print([name for name in sys.modules if 'model.diagram' in name or name.endswith('QtSvg')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "[]"]


def test_that_the_next_window_shows_the_network_in_the_same_way(
    context: Context, qtbot: QtBot, engine: FakeEngine
) -> None:
    context.settings.set(NETWORK_AS, "both")
    page = PAGE.make(context)
    assert isinstance(page, ModelPage)
    qtbot.addWidget(page)
    assert page.network.diagram is None, "what is not seen is not made"
    page.show()
    qtbot.waitUntil(lambda: page.network.diagram is not None)
    assert page.network.segments["both"].isChecked()


def test_that_the_action_goes_to_the_diagram_and_back(page: ModelPage) -> None:
    page.network_actions.by_name["diagram"].trigger()
    assert page.network.diagram is not None
    assert page.network.diagram.isVisible()
    page.network_actions.by_name["diagram"].trigger()
    assert page.view.isVisible()
    assert not page.network.diagram.isVisible()


def test_that_boxes_say_what_the_tree_says(diagram: DiagramPanel) -> None:
    drawing = diagram.view.drawing
    assert drawing is not None
    assert boxes(diagram) == ["", "conv", "pool", "conv2", "norm", "pool2", "flat", "drop", "dense"]
    assert set(drawing.places.frames) == {"features", "head"}
    conv = drawing.texts.boxes["conv"]
    assert (conv.title, conv.shape, conv.params, conv.group) == (
        "Conv2D",
        "26 × 26 × 32",
        "320 parameters",
        "Convolution",
    )
    assert drawing.texts.labels["conv"] == "26 × 26 × 32"
    assert drawing.texts.boxes["pool"].params == ""
    assert "Takes 26 × 26 × 32" in diagram.tip_of("pool")


def test_that_a_click_selects_in_the_tree(page: ModelPage, diagram: DiagramPanel) -> None:
    click(diagram, "conv2")
    assert page.view.chosen() == ("conv2",)
    click(diagram, "norm", CTRL)
    assert page.view.chosen() == ("conv2", "norm")
    click(diagram, "norm", CTRL)
    assert page.view.chosen() == ("conv2",)
    click(diagram, "head")
    assert page.view.chosen() == ("head",)


def test_that_a_click_beside_everything_selects_nothing(page: ModelPage, diagram: DiagramPanel) -> None:
    page.view.choose(("conv",))
    QTest.mouseClick(diagram.view.viewport(), Qt.MouseButton.LeftButton, PLAIN, QPoint(1, 1))
    assert page.view.chosen() == ()


def test_that_what_is_selected_in_the_tree_comes_into_sight(page: ModelPage, diagram: DiagramPanel) -> None:
    view = diagram.view
    assert not view.viewport().rect().contains(place_of(diagram, "dense"))
    page.view.choose(("dense",))
    assert view.viewport().rect().contains(place_of(diagram, "dense"))
    assert view.drawing is not None
    assert set(view.drawing.chosen) == {"dense"}
    assert "dense" in view.accessibleDescription().lower()


def test_that_the_row_of_the_data_is_a_box_too(page: ModelPage, diagram: DiagramPanel) -> None:
    click(diagram, "")
    assert page.view.chosen() == ()
    assert page.view.network.id_at(page.view.currentIndex()) == ""
    assert diagram.view.current == ""


def test_that_folding_goes_both_ways(page: ModelPage, diagram: DiagramPanel, qtbot: QtBot) -> None:
    index = page.view.network.index_of("features")
    page.view.collapse(index)
    settle(diagram, qtbot)
    assert boxes(diagram) == ["", "features", "flat", "drop", "dense"]
    place = place_of(diagram, "features")
    QTest.mouseDClick(diagram.view.viewport(), Qt.MouseButton.LeftButton, PLAIN, place)
    settle(diagram, qtbot)
    assert page.view.isExpanded(index)
    assert "conv2" in boxes(diagram)
    diagram.fold_all.click()
    settle(diagram, qtbot)
    assert boxes(diagram) == ["", "features", "head"]
    assert not page.view.isExpanded(index)


def test_that_a_layer_selected_in_a_folded_block_comes_into_sight(
    page: ModelPage, diagram: DiagramPanel, qtbot: QtBot
) -> None:
    diagram.view.zoom_full()
    click(diagram, "features")
    diagram.fold_all.click()
    settle(diagram, qtbot)
    page.view.choose(("dense",))
    settle(diagram, qtbot)
    assert "dense" in boxes(diagram)
    assert diagram.view.viewport().rect().contains(place_of(diagram, "dense"))


def test_that_the_small_arrow_folds_at_one_click(page: ModelPage, diagram: DiagramPanel, qtbot: QtBot) -> None:
    view = diagram.view
    view.zoom_full()
    page.view.choose(("conv",))
    assert view.drawing is not None
    frame = view.drawing.places.frames["features"]
    view.centerOn(frame.middle, frame.y)
    arrow = view.mapFromScene(QPointF(frame.x + 16, frame.y + 15))
    QTest.mouseMove(view.viewport(), arrow)
    assert view.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, PLAIN, arrow)
    settle(diagram, qtbot)
    assert "conv" not in boxes(diagram)
    box = view.drawing.places.boxes["features"]
    unfold = view.mapFromScene(QPointF(box.right - 18, box.y + 17))
    QTest.mouseMove(view.viewport(), view.mapFromScene(QPointF(box.middle, box.y + 30)))
    assert view.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, PLAIN, unfold)
    settle(diagram, qtbot)
    assert "conv" in boxes(diagram)


def test_that_what_is_selected_in_a_folded_block_marks_the_block(
    page: ModelPage, diagram: DiagramPanel, qtbot: QtBot
) -> None:
    click(diagram, "conv")
    diagram.fold_all.click()
    settle(diagram, qtbot)
    flags = QItemSelectionModel.SelectionFlag
    page.view.selectionModel().select(page.view.network.index_of("conv2"), flags.ClearAndSelect | flags.Rows)
    assert diagram.view.drawing is not None
    assert set(diagram.view.drawing.chosen) == {"features"}


def test_that_folding_leaves_the_block_where_it_is_on_the_screen(diagram: DiagramPanel, qtbot: QtBot) -> None:
    view = diagram.view
    view.zoom_full()
    click(diagram, "head")
    before = view._on_screen("head")
    press(diagram, Qt.Key.Key_Return)
    settle(diagram, qtbot)
    assert boxes(diagram)[-1] == "head"
    assert view.scale_now == 1
    at_end = view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    assert at_end or abs(view._on_screen("head").y() - before.y()) <= 2


def test_that_an_edit_keeps_zoom_and_place(
    page: ModelPage, context: Context, diagram: DiagramPanel, qtbot: QtBot
) -> None:
    view = diagram.view
    view.zoom(0.9)
    click(diagram, "norm")
    before = view._on_screen("norm")
    edit = set_enabled(("pool",), False)
    context.document.apply(edit.name, edit)
    settle(diagram, qtbot)
    assert "pool" not in boxes(diagram)
    assert view.scale_now == pytest.approx(0.9)
    assert (view._on_screen("norm") - before).manhattanLength() <= 2


def test_that_the_keys_walk_fold_and_zoom(page: ModelPage, diagram: DiagramPanel, qtbot: QtBot) -> None:
    view = diagram.view
    view.setFocus()
    press(diagram, Qt.Key.Key_Home)
    press(diagram, Qt.Key.Key_Down)
    press(diagram, Qt.Key.Key_Down)
    assert page.view.chosen() == ("pool",)
    assert view.viewport().rect().contains(place_of(diagram, "pool"))
    press(diagram, Qt.Key.Key_Left)
    assert page.view.chosen() == ("features",)
    press(diagram, Qt.Key.Key_Return)
    settle(diagram, qtbot)
    assert "pool" not in boxes(diagram)
    press(diagram, Qt.Key.Key_1)
    assert view.scale_now == 1
    press(diagram, Qt.Key.Key_Plus)
    assert view.scale_now == pytest.approx(1.25)
    assert diagram.full.text() == "125 %"
    press(diagram, Qt.Key.Key_Minus)
    assert view.scale_now == pytest.approx(1)
    press(diagram, Qt.Key.Key_0)
    assert view.mapToScene(view.viewport().rect()).boundingRect().contains(view.sceneRect().adjusted(2, 2, -2, -2))


def test_that_the_keys_of_the_tree_work_in_the_diagram(
    page: ModelPage, context: Context, diagram: DiagramPanel, qtbot: QtBot
) -> None:
    page.window().activateWindow()
    click(diagram, "drop")
    diagram.view.setFocus()
    press(diagram, Qt.Key.Key_Delete)
    settle(diagram, qtbot)
    assert "drop" not in boxes(diagram)
    context.document.undo_stack.undo()
    settle(diagram, qtbot)
    assert "drop" in boxes(diagram)


def test_that_enter_on_a_layer_goes_to_its_form(page: ModelPage, diagram: DiagramPanel) -> None:
    click(diagram, "conv")
    press(diagram, Qt.Key.Key_Return)
    assert page.properties.isAncestorOf(QApplication.focusWidget())


def test_that_a_layer_can_be_renamed_where_the_tree_is_not_seen(page: ModelPage, diagram: DiagramPanel) -> None:
    page.network.segments["diagram"].click()
    click(diagram, "conv")
    page.network_actions.by_name["rename"].trigger()
    assert page.properties.isAncestorOf(QApplication.focusWidget())


def test_that_the_wheel_zooms_to_the_mouse_and_scrolls_without_ctrl(diagram: DiagramPanel) -> None:
    view = diagram.view
    view.zoom_full()
    place = QPointF(60, 120)
    fixed = view.mapToScene(place.toPoint())

    def turn(modifiers: Qt.KeyboardModifier) -> None:
        event = QWheelEvent(
            place,
            view.viewport().mapToGlobal(place),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(view.viewport(), event)

    turn(CTRL)
    assert view.scale_now == pytest.approx(1.25)
    assert (view.mapToScene(place.toPoint()) - fixed).manhattanLength() < 3
    view.verticalScrollBar().setValue(200)
    turn(PLAIN)
    assert view.scale_now == pytest.approx(1.25)
    assert view.verticalScrollBar().value() < 200


def test_that_the_mouse_pans_without_selecting(page: ModelPage, diagram: DiagramPanel) -> None:
    view, viewport = diagram.view, diagram.view.viewport()
    view.zoom_full()
    view.verticalScrollBar().setValue(100)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, PLAIN, QPoint(100, 200))
    QTest.mouseMove(viewport, QPoint(100, 170))
    QTest.mouseMove(viewport, QPoint(100, 140))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, PLAIN, QPoint(100, 140))
    assert view.verticalScrollBar().value() == 160
    assert page.view.chosen() == ()


def test_that_a_right_click_selects_and_asks_for_the_menu_of_the_tree(
    page: ModelPage, diagram: DiagramPanel, qtbot: QtBot
) -> None:
    page.network.menu_wanted.disconnect(page._show_menu)  # a menu without a screen makes Qt warn
    place = place_of(diagram, "pool")
    where = diagram.view.viewport().mapToGlobal(place)
    with qtbot.waitSignal(page.network.menu_wanted) as asked:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, where)
        QApplication.sendEvent(diagram.view.viewport(), event)
    assert asked.args == [where]
    assert page.view.chosen() == ("pool",)
    names = {action.objectName() for action in page.network_actions.for_layers}
    assert {"network_delete", "network_freeze"} <= names
    assert "network_find" not in names


def test_that_a_problem_is_marked_and_told(
    context: Context, engine: FakeEngine, diagram: DiagramPanel, qtbot: QtBot
) -> None:
    engine.reply_with(Describe, recorded("described_too_few_units"))
    edit = set_model(TOO_FEW_UNITS, "Try")
    with qtbot.waitSignal(context.model.changed):
        context.document.apply(edit.name, edit.apply)
    settle(diagram, qtbot)
    drawing = diagram.view.drawing
    assert drawing is not None
    assert drawing.texts.boxes["dense"].row.severity == "error"
    assert "10 classes" in diagram.tip_of("dense")
    diagram.view.zoom_full()
    diagram.view.centerOn(drawing.places.boxes["dense"].middle, drawing.places.boxes["dense"].y)
    place = place_of(diagram, "dense") + QPoint(0, round(-drawing.places.boxes["dense"].height / 2))
    assert QColor(context.theme.tokens.bad) in colors_around(diagram, place)


def colors_around(diagram: DiagramPanel, place: QPoint) -> list[QColor]:
    picture = diagram.view.viewport().grab().toImage()
    return [QColor(picture.pixel(place.x() + 40, place.y() + step)) for step in range(-3, 4)]


def test_that_frozen_and_shared_layers_are_marked(context: Context, diagram: DiagramPanel, qtbot: QtBot) -> None:
    shown = (
        Input(id="i", shape=(4,)),
        layer("a", "Dense", units=3),
        Input(id="j", shape=(4,)),
        Shared(id="s", layer="a"),
        layer("m", "Add"),
    )
    show(context, diagram, qtbot, *shown[:-1], msgspec.structs.replace(shown[-1], inputs=("a", "s")))
    edit = set_trainable(("a",), False)
    context.document.apply(edit.name, edit)
    settle(diagram, qtbot)
    drawing = diagram.view.drawing
    assert drawing is not None
    assert drawing.diagram.shared == (("a", "s"),)
    assert drawing.texts.boxes["a"].row.frozen
    assert drawing.texts.boxes["s"].group == "Core", "a shared layer has the colour of the layer it shares"
    assert not diagram.grab().isNull()


def test_that_an_empty_network_says_how_to_begin(
    page: ModelPage, context: Context, diagram: DiagramPanel, qtbot: QtBot
) -> None:
    show(context, diagram, qtbot)
    assert page.network.empty.isVisible()
    assert not diagram.isVisible()
    context.document.undo_stack.undo()
    settle(diagram, qtbot)
    assert diagram.isVisible()
    assert "conv" in boxes(diagram)


def test_that_choosing_a_view_of_nothing_leaves_the_hint(
    page: ModelPage, context: Context, diagram: DiagramPanel, qtbot: QtBot
) -> None:
    show(context, diagram, qtbot)
    for name in ("diagram", "tree", "both"):
        page.network.segments[name].click()
        assert page.network.empty.isVisible()
        assert not page.view.isVisible()
        assert not diagram.isVisible()


def test_that_what_is_too_deep_is_said_instead_of_drawn(context: Context, diagram: DiagramPanel, qtbot: QtBot) -> None:
    node: Any = layer("a", "Dense", units=1)
    for depth in range(70):
        node = Block(id=f"k{depth}", children=(node,))
    show(context, diagram, qtbot, node)
    assert diagram.message.isVisible()
    assert "deep" in diagram.message.text()
    context.document.undo_stack.undo()
    settle(diagram, qtbot)
    assert not diagram.message.isVisible()
    assert diagram.view.isVisible()


def test_that_a_layout_that_fails_is_told_and_the_next_is_tried(
    context: Context, diagram: DiagramPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("it gave up")

    with monkeypatch.context() as patched:
        patched.setattr("workbench.ui.pages.model.diagram.panel.place", fail)
        show(context, diagram, qtbot, layer("a", "Dense", units=1))
    assert diagram.message.isVisible()
    assert "it gave up" in diagram.message.text()
    show(context, diagram, qtbot, layer("b", "Dense", units=1))
    assert boxes(diagram) == ["", "b"]
    assert diagram.view.isVisible()


def test_that_the_data_have_a_name_where_all_inputs_are_disabled(
    context: Context, diagram: DiagramPanel, qtbot: QtBot
) -> None:
    show(context, diagram, qtbot, Input(id="i", enabled=False), layer("a", "Dense", units=1))
    assert diagram.view.drawing is not None
    assert diagram.view.drawing.texts.boxes[""].title == "Input"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_that_all_kinds_of_boxes_are_painted_at_every_zoom(
    context: Context, diagram: DiagramPanel, qtbot: QtBot, scheme: str
) -> None:
    context.settings.set(SCHEME, scheme)
    branches = tuple(Block(id=f"b{n}", children=(layer(f"x{n}", "Dense", units=n + 1),)) for n in range(2))
    show(
        context,
        diagram,
        qtbot,
        Residual(id="r", children=(layer("a", "Densee"), Block(id="nothing"))),
        Branches(id="br", branches=branches),
    )
    for scale in (0.1, 0.3, 0.7, 2.0):
        diagram.view.zoom(scale)
        picture = diagram.view.viewport().grab().toImage()
        colors = {picture.pixel(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)}
        assert len(colors) > 3


def test_that_the_whole_diagram_is_saved_as_svg(
    diagram: DiagramPanel, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    context.settings.set(SCHEME, "dark")
    diagram.view.zoom(3.0)
    path = tmp_path / "network.svg"
    with qtbot.waitSignal(context.noticed) as told:
        diagram.save(path)
    assert str(path) in told.args[0].message
    svg = ET.fromstring(path.read_text())
    words = " ".join(svg.itertext())
    for text in ("Conv2D", "BatchNormalization", "Dropout", "26 × 26 × 32", "features", "head"):
        assert text in words
    assert context.theme.tokens.panel not in path.read_text(), "paper is light whatever the window is"


def test_that_the_whole_diagram_is_saved_as_png(
    diagram: DiagramPanel, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "network.png"
    with qtbot.waitSignal(context.noticed):
        diagram.save(path)
    image = QImage(str(path))
    assert (image.width(), image.height()) == (int(2 * diagram._places.width), int(2 * diagram._places.height))
    assert image.pixelColor(1, 1) == QColor("#ffffff")


def test_that_the_action_asks_where_to_save_and_shows_what_is_saved(page: ModelPage, qtbot: QtBot) -> None:
    page.network_actions.by_name["save_diagram"].trigger()
    made = page.network.diagram
    assert made is not None
    assert made.isVisible()
    dialog = made.findChild(QFileDialog)
    assert dialog is not None
    assert [name[-6:] for name in dialog.nameFilters()] == ["*.svg)", "*.png)"]
    dialog.reject()
    settle(made, qtbot)


def test_that_nothing_is_saved_of_an_empty_network(page: ModelPage, context: Context, qtbot: QtBot) -> None:
    edit = set_model(ModelTree(), "Try")
    context.document.apply(edit.name, edit.apply)
    with qtbot.waitSignal(context.noticed) as told:
        page.network_actions.by_name["save_diagram"].trigger()
    assert "no layers" in told.args[0].message
    assert page.network.diagram is None


def test_that_a_file_that_cannot_be_written_is_told(
    diagram: DiagramPanel, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(context.noticed) as told:
        diagram.save(tmp_path / "missing" / "network.svg")
    assert told.args[0].severity == "bad"


def test_that_a_thousand_layers_are_drawn_and_their_picture_is_bounded(
    context: Context, diagram: DiagramPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    show(context, diagram, qtbot, *(layer(f"d{n}", "Dense", units=4, activation="relu") for n in range(1000)))
    assert len(boxes(diagram)) == 1001
    view = diagram.view
    for scale in (1.0, 0.3, 0.05):
        view.zoom(scale)
        view.viewport().repaint()
    path = tmp_path / "long.png"
    with qtbot.waitSignal(context.noticed, timeout=30_000) as told:
        diagram.save(path)
    assert "smaller" in told.args[0].message
    image = QImage(str(path))
    assert image.height() <= MOST_SIDE
    assert image.width() * image.height() <= MOST_PIXELS
