"""Reusable blocks in the window: made, used again, changed once for all, detached, kept for other networks."""

import pytest
from drawn_networks import PICTURES
from fake_engine import FakeEngine
from model_pages import shown_page
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from workbench.domain.block_library import library_folder, read_library
from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.project import Project
from workbench.domain.reusable import uses
from workbench.domain.tree import Block, walk
from workbench.ui.context import Context, Notice
from workbench.ui.pages.model.fields import EXPOSED
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.pages.model.palette import KEY_ROLE
from workbench.ui.pages.model.reusable_window import NAME_COLUMN, ReusableWindow
from workbench.ui.theme import Theme
from workbench.ui.theme.tokens import ROW


@pytest.fixture
def project() -> Project:
    return Project(name="pictures", data=DatasetSpec(SourceSpec("digits")), model=PICTURES)


@pytest.fixture
def page(context: Context, engine: FakeEngine, qtbot: QtBot) -> ModelPage:
    return shown_page(context, engine, qtbot)


def made(page: ModelPage, context: Context, *, keep: bool = True) -> Block:
    """The block of the test's network, made reusable with its number of filters exposed."""
    node = next(
        node
        for node in walk(context.document.project.model.nodes)
        if isinstance(node, Block) and any(getattr(each, "class_name", "") == "Conv2D" for each in node.children)
    )
    page.view.choose((node.id,))
    page.network_actions.by_name["reusable"].trigger()
    window = page.findChild(ReusableWindow)
    assert window is not None
    window.name.setText("pair")
    window.keep.setChecked(keep)
    item = next(item for item in window._items() if item.text(0) == "filters")
    item.setCheckState(0, Qt.CheckState.Checked)
    item.setText(NAME_COLUMN, "width")
    window.accept()
    (block,) = uses_of(context)
    return block


def uses_of(context: Context) -> tuple[Block, ...]:
    tree = context.document.project.model
    link = next(node.linked for node in walk(tree.nodes) if isinstance(node, Block) and node.linked)
    return uses(tree, link)


def test_that_a_block_is_made_reusable_and_its_copies_follow_but_for_what_it_exposes(
    page: ModelPage, context: Context
) -> None:
    block = made(page, context)
    assert block.name == "pair"
    page.view.choose((block.id,))
    page.network_actions.by_name["duplicate"].trigger()
    first, second = uses_of(context)
    page.view.choose((second.id,))
    page._show_chosen()
    page.properties.form.value_changed.emit(f"{EXPOSED}width", 48)
    assert [each.children[0].params["filters"] for each in uses_of(context)] != [48, 48]  # type: ignore[union-attr]
    assert uses_of(context)[1].children[0].params["filters"] == 48  # type: ignore[union-attr]
    page.view.choose((first.children[0].id,))
    page.network_actions.by_name["delete"].trigger()
    assert len({len(each.children) for each in uses_of(context)}) == 1
    context.document.undo_stack.undo()
    assert len(uses_of(context)[1].children) == len(second.children)


def test_that_a_use_says_what_it_is_and_can_be_detached(page: ModelPage, context: Context, qtbot: QtBot) -> None:
    block = made(page, context)
    page.view.choose((block.id,))
    page.network_actions.by_name["duplicate"].trigger()
    page.view.choose((block.id,))
    page._show_chosen()
    assert "used 2 times" in page.properties.link.text.text()
    qtbot.mouseClick(page.properties.link.detach, Qt.MouseButton.LeftButton)
    assert len(uses_of(context)) == 1
    page._show_chosen()
    assert page.properties.link.isHidden()


def test_that_a_kept_block_stands_in_the_palette_is_added_as_one_and_taken_out_again(
    page: ModelPage, context: Context
) -> None:
    block = made(page, context)
    palette = page.palette_panel
    key = f"block:{block.linked}"
    assert palette.entries[key].title == "pair"
    palette.search.setText("pair")
    assert palette.model.index(0, 0).data(KEY_ROLE) == key
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert len(uses_of(context)) == 2
    palette.view.setCurrentIndex(palette.model.index(0, 0))
    told: list[Notice] = []
    context.noticed.connect(told.append)
    QTest.keyClick(palette.view, Qt.Key.Key_Delete)
    assert key not in palette.entries
    assert read_library(library_folder()).blocks == ()
    assert len(uses_of(context)) == 2
    undo = told[-1].action
    assert undo is not None
    undo()
    assert palette.entries[key].title == "pair", "taking it out can be undone"


def test_that_what_has_no_name_is_not_made_reusable(page: ModelPage, context: Context) -> None:
    page.view.choose(("flat",))
    page.network_actions.by_name["reusable"].trigger()
    window = page.findChild(ReusableWindow)
    assert window is not None
    window.name.setText(" ")
    window.accept()
    assert window.isVisible()
    assert "name" in window.message.text()
    window.reject()


def test_that_the_rows_to_tick_have_room(page: ModelPage, context: Context, theme: Theme) -> None:
    block = next(node for node in walk(context.document.project.model.nodes) if isinstance(node, Block))
    page.view.choose((block.id,))
    page.network_actions.by_name["reusable"].trigger()
    window = page.findChild(ReusableWindow)
    assert window is not None
    heights = {window.parameters.visualItemRect(item).height() for item in window._items()}
    assert len(heights) == 1
    assert heights.pop() >= ROW - 2, "a box to tick is 18 pixels high"
    window.close()
