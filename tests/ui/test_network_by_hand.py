"""What keys and the mouse do with the network: into forms and back, and where dragged rows may land."""

from collections.abc import Iterator

import pytest
from drawn_networks import PICTURES
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.tree import Block, Layer, Wrapper, find
from workbench.ui.context import Context
from workbench.ui.pages.model.mime import write_keys, write_nodes
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.pages.model.replacing import class_menu
from workbench.ui.widgets.dragging import picture_of

MOVE = Qt.DropAction.MoveAction


@pytest.fixture
def project() -> Project:
    return Project(name="pictures", data=DatasetSpec(SourceSpec("digits")), model=PICTURES)


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> Iterator[ModelPage]:
    page = ModelPage(context)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    yield page
    page.close()


def ids(context: Context, parent: str) -> list[str]:
    found = next(node for node in context.document.project.model.nodes if node.id == parent)
    assert isinstance(found, Block)
    return [node.id for node in found.children]


def test_that_enter_selects_what_stands_in_the_form_and_escape_comes_back(page: ModelPage, qtbot: QtBot) -> None:
    page.view.choose(("conv",))
    page.view.setFocus()
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.selectedText() == "32"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert page.view.hasFocus()
    page.palette_panel.focus_search()
    QTest.keyClicks(page.palette_panel.search, "den")
    QTest.keyClick(page.palette_panel.search, Qt.Key.Key_Escape)
    assert page.palette_panel.search.text() == ""
    QTest.keyClick(page.palette_panel.search, Qt.Key.Key_Escape)
    assert page.view.hasFocus()


def test_that_a_wrapper_is_selected_once_it_is_put_around_and_its_layer_when_it_is_gone(
    page: ModelPage, context: Context
) -> None:
    page.view.choose(("conv2",))
    page.commands.wrap_in_layer("SpectralNormalization")
    assert page.view.chosen() == ("conv2",)
    assert isinstance(page.network.model.node_at(page.network.model.index_of("conv2")), Wrapper)
    context.document.undo_stack.undo()
    assert page.view.chosen() == ("conv2",)
    page.commands.share()
    (made,) = page.view.chosen()
    assert ids(context, "features")[3] == made


def test_that_another_class_takes_the_place_of_layers_that_keep_what_fits(
    page: ModelPage, context: Context, qtbot: QtBot
) -> None:
    page.view.choose(("conv", "conv2"))
    before = [find(PICTURES, node_id) for node_id in ("conv", "conv2")]
    menu = class_menu(before, context.catalogue, context.theme, page.commands.replace)
    qtbot.addWidget(menu)
    offered = {action.text(): action for action in menu.actions() if not isinstance(action.menu(), QMenu)}
    assert "SeparableConv2D" in offered, "those of its group at once"
    assert not offered.keys() & {"Conv2D", "Dense"}
    others = [each.text() for inner in menu.findChildren(QMenu) for each in inner.actions()]
    assert "Dense" in others
    offered["SeparableConv2D"].trigger()
    after = [find(context.document.project.model, node_id) for node_id in ("conv", "conv2")]
    for old, new in zip(before, after, strict=True):
        assert isinstance(old, Layer)
        assert isinstance(new, Layer)
        assert new.class_name == "SeparableConv2D"
        assert new.params["filters"] == old.params["filters"]
    assert page.view.chosen() == ("conv", "conv2")
    context.document.undo_stack.undo()
    assert context.document.project.model == PICTURES


def test_that_a_place_that_takes_nothing_shows_no_mark(page: ModelPage, context: Context) -> None:
    view, model = page.view, page.network.model
    data = write_nodes(PICTURES, ("features",))
    rest = (MOVE, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)

    def moved_to(node_id: str) -> bool:
        event = QDragMoveEvent(view.visualRect(model.index_of(node_id)).center(), *rest)
        QApplication.sendEvent(view.viewport(), event)
        return event.isAccepted()

    QApplication.sendEvent(view.viewport(), QDragEnterEvent(QPoint(20, 20), *rest))
    assert [(moved_to(node_id), view.showDropIndicator()) for node_id in ("head", "conv", "dense")] == [
        (True, True),
        (False, False),
        (True, True),
    ]


def test_that_below_the_row_of_an_opened_block_its_first_layer_begins(
    page: ModelPage, context: Context, qtbot: QtBot
) -> None:
    view, model = page.view, page.network.model
    place = view.visualRect(model.index_of("head")).bottomLeft() + QPoint(40, -2)
    rest = (Qt.DropAction.CopyAction, write_keys(("layer:Dense",)), Qt.MouseButton.LeftButton)
    QApplication.sendEvent(view.viewport(), QDragEnterEvent(place, *rest, Qt.KeyboardModifier.NoModifier))
    QApplication.sendEvent(view.viewport(), QDragMoveEvent(place, *rest, Qt.KeyboardModifier.NoModifier))
    QApplication.sendEvent(view.viewport(), QDropEvent(place.toPointF(), *rest, Qt.KeyboardModifier.NoModifier))
    qtbot.waitUntil(lambda: len(ids(context, "head")) == 4)
    assert ids(context, "head")[1:] == ["flat", "drop", "dense"]


def test_that_what_follows_the_pointer_says_what_is_dragged(page: ModelPage) -> None:
    model = page.network.model
    one, two = (model.index_of(node_id) for node_id in ("conv", "pool"))
    assert picture_of(page.view, [one]).width() > picture_of(page.view, [one, two]).width() > 40


def test_that_how_growth_is_written_stands_in_its_empty_field(page: ModelPage, context: Context) -> None:
    page.view.choose(("conv",))
    page.commands.wrap_in_repeat()
    page.properties.show_nodes(page._chosen_nodes(), {})
    editor = page.properties.form.row("grow").editor
    assert editor.findChild(QLineEdit).placeholderText() == "such as filters *2"


def test_that_undo_takes_back_the_layer_that_the_search_added_and_before_that_what_is_typed(
    page: ModelPage, context: Context
) -> None:
    search = page.palette_panel.search
    undo = QKeySequence(QKeySequence.StandardKey.Undo)[0]

    def is_left_to_the_window() -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, undo.key(), undo.keyboardModifiers())
        event.ignore()
        QApplication.sendEvent(search, event)
        return not event.isAccepted()

    page.palette_panel.focus_search()
    QTest.keyClicks(search, "dense")
    assert not is_left_to_the_window()
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert context.document.undo_stack.canUndo()
    assert is_left_to_the_window()
    QTest.keyClicks(search, "x")
    assert not is_left_to_the_window()
